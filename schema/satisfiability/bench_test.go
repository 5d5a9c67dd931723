package satisfiability

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// large writes a satisfiable supergraph of a company's kind: hub entities that every subgraph extends, with fields that
// require each other in a chain through all subgraphs; entities of one subgraph that a few others extend; value types of one
// subgraph; an interface with many implementations.
func large(subgraphs, types int) string {
	w := &largeWriter{Rand: rand.New(rand.NewPCG(uint64(subgraphs), uint64(types))), subgraphs: subgraphs}
	w.line("schema @link(url: %q) @link(url: %q, for: EXECUTION) { query: Query }", "https://specs.apollo.dev/link/v1.0", "https://specs.apollo.dev/join/v0.5")
	w.line("enum join__Graph {")
	for g := range subgraphs {
		w.line("  G%d @join__graph(name: \"g%d\", url: \"http://g%d\")", g, g, g)
	}
	w.line("}\ntype Query")
	for g := range subgraphs {
		w.line("  @join__type(graph: G%d)", g)
	}
	w.line("{\n  things: [Thing!]! @join__field(graph: G0)")
	for i := range types / 4 {
		w.line("  q%d(id: ID!): Entity%d @join__field(graph: G%d)", i, 2*i, 2*i%subgraphs)
	}
	w.line("}\ninterface Thing @join__type(graph: G0) { id: ID! }")
	for h := range hubs {
		w.hub(h)
	}
	for i := range types / 2 {
		w.entity(i)
		w.value(i, types/2)
	}
	return w.String()
}

const hubs = 20

type largeWriter struct {
	strings.Builder
	*rand.Rand
	subgraphs int
}

func (w *largeWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *largeWriter) hub(h int) {
	w.line("type Hub%d", h)
	for g := range w.subgraphs {
		w.line("  @join__type(graph: G%d, key: \"id\")", g)
	}
	w.line("{\n  id: ID!")
	for g := range w.subgraphs {
		external, requires := "", ""
		if g+1 < w.subgraphs {
			external = fmt.Sprintf(" @join__field(graph: G%d, external: true)", g+1)
		}
		if g > 0 {
			requires = fmt.Sprintf(", requires: \"f%d\"", g-1)
		}
		w.line("  f%d: String @join__field(graph: G%d%s)%s", g, g, requires, external)
	}
	w.line("}")
}

// entity writes an entity with two keys; each further subgraph knows it by one of them.
func (w *largeWriter) entity(i int) {
	owner := i % w.subgraphs
	implements := ""
	if owner == 0 {
		implements = " implements Thing @join__implements(graph: G0, interface: \"Thing\")"
	}
	w.line("type Entity%d%s @join__type(graph: G%d, key: \"id\") @join__type(graph: G%d, key: \"code\")", i, implements, owner, owner)
	var others []int
	for range w.IntN(5) {
		if g := w.IntN(w.subgraphs); g != owner && !slices.Contains(others, g) {
			others = append(others, g)
		}
	}
	slices.Sort(others)
	id, code := fmt.Sprintf("@join__field(graph: G%d)", owner), fmt.Sprintf("@join__field(graph: G%d)", owner)
	for _, g := range others {
		if g%2 == 0 {
			w.line("  @join__type(graph: G%d, key: \"id\")", g)
			id += fmt.Sprintf(" @join__field(graph: G%d)", g)
		} else {
			w.line("  @join__type(graph: G%d, key: \"code\")", g)
			code += fmt.Sprintf(" @join__field(graph: G%d)", g)
		}
	}
	w.line("{\n  id: ID! %s\n  code: ID! %s", id, code)
	for f := range 8 {
		w.line("  s%d: String @join__field(graph: G%d)", f, owner)
	}
	w.line("  value: Value%d @join__field(graph: G%d)", i, owner)
	for _, g := range append(others, owner) {
		w.line("  x%d: String @join__field(graph: G%d)", g, g)
		w.line("  hub%d: Hub%d @join__field(graph: G%d)", g, w.IntN(hubs), g)
	}
	w.line("}")
}

func (w *largeWriter) value(i, values int) {
	w.line("type Value%d @join__type(graph: G%d) {", i, i%w.subgraphs)
	for f := range 8 {
		w.line("  s%d: String", f)
	}
	w.line("  next: Value%d\n}", (i+w.subgraphs)%values)
}

func BenchmarkCheck(b *testing.B) {
	for _, size := range []struct{ subgraphs, types int }{{10, 500}, {30, 1500}, {100, 5000}} {
		b.Run(fmt.Sprintf("subgraphs=%d/types=%d", size.subgraphs, size.types), func(b *testing.B) {
			s, err := supergraph.Read(large(size.subgraphs, size.types))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if found := Check(s); len(found) > 0 {
					b.Fatal(found[0].Message)
				}
			}
		})
	}
}

// The steps of a check must grow with the size of the schemas: hardly faster than the number of their types.
func TestStepsGrowWithTheSchemas(t *testing.T) {
	perType := func(subgraphs, types int) int { return steps(t, large(subgraphs, types)) / types }
	small, big := perType(10, 500), perType(100, 5000)
	if big > 4*small {
		t.Errorf("%d steps a type for 10 subgraphs, %d for 100", small, big)
	}
}

// Keys that are nested in each other, shared by many subgraphs, and whose innermost field only a few of them have.
func TestStepsOfNestedKeys(t *testing.T) {
	nested := func(subgraphs int) string {
		w := &largeWriter{subgraphs: subgraphs}
		w.line("schema @link(url: %q) @link(url: %q, for: EXECUTION) { query: Query }", "https://specs.apollo.dev/link/v1.0", "https://specs.apollo.dev/join/v0.5")
		w.line("enum join__Graph {")
		for g := range subgraphs {
			w.line("  G%d @join__graph(name: \"g%d\", url: \"\")", g, g)
		}
		w.line("}\ntype Query @join__type(graph: G0) { t: T }")
		for _, t := range []struct{ name, key, fields string }{
			{"T", "o { p { n } }", "o: O"},
			{"O", "p { n }", "p: P"},
			{"P", "id", fmt.Sprintf("id: ID! n: Int @join__field(graph: G%d) @join__field(graph: G%d)", subgraphs-1, subgraphs-2)},
		} {
			w.line("type %s", t.name)
			for g := range subgraphs {
				w.line("  @join__type(graph: G%d, key: %q)", g, t.key)
			}
			w.line("{ %s", t.fields)
			for g := range subgraphs {
				w.line("  f%d: Int @join__field(graph: G%d)", g, g)
			}
			w.line("}")
		}
		return w.String()
	}
	if n := steps(t, nested(50)); n > 2_000_000 {
		t.Errorf("%d steps for 50 subgraphs", n)
	}
}

// steps returns how many steps the check of a satisfiable supergraph takes.
func steps(t *testing.T, sdl string) int {
	t.Helper()
	w := newWalk(newReach(querygraph.New(read(t, sdl)), defaultLimits.steps), defaultLimits)
	w.run()
	if found := w.report.all(); len(found) > 0 {
		t.Fatal(found[0].Message)
	}
	return defaultLimits.steps - w.reach.steps
}
