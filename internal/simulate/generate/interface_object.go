package generate

import (
	"fmt"
	"slices"
)

// interfaceObjects adds subgraphs that know the interface's members only as one object type.
func (m *model) interfaceObjects() {
	if len(m.abstracts) == 0 || m.abstracts[0].name != "I" || !m.chance(40) {
		return
	}
	i := m.abstracts[0]
	i.keys = []string{"id"}
	if m.chance(40) {
		i.keys = []string{"id", "code"}
		i.fields = append(i.fields, "code")
	}
	for _, e := range i.members { // the first subgraph knows them all
		if e.holders[0] == nil {
			e.holders[0] = &holding{external: map[string]string{}}
		}
		e.holders[0].keys = slices.Clone(i.keys)
	}
	m.old[0] = false
	for n := range 2 {
		if n > 0 && !m.chance(30) {
			return
		}
		s := m.subgraphs
		m.objects = append(m.objects, s)
		m.objectKeys = append(m.objectKeys, m.someOf(i.keys))
		m.subgraphs++
		m.old = append(m.old, false)
		for range 1 + m.Below(3) {
			m.objectFields = append(m.objectFields, m.objectField(s))
		}
	}
}

// someOf are some of a few keys, at least one.
func (m *model) someOf(keys []string) []string {
	if m.chance(40) {
		return keys
	}
	return []string{pick(m.Choices, keys)}
}

// objectType is how a subgraph defines the interface's members as one object type.
func (w *writer) objectType() {
	head := "type I @interfaceObject"
	keys := w.objectKeys[slices.Index(w.objects, w.subgraph)]
	for _, key := range keys {
		head += fmt.Sprintf(" @key(fields: %q)", key)
	}
	w.define("I", head)
	for _, key := range keys {
		w.add("I", key+": "+keyFields[key])
	}
	for _, line := range w.objectInputs() {
		w.add("I", line)
	}
	for _, f := range w.objectFields {
		if slices.Contains(f.owners, w.subgraph) {
			w.add("I", w.fieldText(f))
			w.needs(f)
		}
	}
}

// objectField is a field that a subgraph adds to the interface's members, at times one that needs what others have of them.
func (m *model) objectField(s int) *field {
	f := &field{name: m.name("o"), override: -1, owners: []int{s}}
	if m.chance(30) {
		f.typ = "I"
		f.list = m.Below(2)
		return f
	}
	f.typ = m.leaf()
	switch {
	case m.chance(30):
		f.requires = "label"
	case len(m.objects) > 1 && m.chance(50):
		if x := m.objectFields[0]; m.leafType(x.typ) && !slices.Contains(x.owners, s) {
			f.requires = x.name
		}
	}
	return f
}

// isObject says whether a subgraph knows the interface as an @interfaceObject.
func (m *model) isObject(s int) bool { return slices.Contains(m.objects, s) }

// objectInputs are the fields of the interface that the subgraph's own ones need.
func (w *writer) objectInputs() []string {
	var out []string
	for _, f := range w.objectFields {
		if !slices.Contains(f.owners, w.subgraph) || f.requires == "" {
			continue
		}
		line := "label: String @external"
		if f.requires != "label" {
			line = f.requires + w.declaration(w.objectFields[0]) + " @external"
		}
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}

// interfaceOfInterfaces adds an interface that the first one implements.
func (m *model) interfaceOfInterfaces() {
	if len(m.abstracts) > 0 && m.abstracts[0].name == "I" && len(m.objects) == 0 && m.chance(30) {
		m.abstracts = append(m.abstracts, &abstract{name: "N", members: m.abstracts[0].members, fields: []string{"id"}})
	}
}
