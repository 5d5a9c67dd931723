package generate

import (
	"slices"
	"unicode"
)

// provides lets fields that lead to an entity, or to an abstract type, provide fields of other subgraphs.
func (m *model) provides(e *entity) {
	for _, f := range e.fields {
		s := f.owners[0]
		if len(f.owners) > 1 || !m.chance(m.profile.provides) {
			continue
		}
		a := m.abstract(f.typ)
		switch to := m.entity(f.typ); {
		case to != nil:
			f.provides = m.provided(to, s, 1)
		case a != nil:
			for _, member := range m.knownIn(a, s) {
				if set := m.provided(member, s, 1); set != "" {
					f.provides += " ... on " + member.name + " { " + set + " }"
				}
			}
		}
	}
}

// provided is a field of an entity that a subgraph may provide though others own it, "" when there is none.
func (m *model) provided(e *entity, s, deeper int) string {
	h := e.holders[s]
	if h == nil {
		return ""
	}
	for _, x := range e.fields {
		if to := m.entity(x.typ); to != nil && deeper > 0 && slices.Equal(x.owners, []int{s}) && x.requires == "" && x.arguments == nil && m.chance(40) {
			if set := m.provided(to, s, deeper-1); set != "" {
				return x.name + " { " + set + " }"
			}
		}
		if slices.Contains(x.owners, s) || x.requires != "" || x.arguments != nil || x.override >= 0 {
			continue
		}
		v := m.value(x.typ)
		if v == nil && !m.leafType(x.typ) {
			continue
		}
		h.external[x.name] = m.declaration(x)
		x.sharing = true
		if v != nil {
			return x.name + " { " + v.fields[0].name + " }"
		}
		return x.name
	}
	return ""
}

// requires lets fields of an entity need others.
func (m *model) requires(e *entity) {
	for _, f := range e.fields {
		s := f.owners[0]
		if len(f.owners) > 1 || f.name == "label" || f.provides != "" || !m.chance(m.profile.requires) {
			continue
		}
		h := e.holders[s]
		for _, x := range e.fields {
			if x == f || slices.Contains(x.owners, s) || !m.chance(60) || x.typ == "Query" {
				continue
			}
			text := x.name
			if x.arguments != nil && (x.arguments.required || m.chance(70)) {
				text += pick(m.Choices, x.arguments.uses)
			}
			switch to := m.entity(x.typ); {
			case m.leafType(x.typ):
			case m.value(x.typ) != nil:
				text += " { " + m.value(x.typ).fields[0].name + " }"
			case m.abstract(x.typ) != nil:
				inner := m.abstractInput(m.abstract(x.typ), s)
				if inner == "" {
					continue
				}
				text += " { " + inner + " }"
			case to != nil && to.holders[s] != nil && m.chance(50) && m.entityInput(to, s) != "":
				text += " { " + m.entityInput(to, s) + " }"
			case to != nil && to.holders[s] != nil && slices.Contains(to.holders[s].keys, "id"):
				text += " { id }"
			default:
				continue
			}
			h.external[x.name] = m.declaration(x)
			if f.requires != "" {
				text = " " + text
			}
			f.requires += text
		}
	}
}

// abstractInput is what a subgraph may require of an abstract type's members.
func (m *model) abstractInput(a *abstract, s int) string {
	if a.name == "I" && !m.isObject(s) && m.chance(50) && m.borrow(a, "label", s) {
		return "label"
	}
	if a.name == "J" && m.chance(50) {
		return "tag"
	}
	text := ""
	for _, v := range a.values {
		if m.chance(50) {
			text += " ... on " + v.name + " { " + v.fields[0].name + " }"
		}
	}
	for _, e := range m.knownIn(a, s) {
		if slices.Contains(e.holders[s].keys, "id") {
			text += " ... on " + e.name + " { id }"
		}
	}
	return text
}

// entityInput is a field of another entity that a subgraph may require though it does not have it.
func (m *model) entityInput(e *entity, s int) string {
	for _, x := range e.fields {
		if m.leafType(x.typ) && !slices.Contains(x.owners, s) && x.override != s && x.requires == "" && x.arguments == nil {
			e.holders[s].external[x.name] = m.declaration(x)
			return x.name
		}
	}
	return ""
}

// overrides moves fields from one subgraph to another.
func (m *model) overrides(e *entity) {
	for _, f := range e.fields {
		if len(f.owners) > 1 || f.provides != "" || f.sharing || f.name == "label" || m.old[f.owners[0]] || !m.chance(m.profile.overrides) {
			continue
		}
		for _, s := range e.subgraphs() {
			if _, external := e.holders[s].external[f.name]; s != f.owners[0] && !external {
				f.override = s
				if m.chance(50) {
					f.label = pick(m.Choices, labels)
				}
				break
			}
		}
	}
}

// labels are those of progressive overrides.
var labels = []string{"flag", "percent(30)"}

// fieldErrors lets fields fail that nothing else depends on.
func (m *model) fieldErrors() {
	needed := m.needed()
	// A null that an error sends to the parent may be missed by whatever needs the parent.
	may := len(needed) == 0 && !m.loose()
	for _, e := range m.entities {
		for _, f := range e.fields {
			f.errors = (!f.nonNull || may) && !f.looser && !slices.Contains(needed, f.name) && m.chance(20)
		}
	}
}

// loose reports whether subgraphs differ about whether some entity's field is null: a null that an error sends to the parent
// goes further up in a subgraph that declares the parent as non-null than it does where others declare it nullable.
func (m *model) loose() bool {
	return slices.ContainsFunc(m.entities, func(e *entity) bool {
		return slices.ContainsFunc(e.fields, func(f *field) bool { return f.looser })
	})
}

func notName(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
