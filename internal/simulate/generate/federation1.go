package generate

import (
	"strings"
)

// federation1 lets some subgraphs, at times all of them, be of Federation 1.
func (m *model) federation1() {
	m.old = make([]bool, m.subgraphs)
	percent := []int{0, 0, 0, 40, 100}[m.Below(5)]
	for s := range m.old {
		m.old[s] = m.chance(percent)
	}
}

// shareable is what a type or field says that others have too. Federation 1 does not say it.
func (w *writer) shareable() string {
	if w.old[w.subgraph] {
		return ""
	}
	return " @shareable"
}

// stub is a type that a subgraph only refers to.
func (w *writer) stub(name string) {
	if w.old[w.subgraph] {
		w.define(name, "extend type "+name+` @key(fields: "id")`)
		w.add(name, "id: ID! @external")
		return
	}
	w.define(name, "type "+name+` @key(fields: "id", resolvable: false)`)
	w.add(name, "id: ID!")
}

// extension is how a subgraph of Federation 1 writes a type that another one defines, and whether it says that the key's
// fields are the other's.
func (w *writer) extension(e *entity) (before, after string, external bool) {
	holders := e.subgraphs()
	if !w.old[w.subgraph] || w.subgraph == holders[0] {
		return "type ", "", false
	}
	switch (w.subgraph + len(e.fields)) % 4 {
	case 0:
		return "extend type ", "", true
	case 1:
		return "extend type ", "", false
	case 2:
		return "type ", " @extends", true
	}
	return "type ", "", false
}

// hide keeps a field, or a key, of an entity from clients.
func (m *model) hide(e *entity) {
	if !m.chance(15) {
		return
	}
	if m.chance(40) {
		e.hidden = pick(m.Choices, []string{"code", "num", "ref", "tags", "stamp", "owner"})
	}
	for _, f := range e.fields {
		if strings.HasPrefix(f.name, "f") && !m.old[f.owners[0]] && f.typ != "Query" && m.chance(40) {
			f.hidden = true
			break
		}
	}
}
