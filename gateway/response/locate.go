package response

// visitor is called with each object that a walk finds. Its frame is at base and ends the stack.
type visitor interface {
	visit(o *Object, kase, base int)
}

// walk visits the objects at the end of the route, in the order of the response.
func (a *Answers) walk(root *Object, route *Route, v visitor) {
	a.fillRoot()
	a.along(root, route, 0, 0, v)
	a.stack, a.path = a.stack[:0], a.path[:0]
}

// trail is what a walk found: the objects at the end of a route, each by its only inherited slot.
type trail struct {
	walked bool
	object *Object
	slots  []slot
}

// found adds an object to the trail of the walk under way, if there is one.
func (a *Answers) found(o *Object, s slot) {
	if a.trail != nil {
		a.trail.object = o
		a.trail.slots = append(a.trail.slots, s)
	}
}

// again visits the objects that an earlier walk along the same route found, without walking.
func (a *Answers) again(t *trail, route *Route, v visitor) {
	for _, s := range t.slots {
		if a.ahead != nil && a.ahead.pass(s) {
			continue
		}
		a.stack = append(a.stack[:0], s)
		if k, ok := a.arrive(t.object, route.Case, 0, false); ok {
			v.visit(t.object, k, 0)
		}
	}
	a.stack = a.stack[:0]
}

// arrive enters an object on a route; false when the route does not go on from here, or end here. Where the route names
// no case and the object has fields to be read before its type is known, only the inherited slots are looked at, and the
// case is -1.
func (a *Answers) arrive(o *Object, want, base int, exists bool) (int, bool) {
	if want < 0 && o.Before != nil {
		return -1, a.meet(o, base, exists) == entered
	}
	k, how := a.enter(o, base, exists)
	return k, how == entered && (want < 0 || want == k)
}

// early enters an object on a route that does not wait for its type; false when it is known to be of another case.
func (a *Answers) early(o *Object, want, base int) bool {
	k, how := a.enter(o, base, false)
	return how == typeless || how == entered && k == want
}

// along walks from the object whose inherited slots are at base; the first done steps lie behind.
func (a *Answers) along(o *Object, route *Route, done, base int, v visitor) {
	want, last := route.Case, done == len(route.Steps)
	if !last {
		want = route.Steps[done].Case
	}
	if last && a.ahead != nil && a.ahead.pass(a.stack[base]) {
		a.found(o, a.stack[base])
		return
	}
	k, ok := 0, false
	if !last && route.Steps[done].Early {
		k, ok = want, a.early(o, want, base)
	} else {
		k, ok = a.arrive(o, want, base, done == 0)
	}
	if !ok {
		return
	}
	if last {
		a.found(o, a.stack[base])
		v.visit(o, k, base)
		return
	}
	f := &o.fields(k)[route.Steps[done].Field]
	if f.Object == nil || !a.conds[f.Cond] {
		return
	}
	depth := len(a.path)
	at := a.open(f, base)
	if a.once && f.linked(o) && a.crossed(done, a.stack[at]) {
		return
	}
	a.path = append(a.path, step{field: f})
	a.alongValue(f, f.Type, route, done+1, at, v)
	a.path = a.path[:depth]
}

// alongValue walks through the lists around the objects of a field, whose values end the stack.
func (a *Answers) alongValue(f *Field, t *Type, route *Route, done, at int, v visitor) {
	if t == nil || t.Elem == nil {
		a.along(f.Object, route, done, at, v)
		return
	}
	n, depth := len(f.Sources), len(a.path)
	a.openItems(at, n)
	for i := 0; a.nextItem(at, n); i++ {
		a.path = append(a.path[:depth], step{index: i})
		a.alongValue(f, t.Elem, route, done, at+n, v)
		a.stack = a.stack[:at+n]
	}
	a.path = a.path[:depth]
}

// at returns the path that is being walked, up to its first hidden field.
func (a *Answers) at() Path {
	p, _ := a.seen()
	return p
}

// seen is at; it also says whether the path leads on to what the client did not select.
func (a *Answers) seen() (p Path, hidden bool) {
	p = make(Path, 0, len(a.path))
	for _, s := range a.path {
		if s.field == nil {
			p = append(p, PathElement{Index: s.index})
			continue
		}
		if !a.visible(s.field) {
			return p, true
		}
		p = append(p, PathElement{Name: s.field.Name})
	}
	return p, false
}
