package generate

import (
	"fmt"
	"slices"
	"strings"
)

// keyFields are the types of fields that keys select and that identify an object, "owner" aside: that is another entity.
var keyFields = map[string]string{
	"id": "ID!", "code": "String!", "num": "Int!", "ref": "Ref!", "tags": "[String!]!", "stamp": "Stamp!", "tone": "Color!",
}

// unusualKeys are keys of which some subgraphs have one beside or instead of their plain ones.
var unusualKeys = []string{"ref { a b }", "ref { a b }", "tags", "stamp", "num tone", "owner { id }", "owner { id } num"}

// unusualKey lets some subgraphs know an entity by another kind of key: by objects in it, lists, values that are not for
// GraphQL to understand, or another entity.
func (m *model) unusualKey(e *entity) {
	if !m.chance(m.profile.unusualKeys) {
		return
	}
	key := pick(m.Choices, unusualKeys)
	var owner *entity
	if strings.Contains(key, "owner") {
		before := m.entities[:slices.Index(m.entities, e)]
		if len(before) == 0 {
			return
		}
		owner = pick(m.Choices, before)
		e.owner = owner.name
	}
	for i, s := range e.subgraphs() {
		if owner != nil && owner.holders[s] != nil && !slices.Contains(keyNames(owner.holders[s]), "id") {
			continue
		}
		if i == 0 || m.chance(50) {
			e.holders[s].keys = append(e.holders[s].keys, key)
		}
		if i > 0 && m.chance(40) {
			e.holders[s].keys = []string{key}
		}
	}
}

// keyData are the values of an object's key fields: those of the object number i of the entity number n.
func (m *model) keyData(e *entity, n, i int) map[string]any {
	o := map[string]any{
		"id": fmt.Sprint(i), "code": fmt.Sprintf("c%d", i), "num": n*10 + i,
		"ref":  map[string]any{"a": n, "b": fmt.Sprintf("r%d", i)},
		"tags": []string{"t", fmt.Sprint(i)}, "tone": []string{"RED", "GREEN"}[i%2],
	}
	o["stamp"] = []any{fmt.Sprintf("st%d", i), []any{"s", i}, 1e15 + float64(i)}[(n+i)%3]
	if e.owner != "" {
		o["owner"] = fmt.Sprintf("@%s:%d", e.owner, i)
	}
	return o
}

// keyNames are the fields of an entity's own that its keys in a subgraph select.
func keyNames(h *holding) []string {
	var names []string
	for _, k := range h.keys {
		depth := 0
		for word := range strings.FieldsSeq(k) {
			switch word {
			case "{":
				depth++
			case "}":
				depth--
			default:
				if depth == 0 && !slices.Contains(names, word) {
					names = append(names, word)
				}
			}
		}
	}
	return names
}

func keyDirectives(h *holding) string {
	text := ""
	for _, k := range h.keys {
		text += fmt.Sprintf(" @key(fields: %q)", k)
	}
	return text
}

// keyField writes a key's field, and defines what it takes.
func (w *writer) keyField(e *entity, name string, external bool) string {
	typ := keyFields[name]
	if name == "owner" {
		typ = e.owner + "!"
	}
	w.need(strings.Trim(typ, "[]!"))
	if name == "code" && e.lost.nullKey {
		typ = "String"
	}
	text := name + ": " + typ
	if external {
		text += " @external"
	}
	if e.hidden == name && !w.old[w.subgraph] {
		text += " @inaccessible"
	}
	return text
}
