package composition

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/weft-gateway/weft/internal/golden"
)

// FuzzCompose feeds composition with anything: it must answer errors or a supergraph, and never panic.
func FuzzCompose(f *testing.F) {
	for _, file := range golden.Files(f, "testdata/*.txtar") {
		subgraphs := subgraphsOf(file)
		if len(subgraphs) > 1 {
			f.Add(subgraphs[0].SDL, subgraphs[1].SDL)
		} else {
			f.Add(subgraphs[0].SDL, "type Query { a: Int }")
		}
	}
	f.Add("extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [{name: \"@key\", as: \"@\"}, \"\"]) type Query { a: [[[Int", "schema { query: String }")
	f.Add("type Query implements Query @key(fields: \"... { a }\") { a: Query }", "union Query = Query")
	f.Add("interface I implements I { a: I } type Query { a: I }", "scalar Query")
	f.Fuzz(func(t *testing.T, a, b string) {
		r := Compose([]Subgraph{{Name: "a", SDL: a}, {Name: "b", SDL: b}})
		if (len(r.Errors) == 0) != (r.SDL != "") || (r.SDL != "") != (r.Supergraph != nil) {
			t.Errorf("%d errors, but SDL %q", len(r.Errors), r.SDL)
		}
	})
}

// The order in which subgraphs are given must not show in the answer, nor may anything else than the subgraphs.
func TestOrderDoesNotMatter(t *testing.T) {
	for seed := range uint64(60) {
		g := &generator{r: rand.New(rand.NewPCG(seed, 2)), noise: 0.03, modern: 0.7}
		subgraphs := g.subgraphs()
		want := answers(Compose(subgraphs))
		for range 3 {
			shuffled := slices.Clone(subgraphs)
			g.r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			for i, got := range answers(Compose(shuffled)) {
				if got != want[i] {
					t.Fatalf("seed %d: %s differs with the order of the subgraphs:\n%s\nand\n%s", seed, got.Name, got.Text, want[i].Text)
				}
			}
		}
	}
}

// A schema that is too long is refused before it is parsed.
func TestBounds(t *testing.T) {
	long := make([]byte, 16<<20+1)
	for i := range long {
		long[i] = ' '
	}
	r := Compose([]Subgraph{{Name: "a", SDL: string(long)}})
	if len(r.Errors) != 1 || r.Errors[0].Code != "INVALID_GRAPHQL" {
		t.Errorf("errors: %v", r.Errors)
	}
	for _, names := range [][]string{{""}, {"_"}, {"a", "a"}, {"a\nb"}} {
		var subgraphs []Subgraph
		for _, n := range names {
			subgraphs = append(subgraphs, Subgraph{Name: n, SDL: "type Query { a: Int }"})
		}
		if r := Compose(subgraphs); len(r.Errors) != 1 || r.Errors[0].Code != "INVALID_SUBGRAPH_NAME" {
			t.Errorf("names %q: %v", names, r.Errors)
		}
	}
	if r := Compose(nil); len(r.Errors) != 1 || r.Errors[0].Code != "NO_QUERIES" {
		t.Errorf("no subgraphs: %v", r.Errors)
	}
}
