package registry_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/schema/registry"
)

var update = flag.Bool("update", false, "write what the tests answer into testdata")

// Each file is a story, told with the real composition: steps ("02 publish ratings", "03 check a", "04 remove
// a", "05 rollback 1"), the schemas of each step after it, and what became of it in "02 outcome".
func TestStories(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no test data (%v)", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			story, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r, err := registry.New(registry.Options{Store: memory(t)})
			if err != nil {
				t.Fatal(err)
			}
			told := &txtar.Archive{Comment: story.Comment}
			for i := 0; i < len(story.Files); {
				words := strings.Fields(story.Files[i].Name)
				told.Files = append(told.Files, story.Files[i])
				schemas := map[string]string{}
				for i++; i < len(story.Files) && strings.HasSuffix(story.Files[i].Name, ".graphql"); i++ {
					told.Files = append(told.Files, story.Files[i])
					schemas[strings.TrimSuffix(story.Files[i].Name, ".graphql")] = string(story.Files[i].Data)
				}
				out, err := step(r, words[1], words[2], schemas)
				if err != nil {
					t.Fatalf("step %s: %v", words[0], err)
				}
				got := printOutcome(out)
				told.Files = append(told.Files, txtar.File{Name: words[0] + " outcome", Data: []byte(got)})
				want := ""
				if i < len(story.Files) && story.Files[i].Name == words[0]+" outcome" {
					want = string(story.Files[i].Data)
					i++
				}
				if got != want && !*update {
					t.Errorf("step %s:\n%s\nwant\n%s", words[0], got, want)
				}
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(told), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func step(r *registry.Registry, verb, object string, schemas map[string]string) (registry.Outcome, error) {
	switch verb {
	case "publish":
		var all []registry.Publication
		for name := range strings.SplitSeq(object, ",") {
			all = append(all, pub(name, schemas[name]))
		}
		return r.PublishAll(ctx, all, alice)
	case "check":
		return r.Check(ctx, registry.Publication{Name: object, SDL: schemas[object]})
	case "remove":
		return r.Remove(ctx, object, alice)
	case "rollback":
		number, err := strconv.Atoi(object)
		if err != nil {
			return registry.Outcome{}, err
		}
		return r.Rollback(ctx, number, alice)
	}
	return registry.Outcome{}, fmt.Errorf("there is no step %q", verb)
}

// printOutcome shows codes and places of diagnostics and not their wording, which is composition's to choose.
func printOutcome(o registry.Outcome) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s; version %d of %s\n", o.Status, o.Version.Number, memberNames(o.Version))
	for _, e := range o.Errors {
		fmt.Fprintf(&b, "error %s at %v\n", e.Code, e.Locations)
	}
	for _, c := range o.Changes {
		fmt.Fprintf(&b, "%s %s %s\n", c.Level, c.Kind, c.Coordinate)
	}
	return b.String()
}
