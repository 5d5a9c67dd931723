package generate

import (
	"slices"
	"strings"
)

// abstract is an interface or a union.
type abstract struct {
	name    string
	union   bool
	members []*entity
	values  []*valueType // members that every subgraph knows that has the type
	fields  []string     // of an interface, where all members have them
	needs   string       // the field without which a subgraph does not let a type be a member
	keys    []string     // of an interface that has any, in the first subgraph
	// without is the member that a subgraph leaves out, by subgraph.
	without map[int]*entity
}

// abstractTypes makes interfaces and unions over some entities and value types.
func (m *model) abstractTypes() {
	if m.chance(50) {
		i := &abstract{name: "I", members: m.entities[:1+m.Below(len(m.entities))], fields: []string{"id", "label"}}
		m.abstracts = append(m.abstracts, i)
		for _, e := range i.members {
			e.fields = append(e.fields, &field{name: "label", typ: "String", override: -1})
		}
	}
	if m.chance(35) {
		u := &abstract{name: "U", union: true, members: m.entities[m.Below(len(m.entities)):]}
		if m.chance(30) {
			u.values = m.values[:1]
		}
		m.abstracts = append(m.abstracts, u)
	}
	if m.chance(30) {
		m.mixedInterface()
	}
}

// mixedInterface makes an interface over entities and a value type, with a field that leads to itself.
func (m *model) mixedInterface() {
	w := &valueType{name: "W", fields: []*field{
		{name: "tag", typ: "String", override: -1},
		{name: "twin", typ: "J", override: -1},
		{name: "w", typ: m.leaf(), override: -1},
	}}
	j := &abstract{name: "J", members: m.entities[m.Below(len(m.entities)):], values: []*valueType{w}, fields: []string{"tag", "twin"}, needs: "tag"}
	m.values = append(m.values, w)
	m.abstracts = append(m.abstracts, j)
	for _, e := range j.members {
		e.fields = append(e.fields, &field{name: "tag", typ: "String", override: -1}, &field{name: "twin", typ: "J", override: -1})
	}
}

// leaveOut lets subgraphs leave members out of an abstract type.
func (m *model) leaveOut() {
	for _, a := range m.abstracts {
		if a.without = map[int]*entity{}; a.name == "N" {
			a.without = m.abstract("I").without
			continue
		}
		for s := range m.subgraphs {
			if known := m.knownIn(a, s); len(a.keys) == 0 && len(known) > 1 && m.chance(15) {
				a.without[s] = pick(m.Choices, known)
			}
		}
	}
}

// knownIn are the entities that a subgraph knows as members of an abstract type.
func (m *model) knownIn(a *abstract, subgraph int) []*entity {
	var out []*entity
	for _, e := range a.members {
		if e.holders[subgraph] != nil && a.without[subgraph] != e && (a.needs == "" || e.has(a.needs, subgraph)) {
			out = append(out, e)
		}
	}
	return out
}

// has says whether a subgraph has a field of the entity of its own, though it may have moved since.
func (e *entity) has(name string, subgraph int) bool {
	f := e.field(name)
	return f != nil && (slices.Contains(f.owners, subgraph) || f.override == subgraph)
}

// declares says whether a subgraph's schema has a field of the entity.
func (e *entity) declares(name string, subgraph int) bool {
	if _, external := e.holders[subgraph].external[name]; external || e.has(name, subgraph) {
		return true
	}
	return slices.ContainsFunc(e.holders[subgraph].keys, func(k string) bool { return slices.Contains(strings.Fields(k), name) })
}

func (e *entity) field(name string) *field {
	i := slices.IndexFunc(e.fields, func(f *field) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return e.fields[i]
}

// borrow makes all members of an interface that a subgraph knows declare a field, as an external one at need. It says
// whether they do.
func (m *model) borrow(a *abstract, name string, s int) bool {
	known := m.knownIn(a, s)
	for _, e := range known {
		if x := e.field(name); !e.declares(name, s) && (x.requires != "" || x.arguments != nil || x.override >= 0) {
			return false
		}
	}
	for _, e := range known {
		if x := e.field(name); !e.declares(name, s) {
			e.holders[s].external[name] = m.declaration(x)
			x.sharing = true
		}
	}
	return len(known) > 0
}
