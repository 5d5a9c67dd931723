package response

import "slices"

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

// follow appends to path what the rest of a subgraph's error path means for the client, as far as the client can see it:
// the rest is in the subgraph's response names and starts at the value of slot in the object o, of the case kase, whose frame
// is at base. It returns how much of the rest that is, and whether it ends before something that the client did not
// select. It leaves frames on the stack.
func (r *reporter) follow(path Path, o *Object, kase, base, slot int, rest Path) (Path, int, bool) {
	if kase < 0 && len(rest) > 0 { // the object was met before its type was known
		k, how := r.enter(o, base, true)
		if how != entered {
			next := o.readings(nil, -1, slot, r.names.Lookup(rest[0].Name))
			f, readings := r.firstVisible(next)
			if f == nil {
				return path, 0, len(next) > 0
			}
			return r.translate(append(path, PathElement{Name: f.Name}), readings, f.Type, rest, 1)
		}
		kase = k
	}
	for i := 0; i < len(rest); {
		next := o.readings(nil, kase, slot, r.names.Lookup(rest[i].Name))
		f, readings := r.firstVisible(next)
		if f == nil {
			// It may be asked of objects of any type and be selected on others only.
			return path, i, len(next) > 0 || len(o.Cases) > 1
		}
		path = append(path, PathElement{Name: f.Name})
		i++
		if f.Object == nil {
			return r.translate(path, readings, f.Type, rest, i)
		}
		at, t := r.open(f, base), f.Type
		for ; i < len(rest) && rest[i].Name == "" && t.Elem != nil; i++ {
			r.openItems(at, len(f.Sources))
			if !r.skipTo(at, len(f.Sources), rest[i].Index) {
				return r.translate(path, readings, t, rest, i)
			}
			path, t = append(path, rest[i]), t.Elem
			at += len(f.Sources)
		}
		if i == len(rest) || t.Elem != nil || rest[i].Name == "" {
			return path, i, false
		}
		k, how := r.enter(f.Object, at, false)
		if how != entered {
			return r.translate(path, readings, t, rest, i)
		}
		o, kase, base, slot = f.Object, k, at, readings[0].slot
	}
	return path, len(rest), false
}

// skipTo puts the items of the n lists at base that have an index on the stack; false when the lists are shorter.
func (a *Answers) skipTo(base, n, index int) bool {
	for ; a.nextItem(base, n); index-- {
		if index == 0 {
			return true
		}
		a.stack = a.stack[:base+n]
	}
	return false
}

// firstVisible returns the first field of readings that the client can see, and all readings of that name; nil when there is
// none.
func (a *Answers) firstVisible(of []reading) (*Field, []reading) {
	first := slices.IndexFunc(of, func(r reading) bool { return a.visible(r.field) })
	if first < 0 {
		return nil, nil
	}
	f := of[first].field
	return f, slices.DeleteFunc(of, func(r reading) bool { return !a.visible(r.field) || r.field.Name != f.Name })
}

// translate goes on with rest[i:] where there are no objects to follow it through: the path has reached a value of type t
// that is read as readings say. The types of the objects on the way are not known: what is selected on any of them counts.
func (r *reporter) translate(path Path, readings []reading, t *Type, rest Path, i int) (Path, int, bool) {
	for ; i < len(rest); i++ {
		e := rest[i]
		if e.Name == "" {
			if t == nil || t.Elem == nil {
				return path, i, false
			}
			path, t = append(path, e), t.Elem
			continue
		}
		var next []reading
		for _, at := range readings {
			if at.field.Object != nil {
				next = at.field.Object.readings(next, -1, at.slot, r.names.Lookup(e.Name))
			}
		}
		f, own := r.firstVisible(next)
		if f == nil {
			return path, i, len(next) > 0
		}
		path, readings, t = append(path, PathElement{Name: f.Name}), own, f.Type
	}
	return path, len(rest), false
}
