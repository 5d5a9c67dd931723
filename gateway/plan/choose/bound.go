package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// Bound is what the operation costs at least, however it is decided. It counts what cannot be had any other way: where a
// path through the operation needs fields that only one subgraph has, and then, further down, fields that only another
// has, that other is called after the first; and a subgraph is called as often as a single path has to come back to it.
func (s *Search) Bound() Cost {
	c := s.chooser
	b := &bound{chooser: c, visits: make([]int, len(c.graph.Supergraph.Graphs)), most: make([]int, len(c.graph.Supergraph.Graphs)), owners: map[owned]int{}}
	b.spec(c.rootSpec(s.op), nil, "", -1, 0)
	out := Cost{Depth: b.depth}
	for _, n := range b.most {
		out.Fetches += n
	}
	return out
}

// bound follows every path through an operation.
type bound struct {
	*chooser
	visits []int // of each subgraph, on the path that is followed
	most   []int // on any path
	depth  int
	owners map[owned]int
}

// owned is a field of objects of a type.
type owned struct{ object, field string }

// spec follows the paths under a selection set, to which a field of objects of some types leads. at is the subgraph that
// the path was last known to be in, after so many calls.
func (b *bound) spec(s *spec, parents []string, field string, at, calls int) {
	for _, sc := range s.cases {
		if b.mayBeAbsent(parents, field, sc.types) {
			continue // what is selected there may be left out
		}
		for _, f := range sc.fields {
			if !f.denied && !f.meta && f.name != "__typename" {
				b.field(sc.types, f, at, calls)
			}
		}
	}
}

// mayBeAbsent reports whether a field may be resolved by a subgraph that does not know one of some types among the field's.
func (b *bound) mayBeAbsent(parents []string, field string, types []string) bool {
	for _, parent := range parents {
		for _, sub := range b.graph.Supergraph.Graphs {
			for _, typ := range append([]string{parent}, b.graph.Interfaces(parent)...) {
				node := b.graph.Base(sub.ID, typ)
				if node == querygraph.None || b.graph.Nodes[node].Type.Field(field) == nil {
					continue
				}
				to := b.graph.Base(sub.ID, b.graph.Nodes[node].Type.Field(field).Type.Name())
				if to != querygraph.None && slices.ContainsFunc(types, func(object string) bool { return b.graph.Downcast(to, object) == querygraph.None }) {
					return true
				}
			}
		}
	}
	return false
}

func (b *bound) field(types []string, f *specField, at, calls int) {
	owner := b.owner(types[0], f.name)
	moved := owner >= 0 && owner != at
	if moved {
		at = owner
		calls++
		b.visits[at]++
		b.most[at] = max(b.most[at], b.visits[at])
		b.depth = max(b.depth, calls)
	}
	if f.composite() {
		b.spec(b.childSpec(f), types, f.name, at, calls)
	}
	if moved {
		b.visits[at]--
	}
}

// owner is the only subgraph that resolves a field of objects of a type anywhere, -1 if there is none or several do.
func (b *bound) owner(object, field string) int {
	key := owned{object, field}
	if owner, known := b.owners[key]; known {
		return owner
	}
	owner := -1
	for _, sub := range b.graph.Supergraph.Graphs {
		if !b.mayResolve(sub.ID, object, field) {
			continue
		}
		if owner >= 0 {
			owner = -1
			break
		}
		owner = sub.ID
	}
	b.owners[key] = owner
	return owner
}

// mayResolve reports whether a subgraph resolves a field of objects of a type at any of its nodes; those that something
// provides too.
func (b *bound) mayResolve(sub int, object, field string) bool {
	types := append([]string{object}, b.graph.Interfaces(object)...)
	for _, typ := range types {
		node := b.graph.Base(sub, typ)
		if node == querygraph.None {
			continue
		}
		t := b.graph.Nodes[node].Type
		if typ != object && !t.InterfaceObject {
			continue
		}
		// External fields may be provided somewhere.
		if f := t.Field(field); f != nil && (f.External || f.Overridden || f.OverrideLabel == "" || f.OverrideActive == b.active(f.OverrideLabel)) {
			return true
		}
	}
	return false
}
