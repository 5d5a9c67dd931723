// Package generate makes random federated graphs, data for them and operations on them, for holding a gateway against one
// server that has all the data.
package generate

import (
	"fmt"
	"slices"
)

// model is a graph before it is written as schemas: types, and which subgraph has what of them.
type model struct {
	*Choices
	profile   Profile
	subgraphs int
	// old are the subgraphs of Federation 1, by number.
	old       []bool
	entities  []*entity
	values    []*valueType
	abstracts []*abstract
	roots     []*field
	mutations []*field
	streams   []*field // of Subscription
	// objects are the subgraphs that know the members of the interface only by an @interfaceObject.
	objects      []int
	objectKeys   [][]string // by which each of them knows it
	objectFields []*field
	context      context
	names        int
	depth        int // of values in values, while data is made
}

// entity is an object type with keys.
type entity struct {
	name    string
	fields  []*field
	holders map[int]*holding
	owner   string // the entity that identifies it, in one of its keys
	lost    loss
	hidden  string // a key field that clients do not see
}

// holding is what a subgraph has of an entity besides the fields it owns.
type holding struct {
	keys     []string
	external map[string]string // field → arguments and type
}

type valueType struct {
	name   string
	fields []*field
}

type field struct {
	name      string
	typ       string // of the values: "String", "E0"…
	list      int    // how many lists are around it
	nonNull   bool
	items     bool // what the lists hold is not null
	looser    bool // the first owner has it nullable all the same
	arguments *arguments
	owners    []int
	requires  string
	provides  string
	override  int    // the subgraph that had it before, -1: none
	label     string // of a progressive override
	sharing   bool
	hidden    bool // @inaccessible
	absent    int  // of a value type's field: the subgraph that does not have it, plus one
	errors    bool
	// contextual: it takes an argument from the context.
	contextual bool
}

func (m *model) name(prefix string) string {
	m.names++
	return fmt.Sprintf("%s%d", prefix, m.names)
}

// newModel decides on a graph.
func newModel(c *Choices, p Profile) *model {
	m := &model{Choices: c, profile: p, subgraphs: p.subgraphs.choose(c)}
	if c.chance(p.manySubgraphs) {
		m.subgraphs += 1 + c.Below(3)
	}
	m.federation1()
	for range p.values.choose(c) {
		m.valueType()
	}
	for i := range p.entities.choose(c) {
		m.entities = append(m.entities, &entity{name: fmt.Sprintf("E%d", i), holders: map[int]*holding{}})
	}
	m.valueReferences()
	m.abstractTypes()
	for _, e := range m.entities {
		m.hold(e)
	}
	for _, e := range m.entities {
		for range p.entityFields.choose(c) {
			e.fields = append(e.fields, m.entityField(e))
		}
	}
	m.interfaceObjects()
	m.interfaceOfInterfaces()
	m.leaveOut()
	for _, e := range m.entities {
		m.provides(e)
		m.requires(e)
		m.overrides(e)
		m.hide(e)
	}
	m.contexts()
	m.fieldErrors()
	for range p.roots.choose(c) {
		m.roots = append(m.roots, m.rootField("q"))
	}
	if m.context.subgraph < 0 && c.chance(20) {
		m.mutations = m.soleFields("m")
	}
	if m.context.subgraph < 0 && c.chance(15) {
		m.streams = m.soleFields("s")
	}
	for _, f := range slices.Concat(m.roots, m.mutations, m.streams) {
		// Objects lead back to Query, too.
		f.errors = c.chance(6) && !(f.nonNull && m.loose())
	}
	m.lose()
	return m
}

func (m *model) valueType() {
	v := &valueType{name: fmt.Sprintf("V%d", len(m.values))}
	for i := range m.profile.valueFields.choose(m.Choices) {
		f := &field{name: fmt.Sprintf("v%d", i), typ: m.leaf(), nonNull: m.chance(30), override: -1}
		if i > 0 && m.chance(m.profile.absent) {
			f.absent = 1 + m.Below(m.subgraphs)
		}
		v.fields = append(v.fields, f)
	}
	if p := m.profile.nestedValues; p > 0 && len(m.values) > 0 && m.chance(p) {
		v.fields = append(v.fields, &field{name: "in", typ: pick(m.Choices, m.values).name, list: m.Below(2), override: -1})
	}
	m.values = append(m.values, v)
}

// valueReferences lets value types lead to entities.
func (m *model) valueReferences() {
	for _, v := range m.values {
		if m.chance(m.profile.references) {
			v.fields = append(v.fields, &field{name: "e", typ: pick(m.Choices, m.entities).name, list: m.Below(2), override: -1})
		}
	}
}

// leafTypes are the types of values without selections.
var leafTypes = []string{"String", "Int", "Boolean", "Color", "Float", "ID", "Blob"}

func (m *model) leaf() string { return pick(m.Choices, leafTypes) }

// hold spreads an entity over subgraphs, each with keys of its choice.
func (m *model) hold(e *entity) {
	for s := range m.subgraphs {
		if m.chance(m.profile.without) && (s < m.subgraphs-1 || len(e.holders) > 0) {
			continue
		}
		h := &holding{external: map[string]string{}}
		switch m.Below(9) {
		case 7, 8:
			h.keys = []string{"code"}
		case 6:
			h.keys = []string{"id", "code"}
		case 5:
			h.keys = []string{"id num"}
		case 4:
			h.keys = []string{"code num", "id"}
		default:
			h.keys = []string{"id"}
		}
		e.holders[s] = h
	}
	m.unusualKey(e)
	m.connect(e)
	for _, f := range e.fields { // those of interfaces
		m.own(e, f)
	}
}

// connect gives the first subgraph keys by which the others can be reached, more often than not.
func (m *model) connect(e *entity) {
	holders := e.subgraphs()
	inInterface := slices.ContainsFunc(m.abstracts, func(a *abstract) bool { return slices.Contains(a.fields, "id") && slices.Contains(a.members, e) })
	for i, s := range holders {
		h := e.holders[s]
		if (i == 0 || inInterface) && !slices.ContainsFunc(h.keys, func(k string) bool { return k == "id" }) {
			h.keys = append(h.keys, "id")
		}
	}
	if len(holders) == 0 || m.chance(m.profile.unconnected) {
		return
	}
	hub := e.holders[holders[0]]
	for _, s := range holders[1:] {
		for _, k := range e.holders[s].keys {
			if !slices.Contains(hub.keys, k) {
				hub.keys = append(hub.keys, k)
				break
			}
		}
	}
}

func (e *entity) subgraphs() []int {
	var out []int
	for s := range e.holders {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// own gives a field to one of the entity's subgraphs, or to several.
func (m *model) own(e *entity, f *field) {
	holders := e.subgraphs()
	f.owners = []int{pick(m.Choices, holders)}
	if m.chance(m.profile.shared) {
		for _, s := range holders {
			if s != f.owners[0] && m.chance(60) {
				f.owners = append(f.owners, s)
			}
		}
		f.sharing = true
		f.looser = f.nonNull && len(f.owners) > 1 && m.chance(30)
	}
}

// valueOf chooses a type for a field's values.
func (m *model) valueOf(f *field, composite bool) {
	n := m.Below(10)
	if composite {
		n = 4 + n%6
	}
	switch {
	case n < 4:
		f.typ = m.leaf()
		m.takeArguments(f, 20)
	case n < 6:
		f.typ = pick(m.Choices, m.values).name
	case n < 8 || len(m.abstracts) == 0:
		f.typ = pick(m.Choices, m.entities).name
	default:
		f.typ = pick(m.Choices, m.abstracts).name
	}
	switch m.Below(6) {
	case 5:
		f.list = 2
	case 3, 4:
		f.list = 1
	}
	f.nonNull = m.chance(25)
	f.items = f.list > 0 && m.chance(25)
}

func (m *model) entityField(e *entity) *field {
	f := &field{name: fmt.Sprintf("f%d", len(e.fields)), override: -1} // names that other entities have too
	if m.chance(4) {
		f.typ, f.nonNull = "Query", true
	} else {
		m.valueOf(f, m.profile.composites > 0 && m.chance(m.profile.composites))
	}
	m.own(e, f)
	return f
}

func (m *model) rootField(prefix string) *field {
	f := &field{name: m.name(prefix), override: -1, owners: []int{m.Below(m.subgraphs)}}
	m.valueOf(f, true)
	m.takeArguments(f, 10)
	if m.chance(m.profile.sharedRoots) {
		f.sharing = true
		for s := range m.subgraphs {
			if s != f.owners[0] && m.chance(60) {
				f.owners = append(f.owners, s)
			}
		}
	}
	if slices.ContainsFunc(f.owners, m.isObject) && !m.leafType(f.typ) && m.value(f.typ) == nil {
		f.typ = "I" // the subgraph may not know the members
	}
	return f
}

// soleFields are fields of a root type that only one subgraph has each.
func (m *model) soleFields(prefix string) []*field {
	var fields []*field
	for range 1 + m.Below(3) {
		f := m.rootField(prefix)
		f.owners, f.sharing = f.owners[:1], false
		fields = append(fields, f)
	}
	return fields
}

func (m *model) leafType(name string) bool {
	return slices.Contains(leafTypes, name)
}

func (m *model) entity(name string) *entity {
	i := slices.IndexFunc(m.entities, func(e *entity) bool { return e.name == name })
	if i < 0 {
		return nil
	}
	return m.entities[i]
}

func (m *model) value(name string) *valueType {
	i := slices.IndexFunc(m.values, func(v *valueType) bool { return v.name == name })
	if i < 0 {
		return nil
	}
	return m.values[i]
}

func (m *model) abstract(name string) *abstract {
	i := slices.IndexFunc(m.abstracts, func(a *abstract) bool { return a.name == name })
	if i < 0 {
		return nil
	}
	return m.abstracts[i]
}
