package generate

import (
	"encoding/json"
	"fmt"
	"slices"
)

const objects = 3

// data is the world's JSON.
func (m *model) data() []byte {
	world := map[string]map[string]any{"Query": {}, "Mutation": {}, "Subscription": {}}
	for s := range m.subgraphs {
		world["Query"][fmt.Sprintf("own%d", s)] = s
	}
	for _, f := range m.roots {
		world["Query"][f.name] = m.fieldValue(f)
	}
	for _, f := range m.mutations {
		world["Mutation"][f.name] = m.fieldValue(f)
	}
	for _, f := range m.streams {
		world["Subscription"][f.name] = m.fieldValue(f)
	}
	for n, e := range m.entities {
		for i := range objects {
			lost := e.lost.any() && i == objects-1
			o := m.keyData(e, n, i)
			for _, f := range e.fields {
				o[f.name] = m.fieldValue(f)
				if lost && f.owners[0] == e.lost.subgraph {
					o[f.name] = nil
				}
			}
			if lost && e.lost.missing {
				o["$missing"] = []string{subgraphName(e.lost.subgraph)}
			}
			if lost && e.lost.nullKey {
				o["code"] = nil
			}
			if len(m.objects) > 0 && slices.Contains(m.abstracts[0].members, e) {
				// One id is one object of the interface, whatever its type.
				o["id"], o["code"] = fmt.Sprintf("%d%d", n, i), fmt.Sprintf("c%d%d", n, i)
				for _, f := range m.objectFields {
					o[f.name] = m.fieldValue(f)
				}
			}
			world[fmt.Sprintf("%s:%d", e.name, i)] = o
		}
	}
	text, err := json.MarshalIndent(world, "", " ")
	if err != nil {
		return []byte("{}")
	}
	return append(text, '\n')
}

func (m *model) fieldValue(f *field) any {
	if f.errors && m.chance(30) {
		return map[string]any{"$error": m.name("failed ")}
	}
	return m.wrapped(f, f.list, f.nonNull)
}

func (m *model) wrapped(f *field, lists int, nonNull bool) any {
	if !nonNull && m.chance(8) {
		return nil
	}
	if lists == 0 {
		return m.single(f)
	}
	out := []any{}
	for range (m.Below(5) + 1) % 5 {
		if f.errors && m.chance(10) {
			out = append(out, map[string]any{"$error": m.name("failed ")})
			continue
		}
		out = append(out, m.wrapped(f, lists-1, f.items))
	}
	return out
}

func (m *model) single(f *field) any {
	switch f.typ {
	case "String":
		return fmt.Sprintf("s%d", m.Below(5))
	case "Int":
		return m.Below(100)
	case "Float":
		return json.Number(pick(m.Choices, []string{"0.5", "3", "-12.25", "1e3"}))
	case "ID":
		return fmt.Sprintf("i%d", m.Below(3))
	case "Boolean":
		return m.Below(2) == 1
	case "Color":
		return pick(m.Choices, []string{"RED", "GREEN"})
	case "Blob": // what JSON can be, objects aside: they would be taken for ones of the data
		return pick(m.Choices, []any{"b", 7, true, json.Number("12345678901234567890"), []any{1, "x", nil}, []any{}})
	case "Query":
		return "@Query"
	}
	if v := m.value(f.typ); v != nil {
		return m.inline(v)
	}
	typ := f.typ
	if a := m.abstract(f.typ); a != nil {
		// A subgraph can only answer with types that it knows; those that share a field answer the same.
		subgraphs := f.answering()
		if len(subgraphs) == 0 { // a value type's field
			for s := range m.subgraphs {
				subgraphs = append(subgraphs, s)
			}
		}
		var possible []string
		for _, e := range a.members {
			if !slices.ContainsFunc(subgraphs, func(s int) bool { return !m.canBe(a, e, s) }) {
				possible = append(possible, e.name)
			}
		}
		for _, v := range a.values {
			if m.depth < 4 {
				possible = append(possible, v.name)
			}
		}
		if len(possible) == 0 {
			return nil
		}
		typ = pick(m.Choices, possible)
		if v := m.value(typ); v != nil {
			o := m.inline(v)
			o["__typename"] = typ
			return o
		}
	}
	return fmt.Sprintf("@%s:%d", typ, m.objectOf(m.entity(typ), f))
}

// inline is an object of a value type.
func (m *model) inline(v *valueType) map[string]any {
	m.depth++
	o := map[string]any{}
	for _, f := range v.fields {
		o[f.name] = m.fieldValue(f)
	}
	m.depth--
	return o
}

// answering are the subgraphs that can be asked for a field.
func (f *field) answering() []int {
	if f.label == "" {
		return f.owners
	}
	return append(slices.Clone(f.owners), f.override)
}

// canBe reports whether an entity can stand for an abstract type in a subgraph.
func (m *model) canBe(a *abstract, e *entity, subgraph int) bool {
	if m.isObject(subgraph) && a.name == "I" {
		return true
	}
	known := m.knownIn(a, subgraph)
	return slices.Contains(known, e) || len(known) == 0 && len(a.values) == 0 && e == a.members[0]
}
