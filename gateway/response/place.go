package response

import "slices"

// Place says where in the response the answers of a fetch stand. It is compiled with the plan and immutable.
type Place struct {
	Root *Object
	// Slot is the slot of Root that a root fetch fills.
	Slot int
	// Groups are those of an entity fetch or of a nested Query fetch; a root fetch has none.
	Groups []PlaceGroup
	// Needed: other fetches are made with what this one answers. Without it more of the objects is missing than its own fields.
	Needed bool
}

// PlaceGroup is one `_entities` field; Name is its response name, 0 for a nested Query fetch.
type PlaceGroup struct {
	Name    Name
	Targets []PlaceTarget
}

// PlaceTarget is one set of objects: Slot is where the entities stand in their frames.
type PlaceTarget struct {
	Anchors
	Slot int
	Cond ConditionID
}

// Paths returns the response paths of what the fetch answers, as far as they are the same whatever the data is: they end
// before the index of a list.
func (p *Place) Paths() []Path {
	if len(p.Groups) == 0 {
		var paths []Path
		for _, f := range p.Root.from(-1, p.Slot) {
			paths = append(paths, Path{{Name: f.Name}})
		}
		return paths
	}
	var paths []Path
	for _, g := range p.Groups {
		for _, t := range g.Targets {
			path := t.path(p.Needed)
			if !slices.ContainsFunc(paths, func(q Path) bool { return slices.Equal(path, q) }) {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// path is the target's part of Paths: the objects, or the one field of them that the fetch is for.
func (t *PlaceTarget) path(needed bool) Path {
	o, path := t.Root, Path{}
	for _, s := range t.Route.Steps {
		f := &o.fields(s.Case)[s.Field]
		if f.Hidden {
			return path
		}
		path = append(path, PathElement{Name: f.Name})
		if f.Type != nil && f.Type.Elem != nil {
			return path
		}
		o = f.Object
	}
	if fields := o.from(t.Route.Case, t.Slot); len(fields) == 1 && !needed {
		path = append(path, PathElement{Name: fields[0].Name})
	}
	return path
}

// from returns the visible fields that are read from a slot, of one case or (kase < 0) of all, each name once.
func (o *Object) from(kase, slot int) []*Field {
	var found []*Field
	for k := range o.Cases {
		if kase >= 0 && k != kase {
			continue
		}
		for i := range o.Cases[k].Fields {
			f := &o.Cases[k].Fields[i]
			if !f.Hidden && slices.ContainsFunc(f.Sources, func(s Source) bool { return s.Slot == slot }) &&
				!slices.ContainsFunc(found, func(g *Field) bool { return g.Name == f.Name }) {
				found = append(found, f)
			}
		}
	}
	return found
}

// reading is a field that is read from the member of a slot, and the slot of the field's objects that this fills.
type reading struct {
	field *Field
	slot  int
}

// readings appends the fields that are read from the member name of a slot, of one case or (kase < 0) of all.
func (o *Object) readings(dst []reading, kase, slot int, name Name) []reading {
	for k := range o.Cases {
		if kase >= 0 && k != kase {
			continue
		}
		for i := range o.Cases[k].Fields {
			f := &o.Cases[k].Fields[i]
			r := reading{f, slices.Index(f.Sources, Source{Slot: slot, Name: name})}
			if r.slot >= 0 && !slices.Contains(dst, r) {
				dst = append(dst, r)
			}
		}
	}
	return dst
}

// translate appends to path what the rest of a subgraph's error path means for the client, as far as the client can see
// it: the rest is in the subgraph's response names and starts at the value of slot in the object o. It returns how much of
// the rest that is, and whether it ends before something that the client did not select. The types of the objects on the
// way are not known: what is selected on any of them is followed.
func translate(path Path, names *Names, o *Object, kase, slot int, rest Path) (Path, int, bool) {
	var t *Type // of the value that the path has reached
	var at []reading
	for i, e := range rest {
		if e.Name == "" {
			if t == nil || t.Elem == nil {
				return path, i, false
			}
			t = t.Elem
			path = append(path, e)
			continue
		}
		var next []reading
		if i == 0 {
			next = o.readings(next, kase, slot, names.Lookup(e.Name))
		}
		for _, r := range at {
			if r.field.Object != nil {
				next = r.field.Object.readings(next, -1, r.slot, names.Lookup(e.Name))
			}
		}
		first := slices.IndexFunc(next, func(r reading) bool { return !r.field.Hidden })
		if first < 0 {
			return path, i, len(next) > 0
		}
		f := next[first].field
		at = slices.DeleteFunc(next, func(r reading) bool { return r.field.Hidden || r.field.Name != f.Name })
		path, t = append(path, PathElement{Name: f.Name}), f.Type
	}
	return path, len(rest), false
}
