package response

import "sort"

// entry says how entering an object went.
type entry uint8

const (
	entered     entry = iota
	absent            // null
	notObject         // a value that is no object
	typeless          // an object whose runtime type is not known
	typeUnknown       // an object of a type that fits no case
)

// enter completes the frame at base, whose inherited slots end the stack: it adds the slots of links, and finds the
// case. The frame ends the stack then; the caller cuts the stack back. exists says that the object is there even when no
// slot is filled, as the root is.
func (a *Answers) enter(o *Object, base int, exists bool) (int, entry) {
	if how := a.meet(o, base, exists); how != entered {
		return 0, how
	}
	a.scopes[o.Scope] = base
	a.follow(o.Links, base)
	k := 0
	if o.TypeName.Slot >= 0 {
		name := a.typeName(o, base)
		if name == nil {
			return 0, typeless
		}
		if k = caseOf(o.Cases, name); k < 0 {
			return 0, typeUnknown
		}
	}
	if k >= len(o.Cases) {
		return 0, typeUnknown
	}
	a.follow(o.Cases[k].Links, base)
	return k, entered
}

// follow adds the slots of links to the frame at base.
func (a *Answers) follow(links []Link, base int) {
	for i := range links {
		to := a.linked(&links[i], base) // it may need the stack, too
		a.stack = append(a.stack, to)
	}
}

// meet says whether there is an object in the inherited slots at base, and empties those that hold none.
func (a *Answers) meet(o *Object, base int, exists bool) entry {
	if a.budget--; a.budget < 0 {
		return absent
	}
	wrong := false
	for i := base; i < base+o.Inherited; i++ {
		s := &a.stack[i]
		if s.node < 0 {
			continue
		}
		switch s.part.nodes[s.node].kind {
		case kindObject:
			exists = true
		case kindNull:
			*s = gone(s.part, s.node)
		default:
			wrong = true
			*s = lost
		}
	}
	switch {
	case exists:
		return entered
	case wrong:
		return notObject
	}
	return absent
}

// typeName returns the runtime type of the object whose frame is at base, nil when it is not known.
func (a *Answers) typeName(o *Object, base int) []byte {
	if o.TypeName.Slot < 0 {
		return nil
	}
	s := a.find(o.TypeName, base)
	if s.node < 0 || s.part.nodes[s.node].kind != kindString {
		return nil
	}
	return s.part.text(s.node)
}

// typeLost says whether the runtime type of the object whose frame is at base is not known because something went wrong.
func (a *Answers) typeLost(o *Object, base int) bool {
	return o.TypeName.Slot >= 0 && a.find(o.TypeName, base).node == lost.node
}

// find looks a member up in the frame at base.
func (a *Answers) find(src Source, base int) slot {
	s := &a.stack[base+src.Slot]
	if s.node < 0 {
		return slot{node: s.node}
	}
	nodes := s.part.nodes
	if c := s.cursor; c < nodes[s.node].next && nodes[c].name == src.Name {
		s.cursor = nodes[c].next
		return slot{part: s.part, node: c, cursor: c + 1}
	}
	i, passed := s.part.member(s.node, s.cursor, src.Name)
	// Members that are missing or in another order are searched for, which would cost quadratic time in objects of
	// thousands of them. Nothing is charged for ordinary objects.
	a.budget -= passed >> 4
	if i < 0 {
		return none
	}
	s.cursor = nodes[i].next
	return slot{part: s.part, node: i, cursor: i + 1}
}

// caseOf returns the first case that holds the type, -1 when none does.
func caseOf(cases []Case, name []byte) int {
	for i := range cases {
		if types := cases[i].Types; types == nil || holds(types, name) {
			return i
		}
	}
	return -1
}

// holds says whether the sorted list holds the text.
func holds(list []string, text []byte) bool {
	if len(list) <= 8 {
		for _, s := range list {
			if s == string(text) {
				return true
			}
		}
		return false
	}
	i := sort.Search(len(list), func(i int) bool { return list[i] >= string(text) })
	return i < len(list) && list[i] == string(text)
}

// open puts the values of a composite field's sources on the stack and returns where they begin.
func (a *Answers) open(f *Field, base int) int {
	at := len(a.stack)
	for _, src := range f.Sources {
		a.stack = append(a.stack, a.find(src, base))
	}
	return at
}

// openItems puts list iterators beside the n values at base: the lists among them are replaced by a slot whose cursor is
// its first item. It says whether there is any list, and whether any value is something else but null.
func (a *Answers) openItems(base, n int) (list, wrong bool) {
	for i := base; i < base+n; i++ {
		s := &a.stack[i]
		if s.node < 0 {
			continue
		}
		switch s.part.nodes[s.node].kind {
		case kindArray:
			list = true
			s.cursor = s.node + 1
			continue
		case kindNull:
			*s = gone(s.part, s.node)
		default:
			wrong = true
			*s = lost
		}
	}
	return list, wrong
}

// nextItem puts the next items of the n lists at base on the stack; false when the longest has ended.
func (a *Answers) nextItem(base, n int) bool {
	more := false
	for i := base; i < base+n; i++ {
		s := &a.stack[i]
		item := none
		if s.node < 0 {
			item.node = s.node
		} else if nodes := s.part.nodes; s.cursor < nodes[s.node].next {
			item = slot{part: s.part, node: s.cursor, cursor: s.cursor + 1}
			s.cursor = nodes[s.cursor].next
			more = true
		}
		a.stack = append(a.stack, item)
	}
	if !more {
		a.stack = a.stack[:len(a.stack)-n]
	}
	return more
}

// fillRoot puts the root object's frame on the stack.
func (a *Answers) fillRoot() {
	a.stack, a.path = a.stack[:0], a.path[:0]
	for _, fetch := range a.roots {
		s := lost
		if p := a.parts[fetch]; p != nil && p.HasData() {
			s = slot{part: p, node: 0, cursor: 1}
		}
		a.stack = append(a.stack, s)
	}
}
