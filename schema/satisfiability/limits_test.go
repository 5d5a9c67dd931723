package satisfiability

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/supergraph"
)

const head = `schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }
enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
`

func read(t *testing.T, sdl string) *supergraph.Supergraph {
	t.Helper()
	s, err := supergraph.Read(sdl)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCheckGivesUpBeyondItsLimits(t *testing.T) {
	s := read(t, large(10, 500))
	for _, l := range []limits{{steps: 1000, states: 1000, errors: 1}, {steps: 1_000_000, states: 10, errors: 1}} {
		found := check(s, l)
		if len(found) != 1 || found[0].Code != diagnostic.MaxValidationSubgraphPathsExceeded || found[0].Severity != diagnostic.Error {
			t.Errorf("within %+v: %v", l, found)
		}
	}
}

func TestCheckCountsErrorsBeyondTheCap(t *testing.T) {
	var b strings.Builder
	b.WriteString(head + "type Query @join__type(graph: A) { t: T @join__field(graph: A) }\ntype T @join__type(graph: A) @join__type(graph: B) {\n  n: Int\n")
	for i := range 60 {
		fmt.Fprintf(&b, "  f%d: Int @join__field(graph: B)\n", i)
	}
	found := Check(read(t, b.String()+"}\n"))
	if len(found) != 51 || !strings.HasPrefix(found[50].Message, "10 more fields") {
		t.Errorf("%d findings, the last: %v", len(found), found[len(found)-1])
	}
}

// A supergraph that no composition makes is answered with errors, and never with a panic.
func TestCheckOfInconsistentSupergraphs(t *testing.T) {
	for name, types := range map[string]string{
		"no subgraph has the root":               "type Query { n: Int }",
		"a field's subgraph lacks its type":      "type Query @join__type(graph: A) { t: T }\ntype T @join__type(graph: B) { n: Int }",
		"a field's subgraph lacks the interface": "type Query @join__type(graph: A) { i: I }\ninterface I @join__type(graph: B) { n: Int }\ntype T implements I @join__type(graph: A) { n: Int }",
		"a key that no type has":                 "type Query @join__type(graph: A) { t: T }\ntype T @join__type(graph: A) @join__type(graph: B, key: \"x { y }\") { n: Int @join__field(graph: B) }",
		"an interface without implementations":   "type Query @join__type(graph: A) { i: I u: U n: Int }\ninterface I @join__type(graph: A) { n: Int }\nunion U @join__type(graph: A) = Query",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := supergraph.Read(head + types)
			if err != nil {
				return
			}
			checkWitnesses(t, s, Check(s))
		})
	}
}

func TestCheckIsTheSameEveryTime(t *testing.T) {
	for _, file := range []string{"testdata/many-errors.txtar", "testdata/requires-with-fragments.txtar"} {
		sdl := golden.Read(t, file).Text("supergraph.graphql")
		first := printed(Check(read(t, sdl)))
		for range 20 {
			if again := printed(Check(read(t, sdl))); again != first {
				t.Fatalf("first\n%s\nthen\n%s", first, again)
			}
		}
	}
}

// The order of the subgraphs must not decide whether a supergraph is satisfiable.
func TestCheckIgnoresTheOrderOfSubgraphs(t *testing.T) {
	for _, s := range readStories(t) {
		sdl := s.Text("supergraph.graphql")
		before, rest, _ := strings.Cut(sdl, "enum join__Graph {\n")
		values, after, _ := strings.Cut(rest, "}\n")
		lines := slices.Collect(strings.Lines(values))
		slices.Reverse(lines)
		reversed := before + "enum join__Graph {\n" + strings.Join(lines, "") + "}\n" + after
		codes := func(sdl string) []string {
			var out []string
			for _, d := range Check(read(t, sdl)) {
				out = append(out, string(d.Code)+" "+d.Coordinate)
			}
			slices.Sort(out)
			return out
		}
		if a, b := codes(sdl), codes(reversed); !slices.Equal(a, b) {
			t.Errorf("%s: %v, with the subgraphs reversed %v", s.Name(), a, b)
		}
	}
}

// Whatever is missing from a supergraph, the check of what can still be read ends without a panic, and what it shows are
// operations of the API schema.
func TestCheckOfDamagedSupergraphs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	readable := 0
	for _, s := range readStories(t) {
		lines := strings.SplitAfter(s.Text("supergraph.graphql"), "\n")
		for range 40 {
			damaged := slices.Clone(lines)
			for range 1 + r.IntN(3) {
				i := r.IntN(len(damaged))
				damaged = slices.Delete(damaged, i, i+1)
			}
			sg, err := supergraph.Read(strings.Join(damaged, ""))
			if err != nil {
				continue
			}
			readable++
			checkWitnesses(t, sg, check(sg, limits{steps: 100_000, states: 10_000, errors: 5}))
		}
	}
	if readable < 500 {
		t.Errorf("only %d of the damaged supergraphs could be read", readable)
	}
}
