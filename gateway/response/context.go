package response

// Contexts is what the entities of a target are asked with besides their representations: values read from objects above
// them (@fromContext). Entities with equal representations but other values are asked for apart.
type Contexts struct {
	Values []ContextValue
}

// ContextValue is one value: Pick reads it from the frame of the nearest object above that Object describes, which is of the
// case Case.
type ContextValue struct {
	Object *Object
	Case   int
	Pick   Pick
}

// Pick selects one leaf: the field number Field of the object's case and, where that leads to objects, by their case, what
// is selected there. A nil pick selects nothing, which is null.
type Pick struct {
	Field int
	Cases []*Pick
}

// valueClass is the entities of a group that are asked for with the same values. Each class is asked for by a copy of the
// group's `_entities` field.
type valueClass struct {
	values  []byte  // JSON, the values one after another
	ends    []int   // where each of them ends
	reps    []byte  // the representations, separated by commas
	numbers []int32 // of the representations in the group
}

// occurrence is an object of a target as it occurs below ancestors that give certain values.
type occurrence struct {
	target, node int32
	class        int32
}

// classes is the state of a group whose entities are asked for with values.
type classes struct {
	list    []valueClass
	index   map[string]int32 // by the text of the values: a class's number
	known   map[string]int32 // by class and representation: the representation's number
	reps    map[occurrence]int32
	scratch []byte
}

func newClasses() *classes {
	return &classes{index: map[string]int32{}, known: map[string]int32{}, reps: map[occurrence]int32{}}
}

// class returns the number of the class of the values, which end at ends; add makes one at need.
func (c *classes) class(values []byte, ends []int, add bool) (int32, bool) {
	// The text has one reading: each value is a whole one, and all targets of a group have equally many.
	n, ok := c.index[string(values)]
	if ok || !add {
		return n, ok
	}
	n = int32(len(c.list))
	own := append([]byte(nil), values...)
	c.index[string(own)] = n
	c.list = append(c.list, valueClass{values: own, ends: append([]int(nil), ends...)})
	return n, true
}

// Copies is how many copies of a group's `_entities` field are to be asked: one for each class that has representations.
func (a *Answers) Copies(fetch, group int) int {
	c := a.groups[a.layout.groups[fetch]+int32(group)].classes
	if c == nil {
		return 0
	}
	return len(c.list)
}

// Copy returns what a copy is to be asked with: its representations, how many they are, and its values.
func (a *Answers) Copy(fetch, group, number int) (representations []byte, count int, values [][]byte) {
	c := &a.groups[a.layout.groups[fetch]+int32(group)].classes.list[number]
	from := 0
	for _, end := range c.ends {
		values = append(values, c.values[from:end])
		from = end + 1
	}
	return c.reps, len(c.numbers), values
}

// valued renders the representations of a target whose entities are asked for with values.
type valued struct {
	renderer
	target   int32
	contexts *Contexts
}

// RenderValued renders the representations of a target like Render, by the values that the objects are asked with: into the
// copies of the group, see Copies.
func (a *Answers) RenderValued(at Anchors) {
	g, t := a.layout.target(at.Fetch, at.Group, at.Target)
	group := &a.groups[g]
	if group.classes == nil {
		group.classes = newClasses()
	}
	v := &valued{renderer: renderer{Answers: a, rep: at.Representation, from: at.From, group: group, table: &a.links[t]}, target: t, contexts: at.Contexts}
	v.buf = group.classes.scratch[:0]
	a.walk(at.Root, at.Route, v)
	group.classes.scratch = v.buf
}

// visit renders one object unless the same was rendered before with the same values.
func (v *valued) visit(o *Object, kase, base int) {
	from := v.stack[base+v.from]
	if from.node < 0 || max(kase, 0) >= len(v.rep.Cases) {
		return
	}
	if v.links[v.target].part == nil {
		v.links[v.target].part = from.part
	}
	c := v.group.classes
	number, ok := v.classOf(v.contexts, c, true)
	v.table.lacks = v.table.lacks || !ok
	if !ok || v.links[v.target].part != from.part {
		return
	}
	at := occurrence{v.target, from.node, number}
	if _, done := c.reps[at]; done {
		return
	}
	v.buf, v.lacks = v.buf[:0], false
	if !v.object(v.rep, o, kase, base) {
		c.reps[at] = v.without()
		return
	}
	own := &c.list[number]
	// The class is part of the key: equal representations with other values are other entities.
	key := string([]byte{byte(number), byte(number >> 8), byte(number >> 16), byte(number >> 24)}) + string(v.buf)
	n, ok := c.known[key]
	if !ok {
		n = int32(v.group.count)
		c.known[key] = n
		v.group.count++
		if len(own.numbers) > 0 {
			own.reps = append(own.reps, ',')
		}
		own.reps = append(own.reps, v.buf...)
		own.numbers = append(own.numbers, n)
		if v.rendered += len(v.buf); v.rendered > v.maxBytes {
			v.budget = -1
		}
	}
	c.reps[at] = n + 1
}

// classOf returns the class of the values that the objects above give; false when one of them is not known.
func (a *Answers) classOf(contexts *Contexts, c *classes, add bool) (int32, bool) {
	b, ends := a.values[:0], a.ends[:0]
	ok := true
	for i := range contexts.Values {
		if i > 0 {
			b = append(b, ',')
		}
		value := &contexts.Values[i]
		if b, ok = a.pick(b, value.Object, value.Case, a.scopes[value.Object.Scope], &value.Pick); !ok {
			break
		}
		ends = append(ends, len(b))
	}
	a.values, a.ends = b, ends
	if !ok {
		return 0, false
	}
	return c.class(b, ends, add)
}

// pick appends the leaf that is selected of the object whose frame is at base; false when it is not known.
func (a *Answers) pick(b []byte, o *Object, kase, base int, p *Pick) ([]byte, bool) {
	f := &o.Cases[kase].Fields[p.Field]
	if f.Kind == Leaf {
		s := a.find(f.Sources[0], base)
		if s.node < 0 {
			return b, false
		}
		return append(b, s.part.raw(s.node)...), true
	}
	if f.Object == nil {
		return b, false
	}
	at := a.open(f, base)
	b, ok := a.pickValue(b, f, f.Type, at, p)
	a.stack = a.stack[:at]
	return b, ok
}

// pickValue appends what is selected of a field's value, which ends the stack at at: through lists, a list.
func (a *Answers) pickValue(b []byte, f *Field, t *Type, at int, p *Pick) ([]byte, bool) {
	n := len(f.Sources)
	if !a.present(at, n) {
		return b, false
	}
	if t == nil || t.Elem == nil {
		k, how := a.enter(f.Object, at, false)
		switch {
		case how == absent:
			return append(b, "null"...), true
		case how != entered:
			return b, false
		case k >= len(p.Cases) || p.Cases[k] == nil:
			return append(b, "null"...), true
		}
		return a.pick(b, f.Object, k, at, p.Cases[k])
	}
	if list, _ := a.openItems(at, n); !list {
		return append(b, "null"...), true
	}
	b = append(b, '[')
	for i := 0; a.nextItem(at, n); i++ {
		if i > 0 {
			b = append(b, ',')
		}
		var ok bool
		b, ok = a.pickValue(b, f, t.Elem, at+n, p)
		a.stack = a.stack[:at+n]
		if !ok {
			return b, false
		}
	}
	return append(b, ']'), true
}

// linkedValued is linked for a link whose entities were asked for with values.
func (a *Answers) linkedValued(l *Link, from slot, part *Part) slot {
	g, t := a.layout.target(l.Fetch, l.Group, l.Target)
	c := a.groups[g].classes
	if c == nil || a.links[t].part != from.part {
		return none
	}
	number, ok := a.classOf(l.Contexts, c, false)
	if !ok {
		return none
	}
	rep := c.reps[occurrence{t, from.node, number}] - 1
	if entities := a.groups[g].entities; rep >= 0 && int(rep) < len(entities) && entities[rep] >= 0 {
		return slot{part: part, node: entities[rep], cursor: entities[rep] + 1}
	}
	return none
}
