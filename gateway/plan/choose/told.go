package choose

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// told is a field set of a key or @requires as a subgraph needs it: with __typename wherever the subgraph has objects of an
// interface or a union, which it can only make of what it is sent by their type. That is told anyway where the objects come
// from a subgraph that knows it, so it is added only where some subgraph knows them as an @interfaceObject.
func (c *chooser) told(to querygraph.NodeID, set ast.SelectionSet) ast.SelectionSet {
	if len(set) == 0 || !c.graph.HidesTypes() {
		return set
	}
	node := &c.graph.Nodes[to]
	key := toldKey{node.Subgraph, &set[0]}
	done, ok := c.tells[key]
	if !ok {
		done = tell(c.graph.Supergraph.Graphs[node.Subgraph], node.Type, set)
		c.tells[key] = done
	}
	return done
}

// toldKey is a field set that a subgraph is sent.
type toldKey struct {
	subgraph int
	set      *ast.Selection
}

// tell adds __typename to the objects under a field set on a type.
func tell(sub *supergraph.Graph, typ *supergraph.Type, set ast.SelectionSet) ast.SelectionSet {
	out := slices.Clone(set)
	for i, sel := range set {
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			inner := *sel
			on := typ
			if t := sub.Types[sel.TypeCondition]; t != nil {
				on = t
			}
			inner.SelectionSet = tell(sub, on, sel.SelectionSet)
			out[i] = &inner
		case *ast.Field:
			def := typ.Field(sel.Name)
			if def == nil || len(sel.SelectionSet) == 0 || sub.Types[def.Type.Name()] == nil {
				continue
			}
			inner, under := *sel, sub.Types[def.Type.Name()]
			inner.SelectionSet = tell(sub, under, sel.SelectionSet)
			if under.Kind != ast.Object && !SelectsTypename(inner.SelectionSet) {
				inner.SelectionSet = append(ast.SelectionSet{&ast.Field{Alias: "__typename", Name: "__typename"}}, inner.SelectionSet...)
			}
			out[i] = &inner
		}
	}
	return out
}

// SelectsTypename reports whether a field set asks for the type of its objects, of whichever type they are.
func SelectsTypename(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(sel ast.Selection) bool {
		f, ok := sel.(*ast.Field)
		return ok && f.Name == "__typename"
	})
}
