package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/contract"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/merge"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// A golden file holds a supergraph, as source.graphql or as the subgraphs that it is composed of, and a filter; and what
// becomes of them: api.graphql and contract.graphql, or findings.txt.
func TestGolden(t *testing.T) {
	golden.Each(t, "testdata/*.txtar", func(t *testing.T, f *golden.File) {
		source, subgraphs, filter := story(t, f)
		made, found := contract.Apply(source, filter)
		if subgraphs != nil {
			found = contract.Locate(found, subgraphs)
		}
		api, sdl := "", ""
		if made != nil {
			api, sdl = merge.PrintAPI(made.API), made.SDL
			checkContract(t, source, made, filter)
		}
		f.Hold(t, golden.Answer{Name: "findings.txt", Text: list(found)}, golden.Answer{Name: "api.graphql", Text: api},
			golden.Answer{Name: "contract.graphql", Text: sdl})
	})
}

// story reads the supergraph of a golden file, the subgraphs that it is composed of, if they are there, and the filter.
func story(t *testing.T, f *golden.File) (*supergraph.Supergraph, []composition.Subgraph, contract.Filter) {
	t.Helper()
	var filter contract.Filter
	for line := range strings.Lines(f.Text("filter.txt")) {
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
	if sdl := f.Text("source.graphql"); sdl != "" {
		source, err := supergraph.Read(sdl)
		if err != nil {
			t.Fatal(err)
		}
		return source, nil, filter
	}
	var subgraphs []composition.Subgraph
	for _, part := range f.Files {
		if name, ok := strings.CutSuffix(part.Name, ".graphql"); ok && name != "api" && name != "contract" {
			subgraphs = append(subgraphs, composition.Subgraph{Name: name, URL: "http://" + name, SDL: string(part.Data), File: part.Name})
		}
	}
	r := composition.Compose(subgraphs)
	if len(r.Errors) > 0 {
		t.Fatal(list(r.Errors))
	}
	return r.Supergraph, subgraphs, filter
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
