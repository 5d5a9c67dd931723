package querygraph

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Return is the way back into a node's own subgraph, for an object that it returned, with what a field there requires of
// other subgraphs: by a key whose fields the subgraph resolves itself. A key that is declared as not resolvable serves when
// there is no other, for composition accepts that: it closes the subgraph to who comes from elsewhere only.
// ok is false when there is no such key.
func (g *Graph) Return(at NodeID) (e Entry, ok bool) {
	n := &g.Nodes[at]
	sub := g.Supergraph.Graphs[n.Subgraph]
	for _, key := range n.Type.Keys {
		if ok && (e.Key.Resolvable || !key.Resolvable) || !local(sub, n.Type, key.Selection, 0) {
			continue
		}
		e, ok = Entry{To: g.Base(n.Subgraph, n.Type.Name), Key: key}, true
		if n.Type.InterfaceObject {
			e.Typename = n.Type.Name
		}
	}
	return e, ok
}

// local reports whether a subgraph resolves all of a field set on a type by itself.
func local(sub *supergraph.Graph, t *supergraph.Type, set ast.SelectionSet, depth int) bool {
	if t == nil || depth > fieldset.MaxDepth {
		return false
	}
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if sel.Name == "__typename" {
				continue
			}
			f := t.Field(sel.Name)
			if f == nil || f.External || f.Overridden {
				return false
			}
			if len(sel.SelectionSet) > 0 && !local(sub, sub.Types[f.Type.Name()], sel.SelectionSet, depth+1) {
				return false
			}
		case *ast.InlineFragment:
			on := t
			if sel.TypeCondition != "" {
				on = sub.Types[sel.TypeCondition]
			}
			if !local(sub, on, sel.SelectionSet, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}
