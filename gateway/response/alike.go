package response

import (
	"cmp"
	"slices"
)

// Most objects that entities are fetched for occur many times, each occurrence a node of its own: what tells that they are
// the same entity is their representation. Where all that is read of an object is the representation's fields and what
// hangs on its entity, all occurrences of one representation are alike. This file finds such places when a plan is
// compiled; then other fetches render one occurrence of each, and the response is written once and copied.

// FindAlike completes the shape under root and the places of all fetches, by number, with what is alike: Object.Alike,
// Anchors.Like, Anchors.Liked and Anchors.Direct. Doing it again changes nothing.
func FindAlike(root *Object, places []*Place) {
	f := likeness{places: places, seen: map[*Object]bool{}}
	f.object(root)
	for _, p := range places {
		p.findDirect(&f)
	}
}

// likeness is the search.
type likeness struct {
	places []*Place
	seen   map[*Object]bool
	forms  []string // of direct representations
}

// target is what a link's entities are asked for with.
func (f *likeness) target(l *Link) *PlaceTarget {
	return &f.places[l.Fetch].Groups[l.Group].Targets[l.Target]
}

// object looks at an object and all below it.
func (f *likeness) object(o *Object) {
	if f.seen[o] {
		return
	}
	f.seen[o] = true
	for i := range o.Cases {
		for k := range o.Cases[i].Fields {
			if below := o.Cases[i].Fields[k].Object; below != nil {
				f.object(below)
			}
		}
	}
	if o.Inherited != 1 || len(o.Before) > 0 || len(o.Cases) != 1 || o.TypeName.Slot >= 0 {
		return
	}
	links := slices.Concat(o.Links, o.Cases[0].Links)
	order := make([]int, len(links))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, k int) int {
		return cmp.Or(cmp.Compare(links[i].Fetch, links[k].Fetch), cmp.Compare(links[i].Group, links[k].Group))
	})
	for _, i := range order {
		f.link(o, links, i)
	}
}

// link looks at what is alike for objects that have the same entity behind a link.
func (f *likeness) link(o *Object, links []Link, i int) {
	base := f.target(&links[i])
	keys, ok := leavesOf(o, &links[i], base)
	if !ok {
		return
	}
	t := told{keys: keys, slots: make([]bool, 1+len(links))}
	t.slots[1+i] = true
	for more := true; more; {
		more = false
		for k := range links {
			l := &links[k]
			other := f.target(l)
			if t.slots[1+k] || l.Contexts != nil || l.From != 0 && !t.slots[l.From] || !t.representation(o, other.Representation) {
				continue
			}
			t.slots[1+k], more = true, true
			// What follows from a target with a Like follows from that one, too, so no target is like one that has a Like itself.
			if l.From == 0 && base.Plain && other.Plain && base.Like == nil && other.Like == nil && before(&links[i], l) &&
				slices.Equal(base.Route.Steps, other.Route.Steps) {
				base.Liked, other.Like, other.End = true, &links[i], o
			}
		}
	}
	if o.Alike == 0 && !slices.ContainsFunc(o.Cases[0].Fields, func(field Field) bool { return !t.field(&field) }) {
		o.Alike = 1 + i
	}
}

// before says whether the representations for a are rendered before those for b.
func before(a, b *Link) bool { return a.Fetch < b.Fetch || a.Fetch == b.Fetch && a.Group < b.Group }

// leavesOf returns the members of an object's own node that a link's representation consists of; false when there is more
// to it.
func leavesOf(o *Object, l *Link, at *PlaceTarget) ([]Name, bool) {
	if l.From != 0 || l.Contexts != nil || at.Representation == nil || len(at.Representation.Cases) != 1 {
		return nil, false
	}
	rc := &at.Representation.Cases[0]
	if rc.Constant == "" || len(rc.Fields) == 0 {
		return nil, false
	}
	var names []Name
	for i := range rc.Fields {
		f := &o.Cases[0].Fields[rc.Fields[i].Field]
		if f.Kind != Leaf || len(f.Sources) != 1 || f.Sources[0].Slot != 0 {
			return nil, false
		}
		names = append(names, f.Sources[0].Name)
	}
	return names, true
}

// told is what follows from an object's representation: members of its own node, and all of other slots.
type told struct {
	keys  []Name
	slots []bool
}

// representation says whether a representation follows.
func (t *told) representation(o *Object, rep *Representation) bool {
	if rep == nil || len(rep.Cases) != 1 || rep.Cases[0].Constant == "" {
		return false
	}
	for i := range rep.Cases[0].Fields {
		if !t.field(&o.Cases[0].Fields[rep.Cases[0].Fields[i].Field]) {
			return false
		}
	}
	return true
}

// field says whether a field's value follows.
func (t *told) field(f *Field) bool {
	switch f.Kind {
	case TypeName:
		return f.Constant != ""
	case Denied:
		return true
	case Composite:
		return f.alone() && t.slots[f.Sources[0].Slot]
	}
	return len(f.Sources) == 1 && (t.slots[f.Sources[0].Slot] || f.Sources[0].Slot == 0 && slices.Contains(t.keys, f.Sources[0].Name))
}

// findDirect finds the groups that are rendered without entering the objects: those of which every representation is one
// member of the object's own node.
func (p *Place) findDirect(f *likeness) {
	for g := range p.Groups {
		targets := p.Groups[g].Targets
		direct := make([]*Direct, len(targets))
		all := true
		for t := range targets {
			direct[t] = f.direct(&targets[t])
			all = all && direct[t] != nil
		}
		for t := range targets {
			if all {
				targets[t].Direct = direct[t]
			}
		}
	}
}

// direct is how a target is rendered directly; nil when it is not.
func (f *likeness) direct(t *PlaceTarget) *Direct {
	if !t.Plain || t.From != 0 || t.Contexts != nil || t.Representation == nil || len(t.Representation.Cases) != 1 {
		return nil
	}
	o := t.object()
	rc := &t.Representation.Cases[0]
	if len(o.Cases) != 1 || len(o.Before) > 0 || o.TypeName.Slot >= 0 || rc.Constant == "" || len(rc.Fields) != 1 {
		return nil
	}
	field := &o.Cases[0].Fields[rc.Fields[0].Field]
	if field.Kind != Leaf || len(field.Sources) != 1 || field.Sources[0].Slot != 0 {
		return nil
	}
	d := &Direct{Name: field.Sources[0].Name}
	d.Before = append(append(append(d.Before, `{"__typename":"`...), rc.Constant...), `",`...)
	d.Before = append(d.Before, rc.Fields[0].Key...)
	if d.Form = slices.Index(f.forms, string(d.Before)); d.Form < 0 {
		d.Form = len(f.forms)
		f.forms = append(f.forms, string(d.Before))
	}
	return d
}

// object is the object at the end of the target's route.
func (t *PlaceTarget) object() *Object {
	o := t.Root
	for _, s := range t.Route.Steps {
		o = o.fields(s.Case)[s.Field].Object
	}
	return o
}
