package satisfiability

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// selects reports whether a field set can be fetched for an object by who has it at some places. The places are all that
// can be moved to.
func (r *reach) selects(o *object, at places, fields ast.SelectionSet, c closed, depth int) bool {
	if depth > fieldset.MaxDepth {
		return false
	}
	for _, sel := range fields {
		switch sel := sel.(type) {
		case *ast.Field:
			if !r.selectsField(o, at, sel, c, depth) {
				return false
			}
		case *ast.InlineFragment:
			if (sel.TypeCondition == "" || r.is(o, sel.TypeCondition)) && !r.selects(o, at, sel.SelectionSet, c, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// is reports whether an object type is, or implements, or is a member of, a type.
func (r *reach) is(o *object, typeName string) bool {
	_, ok := slices.BinarySearch(r.possible(typeName), o.name)
	return ok
}

func (r *reach) selectsField(o *object, at places, f *ast.Field, c closed, depth int) bool {
	if f.Name == "__typename" {
		return at.all.meets(o.named)
	}
	var targets []querygraph.NodeID
	found := false
	for _, m := range o.fields[f.Name] {
		if !r.step() {
			return false
		}
		if !at.all.has(m.at) || !conditional(m) || !r.meets(o, at, m) {
			continue
		}
		found = true
		if len(f.SelectionSet) == 0 {
			break
		}
		if m.to != querygraph.None {
			targets = append(targets, m.to)
		}
	}
	if !found || len(f.SelectionSet) == 0 {
		return found
	}
	if !r.occur(targets, f.SelectionSet) {
		return false
	}
	for _, name := range r.possibleAt(o.name, f.Name) {
		child := r.object(name)
		arrived, ok := r.narrow(targets, child)
		if !ok {
			continue // a subgraph that resolves the field says that this type never comes
		}
		if r.selectsThere(child, arrived, f.SelectionSet, depth+1) {
			continue // as nearly always: no need to find out what else could be reached
		}
		if !r.selects(child, r.fromAll(child, arrived, c), f.SelectionSet, c, depth+1) {
			return false
		}
	}
	return true
}

// occur reports whether each type condition of a field set can be met by the values that some nodes lead to. A condition
// that never is selects nothing: whoever wrote it counts on types that nobody returns there.
func (r *reach) occur(nodes []querygraph.NodeID, fields ast.SelectionSet) bool {
	for _, sel := range fields {
		f, ok := sel.(*ast.InlineFragment)
		if !ok {
			continue
		}
		met := f.TypeCondition == ""
		for _, id := range nodes {
			met = met || slices.ContainsFunc(r.possible(f.TypeCondition), func(object string) bool {
				return r.graph.Downcast(id, object) != querygraph.None
			})
		}
		if !met || !r.occur(nodes, f.SelectionSet) {
			return false
		}
	}
	return true
}

// selectsThere reports whether a field set can be fetched at some places alone, without moving elsewhere.
func (r *reach) selectsThere(o *object, places []int, fields ast.SelectionSet, depth int) bool {
	if depth > fieldset.MaxDepth {
		return false
	}
	for _, sel := range fields {
		f, ok := sel.(*ast.Field)
		if !ok || !r.step() {
			return false
		}
		var targets []querygraph.NodeID
		found := false
		for _, m := range o.fields[f.Name] {
			if slices.Contains(places, m.at) && conditional(m) && (m.field.Requires == nil || m.provided) {
				found = true
				if m.to != querygraph.None {
					targets = append(targets, m.to)
				}
			}
		}
		if !found {
			return false
		}
		if len(f.SelectionSet) == 0 {
			continue
		}
		for _, name := range r.possibleAt(o.name, f.Name) {
			child := r.object(name)
			if below, ok := r.narrow(targets, child); ok && !r.selectsThere(child, below, f.SelectionSet, depth+1) {
				return false
			}
		}
	}
	return true
}

// conditional reports whether a move can serve a condition, which must hold for every request and whatever leads to it:
// not one whose subgraph changes with an override label, and not one whose arguments come from an ancestor.
func conditional(m move) bool { return m.field.OverrideLabel == "" && len(m.field.Contextual) == 0 }

// possibleAt returns the object types that a field of an object type can return.
func (r *reach) possibleAt(object, field string) []string {
	def := r.graph.Supergraph.Definition(object)
	if def == nil {
		return nil
	}
	f := def.Fields.ForName(field)
	if f == nil {
		return nil
	}
	return r.possible(f.Type.Name())
}
