package response

import "github.com/weft-gateway/weft/gateway/jsonstring"

// Anchors says which objects of the response an entity fetch asks for, and how they are named to the subgraph.
type Anchors struct {
	// Root is the shape of the response's data, Route leads from it to the objects.
	Root  *Object
	Route *Route
	// From is the slot whose nodes the links start at.
	From int
	// Representation renders the objects; nil when nothing is rendered (a nested Query fetch).
	Representation *Representation
	// Contexts are the values that the objects are asked with besides; nil: none.
	Contexts *Contexts
	// Fetch, Group and Target number the links.
	Fetch, Group, Target int
	// Plain says that each step of the route and its end read one source only.
	Plain bool
	// Trail, when it is not 0, is the same for targets of several fetches that have the same plain route. What the first of
	// them found holds for the others: the fetches that tell what lies on the route came before all of them.
	Trail int
}

// renderer renders the objects that a walk finds.
type renderer struct {
	*Answers
	buf   []byte
	rep   *Representation
	from  int
	group *group
	table *linkTable
	// lacks: the object being rendered has an input that is unknown.
	lacks bool
}

// BeginGroup forgets which representations were rendered. It is called before the targets of a group are rendered.
func (a *Answers) BeginGroup() { a.reps.reset() }

// Render appends the representations of the objects, separated by commas, to dst, each distinct one once per group, and
// remembers which object has which. It returns dst and how many representations the group has now.
func (a *Answers) Render(dst []byte, at Anchors) ([]byte, int) {
	g, t := a.layout.target(at.Fetch, at.Group, at.Target)
	r := &a.renderer
	*r = renderer{Answers: a, buf: dst, rep: at.Representation, from: at.From, group: &a.groups[g], table: &a.links[t]}
	// Who comes to an entity again finds the same objects behind it, and those are rendered.
	if a.once = at.Plain; a.once {
		a.beginCrossings(len(at.Route.Steps))
	}
	switch {
	case at.Trail == 0:
		a.walk(at.Root, at.Route, r)
	case a.trails[at.Trail-1].walked:
		a.again(&a.trails[at.Trail-1], at.Route, r)
	default:
		a.trail = &a.trails[at.Trail-1]
		a.trail.walked = true
		a.walk(at.Root, at.Route, r)
		a.trail = nil
	}
	a.once = false
	dst, n := r.buf, r.group.count
	*r = renderer{}
	return dst, n
}

// visit renders one object unless the same was rendered before.
func (r *renderer) visit(o *Object, kase, base int) {
	from := r.stack[base+r.from]
	if from.node < 0 {
		return
	}
	if len(r.table.reps) == 0 {
		r.table.part = from.part
		r.table.reps = cleared(r.table.reps, len(from.part.nodes))
	}
	if r.table.part != from.part || r.table.reps[from.node] != 0 {
		return
	}
	if r.rep == nil {
		r.group.count = 1
		r.table.reps[from.node] = 1
		return
	}
	keep := len(r.buf)
	if r.group.count > 0 {
		r.buf = append(r.buf, ',')
	}
	start := len(r.buf)
	r.lacks = false
	if max(kase, 0) >= len(r.rep.Cases) || !r.object(r.rep, o, kase, base) {
		r.buf = r.buf[:keep]
		r.table.reps[from.node] = r.without()
		return
	}
	n, fresh := r.reps.add(r.buf, start)
	if fresh {
		r.group.count++
	} else {
		r.buf = r.buf[:keep]
	}
	r.table.reps[from.node] = int32(n + 1)
}

// without marks an object that could not be rendered.
func (r *renderer) without() int32 {
	if !r.lacks {
		return unrenderable
	}
	r.table.lacks = true
	return lacking
}

// object renders the object whose frame is at base. It says false when a key of it is null or a value is unknown: there
// is no entity then.
func (r *renderer) object(rep *Representation, o *Object, kase, base int) bool {
	rc := &rep.Cases[max(kase, 0)]
	if rc.Constant == "" && !rc.Runtime && len(rc.Fields) == 0 {
		return false
	}
	if len(r.buf) > r.maxBytes {
		r.budget = -1
		return false
	}
	r.buf = append(r.buf, '{')
	empty := true
	switch {
	case rc.Constant != "":
		r.buf = append(append(append(r.buf, `"__typename":"`...), rc.Constant...), '"')
		empty = false
	case rc.Runtime:
		name := r.typeName(o, base)
		if name == nil {
			return false
		}
		r.buf = jsonstring.Append(append(r.buf, `"__typename":`...), string(name))
		empty = false
	}
	for i := range rc.Fields {
		f := &rc.Fields[i]
		if !empty {
			r.buf = append(r.buf, ',')
		}
		empty = false
		r.buf = append(r.buf, f.Key...)
		if !r.member(f, o, &o.fields(kase)[f.Field], base) {
			return false
		}
	}
	r.buf = append(r.buf, '}')
	return true
}

// member renders the value of one field.
func (r *renderer) member(rf *RepresentationField, o *Object, f *Field, base int) bool {
	switch f.Kind {
	case TypeName:
		name := []byte(f.Constant)
		if f.Constant == "" {
			if name = r.typeName(o, base); name == nil {
				return false
			}
		}
		r.buf = jsonstring.Append(r.buf, string(name))
		return true
	case Leaf:
		if len(f.Sources) == 0 {
			return false
		}
		s := r.find(f.Sources[0], base)
		if s.node < 0 {
			r.lacks = !rf.Required
			return false
		}
		p := s.part
		if rf.Required && p.nodes[s.node].kind == kindNull {
			return false
		}
		r.buf = append(r.buf, p.raw(s.node)...)
		return true
	case Composite:
		at := r.open(f, base)
		ok := r.value(rf, f, f.Type, at)
		r.stack = r.stack[:at]
		return ok
	}
	return false
}

// value renders a composite field's value, which ends the stack at at.
func (r *renderer) value(rf *RepresentationField, f *Field, t *Type, at int) bool {
	n := len(f.Sources)
	if !r.present(at, n) {
		r.lacks = !rf.Required
		return false
	}
	if t == nil || t.Elem == nil {
		return r.nested(rf, f, at)
	}
	if list, _ := r.openItems(at, n); !list {
		return r.null(rf)
	}
	r.buf = append(r.buf, '[')
	for i := 0; r.nextItem(at, n); i++ {
		if i > 0 {
			r.buf = append(r.buf, ',')
		}
		ok := r.value(rf, f, t.Elem, at+n)
		r.stack = r.stack[:at+n]
		if !ok {
			return false
		}
	}
	r.buf = append(r.buf, ']')
	return true
}

// nested renders an object inside of a representation.
func (r *renderer) nested(rf *RepresentationField, f *Field, at int) bool {
	k, how := r.enter(f.Object, at, false)
	switch {
	case how == absent:
		return r.null(rf)
	case how != entered || rf.Object == nil || k >= len(rf.Object.Cases):
		return false
	}
	if rc := &rf.Object.Cases[k]; rc.Constant == "" && !rc.Runtime && len(rc.Fields) == 0 {
		return r.null(rf)
	}
	return r.object(rf.Object, f.Object, k, at)
}

// null renders null where that is possible.
func (r *renderer) null(rf *RepresentationField) bool {
	if rf.Required {
		return false
	}
	r.buf = append(r.buf, "null"...)
	return true
}

// present says whether any of the n values at at is known, be it null.
func (a *Answers) present(at, n int) bool {
	for _, s := range a.stack[at : at+n] {
		if s.node >= 0 {
			return true
		}
	}
	return false
}
