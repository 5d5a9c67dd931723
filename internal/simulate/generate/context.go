package generate

import (
	"slices"
	"strings"
)

// context is the one that some types of a subgraph set, and from which fields there take the value of an argument.
// Subgraph is -1 when there is none.
type context struct {
	subgraph int
	// setters are the types that set it, each with the field that its value is; the first is Query, from where every
	// operation comes.
	setters []setter
}

// setter is a type that sets the context; field is the value that it gives, of each of its objects.
type setter struct {
	typ, field string
	objects    []string
}

// contexts lets fields of a subgraph take an argument from a context. A context is on the way of every operation only
// where there are no mutations and subscriptions.
func (m *model) contexts() {
	m.context.subgraph = -1
	if !m.chance(30) {
		return
	}
	s := m.Below(m.subgraphs)
	if m.old[s] || slices.Contains(m.objects, s) {
		return
	}
	taking := m.takers(s)
	if len(taking) == 0 {
		return
	}
	for i, f := range taking {
		f.contextual = i == 0 || m.chance(50)
	}
	m.context = context{subgraph: s, setters: []setter{{"Query", "ctx", []string{"Query"}}}}
	m.roots = append(m.roots, &field{name: "ctx", typ: "String", override: -1, owners: []int{s}})
	var held []*entity // that may set it themselves
	inInterfaces := m.chance(40)
	for _, e := range m.entities {
		if inInterfaces && slices.ContainsFunc(m.abstracts, func(a *abstract) bool { return a.name == "I" && slices.Contains(a.members, e) }) {
			continue
		}
		held = append(held, e)
	}
	for _, e := range held {
		m.set(e.name, m.settable(e, s), e.name)
	}
	for _, v := range m.values {
		m.set(v.name, v.fields[:1], v.name)
	}
	for _, a := range m.abstracts {
		var members []string
		for _, e := range m.knownIn(a, s) {
			members = append(members, e.name)
		}
		if !a.union && len(a.values) == 0 && !slices.ContainsFunc(members, m.sets) &&
			slices.Contains((&writer{model: m, subgraph: s}).interfaceFields(a), "label: String") {
			m.set(a.name, []*field{{name: "label", typ: "String"}}, members...)
		}
	}
}

// takers are the fields that only the subgraph has anything to do with.
func (m *model) takers(s int) []*field {
	var out []*field
	for _, e := range m.entities {
		if e.holders[s] == nil {
			continue
		}
		for _, f := range e.fields {
			elsewhere := slices.ContainsFunc(e.subgraphs(), func(o int) bool { return e.holders[o].external[f.name] != "" })
			if slices.Equal(f.owners, []int{s}) && !f.sharing && f.override < 0 && !m.ofInterface(e, f) && !elsewhere {
				out = append(out, f)
			}
		}
	}
	return out
}

// ofInterface reports whether an interface of the entity has the field, too: clients give its arguments there.
func (m *model) ofInterface(e *entity, f *field) bool {
	return slices.ContainsFunc(m.abstracts, func(a *abstract) bool { return slices.Contains(a.members, e) && slices.Contains(a.fields, f.name) })
}

// settable are the fields of an entity that the subgraph knows and that can be a context's value.
func (m *model) settable(e *entity, s int) []*field {
	h := e.holders[s]
	if h == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(e.fields), func(f *field) bool {
		known := slices.Contains(f.owners, s) || h.external[f.name] != ""
		return !known || f.contextual || f.override >= 0 || f.arguments != nil
	})
}

// set lets a type set the context, with one of some fields as its value.
func (m *model) set(typ string, fields []*field, objects ...string) {
	fields = slices.DeleteFunc(slices.Clone(fields), func(f *field) bool { return f.typ != "String" || f.list > 0 })
	if len(fields) > 0 && m.chance(60) {
		m.context.setters = append(m.context.setters, setter{typ, pick(m.Choices, fields).name, objects})
	}
}

func (m *model) sets(typ string) bool {
	return slices.ContainsFunc(m.context.setters, func(s setter) bool { return s.typ == typ })
}

// argumentsText is the arguments of a field as a subgraph has them.
func (w *writer) argumentsText(f *field) string {
	text := f.arguments.text()
	if !f.contextual {
		return text
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "("), ")")
	if text != "" {
		text += ", "
	}
	return "(" + text + `ctx: String @fromContext(field: "` + fromContext + `"))`
}

// fromContext stands for what is selected of a context until it is known which types a subgraph has.
const fromContext = "$ctx"

// selecting puts in what is selected of the context.
func (w *writer) selecting(line string) string {
	if w.subgraph != w.context.subgraph {
		return line
	}
	selection := fromContext
	for _, s := range w.context.setters {
		for _, object := range s.objects {
			if w.heads[s.typ] != "" && w.heads[object] != "" {
				selection += " ... on " + object + " { " + s.field + " }"
			}
		}
	}
	return strings.ReplaceAll(line, fromContext, selection)
}

// setting is what a type's head says of the context.
func (w *writer) setting(typ string) string {
	if w.subgraph != w.context.subgraph || !w.sets(typ) {
		return ""
	}
	return ` @context(name: "ctx")`
}
