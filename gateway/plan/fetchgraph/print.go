package fetchgraph

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// writer writes what is asked of objects, and notes which of the client's variables that takes.
type writer struct {
	strings.Builder
	graph     *Graph
	variables []string
	tooLarge  bool
}

func (w *writer) targets(group *Group) {
	seen := map[string]bool{}
	for _, t := range group.Targets {
		part := &writer{graph: w.graph, variables: w.variables}
		part.target(t)
		w.variables, w.tooLarge = part.variables, w.tooLarge || part.tooLarge
		text := part.String()
		if seen[text] {
			continue
		}
		if len(seen) > 0 {
			w.WriteByte(' ')
		}
		seen[text] = true
		w.WriteString(text)
	}
}

// target writes what is asked about the objects of a target.
func (w *writer) target(t *Target) {
	first := t.Presences[0]
	if !w.graph.selections[first.ID].Entity {
		w.selection(w.graph.selections[first.ID])
		return
	}
	for i, typ := range w.graph.entityTypes(t, first) {
		if i > 0 {
			w.WriteByte(' ')
		}
		w.WriteString("...on " + typ + "{")
		for j, p := range t.Presences {
			if j > 0 {
				w.WriteByte(' ')
			}
			w.selection(w.graph.selections[p.ID])
		}
		w.WriteByte('}')
	}
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

func (w *writer) selection(sel *Selection) {
	if w.Len() > MaxDocument {
		w.tooLarge = true
		return
	}
	first := true
	space := func() {
		if !first {
			w.WriteByte(' ')
		}
		first = false
	}
	if sel.Typename {
		space()
		w.WriteString("__typename")
	}
	on, types := byType(sel)
	for _, members := range on {
		for _, m := range members {
			w.graph.write(m)
		}
	}
	for _, m := range on[""] {
		space()
		w.member(m)
	}
	hoisted := w.hoist(sel, on, types)
	for _, m := range hoisted {
		space()
		w.member(m)
	}
	for _, typ := range types {
		open := false
		for _, m := range on[typ] {
			if containsText(hoisted, m) {
				continue
			}
			if !open {
				space()
				w.WriteString("...on " + typ + "{")
				open = true
			} else {
				w.WriteByte(' ')
			}
			w.member(m)
		}
		if open {
			w.WriteByte('}')
		}
	}
	if first {
		w.WriteString("__typename")
	}
}

// byType is what is asked on each object type, "" for the static type, and the object types in order.
func byType(sel *Selection) (on map[string][]*Member, types []string) {
	on = map[string][]*Member{}
	for _, fr := range sel.Fragments {
		if len(fr.Types) == 0 {
			on[""] = append(on[""], fr.Members...)
		}
		for _, typ := range fr.Types {
			if _, known := on[typ]; !known {
				types = append(types, typ)
			}
			on[typ] = append(on[typ], fr.Members...)
		}
	}
	return on, types
}

// hoist returns the fields that are asked alike on every object type an interface can have, and that the interface has
// too: they are asked once, on the interface.
func (w *writer) hoist(sel *Selection, on map[string][]*Member, types []string) []*Member {
	if len(types) < 2 || sel.Type == nil || sel.Type.Kind != ast.Interface || len(types) != len(sel.Type.PossibleTypes) {
		return nil
	}
	var out []*Member
	for _, m := range on[types[0]] {
		if w.graph.sameOn(sel.Type, types, sel.subgraph, m.Name) &&
			!slices.ContainsFunc(types[1:], func(typ string) bool { return !containsText(on[typ], m) }) {
			out = append(out, m)
		}
	}
	return out
}

func containsText(members []*Member, m *Member) bool {
	return slices.ContainsFunc(members, func(o *Member) bool { return o == m || o.Response == m.Response && o.text == m.text })
}

// maxRepeated is the length in bytes up to which a field with selections is written once for each way its condition can
// hold. A longer one is asked whatever the condition says, and left out of the response: fields in fields, each under two
// conditions, would double the document with every level.
const maxRepeated = 512

// write writes what is asked as a member of a selection, once for all places where it is asked.
func (g *Graph) write(m *Member) {
	if m.text != "" {
		return
	}
	w := &writer{graph: g}
	for _, s := range g.selectionsOf(m) {
		part := &writer{graph: g, variables: w.variables}
		part.selected(m, s)
		if w.Len() > 0 {
			w.WriteByte(' ')
		}
		w.WriteString(part.String())
		w.variables, w.tooLarge = part.variables, w.tooLarge || part.tooLarge
	}
	m.text, m.variables, m.tooLarge = w.String(), w.variables, w.tooLarge || w.Len() > MaxDocument
	if m.tooLarge {
		m.text = "__typename" // whatever it is, it is not sent
	}
}

// selected writes one of the selections that stand for a member, once for each way its condition can hold.
func (w *writer) selected(m *Member, s selected) {
	for i, term := range s.terms {
		if i > 0 {
			w.WriteByte(' ')
		}
		w.field(m, s, term)
		if i == 0 && len(s.terms) > 1 && m.Child != nil && !m.exact && w.Len() > maxRepeated {
			*w = writer{graph: w.graph, variables: w.variables, tooLarge: w.tooLarge}
			w.field(m, s, nil)
			break
		}
		if w.Len() > MaxDocument {
			w.tooLarge = true
			break
		}
	}
}

// member writes a field, once for each way its condition can hold.
func (w *writer) member(m *Member) {
	w.graph.write(m)
	w.WriteString(m.text)
	w.tooLarge = w.tooLarge || m.tooLarge
	for _, name := range m.variables {
		w.variable(name)
	}
}

// field writes a field under a conjunction: the first @include and @skip stand on the field itself, more of them on inline
// fragments around it, since neither may be repeated.
func (w *writer) field(m *Member, s selected, term []response.Literal) {
	w.around(s.applied)
	closing := 0
	for len(term) > 1 {
		w.WriteString("...")
		w.literal(term[0])
		w.WriteByte('{')
		term = term[1:]
		closing++
	}
	if m.Response != m.Name {
		w.WriteString(m.Response + ":")
	}
	w.WriteString(m.Name)
	w.arguments(m)
	if len(term) == 1 {
		w.literal(term[0])
	}
	w.own(s.applied)
	switch {
	case s.bare:
		w.WriteString("{__typename}")
	case m.Child != nil:
		w.WriteByte('{')
		w.selection(m.Child)
		w.WriteByte('}')
	}
	for range closing {
		w.WriteByte('}')
	}
	w.closing(s.applied)
}

func (w *writer) literal(l response.Literal) {
	name := w.graph.Operation.ConditionVariables[l.Variable]
	w.variable(name)
	if l.Want {
		w.WriteString("@include(if:$" + name + ")")
	} else {
		w.WriteString("@skip(if:$" + name + ")")
	}
}

func (w *writer) arguments(m *Member) {
	before := byte('(')
	for _, a := range m.Args {
		w.WriteByte(before)
		w.WriteString(a.Name + ":")
		w.value(a.Value)
		before = ','
	}
	for _, c := range m.contexts {
		w.WriteByte(before)
		before = ','
		if c.Need == nil {
			w.WriteString(c.Argument + ":null")
			continue
		}
		w.WriteString(c.Argument + ":$" + mark + strconv.Itoa(w.graph.numbers[c]) + mark)
	}
	if before == ',' {
		w.WriteByte(')')
	}
}

func (w *writer) value(v *ast.Value) {
	w.WriteString(v.String())
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
	if !slices.Contains(w.variables, name) {
		w.variables = append(w.variables, name)
	}
}
