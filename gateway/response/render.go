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
	// Like is the link of another target with the same plain route: objects that have one representation there have one
	// here. Liked marks such a target. FindAlike sets them, and Direct.
	Like  *Link
	Liked bool
	// Direct is how the objects are rendered without entering them; nil: they are entered.
	Direct *Direct
	// End is the shape of the objects of a target with Like.
	End *Object
}

// Direct renders representations that are a type's name and one member of the object's own node.
type Direct struct {
	Before []byte // all before the value: `{"__typename":"…","name":`
	Name   Name   // of the member
	// Form is the same for equal Before.
	Form int
}

// renderer renders the objects that a walk finds.
type renderer struct {
	*Answers
	buf    []byte
	rep    *Representation
	from   int
	group  *group
	table  *linkTable
	direct *Direct
	liked  bool
	// lacks: the object being rendered has a key or an input that is lost.
	lacks bool
}

// BeginGroup forgets which representations were rendered. It is called before the targets of a group are rendered.
func (a *Answers) BeginGroup() { a.reps.reset() }

// Render appends the representations of the objects, separated by commas, to dst, each distinct one once per group, and
// remembers which object has which. It returns dst and how many representations the group has now.
func (a *Answers) Render(dst []byte, at Anchors) ([]byte, int) {
	g, t := a.layout.target(at.Fetch, at.Group, at.Target)
	r := &a.renderer
	*r = renderer{Answers: a, buf: dst, rep: at.Representation, from: at.From, group: &a.groups[g], table: &a.links[t],
		direct: at.Direct, liked: at.Liked}
	if at.Liked {
		r.table.rendered = true
		a.firsts = a.firsts[:0]
	}
	if !r.like(&at) {
		r.locate(&at)
	}
	dst, n := r.buf, r.group.count
	*r = renderer{}
	return dst, n
}

// locate finds the objects and renders them.
func (r *renderer) locate(at *Anchors) {
	a := r.Answers
	if r.direct != nil {
		a.ahead = r
	}
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
	a.once, a.ahead = false, nil
}

// like renders one object for each representation of the target that this one is like; false when the objects have to be
// located after all.
func (r *renderer) like(at *Anchors) bool {
	if at.Like == nil {
		return false
	}
	g, t := r.layout.target(at.Like.Fetch, at.Like.Group, at.Like.Target)
	other := &r.links[t]
	if !other.rendered || other.odd {
		return false
	}
	r.table.like, r.table.lacks = other, other.lacks
	r.table.reps = cleared(r.table.reps, r.groups[g].count)
	for _, f := range other.firsts {
		n, ok := r.straight(f.slot)
		if !ok {
			r.stack = append(r.stack[:0], f.slot)
			var k int
			if k, ok = r.arrive(at.End, at.Route.Case, 0, false); ok {
				n = r.represent(at.End, k, 0)
			}
		}
		r.table.reps[f.rep-1] = n
		r.table.asked = r.table.asked || n > 0
	}
	r.stack = r.stack[:0]
	return true
}

// visit renders one object unless the same was rendered before.
func (r *renderer) visit(o *Object, kase, base int) {
	from := r.stack[base+r.from]
	if from.node < 0 {
		r.table.lacks = r.table.lacks || from.node == lost.node
		return
	}
	if r.done(from) {
		return
	}
	r.note(from, r.represent(o, kase, base))
}

// pass renders an object ahead of entering it; false when it is to be entered.
func (r *renderer) pass(s slot) bool {
	if s.node < 0 || s.part.nodes[s.node].kind != kindObject {
		return false
	}
	if r.done(s) {
		r.budget--
		return true
	}
	n, ok := r.straight(s)
	if ok {
		r.note(s, n)
	}
	return ok
}

// straight renders an object as Direct says and returns the number of its representation plus one; false when it is to be
// entered.
func (r *renderer) straight(s slot) (int32, bool) {
	if r.direct == nil {
		return 0, false
	}
	nodes, at := s.part.nodes, s.node+1
	if at >= nodes[s.node].next || nodes[at].name != r.direct.Name {
		var passed int
		at, passed = s.part.member(s.node, at, r.direct.Name)
		r.budget -= passed >> 4
	}
	if at < 0 || nodes[at].kind == kindNull || s.part.incomplete(at) || r.budget <= 0 || len(r.buf) > r.maxBytes {
		return 0, false
	}
	r.budget--
	raw := s.part.raw(at)
	n, h := r.reps.find(r.buf, raw, r.direct.Form)
	if n < 0 {
		if r.group.count > 0 {
			r.buf = append(r.buf, ',')
		}
		r.buf = append(r.buf, r.direct.Before...)
		start := len(r.buf)
		r.buf = append(r.buf, raw...)
		n = r.reps.insert(rep{h, start, len(r.buf), r.direct.Form})
		r.buf = append(r.buf, '}')
		r.group.count++
	}
	return int32(n + 1), true
}

// done says whether the object at a node has been looked at, or cannot be told from that of another answer.
func (r *renderer) done(from slot) bool {
	if len(r.table.reps) == 0 {
		r.table.part = from.part
		r.table.reps = cleared(r.table.reps, len(from.part.nodes))
	}
	return r.table.part != from.part || r.table.reps[from.node] != 0
}

// note remembers what was rendered for the object at a node.
func (r *renderer) note(from slot, n int32) {
	r.table.reps[from.node] = n
	r.table.asked = r.table.asked || n > 0
	switch {
	case !r.liked:
	case n <= 0:
		r.table.odd = true
	default:
		for int(n) > len(r.firsts) {
			r.firsts = append(r.firsts, false)
		}
		if !r.firsts[n-1] {
			r.firsts[n-1] = true
			r.table.firsts = append(r.table.firsts, first{n, from})
		}
	}
}

// represent renders one object and returns the number of its representation plus one, or why it has none.
func (r *renderer) represent(o *Object, kase, base int) int32 {
	if r.rep == nil {
		r.group.count = 1
		return 1
	}
	keep := len(r.buf)
	if r.group.count > 0 {
		r.buf = append(r.buf, ',')
	}
	start := len(r.buf)
	r.lacks = false
	if max(kase, 0) >= len(r.rep.Cases) || !r.object(r.rep, o, kase, base) {
		r.buf = r.buf[:keep]
		return r.without()
	}
	text := r.buf[start:]
	n, h := r.reps.find(r.buf, text, whole)
	if n < 0 {
		n = r.reps.insert(rep{h, start, len(r.buf), whole})
		r.group.count++
	} else {
		r.buf = r.buf[:keep]
	}
	return int32(n + 1)
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
			r.lacks = r.typeLost(o, base)
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
				r.lacks = r.typeLost(o, base)
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
			r.lacks = s.node == lost.node
			return false
		}
		p := s.part
		if lacks := p.incomplete(s.node); rf.Required && (lacks || p.nodes[s.node].kind == kindNull) {
			r.lacks = lacks || p.vague
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
		r.lacks = r.anyLost(at, n)
		return false
	}
	byError := r.nulledByError(at, n)
	if t == nil || t.Elem == nil {
		return r.nested(rf, f, at, byError)
	}
	if list, _ := r.openItems(at, n); !list {
		return r.null(rf, byError)
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
func (r *renderer) nested(rf *RepresentationField, f *Field, at int, byError bool) bool {
	k, how := r.enter(f.Object, at, false)
	switch {
	case how == absent:
		return r.null(rf, byError)
	case how == typeless:
		r.lacks = r.typeLost(f.Object, at)
		return false
	case how != entered || rf.Object == nil || k >= len(rf.Object.Cases):
		return false
	}
	if rc := &rf.Object.Cases[k]; rc.Constant == "" && !rc.Runtime && len(rc.Fields) == 0 {
		return r.null(rf, false)
	}
	return r.object(rf.Object, f.Object, k, at)
}

// null renders null where that is possible. It is a value like others, also where an error led to it: what else is asked of
// the object needs no input, and what needs this one is for its subgraph to answer.
func (r *renderer) null(rf *RepresentationField, byError bool) bool {
	if rf.Required {
		r.lacks = byError
		return false
	}
	r.buf = append(r.buf, "null"...)
	return true
}

// present says whether any of the n values at at is known, be it as null.
func (a *Answers) present(at, n int) bool {
	for _, s := range a.stack[at : at+n] {
		if s.node >= 0 {
			return true
		}
	}
	return false
}
