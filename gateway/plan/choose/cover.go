package choose

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// cover finds out what it takes to have the fields of a field set at a place.
type cover struct {
	*chooser
	depth int
	chain []*hop // hops at the outermost place
	extra int    // entries at nested places
	inner int    // nesting of the place looked at
	// had are the fields of the place looked at whose inputs are taken into account already.
	had []resolution
}

func (v *cover) add(h *hop) {
	if h == nil {
		return
	}
	for _, step := range h.chain {
		if !slices.Contains(v.chain, step) {
			v.chain = append(v.chain, step)
		}
	}
	v.extra += h.extra
}

// all reports whether every field of the set can be had from the sources, and records what is used.
func (v *cover) all(object string, set ast.SelectionSet, from []source) bool {
	for _, sel := range v.scarceFirst(object, set) {
		switch sel := sel.(type) {
		case *ast.Field:
			if sel.Name != "__typename" && !v.field(object, sel, from) {
				return false
			}
		case *ast.InlineFragment:
			if sel.TypeCondition == "" || slices.Contains(v.graph.PossibleTypes(sel.TypeCondition), object) {
				if !v.all(object, sel.SelectionSet, from) {
					return false
				}
			}
		}
	}
	return true
}

func (v *cover) field(object string, sel *ast.Field, from []source) bool {
	if v.covered++; v.covered > maxCovered {
		return false
	}
	if len(sel.SelectionSet) > 0 {
		return v.composite(object, sel, from)
	}
	for _, entered := range []bool{true, false} {
		for _, s := range from {
			if entered != v.entered(s) {
				continue
			}
			if _, ok := v.take(object, sel.Name, s, from); ok {
				return true
			}
		}
	}
	return false
}

// composite reports whether a field with what is selected under it can be had: one source may have all of it, and of several
// the one that takes the fewest fetches does, those at nested places last; else all that have some of it.
func (v *cover) composite(object string, sel *ast.Field, from []source) bool {
	v.chain = slices.Clip(v.chain) // copies add to it apart from each other
	every := *v
	var best *cover
	var children []querygraph.NodeID
	for _, entered := range []bool{true, false} {
		for _, s := range from {
			if entered != v.entered(s) {
				continue
			}
			one := *v
			to, ok := one.take(object, sel.Name, s, from)
			if !ok || to == querygraph.None {
				continue
			}
			if one.under(object, sel, []querygraph.NodeID{to}) {
				if best == nil || one.less(best) {
					best = &one
				}
				if !v.less(best) {
					*v = *best // it takes nothing
					return true
				}
				continue
			}
			if _, ok := every.take(object, sel.Name, s, from); ok {
				children = append(children, to)
			}
		}
	}
	if best != nil {
		*v = *best
		return true
	}
	if len(children) < 2 || !every.under(object, sel, children) {
		return false
	}
	*v = every
	return true
}

// less reports whether it takes fewer fetches than another way, or as many and fewer of them at nested places.
func (v *cover) less(o *cover) bool {
	a, b := len(v.chain)+v.extra, len(o.chain)+o.extra
	return a < b || a == b && v.extra < o.extra
}

// entered reports whether a source is there anyway: what is entered for another field of the set is used before something
// else is.
func (v *cover) entered(s source) bool {
	return s.hop == nil || v.inner == 0 && slices.Contains(v.chain, s.hop)
}

// take has a field resolved by a source, and returns where it leads; ok is false where that cannot be.
func (v *cover) take(object, name string, s source, from []source) (to querygraph.NodeID, ok bool) {
	f, to, ok := v.resolves(s.node, name)
	if !ok {
		return to, false
	}
	if takesInputs(f) {
		v.chain = slices.Clip(v.chain)
		try := *v
		if !try.requires(object, s, f, from) {
			return to, false
		}
		*v = try
	}
	if v.inner == 0 {
		v.add(s.hop)
	} else if s.hop != nil {
		v.extra += s.hop.cost()
	}
	return to, true
}

// scarceFirst returns a field set with the fields that few subgraphs resolve first: what must be entered for them may have
// the others too.
func (c *chooser) scarceFirst(object string, set ast.SelectionSet) ast.SelectionSet {
	if len(set) < 2 {
		return set
	}
	key := orderKey{object, &set[0]}
	if done, ok := c.orders[key]; ok {
		return done
	}
	count := func(sel ast.Selection) int {
		f, ok := sel.(*ast.Field)
		if !ok {
			return 0
		}
		n := 0
		for _, sub := range c.graph.Supergraph.Graphs {
			if node := c.graph.Base(sub.ID, object); node != querygraph.None {
				if _, _, ok := c.resolves(node, f.Name); ok {
					n++
				}
			}
		}
		return n
	}
	out := slices.Clone(set)
	slices.SortStableFunc(out, func(a, b ast.Selection) int { return count(a) - count(b) })
	c.orders[key] = out
	return out
}

// orderKey is a field set at objects of a type.
type orderKey struct {
	object string
	set    *ast.Selection
}

// under reports whether what is selected under a composite field can be had from its presences.
func (v *cover) under(object string, sel *ast.Field, nodes []querygraph.NodeID) bool {
	def := v.fieldDefinition(object, sel.Name)
	if def == nil {
		return false
	}
	outer := v.had
	v.inner++
	v.had = nil
	defer func() { v.inner, v.had = v.inner-1, outer }()
	for _, child := range v.graph.PossibleTypes(def.Type.Name()) {
		down := v.down(nodes, child)
		if len(down) == 0 {
			continue // no object of that type can be there
		}
		from := make([]source, len(down))
		for i, n := range down {
			from[i] = source{node: n}
		}
		v.chain = slices.Clip(v.chain)
		try := *v
		if try.all(child, sel.SelectionSet, from) {
			*v = try
			continue
		}
		if v.cannotBe(owned{object, sel.Name}, child) {
			continue // what should not come costs nothing, and is given up where it cannot be had
		}
		if v.depth <= 0 || v.inner > maxNested {
			return false
		}
		more := v.sources(child, down, v.graph.Entries(child), false, v.depth-1)
		if len(more) == len(down) || !v.all(child, sel.SelectionSet, more) {
			return false
		}
	}
	return true
}

// requires reports whether the inputs of a field with @requires can be had.
func (v *cover) requires(object string, s source, f *supergraph.Field, from []source) bool {
	looking := resolution{s.node, f}
	if slices.Contains(v.had, looking) {
		return true
	}
	if v.busy[looking] {
		return false
	}
	v.busy[looking] = true
	defer delete(v.busy, looking)
	if !v.all(object, f.Requires, from) {
		return false
	}
	v.extra++ // the entry that carries the inputs
	v.had = append(slices.Clip(v.had), looking)
	return true
}
