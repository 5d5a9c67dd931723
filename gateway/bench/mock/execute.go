package mock

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// document is a validated document, with its selections compiled as they are met.
type document struct {
	operations map[string]*operation

	mu         sync.Mutex
	selections map[selectionKey][]*field
}

type operation struct {
	kind ast.Operation
	// top stands above the root type's fields.
	top *field
}

// selectionKey is where a compiled selection comes from: the field above it, for one concrete type.
type selectionKey struct {
	parent *field
	typ    string
}

func newDocument(parsed *ast.QueryDocument) *document {
	d := &document{operations: map[string]*operation{}, selections: map[selectionKey][]*field{}}
	for _, op := range parsed.Operations {
		d.operations[op.Name] = &operation{kind: op.Operation, top: &field{sets: []ast.SelectionSet{op.SelectionSet}}}
	}
	if len(parsed.Operations) == 1 {
		d.operations[""] = d.operations[parsed.Operations[0].Name]
	}
	return d
}

// field is one entry of an answer: all selections of one response name, merged.
type field struct {
	name string // "name":
	def  *ast.FieldDefinition
	args ast.ArgumentList
	sets []ast.SelectionSet
}

// object is anything that has fields. Equal objects have equal fields.
type object struct {
	typ *ast.Definition
	key uint64
}

func (d *document) execute(s *Server, r *request) ([]byte, error) {
	op, known := d.operations[r.OperationName]
	if !known {
		return nil, fmt.Errorf("there is no operation %q", r.OperationName)
	}
	if op.kind != ast.Query {
		return nil, errors.New("only queries are answered")
	}
	fields, err := d.fieldsOf(s.schema, op.top, s.schema.Query)
	if err != nil {
		return nil, err
	}
	w := &writer{server: s, document: d, variables: r.Variables}
	w.out.WriteString(`{"data":`)
	if err := w.fields(object{typ: s.schema.Query}, fields); err != nil {
		return nil, err
	}
	w.out.WriteByte('}')
	return w.out.Bytes(), nil
}

func (d *document) fieldsOf(schema *ast.Schema, parent *field, typ *ast.Definition) ([]*field, error) {
	key := selectionKey{parent, typ.Name}
	d.mu.Lock()
	defer d.mu.Unlock()
	if fields, known := d.selections[key]; known {
		return fields, nil
	}
	fields, err := collect(schema, parent, typ)
	if err == nil {
		d.selections[key] = fields
	}
	return fields, err
}

// collect merges the selections below a field for one concrete type (CollectFields of the specification).
func collect(schema *ast.Schema, parent *field, typ *ast.Definition) ([]*field, error) {
	var fields []*field
	byName := map[string]*field{}
	var visit func(ast.SelectionSet) error
	visit = func(set ast.SelectionSet) error {
		for _, selection := range set {
			switch selection := selection.(type) {
			case *ast.Field:
				if len(selection.Directives) > 0 {
					return fmt.Errorf("field %s has directives: conditions are not supported", selection.Name)
				}
				if f, known := byName[selection.Alias]; known {
					f.sets = append(f.sets, selection.SelectionSet)
					continue
				}
				name, _ := json.Marshal(selection.Alias) // a string always encodes
				f := &field{name: string(name) + ":", def: selection.Definition, args: selection.Arguments, sets: []ast.SelectionSet{selection.SelectionSet}}
				fields, byName[selection.Alias] = append(fields, f), f
			case *ast.InlineFragment:
				if selection.TypeCondition == "" || selection.TypeCondition == typ.Name {
					if err := visit(selection.SelectionSet); err != nil {
						return err
					}
				} else if kind := schema.Types[selection.TypeCondition].Kind; kind != ast.Object {
					return fmt.Errorf("... on %s: abstract types are not supported", selection.TypeCondition)
				}
			case *ast.FragmentSpread:
				if selection.Definition.TypeCondition == typ.Name {
					if err := visit(selection.Definition.SelectionSet); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}
	for _, set := range parent.sets {
		if err := visit(set); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// writer writes one answer.
type writer struct {
	server    *Server
	document  *document
	variables map[string]json.RawMessage
	out       bytes.Buffer
}

func (w *writer) fields(o object, fields []*field) error {
	w.out.WriteByte('{')
	for i, f := range fields {
		if i > 0 {
			w.out.WriteByte(',')
		}
		w.out.WriteString(f.name)
		var err error
		switch f.def.Name {
		case "__typename":
			w.out.WriteString(strconv.Quote(o.typ.Name))
		case "_entities":
			err = w.entities(f)
		default:
			err = w.value(o, f, f.def.Type, seed(o, f.def.Name))
		}
		if err != nil {
			return err
		}
	}
	w.out.WriteByte('}')
	return nil
}

// value writes a field's value of the given type.
func (w *writer) value(o object, f *field, typ *ast.Type, seed uint64) error {
	if typ.Elem != nil {
		n, ok := w.server.data.Lengths[o.typ.Name+"."+f.def.Name]
		if !ok {
			n = defaultLength
		}
		w.out.WriteByte('[')
		for i := range n {
			if i > 0 {
				w.out.WriteByte(',')
			}
			if err := w.value(o, f, typ.Elem, listed(seed, i)); err != nil {
				return err
			}
		}
		w.out.WriteByte(']')
		return nil
	}
	def := w.server.schema.Types[typ.NamedType]
	switch def.Kind {
	case ast.Scalar, ast.Enum:
		w.out.Write(w.server.data.leaf(o, f.def, def, seed))
		return nil
	case ast.Object:
		next := object{def, seed}
		if keyField, entity := w.server.data.Keys[def.Name]; entity {
			next.key = 1 + seed%uint64(w.server.data.population(def.Name))
			// A root field that has the key as its argument gives the entity of that key.
			if a := f.args.ForName(keyField); a != nil && o.key == 0 {
				key, found, err := w.keyArgument(a)
				if err != nil {
					return err
				}
				if !found || key > uint64(w.server.data.population(def.Name)) {
					w.out.WriteString("null")
					return nil
				}
				next.key = key
			}
		}
		fields, err := w.document.fieldsOf(w.server.schema, f, def)
		if err != nil {
			return err
		}
		return w.fields(next, fields)
	default:
		return fmt.Errorf("%s.%s is of the abstract type %s: those are not supported", o.typ.Name, f.def.Name, def.Name)
	}
}

func (w *writer) keyArgument(a *ast.Argument) (key uint64, found bool, err error) {
	text := a.Value.Raw
	if a.Value.Kind == ast.Variable {
		if err := json.Unmarshal(w.variables[text], &text); err != nil {
			return 0, false, fmt.Errorf("read variable $%s: %w", a.Value.Raw, err)
		}
	}
	key, err = strconv.ParseUint(text, 10, 64)
	return key, err == nil && key > 0, nil
}

// entities answers representations.
func (w *writer) entities(f *field) error {
	a := f.args.ForName("representations")
	if a == nil || a.Value.Kind != ast.Variable {
		return errors.New("_entities: representations must be a variable")
	}
	var representations []map[string]json.RawMessage
	if err := json.Unmarshal(w.variables[a.Value.Raw], &representations); err != nil {
		return fmt.Errorf("read representations: %w", err)
	}
	w.out.WriteByte('[')
	for i, r := range representations {
		if i > 0 {
			w.out.WriteByte(',')
		}
		var name string
		if err := json.Unmarshal(r["__typename"], &name); err != nil {
			return fmt.Errorf("representation %d: __typename: %w", i, err)
		}
		def, keyField := w.server.schema.Types[name], w.server.data.Keys[name]
		if def == nil || keyField == "" {
			return fmt.Errorf("representation %d: there is no entity %q", i, name)
		}
		var key string
		if err := json.Unmarshal(r[keyField], &key); err != nil {
			return fmt.Errorf("representation %d: %s.%s: %w", i, name, keyField, err)
		}
		number, err := strconv.ParseUint(key, 10, 64)
		if err != nil || number == 0 || number > uint64(w.server.data.population(name)) {
			return fmt.Errorf("representation %d: there is no %s with the key %q", i, name, key)
		}
		o := object{def, number}
		if err := w.consistent(o, r); err != nil {
			return fmt.Errorf("representation %d: %w", i, err)
		}
		fields, err := w.document.fieldsOf(w.server.schema, f, def)
		if err != nil {
			return err
		}
		if err := w.fields(o, fields); err != nil {
			return err
		}
	}
	w.out.WriteByte(']')
	return nil
}

// consistent refuses a representation whose leaf fields are not what any mock would have answered.
func (w *writer) consistent(o object, representation map[string]json.RawMessage) error {
	for name, value := range representation {
		def := o.typ.Fields.ForName(name)
		if def == nil || def.Type.Elem != nil {
			continue
		}
		typ := w.server.schema.Types[def.Type.NamedType]
		if typ.Kind != ast.Scalar && typ.Kind != ast.Enum {
			continue
		}
		if want := w.server.data.leaf(o, def, typ, seed(o, name)); !bytes.Equal(want, value) {
			return fmt.Errorf("%s.%s is %s, not %s", o.typ.Name, name, want, value)
		}
	}
	return nil
}
