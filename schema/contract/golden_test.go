package contract_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/contract"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/merge"
	"github.com/weft-gateway/weft/schema/supergraph"
)

var update = flag.Bool("update", false, "write what contracts are into the golden files")

// A golden file holds a supergraph, as source.graphql or as the subgraphs that it is composed of, and a filter; and what
// becomes of them: api.graphql and contract.graphql, or findings.txt.
func TestGolden(t *testing.T) {
	for _, file := range goldens(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			source, subgraphs, filter := story(t, archive)
			made, found := contract.Apply(source, filter)
			if subgraphs != nil {
				found = contract.Locate(found, subgraphs)
			}
			got := map[string]string{"findings.txt": list(found)}
			if made != nil {
				got["api.graphql"], got["contract.graphql"] = merge.PrintAPI(made.API), made.SDL
				checkContract(t, source, made, filter)
			}
			if *update {
				if err := os.WriteFile(file, golden(archive, got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, name := range answers {
				if want := text(archive, name); got[name] != want {
					t.Errorf("%s differs; got:\n%s\nwant:\n%s", name, got[name], want)
				}
			}
		})
	}
}

// answers are the files of a golden that are written by -update.
var answers = []string{"findings.txt", "api.graphql", "contract.graphql"}

func goldens(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	return files
}

func text(archive *txtar.Archive, name string) string {
	for _, f := range archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// story reads the supergraph of a golden file, the subgraphs that it is composed of, if they are there, and the filter.
func story(t *testing.T, archive *txtar.Archive) (*supergraph.Supergraph, []composition.Subgraph, contract.Filter) {
	t.Helper()
	var filter contract.Filter
	for line := range strings.Lines(text(archive, "filter.txt")) {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb {
		case "include":
			filter.Include = strings.Fields(rest)
		case "exclude":
			filter.Exclude = strings.Fields(rest)
		case "hide":
			filter.HideUnreachable = true
		default:
			t.Fatalf("filter.txt: %q", line)
		}
	}
	if sdl := text(archive, "source.graphql"); sdl != "" {
		source, err := supergraph.Read(sdl)
		if err != nil {
			t.Fatal(err)
		}
		return source, nil, filter
	}
	var subgraphs []composition.Subgraph
	for _, f := range archive.Files {
		if name, ok := strings.CutSuffix(f.Name, ".graphql"); ok && !slices.Contains(answers, f.Name) {
			subgraphs = append(subgraphs, composition.Subgraph{Name: name, URL: "http://" + name, SDL: string(f.Data), File: f.Name})
		}
	}
	r := composition.Compose(subgraphs)
	if len(r.Errors) > 0 {
		t.Fatal(list(r.Errors))
	}
	return r.Supergraph, subgraphs, filter
}

func golden(archive *txtar.Archive, got map[string]string) []byte {
	out := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		if !slices.Contains(answers, f.Name) {
			out.Files = append(out.Files, f)
		}
	}
	for _, name := range answers {
		if got[name] != "" {
			out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(got[name])})
		}
	}
	return txtar.Format(out)
}

func list(ds []diagnostic.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%s %s %s\n  %s\n", d.Severity, d.Code, d.Coordinate, d.Message)
		for _, l := range d.Locations {
			fmt.Fprintf(&b, "  at %s\n", l)
		}
	}
	return b.String()
}
