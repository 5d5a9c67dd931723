package supergraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// completeOld gives the subgraphs of join v0.1 what the supergraph does not say of them. There a @join__field names the one
// subgraph that owns a field: the fields of other subgraphs' keys, and what their @requires and @provides select, are
// theirs too. And every subgraph was given every value type, so what it cannot have of them is taken away again.
func (r *reader) completeOld() {
	for _, g := range r.Graphs {
		for _, name := range g.TypeNames { // of all types, before anything is added as external
			for _, key := range g.Types[name].Keys {
				r.addFields(g, g.Types[name], key.Selection, false)
			}
		}
		for _, name := range g.TypeNames {
			t := g.Types[name]
			for _, f := range slices.Clone(t.Fields) {
				r.addFields(g, t, f.Requires, true)
				r.addFields(g, g.Types[f.Type.Name()], f.Provides, true)
			}
		}
	}
	for _, g := range r.Graphs {
		for _, name := range g.TypeNames {
			t := g.Types[name]
			t.Fields = slices.DeleteFunc(t.Fields, func(f *Field) bool {
				gone := r.composite(f.Type.Name()) && g.Types[f.Type.Name()] == nil || !implemented(g, t, f.Name)
				if gone {
					delete(t.fields, f.Name)
				}
				return gone
			})
		}
	}
}

// implemented reports whether a field of an interface is there in all types that implement it in the subgraph: one that is
// not is not a field of the interface there.
func implemented(g *Graph, t *Type, field string) bool {
	if t.Kind != ast.Interface {
		return true
	}
	return !slices.ContainsFunc(t.PossibleTypes, func(name string) bool { return g.Types[name].Field(field) == nil })
}

// addFields gives a type of a subgraph the fields that a field set selects, where it does not have them.
func (r *reader) addFields(g *Graph, t *Type, set ast.SelectionSet, external bool) {
	if t == nil {
		return
	}
	def := r.definitions[t.Name]
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if fd := def.Fields.ForName(sel.Name); fd != nil {
				t.add(&Field{Name: sel.Name, Type: fd.Type, Args: fd.Arguments, External: external})
				r.addFields(g, g.Types[fd.Type.Name()], sel.SelectionSet, external)
			}
		case *ast.InlineFragment:
			on := t
			if sel.TypeCondition != "" {
				on = g.Types[sel.TypeCondition]
			}
			r.addFields(g, on, sel.SelectionSet, external)
		}
	}
}
