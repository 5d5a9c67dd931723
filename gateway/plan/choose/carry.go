package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// A field whose arguments take values from contexts needs a call that is made with them. That may be the call which brings
// its objects, where the values are of the objects that the call is for, or of objects above those, and where it waits for
// the values anyway: then nothing is null that would not have been. But where objects may occur below several that give
// different values, it would be asked for everything about them again for each value.

// carry has a field asked with what brings its objects, and returns by which presence; nil where that cannot be.
func (d *decider) carry(f *Field) (*Presence, error) {
	for _, p := range d.place.avail {
		node := d.graph.Downcast(p.Node, d.object)
		if node == querygraph.None {
			continue
		}
		def, _, ok := d.resolves(node, f.Name)
		if !ok || len(def.Requires) > 0 || !d.needsInputs(node, def) {
			continue
		}
		call, at := entered(p, d.place)
		if call.Entry.Key == nil || at.Fork.Before == at || !d.outside(def, at) {
			continue
		}
		values, err := d.contexts(def)
		if err != nil {
			return nil, err
		}
		if d.has(call, at, values) {
			d.hold(at, value{})
			call.Entry.Contexts = append(call.Entry.Contexts, values...)
			f.give(p, values)
			return p, nil
		}
	}
	return nil, nil
}

// entered is the entry by which the objects of a presence at a place came to be there, and the place where it was made.
func entered(p *Presence, place *Place) (*Presence, *Place) {
	for p.Entry == nil {
		p, place = p.Parent, place.Fork.Field.Place
	}
	return p, place
}

// outside reports whether all that a field takes is of objects at a place or above it.
func (d *decider) outside(def *supergraph.Field, at *Place) bool {
	up := &decider{chooser: d.chooser, place: at}
	return !slices.ContainsFunc(def.Contextual, func(arg supergraph.ContextualArgument) bool {
		from := d.ancestor(arg.Context)
		return from == nil || from != at && from != up.ancestor(arg.Context)
	})
}

// has reports whether an entry at a place waits for values anyway, and is made with one of each for an object, or with as
// many as without them.
func (d *decider) has(call *Presence, at *Place, values []*Context) bool {
	behind := map[*Presence]bool{}
	d.behind(call, at, behind)
	for _, v := range values {
		if v.Need == nil {
			continue
		}
		taken := slices.ContainsFunc(call.Entry.Contexts, func(o *Context) bool {
			return o.Need != nil && o.Type == v.Type && SameValue(o.Need, v.Need)
		})
		if from := v.Need.Field.Place; !taken && from != at && !from.single() {
			return false
		}
		if !d.had(v.Need, behind) {
			return false
		}
	}
	return true
}

// had reports whether all that a value is read from is in the answers to some entries.
func (d *decider) had(n *Need, calls map[*Presence]bool) bool {
	f := n.Field
	here := func(p *Presence, at *Place) bool {
		call, _ := entered(p, at)
		return calls[call]
	}
	if len(f.By) == 0 || slices.ContainsFunc(f.By, func(p *Presence) bool { return !here(p, f.Place) }) {
		return false
	}
	if len(n.Set) == 0 {
		return true
	}
	if f.Fork == nil || f.Fork.Typename != nil && !here(f.Fork.Typename, &Place{Fork: f.Fork}) {
		return false
	}
	for _, place := range f.Fork.Places {
		sel := d.graph.Selected(place.Types[0], n.Set)
		if sel == nil || place.Absent {
			continue
		}
		i := slices.IndexFunc(place.Fields, func(f *Field) bool { return f.plainly(sel) })
		if i < 0 || !d.had(&Need{Field: place.Fields[i], Set: sel.SelectionSet}, calls) {
			return false
		}
	}
	return true
}

// single reports whether there is at most one object of a place in a response: no list leads there.
func (p *Place) single() bool {
	for f := p.Fork.Field; f != nil; f = f.Place.Fork.Field {
		if f.Definition.Type.Elem != nil {
			return false
		}
	}
	return true
}

// behind collects the entries that one at a place waits for, whatever is merged.
func (d *decider) behind(call *Presence, at *Place, known map[*Presence]bool) {
	add := func(p *Presence, place *Place) {
		if !known[p] {
			known[p] = true
			d.behind(p, place, known)
		}
	}
	if at.Fork.Field == nil {
		return
	}
	// The objects may be linked to any presence that the field led to.
	from, place := entered(at.Fork.Inherited[0], at)
	if !slices.ContainsFunc(at.Fork.Inherited, func(p *Presence) bool { other, _ := entered(p, at); return other != from }) {
		add(from, place)
	}
	needs := slices.Clone(call.Entry.Needs)
	for _, c := range call.Entry.Contexts {
		if c.Need != nil {
			needs = append(needs, c.Need)
		}
	}
	for _, n := range needs {
		if len(n.Set) > 0 {
			continue // what of it is read, and from where, depends on its types
		}
		for _, p := range n.Field.By {
			add(entered(p, n.Field.Place))
		}
	}
}
