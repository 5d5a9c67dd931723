package generate

import (
	"slices"
	"strings"
)

// loss is how the last object of an entity cannot be had from one subgraph: either the subgraph does not know it, or the key
// that leads there is null. What the subgraph alone has of the object is null then, to one server too.
type loss struct {
	subgraph int
	missing  bool // the subgraph does not know the object
	nullKey  bool // its code, the only key that leads to the subgraph and back, is null
}

func (l loss) any() bool { return l.missing || l.nullKey }

// lose lets objects be lost where one server can tell what follows: nothing else depends on the subgraph having them.
func (m *model) lose() {
	needed := m.needed()
	for _, e := range m.entities {
		holders := e.subgraphs()
		if len(holders) < 2 || len(m.objects) > 0 || !m.chance(60) {
			continue
		}
		s := holders[1+m.Below(len(holders)-1)]
		keys := e.holders[s].keys
		sole := slices.Equal(keys, []string{"id"})
		byCode := s != holders[0] && slices.Equal(keys, []string{"code"}) && slices.Contains(e.holders[holders[0]].keys, "code") &&
			!slices.ContainsFunc(holders, func(o int) bool { return o != s && !slices.Contains(e.holders[o].keys, "id") })
		if !sole && !byCode || slices.ContainsFunc(e.fields, func(f *field) bool { return !f.losable(s, needed) }) {
			continue
		}
		e.lost = loss{subgraph: s, missing: sole, nullKey: byCode}
		for _, f := range e.fields {
			if slices.Contains(f.owners, s) {
				f.nonNull, f.errors = false, false
			}
		}
	}
}

// losable says whether a field may be null because its object is lost in a subgraph.
func (f *field) losable(s int, needed []string) bool {
	if f.override == s {
		return false
	}
	return !slices.Contains(f.owners, s) ||
		len(f.owners) == 1 && f.override < 0 && f.requires == "" && !slices.Contains(needed, f.name)
}

// needed are the names in the field sets of @requires and @provides, and of what a context gives.
func (m *model) needed() []string {
	text := ""
	for _, f := range m.objectFields {
		text += " " + f.requires
	}
	for _, e := range m.entities {
		for _, f := range e.fields {
			text += " " + f.requires + " " + f.provides
		}
	}
	for _, s := range m.context.setters {
		text += " " + s.field
	}
	return strings.FieldsFunc(text, notName)
}

// objectOf chooses an object of an entity that a field can refer to.
func (m *model) objectOf(e *entity, f *field) int {
	i := m.Below(objects)
	if e.lost.nullKey && i == objects-1 && (len(f.owners) == 0 || slices.Contains(f.answering(), e.lost.subgraph)) {
		return 0 // a subgraph that can be entered by the code only cannot be left with a null one
	}
	return i
}
