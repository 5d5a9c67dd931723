// Package simulate answers GraphQL operations from data in memory, for tests: as the subgraphs of a graph, each seeing the
// data through its own schema, and as a monolith, the one server that holds everything. What a gateway over the subgraphs
// answers must be what the monolith answers.
//
// The executor is meant to be plain and obviously right, by the letter of the GraphQL specification (section 6), and
// shares nothing with the gateway. A subgraph is strict: it refuses operations that are not valid in its schema, fields
// that it does not own, representations without a whole key, and fields with @requires whose inputs are not those of the
// data.
package simulate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// World is the data: a graph of objects.
//
// As JSON it is an object of objects, by name: "Query", "Mutation" and "Type:id". A string "@Type:id" is a reference to
// one of them, {"$error": "message"} a field that fails, {"$arguments": {"id=1": value}} a value for each set of
// arguments. "$missing" lists the subgraphs that do not know an object by its keys. Objects without a name stand where they
// are; where their type may vary they tell it as "__typename".
type World struct {
	objects map[string]*Object
	names   []string // sorted
}

// Object is one object of the data.
type Object struct {
	Type   string // "" where the schema leaves but one
	Fields map[string]any
	// missing are the subgraphs that do not know it by its keys.
	missing []string
}

// failure is a field that fails with a message.
type failure string

// cases are the values of a field by its arguments.
type cases map[string]any

// ParseWorld reads a World from JSON.
func ParseWorld(text []byte) (*World, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var raw map[string]map[string]any
	if err := dec.Decode(&raw); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	w := &World{objects: map[string]*Object{}}
	for name := range raw {
		typ, _, _ := strings.Cut(name, ":")
		w.objects[name] = &Object{Type: typ}
		w.names = append(w.names, name)
	}
	slices.Sort(w.names)
	for _, name := range w.names {
		missing, _ := raw[name]["$missing"].([]any)
		for _, subgraph := range missing {
			w.objects[name].missing = append(w.objects[name].missing, fmt.Sprint(subgraph))
		}
		delete(raw[name], "$missing")
		fields, err := w.fields(raw[name])
		if err != nil {
			return nil, fmt.Errorf("data: %s%w", name, err)
		}
		w.objects[name].Fields = fields
	}
	return w, nil
}

func (w *World) fields(raw map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for name, v := range raw {
		value, err := w.value(v)
		if err != nil {
			return nil, fmt.Errorf(".%s%w", name, err)
		}
		out[name] = value
	}
	return out, nil
}

func (w *World) value(v any) (any, error) {
	switch v := v.(type) {
	case string:
		if !strings.HasPrefix(v, "@") {
			return v, nil
		}
		o := w.objects[v[1:]]
		if o == nil {
			return nil, fmt.Errorf(": there is no object %s", v)
		}
		return o, nil
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			value, err := w.value(item)
			if err != nil {
				return nil, err
			}
			out[i] = value
		}
		return out, nil
	case map[string]any:
		if message, ok := v["$error"].(string); ok {
			return failure(message), nil
		}
		if by, ok := v["$arguments"].(map[string]any); ok {
			out, err := w.fields(by)
			return cases(out), err
		}
		fields, err := w.fields(v)
		if err != nil {
			return nil, err
		}
		typ, _ := fields["__typename"].(string)
		delete(fields, "__typename")
		return &Object{Type: typ, Fields: fields}, nil
	}
	return v, nil
}

// root is the object of a root type.
func (w *World) root(name string) *Object {
	if o := w.objects[name]; o != nil {
		return o
	}
	return &Object{Type: name}
}

// Error is an error of a response.
type Error struct {
	Message string `json:"message"`
	Path    []any  `json:"path,omitempty"`
}

// Result is what an operation is answered with.
type Result struct {
	// Data is nil where a null reached the root, or where the operation was refused.
	Data   *Members
	Errors []Error
	// Mutations are the root fields of a mutation that were executed, with their arguments, in order.
	Mutations []string
}

// JSON is the response.
func (r *Result) JSON() []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":`)
	if r.Data == nil {
		b.WriteString("null")
	} else {
		writeValue(&b, r.Data)
	}
	if len(r.Errors) > 0 {
		errors, err := json.Marshal(r.Errors)
		if err != nil {
			errors = []byte(`[{"message":"the errors cannot be written"}]`)
		}
		b.WriteString(`,"errors":`)
		b.Write(errors)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// Members is an object of a response; its members have an order.
type Members struct {
	names  []string
	values map[string]any
}

func writeValue(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case *Members:
		b.WriteByte('{')
		for i, name := range v.names {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(b, "%q:", name)
			writeValue(b, v.values[name])
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			writeValue(b, item)
		}
		b.WriteByte(']')
	default:
		text, err := json.Marshal(v)
		if err != nil {
			text = []byte("null")
		}
		b.Write(text)
	}
}
