package composition

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/schema/diagnostic"
)

// A golden file holds the subgraphs of one composition, each as name.graphql, and what composition answers:
// supergraph.graphql and hints.txt, or errors.txt.
func TestGolden(t *testing.T) {
	golden.Each(t, "testdata/*.txtar", func(t *testing.T, f *golden.File) {
		f.Hold(t, answers(Compose(subgraphsOf(f)))...)
	})
}

// subgraphsOf reads the subgraphs of a golden file.
func subgraphsOf(f *golden.File) []Subgraph {
	var subgraphs []Subgraph
	for _, part := range f.Files {
		if name, ok := strings.CutSuffix(part.Name, ".graphql"); ok && name != "supergraph" {
			subgraphs = append(subgraphs, Subgraph{Name: name, URL: "http://" + name, SDL: string(part.Data), File: part.Name})
		}
	}
	return subgraphs
}

func answers(r Result) []golden.Answer {
	return []golden.Answer{{Name: "supergraph.graphql", Text: r.SDL}, {Name: "errors.txt", Text: list(r.Errors)}, {Name: "hints.txt", Text: list(r.Hints)}}
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
