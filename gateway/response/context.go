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
	if from.node < 0 {
		v.table.lacks = v.table.lacks || from.node == lost.node
		return
	}
	if max(kase, 0) >= len(v.rep.Cases) {
		return
	}
	if v.links[v.target].part == nil {
		v.links[v.target].part = from.part
	}
	c := v.group.classes
	number := v.classOf(v.contexts, c, true)
	v.table.lacks = v.table.lacks || number == lost.node
	if number < 0 || v.links[v.target].part != from.part {
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
	v.table.asked = true
	c.reps[at] = n + 1
}

// classOf returns the class of the values that the objects above give; the node of none or lost when one of them is not
// known.
func (a *Answers) classOf(contexts *Contexts, c *classes, add bool) int32 {
	p := picker{Answers: a, buf: a.values[:0]}
	ends := a.ends[:0]
	known := true
	for i := range contexts.Values {
		if i > 0 {
			p.buf = append(p.buf, ',')
		}
		value := &contexts.Values[i]
		if known = p.pick(value.Object, value.Case, a.scopes[value.Object.Scope], &value.Pick); !known {
			break
		}
		ends = append(ends, len(p.buf))
	}
	a.values, a.ends = p.buf, ends
	switch {
	case p.lacks:
		return lost.node
	case !known:
		return none.node
	}
	if number, ok := c.class(p.buf, ends, add); ok {
		return number
	}
	return none.node
}

// picker appends values to buf. Its methods say false when one is not known; lacks then says whether that is because
// something went wrong.
type picker struct {
	*Answers
	buf   []byte
	lacks bool
}

// pick appends the leaf that is selected of the object whose frame is at base.
func (r *picker) pick(o *Object, kase, base int, p *Pick) bool {
	f := &o.Cases[kase].Fields[p.Field]
	if f.Kind == Leaf {
		s := r.find(f.Sources[0], base)
		if s.node < 0 {
			r.lacks = s.node == lost.node
			return false
		}
		r.buf = append(r.buf, s.part.raw(s.node)...)
		return true
	}
	if f.Object == nil {
		return false
	}
	at := r.open(f, base)
	ok := r.value(f, f.Type, at, p)
	r.stack = r.stack[:at]
	return ok
}

// value appends what is selected of a field's value, which ends the stack at at: through lists, a list.
func (r *picker) value(f *Field, t *Type, at int, p *Pick) bool {
	n := len(f.Sources)
	if !r.present(at, n) {
		r.lacks = r.anyLost(at, n)
		return false
	}
	if t == nil || t.Elem == nil {
		k, how := r.enter(f.Object, at, false)
		switch {
		case how == absent:
			return r.null()
		case how != entered:
			r.lacks = how == typeless && r.typeLost(f.Object, at)
			return false
		case k >= len(p.Cases) || p.Cases[k] == nil:
			return r.null()
		}
		return r.pick(f.Object, k, at, p.Cases[k])
	}
	if list, _ := r.openItems(at, n); !list {
		return r.null()
	}
	r.buf = append(r.buf, '[')
	for i := 0; r.nextItem(at, n); i++ {
		if i > 0 {
			r.buf = append(r.buf, ',')
		}
		ok := r.value(f, t.Elem, at+n, p)
		r.stack = r.stack[:at+n]
		if !ok {
			return false
		}
	}
	r.buf = append(r.buf, ']')
	return true
}

// null appends null. It is a value like others, also where an error led to it: a call may ask for more than what takes it.
func (r *picker) null() bool {
	r.buf = append(r.buf, "null"...)
	return true
}

// linkedValued is linked for a link whose entities were asked for with values.
func (a *Answers) linkedValued(l *Link, from slot) slot {
	g, t := a.layout.target(l.Fetch, l.Group, l.Target)
	c := a.groups[g].classes
	if c == nil || a.links[t].part != from.part {
		return none
	}
	number := a.classOf(l.Contexts, c, false)
	if number < 0 {
		return slot{node: number}
	}
	return a.groups[g].entity(a.parts[l.Fetch], c.reps[occurrence{t, from.node, number}])
}
