package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// unexpected reports whether none of the object types of a case should occur where its spec is for. Composition does not ask
// that such objects can be resolved. Types that are treated as one because nothing tells them apart may be of both kinds.
func (c *chooser) unexpected(s *spec, sc *specCase) bool {
	if !sc.known {
		sc.known = true
		sc.unexpected = !slices.ContainsFunc(sc.types, func(object string) bool { return !c.cannotBe(owned{s.parent, s.field}, object) })
	}
	return sc.unexpected
}

// cannotBe reports whether objects of a type cannot be what a field leads to: some subgraph that resolves the field does not
// know them among the field's types, and all that resolve a field answer the same.
func (c *chooser) cannotBe(f owned, object string) bool { return slices.Contains(c.barred(f), object) }

// barred are the object types that a field cannot lead to, though its type has them.
func (c *chooser) barred(f owned) []string {
	done, known := c.bars[f]
	if known {
		return done
	}
	def := c.fieldDefinition(f.object, f.field)
	if def == nil {
		return nil
	}
	types := c.graph.PossibleTypes(def.Type.Name())
	if len(types) == 1 && types[0] == def.Type.Name() {
		return nil // an object type
	}
	for _, object := range types {
		if slices.ContainsFunc(c.graph.Supergraph.Graphs, func(sub *supergraph.Graph) bool { return c.bar(sub.ID, f, object) }) {
			done = append(done, object)
		}
	}
	c.bars[f] = done
	return done
}

// bar reports whether a subgraph resolves a field and does not know an object type among the field's.
func (c *chooser) bar(subgraph int, f owned, object string) bool {
	node := c.graph.Base(subgraph, f.object)
	if node == querygraph.None {
		return false
	}
	_, to, ok := c.resolves(node, f.field)
	return ok && to != querygraph.None && c.graph.Downcast(to, object) == querygraph.None
}
