package response

// span is a value of the response that was written: what a field made of a node.
type span struct {
	field      *Field
	part       *Part
	node       int32
	start, end int // in the response
	objects    int // that it holds, as the budget counts
}

// spans remembers values that may be needed again. An entity that stands at many places of the response has its fields in
// one place of one answer; what was written for them once is copied for the others. A place in the table is taken by
// whoever comes last.
type spans struct {
	table []span
	used  bool
}

// spanBits makes a table for a few hundred values, of 24 kB.
const spanBits = 9

// reset forgets all.
func (s *spans) reset() {
	if s.used {
		clear(s.table)
		s.used = false
	}
}

// at returns the place for what a field makes of a node.
func (s *spans) at(f *Field, node int32) *span {
	if s.table == nil {
		s.table = make([]span, 1<<spanBits)
	}
	const scatter = 0x9E3779B1 // the golden ratio's share of 2³², as Knuth recommends
	h := (uint32(node) + uint32(f.Sources[0].Name)<<16) * scatter
	return &s.table[h>>(32-spanBits)]
}

// linked says whether the field, one of o, is read from a node that other objects may have in common with this one: from
// an entity of another answer.
func (f *Field) linked(o *Object) bool { return f.alone() && f.Sources[0].Slot >= o.Inherited }

// alone says whether what a composite field leads to depends on the node that it is read from, and on nothing else.
func (f *Field) alone() bool {
	return !f.Contextual && len(f.Sources) == 1 && f.Object != nil && f.Object.Inherited == 1
}

// shared writes the value of a composite field, which ends the stack at at, as composite does; what was written for the
// same value before is copied.
func (w *writer) shared(b []byte, f *Field, at int) ([]byte, bool) {
	value := w.stack[at]
	if value.node < 0 {
		return w.composite(b, f, f.Type, at)
	}
	if b, copied, ok := w.copied(b, f, value); copied {
		return b, ok
	}
	start, incidents, budget := len(b), w.incidents, w.budget
	b, ok := w.composite(b, f, f.Type, at)
	if ok && w.incidents == incidents {
		w.remember(f, value, start, len(b), budget)
	}
	return b, ok
}

// alike writes an object that a field leads to, whose frame is at at, as one does; what was written for an object with the
// same entity (Object.Alike) before is copied.
func (w *writer) alike(b []byte, f *Field, t *Type, at int) ([]byte, bool) {
	entity := none
	if w.stack[at].node >= 0 {
		entity = w.linked(f.Object.link(f.Object.Alike), at)
	}
	if entity.node < 0 {
		return w.one(b, f, t, at)
	}
	if b, copied, ok := w.copied(b, f, entity); copied {
		return b, ok
	}
	start, incidents, budget := len(b), w.incidents, w.budget
	b, ok := w.one(b, f, t, at)
	if ok && w.incidents == incidents {
		w.remember(f, entity, start, len(b), budget)
	}
	return b, ok
}

// copied copies what was written for what a field makes of a value before; was is false when it is to be written.
func (w *writer) copied(b []byte, f *Field, value slot) (out []byte, was, ok bool) {
	have := w.spans.at(f, value.node)
	if have.field != f || have.node != value.node || have.part != value.part {
		return b, false, false
	}
	// What is copied counts as what is written: copies of copies make a huge response in no time.
	if w.budget -= have.objects; w.budget < 0 || len(b)+have.end-have.start > w.maxBytes {
		w.budget = -1
		return b, true, false
	}
	return append(b, b[have.start:have.end]...), true, true
}

// remember notes what was written for what a field makes of a value; budget is what there was before. It is only for what
// nothing is amiss with: errors tell of that with the path, so it is written again for each place.
func (w *writer) remember(f *Field, value slot, start, end, budget int) {
	*w.spans.at(f, value.node) = span{
		field: f, part: value.part, node: value.node, start: start, end: end, objects: budget - w.budget,
	}
	w.spans.used = true
}

// crossing is the nodes that a walk has been at, at one step of its route. They are all of one part.
type crossing struct {
	part *Part
	bits []uint64 // by node
}

// crossed says whether the walk has been at the value before, at the same step. It remembers that now it has.
func (a *Answers) crossed(step int, s slot) bool {
	if s.node < 0 {
		return false
	}
	c := &a.crossings[step]
	if c.part == nil {
		c.part = s.part
		c.bits = cleared(c.bits, len(s.part.nodes)/64+1)
	}
	if c.part != s.part {
		return false
	}
	word, bit := &c.bits[s.node/64], uint64(1)<<(s.node%64)
	before := *word
	*word |= bit
	return before&bit != 0
}

// beginCrossings forgets where the last walk has been; the next has so many steps.
func (a *Answers) beginCrossings(steps int) {
	a.crossings = resized(a.crossings, steps)
	for i := range a.crossings {
		a.crossings[i].part = nil
	}
}
