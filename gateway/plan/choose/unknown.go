package choose

import (
	"cmp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// unknownType says whether the runtime type of objects is hidden by an @interfaceObject (constant), and the entry to be
// made to learn it where that is needed; ok is false when it is needed and cannot be learnt.
func (c *chooser) unknownType(s *spec, nodes []querygraph.NodeID) (constant bool, entry *hop, ok bool) {
	def := c.graph.Supergraph.Definition(s.typ)
	if def == nil || !def.IsAbstractType() {
		return false, nil, true
	}
	for _, n := range nodes {
		if !c.graph.Nodes[n].Type.InterfaceObject {
			return false, nil, true
		}
	}
	if len(nodes) == 0 {
		return false, nil, true
	}
	if sc := c.atOnce(s); sc != nil && !c.wantsTypename(s) && !c.setsContexts(s) {
		if down := c.down(nodes, sc.types[0]); len(down) > 0 {
			best := c.place(s.typ, sc, down, true)
			if best.possible() && (len(s.cases) == 1 || !slices.ContainsFunc(best.hops, func(h *hop) bool { return !c.graph.Nodes[h.to].Type.InterfaceObject })) {
				return true, nil, true
			}
		}
	}
	entry = c.typeEntry(s, nodes)
	return true, entry, entry != nil
}

// atOnce is the one case for all objects of a spec that selects the same on each, for places where their type stays
// unknown; nil for other specs.
func (c *chooser) atOnce(s *spec) *specCase {
	if len(s.cases) == 1 || s.whole != nil {
		return cmp.Or(s.whole, s.cases[0])
	}
	whole := &specCase{fields: s.cases[0].fields}
	for _, sc := range s.cases {
		if !slices.EqualFunc(sc.fields, whole.fields, alike) {
			return nil
		}
		whole.types = append(whole.types, sc.types...)
	}
	if !alikeToContexts(c.graph, whole.types) {
		return nil
	}
	slices.Sort(whole.types)
	s.whole = whole
	return whole
}

// alike reports whether two fields of a spec select the same.
func alike(a, b *specField) bool {
	return a.op == b.op && a.name == b.name && a.denied == b.denied && ArgumentsText(a.args) == ArgumentsText(b.args) &&
		(a.def == b.def || a.def != nil && b.def != nil && a.def.Type.String() == b.def.Type.String()) &&
		slices.EqualFunc(a.hidden, b.hidden, func(x, y ast.SelectionSet) bool { return selectionText(x) == selectionText(y) })
}

// typeEntry is the cheapest entry that tells the runtime type of objects known only by their interface.
func (c *chooser) typeEntry(s *spec, nodes []querygraph.NodeID) *hop {
	for _, typ := range []string{s.typ, c.graph.Nodes[nodes[0]].Type.Name} {
		entries := c.graph.Entries(typ)
		if len(entries) == 0 {
			continue
		}
		for _, src := range c.sources(s.cases[0].types[0], nodes, entries, true, maxNested) {
			if src.hop != nil && !c.graph.Nodes[src.node].Type.InterfaceObject {
				return src.hop
			}
		}
	}
	return nil
}

func (c *chooser) wantsTypename(s *spec) bool {
	if s.told {
		return true
	}
	for _, sc := range s.cases {
		for _, f := range sc.fields {
			if f.name == "__typename" && !f.denied {
				return true
			}
		}
	}
	return c.hidesTypes(s.typ)
}

// hidesTypes reports whether an abstract type has object types that clients may not know.
func (c *chooser) hidesTypes(typ string) bool {
	hides, ok := c.veils[typ]
	if !ok {
		hides = slices.ContainsFunc(c.graph.PossibleTypes(typ), func(object string) bool {
			return c.graph.Supergraph.API.Types[object] == nil
		})
		c.veils[typ] = hides
	}
	return hides
}
