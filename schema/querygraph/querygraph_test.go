package querygraph

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/internal/golden"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Each story of testdata is a supergraph and its query graph.
func TestNew(t *testing.T) {
	golden.Each(t, "testdata/*.txtar", func(t *testing.T, f *golden.File) {
		s, err := supergraph.Read(f.Text("supergraph.graphql"))
		if err != nil {
			t.Fatal(err)
		}
		g := New(s)
		checkInvariants(t, g)
		f.Hold(t, golden.Answer{Name: "graph.txt", Text: describe(g)})
	})
}

func (g *Graph) label(id NodeID) string {
	if id == None {
		return "leaf"
	}
	n := &g.Nodes[id]
	text := fmt.Sprintf("%d %s/%s", id, g.Supergraph.Graphs[n.Subgraph].Name, n.Type.Name)
	if n.Type.InterfaceObject {
		text += " (interface object)"
	}
	if n.provided != nil {
		text += fmt.Sprintf(" with %q", n.provided.text())
	}
	return text
}

// describe writes down a graph: the fields that can be resolved at each node, the object types that can be told apart there,
// and the entries of each type.
func describe(g *Graph) string {
	var b strings.Builder
	types := map[string]bool{}
	for id := range g.Nodes {
		n := &g.Nodes[id]
		types[n.Type.Name] = true
		fmt.Fprintf(&b, "%s\n", g.label(NodeID(id)))
		for _, f := range n.Type.Fields {
			field, to, ok := g.Field(NodeID(id), f.Name)
			if !ok {
				continue
			}
			fmt.Fprintf(&b, "  %s → %s", f.Name, g.label(to))
			if field.OverrideLabel != "" {
				fmt.Fprintf(&b, " while %s is %v", field.OverrideLabel, field.OverrideActive)
			}
			if g.Provided(NodeID(id), f.Name) {
				b.WriteString(" (provided)")
			}
			b.WriteString("\n")
		}
		if n.Type.Kind == ast.Object && !n.Type.InterfaceObject {
			continue
		}
		for _, object := range g.PossibleTypes(n.Type.Name) {
			if to := g.Downcast(NodeID(id), object); to != None {
				fmt.Fprintf(&b, "  on %s → %s\n", object, g.label(to))
			}
		}
	}
	b.WriteString("\n")
	for _, name := range sortedKeys(types) {
		for _, e := range g.Entries(name) {
			key, as := "nothing", ""
			if e.Key != nil {
				key = e.Key.Text
			}
			if e.Typename != "" {
				as = " as " + e.Typename
			}
			fmt.Fprintf(&b, "%s enters %s with %s%s\n", name, g.label(e.To), key, as)
		}
	}
	return b.String()
}

// checkInvariants holds what users of a graph rely on.
func checkInvariants(t *testing.T, g *Graph) {
	t.Helper()
	for id := range g.Nodes {
		n := &g.Nodes[id]
		if n.provided == nil && g.Base(n.Subgraph, n.Type.Name) != NodeID(id) {
			t.Errorf("%s is not the base node of its type", g.label(NodeID(id)))
		}
		for _, f := range n.Type.Fields {
			_, to, ok := g.Field(NodeID(id), f.Name)
			if !ok || to == None {
				continue
			}
			target := &g.Nodes[to]
			if target.Subgraph != n.Subgraph || target.Type.Name != f.Type.Name() {
				t.Errorf("%s of %s leads to %s", f.Name, g.label(NodeID(id)), g.label(to))
			}
		}
		for _, object := range g.PossibleTypes(n.Type.Name) {
			if to := g.Downcast(NodeID(id), object); to != None && g.Nodes[to].Subgraph != n.Subgraph {
				t.Errorf("%s is narrowed to %s", g.label(NodeID(id)), g.label(to))
			}
		}
		if !slices.IsSorted(g.PossibleTypes(n.Type.Name)) {
			t.Errorf("the possible types of %s are not sorted", n.Type.Name)
		}
		for _, e := range g.Entries(n.Type.Name) {
			if g.Nodes[e.To].provided != nil {
				t.Errorf("an entry leads to %s", g.label(e.To))
			}
			if e.Key != nil && !e.Key.Resolvable {
				t.Errorf("an entry into %s has a key that is not resolvable", g.label(e.To))
			}
		}
	}
	if got := g.Base(0, "NoSuchType"); got != None {
		t.Errorf("a type that is not there has the node %d", got)
	}
}

func TestGraphIsTheSameEveryTime(t *testing.T) {
	s, err := supergraph.Read(golden.Read(t, "testdata/provides.txtar").Text("supergraph.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	first := describe(New(s))
	for range 20 {
		if again := describe(New(s)); again != first {
			t.Fatalf("first\n%s\nthen\n%s", first, again)
		}
	}
}
