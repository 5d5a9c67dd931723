package composition

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

var update = flag.Bool("update", false, "write what composition answers into the golden files")

// A golden file holds the subgraphs of one composition, each as name.graphql, and what composition answers:
// supergraph.graphql and hints.txt, or errors.txt.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			subgraphs, want := split(archive)
			got := answer(Compose(subgraphs))
			if *update {
				if err := os.WriteFile(file, golden(archive, got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, name := range answerFiles {
				if got[name] != want[name] {
					t.Errorf("%s differs; got:\n%s\nwant:\n%s", name, got[name], want[name])
				}
			}
		})
	}
}

// answerFiles are the files of a golden that are not subgraphs.
var answerFiles = []string{"supergraph.graphql", "errors.txt", "hints.txt"}

func split(archive *txtar.Archive) ([]Subgraph, map[string]string) {
	var subgraphs []Subgraph
	want := map[string]string{}
	for _, f := range archive.Files {
		if name, ok := strings.CutSuffix(f.Name, ".graphql"); ok && name != "supergraph" {
			subgraphs = append(subgraphs, Subgraph{Name: name, URL: "http://" + name, SDL: string(f.Data), File: f.Name})
			continue
		}
		want[f.Name] = string(f.Data)
	}
	return subgraphs, want
}

func answer(r Result) map[string]string {
	files := map[string]string{"errors.txt": list(r.Errors), "hints.txt": list(r.Hints)}
	if r.SDL != "" {
		files["supergraph.graphql"] = r.SDL
	}
	return files
}

func list(ds []diagnostic.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		var at []string
		for _, l := range d.Locations {
			at = append(at, l.String())
		}
		fmt.Fprintf(&b, "%s %s %s\n", d.Severity, d.Code, d.Coordinate)
		fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(d.Message, "\n", "\n  "))
		if len(at) > 0 {
			fmt.Fprintf(&b, "  at %s\n", strings.Join(at, ", "))
		}
	}
	return b.String()
}

func golden(archive *txtar.Archive, got map[string]string) []byte {
	out := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".graphql") && f.Name != "supergraph.graphql" {
			out.Files = append(out.Files, f)
		}
	}
	for _, name := range answerFiles {
		if got[name] != "" {
			out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(got[name])})
		}
	}
	return txtar.Format(out)
}
