package generate

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// settleNames gives fields other response names until all that share one can be merged (GraphQL specification, section
// 5.3.2 Field Selection Merging).
func (o *operation) settleNames(root []*selection) {
	for range 50 {
		if !o.separate([][]*selection{root}, true) {
			return
		}
	}
}

// separate gives a field of merged selection sets another name where it cannot be merged with one before it, and says
// whether it had to. Where the objects cannot be the same ones, only the shapes of what fields return have to agree.
func (o *operation) separate(sets [][]*selection, same bool) (changed bool) {
	groups := map[string][]*selection{}
	var order []string
	var collect func(set []*selection)
	collect = func(set []*selection) {
		for _, sel := range set {
			switch {
			case sel.spread != nil:
				collect(sel.spread.set)
			case sel.field == nil:
				collect(sel.set)
			default:
				name := sel.response()
				if groups[name] == nil {
					order = append(order, name)
				}
				groups[name] = append(groups[name], sel)
			}
		}
	}
	for _, set := range sets {
		collect(set)
	}
	for _, name := range order {
		var kept []*selection
		for _, sel := range groups[name] {
			fits := true
			for _, k := range kept {
				fits = fits && (k == sel || o.merges(k, sel, same))
			}
			if !fits {
				o.fresh++
				sel.alias = fmt.Sprintf("n%d", o.fresh)
				changed = true
				continue
			}
			kept = append(kept, sel)
		}
		changed = o.separateBelow(kept, same) || changed
	}
	return changed
}

// separateBelow goes on with what is selected under fields of one response name.
func (o *operation) separateBelow(fields []*selection, same bool) (changed bool) {
	if len(fields) == 0 || len(fields[0].set) == 0 {
		return false
	}
	var all [][]*selection
	apart := false
	for _, f := range fields {
		all = append(all, f.set)
		apart = apart || !overlaps(f, fields[0])
	}
	if !same || !apart {
		return o.separate(all, same)
	}
	for i, f := range fields {
		var together [][]*selection
		for _, other := range fields[i:] {
			if overlaps(f, other) {
				together = append(together, other.set)
			}
		}
		changed = o.separate(together, true) || changed
	}
	return o.separate(all, false) || changed
}

func (s *selection) response() string {
	if s.alias != "" {
		return s.alias
	}
	return s.field.Name
}

// overlaps reports whether two fields may be selected on one object.
func overlaps(a, b *selection) bool {
	return a.parent == b.parent || a.parent.Kind != ast.Object || b.parent.Kind != ast.Object
}

// merges reports whether two fields with one response name can be merged, what is selected under them aside.
func (o *operation) merges(a, b *selection, same bool) bool {
	if same && overlaps(a, b) && (a.field.Name != b.field.Name || a.arguments != b.arguments) {
		return false
	}
	x, y := a.field.Type, b.field.Type
	for ; x != nil && y != nil; x, y = x.Elem, y.Elem {
		if x.NonNull != y.NonNull || (x.Elem == nil) != (y.Elem == nil) {
			return false
		}
	}
	name, other := a.field.Type.Name(), b.field.Type.Name()
	return name == other || len(a.set) > 0 && len(b.set) > 0
}
