package fetchgraph

import (
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// writer writes what is asked of objects, and notes which of the client's variables that takes. It writes one text after
// another into one buffer: begin starts a text within another, end takes it out.
type writer struct {
	graph     *Graph
	text      []byte
	variables []string
	from      int              // where the variables of the text begin
	places    map[string][]int // of each variable in variables, in order
}

// written is a text with the variables in it, in the order in which they occur first.
type written struct {
	text      string
	variables []string
	done      bool
}

// outer is what a writer goes back to when a text ends.
type outer struct{ text, variables, from int }

func (w *writer) begin() outer {
	at := outer{len(w.text), len(w.variables), w.from}
	w.from = at.variables
	return at
}

func (w *writer) end(at outer) written {
	out := written{text: string(w.text[at.text:]), done: true}
	if len(w.variables) > at.variables {
		out.variables = slices.Clone(w.variables[at.variables:])
	}
	w.graph.tooLarge = w.graph.tooLarge || len(out.text) > MaxDocument
	w.cut(at.text, at.variables)
	w.from = at.from
	return out
}

// cut takes back what was written from some point on.
func (w *writer) cut(text, variables int) {
	for _, name := range w.variables[variables:] {
		w.places[name] = w.places[name][:len(w.places[name])-1]
	}
	w.text, w.variables = w.text[:text], w.variables[:variables]
}

// put writes a text that was written before.
func (w *writer) put(t written) {
	w.add(t.text)
	for _, name := range t.variables {
		w.variable(name)
	}
}

func (w *writer) add(text string) { w.text = append(w.text, text...) }

func (w *writer) byte(c byte) { w.text = append(w.text, c) }

// space keeps what follows apart from what was written from some point on.
func (w *writer) space(from int) {
	if len(w.text) > from {
		w.byte(' ')
	}
}

// target returns what is asked about the objects of a target that are no entities.
func (w *writer) target(t *Target) written {
	at := w.begin()
	w.members(w.graph.selections[t.Presences[0].ID])
	return w.end(at)
}

// entity finds what is asked about the entities of a target, and returns it as text.
func (w *writer) entity(t *Target) written {
	if t.own.done {
		return t.own
	}
	first := t.Presences[0]
	var o onType
	for _, p := range t.Presences {
		sel := w.graph.selections[p.ID]
		if static, typed := byType(sel); len(typed) == 0 && !sel.Typename && len(static) > 0 {
			o.members = append(o.members, static...)
		} else {
			o.whole = append(o.whole, sel)
		}
	}
	at := w.begin()
	for _, typ := range w.graph.entityTypes(t, first) {
		o.name = typ
		t.on = append(t.on, o)
		w.space(at.text)
		w.on(o)
	}
	t.own = w.end(at)
	return t.own
}

// entities returns what is asked about the entities of a group.
func (w *writer) entities(group *Group) written {
	if len(group.Targets) == 1 && len(group.Targets[0].on) < w.graph.savings.types {
		return w.entity(group.Targets[0])
	}
	var typed []onType
	var names []string
	seen := map[string]bool{}
	for _, t := range group.Targets {
		if own := w.entity(t); !seen[own.text] {
			seen[own.text] = true
			typed = append(typed, t.on...)
		}
	}
	for _, o := range typed {
		names = append(names, o.name)
	}
	at := w.begin()
	for _, o := range w.alike(typed, names, w.graph.selections[group.Targets[0].Presences[0].ID].subgraph) {
		w.space(at.text)
		w.on(o)
	}
	return w.end(at)
}

// entityTypes are the type conditions under which entities are asked: the type entered, or every object type of the place
// that the subgraph has.
func (g *Graph) entityTypes(t *Target, p *choose.Presence) []string {
	typ := g.selections[p.ID].Type
	if typ.Kind != ast.Object || t.Place == nil || p.Entry.Typename != "" {
		return []string{typ.Name}
	}
	var on []string
	for _, object := range t.Place.Types {
		if g.query().Base(g.subgraph(p), object) != querygraph.None {
			on = append(on, object)
		}
	}
	return on
}

// selection writes what stands between the braces of a selection.
func (w *writer) selection(sel *Selection) {
	if !sel.inside.done {
		at := w.begin()
		w.members(sel)
		sel.inside = w.end(at)
		sel.inside.text = w.graph.blocks.inside(sel.staticName(), sel.inside.text)
	}
	w.put(sel.inside)
}

// members writes the fields of a selection, those that are asked on some object types only under type conditions.
func (w *writer) members(sel *Selection) {
	from := len(w.text)
	if sel.Typename {
		w.add("__typename")
	}
	static, typed := byType(sel)
	w.list(from, static, sel.staticName())
	if len(typed) > 0 {
		for _, on := range w.onInterfaces(typed, sel) {
			w.space(from)
			w.on(on)
		}
	}
	if len(w.text) == from {
		w.add("__typename")
	}
}

// on writes what is asked on objects of a type.
func (w *writer) on(o onType) {
	at := w.begin()
	w.list(at.text, o.members, o.name)
	for _, sel := range o.whole {
		w.space(at.text)
		w.members(sel)
	}
	text := w.end(at)
	if o.name != "" {
		text.text = w.graph.blocks.typed(o.name, text.text)
	}
	w.put(text)
}

// maxRepeated is the length in bytes up to which a field with selections is written once for each way its condition can
// hold, not counting what can be in a named fragment. A longer one is asked whatever the condition says, and left out of the
// response: fields in fields, each under two conditions, would double the document with every level.
const maxRepeated = 512

// member returns what is asked as a member of a selection.
func (w *writer) member(m *Member) written {
	if !m.written.done {
		at := w.begin()
		for _, s := range w.graph.selectionsOf(m) {
			w.space(at.text)
			w.selected(m, s)
		}
		m.written = w.end(at)
	}
	return m.written
}

// selected writes one of the selections that stand for a member, once for each way its condition can hold.
func (w *writer) selected(m *Member, s selected) {
	from, variables := len(w.text), len(w.variables)
	for i, term := range s.terms {
		if i > 0 {
			w.byte(' ')
		}
		w.field(m, s, term)
		if i == 0 && len(s.terms) > 1 && m.Child != nil && !m.exact && w.graph.blocks.unshared(string(w.text[from:])) > maxRepeated {
			w.cut(from, variables)
			w.field(m, s, nil)
			break
		}
		if len(w.text)-from > MaxDocument {
			break
		}
	}
}

// field writes a field under a conjunction: the first @include and @skip stand on the field itself, more of them on inline
// fragments around it, since neither may be repeated.
func (w *writer) field(m *Member, s selected, term []response.Literal) {
	w.around(s.applied)
	closing := 0
	for len(term) > 1 {
		w.add("...")
		w.literal(term[0])
		w.byte('{')
		term = term[1:]
		closing++
	}
	if m.Response != m.Name {
		w.add(m.Response + ":")
	}
	w.add(m.Name)
	w.arguments(m)
	if len(term) == 1 {
		w.literal(term[0])
	}
	w.own(s.applied)
	switch {
	case s.bare:
		w.add("{__typename}")
	case m.Child != nil:
		w.byte('{')
		w.selection(m.Child)
		w.byte('}')
	}
	for range closing {
		w.byte('}')
	}
	w.closing(s.applied)
}

func (w *writer) literal(l response.Literal) {
	name := w.graph.Operation.ConditionVariables[l.Variable]
	w.variable(name)
	if l.Want {
		w.add("@include(if:$" + name + ")")
	} else {
		w.add("@skip(if:$" + name + ")")
	}
}

func (w *writer) arguments(m *Member) {
	before := byte('(')
	for _, a := range m.Args {
		w.byte(before)
		w.add(a.Name + ":")
		w.value(a.Value)
		before = ','
	}
	for _, c := range m.contexts {
		w.byte(before)
		before = ','
		if c.Need == nil {
			w.add(c.Argument + ":null")
			continue
		}
		w.add(c.Argument + ":$" + mark + strconv.Itoa(w.graph.numbers[c]) + mark)
	}
	if before == ',' {
		w.byte(')')
	}
}

func (w *writer) value(v *ast.Value) {
	w.add(v.String())
	w.valueVariables(v)
}

func (w *writer) valueVariables(v *ast.Value) {
	if v.Kind == ast.Variable {
		w.variable(v.Raw)
	}
	for _, c := range v.Children {
		w.valueVariables(c.Value)
	}
}

func (w *writer) variable(name string) {
	places := w.places[name]
	if len(places) > 0 && places[len(places)-1] >= w.from {
		return
	}
	w.places[name] = append(places, len(w.variables))
	w.variables = append(w.variables, name)
}
