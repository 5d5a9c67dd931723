package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// unexpected reports whether none of the object types of a case should occur where its spec is for. Composition does not ask
// that such objects can be resolved. Types that are treated as one because nothing tells them apart may be of both kinds.
func (c *chooser) unexpected(s *spec, sc *specCase) bool {
	if !sc.known {
		sc.known = true
		sc.unexpected = !slices.ContainsFunc(sc.types, func(object string) bool { return !c.cannotBe(s, object) })
	}
	return sc.unexpected
}

// cannotBe reports whether an object type cannot occur where a spec is for: some subgraph that resolves the field leading
// there does not know it among the field's types, and all that resolve a field answer the same.
func (c *chooser) cannotBe(s *spec, object string) bool {
	if s.field == "" {
		return false
	}
	for _, sub := range c.graph.Supergraph.Graphs {
		node := c.graph.Base(sub.ID, s.parent)
		if node == querygraph.None {
			continue
		}
		if _, to, ok := c.resolves(node, s.field); ok && to != querygraph.None && c.graph.Downcast(to, object) == querygraph.None {
			return true
		}
	}
	return false
}
