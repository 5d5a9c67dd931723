package plan

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/response"
)

// vocabulary is what the plans of one supergraph have in common: a gateway keeps thousands of them, and each would hold it
// anew. It holds only what the schema has a bounded number of, nothing that clients make up. It is safe for concurrent use.
type vocabulary struct {
	mu     sync.Mutex
	fields map[coordinate]string
	keys   map[string][]byte   // by a field's name
	values map[string][]string // by an enum's name
}

// coordinate is a field of a type of the schema.
type coordinate struct{ typ, field string }

func newVocabulary() *vocabulary {
	return &vocabulary{fields: map[coordinate]string{}, keys: map[string][]byte{}, values: map[string][]string{}}
}

// coordinate is the text Type.field.
func (v *vocabulary) coordinate(typ, field string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	at := coordinate{typ, field}
	text, known := v.fields[at]
	if !known {
		text = typ + "." + field
		v.fields[at] = text
	}
	return text
}

// key is the member `"name":` of a field of the schema.
func (v *vocabulary) key(name string) []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	k, known := v.keys[name]
	if !known {
		k = key(name)
		v.keys[name] = k
	}
	return k
}

// enum is the sorted values of an enum.
func (v *vocabulary) enum(def *ast.Definition) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	values, known := v.values[def.Name]
	if !known {
		for _, value := range def.EnumValues {
			values = append(values, value.Name)
		}
		slices.Sort(values)
		v.values[def.Name] = values
	}
	return values
}

// key is a member's name, encoded, with its colon.
func key(name string) []byte {
	b, _ := json.Marshal(name)
	return slices.Clip(append(b, ':'))
}

// named and lists are the wrappings that nearly all fields have: of a named type, and of a list of such, by whether they,
// and the items, are non-null.
var (
	named = [2]response.Type{{}, {NonNull: true}}
	lists = [2][2]response.Type{
		{{Elem: &named[0]}, {Elem: &named[1]}},
		{{NonNull: true, Elem: &named[0]}, {NonNull: true, Elem: &named[1]}},
	}
)

// wrapping is how a type wraps its named type.
func wrapping(t *ast.Type) *response.Type {
	switch {
	case t == nil:
		return nil
	case t.Elem == nil:
		return &named[index(t.NonNull)]
	case t.Elem.Elem == nil:
		return &lists[index(t.NonNull)][index(t.Elem.NonNull)]
	}
	return &response.Type{NonNull: t.NonNull, Elem: wrapping(t.Elem)}
}

func index(nonNull bool) int {
	if nonNull {
		return 1
	}
	return 0
}
