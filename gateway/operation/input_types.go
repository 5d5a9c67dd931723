package operation

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/jsonstring"
)

// InputTypes are the input types of one API schema, compiled for checking JSON against them. They are made once per
// schema and shared by the variable programs of all its operations.
type InputTypes struct {
	// Faults are the default values of input fields that cannot be filled in: they do not fit their types, contain
	// themselves or are huge. Such fields are left out when a client leaves them out, so that the subgraph that receives
	// them decides.
	Faults []error
	named  map[string]*namedInput
}

// inputType is a named type with its wrappers.
type inputType struct {
	nonNull bool
	elem    *inputType // of a list
	named   *namedInput
	text    string // as GraphQL writes it, for messages
}

type inputKind uint8

const (
	anyInput inputKind = iota // a custom scalar: any JSON value
	intInput
	floatInput
	stringInput
	booleanInput
	idInput
	enumInput
	objectInput
)

type namedInput struct {
	name   string
	kind   inputKind
	values map[string]struct{} // of an enum
	fields []*inputField       // of an input object
	index  map[string]int      // into fields
	oneOf  bool
}

type inputField struct {
	owner *namedInput
	def   *ast.FieldDefinition
	typ   *inputType
	// value is the default as JSON, nil when there is none to fill in. It is rendered when it is first needed, because a
	// default can stand for an object whose fields have defaults.
	value  []byte
	member []byte // `,"name":value`
	state  renderState
}

type renderState uint8

const (
	notRendered renderState = iota
	rendering
	rendered
)

// NewInputTypes compiles the input types of an API schema.
func NewInputTypes(api *ast.Schema) *InputTypes {
	t := &InputTypes{named: make(map[string]*namedInput)}
	names := make([]string, 0, len(api.Types))
	for name, def := range api.Types {
		if def.IsInputType() {
			names = append(names, name)
			t.named[name] = newNamedInput(def)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		n := t.named[name]
		if n.kind != objectInput {
			continue
		}
		for _, f := range api.Types[name].Fields {
			typ, err := t.of(f.Type)
			if err != nil {
				t.Faults = append(t.Faults, fmt.Errorf("input field %s.%s: %w", name, f.Name, err))
				continue
			}
			n.index[f.Name] = len(n.fields)
			n.fields = append(n.fields, &inputField{owner: n, def: f, typ: typ})
		}
	}
	for _, name := range names {
		for _, f := range t.named[name].fields {
			if err := f.render(); err != nil {
				t.Faults = append(t.Faults, fmt.Errorf("default value of input field %s.%s: %w", name, f.def.Name, err))
			}
		}
	}
	return t
}

func newNamedInput(def *ast.Definition) *namedInput {
	n := &namedInput{name: def.Name}
	switch def.Kind {
	case ast.Enum:
		n.kind = enumInput
		n.values = make(map[string]struct{}, len(def.EnumValues))
		for _, v := range def.EnumValues {
			n.values[v.Name] = struct{}{}
		}
	case ast.InputObject:
		n.kind = objectInput
		n.index = make(map[string]int, len(def.Fields))
		n.oneOf = isOneOf(def)
	default:
		switch def.Name {
		case "Int":
			n.kind = intInput
		case "Float":
			n.kind = floatInput
		case "String":
			n.kind = stringInput
		case "Boolean":
			n.kind = booleanInput
		case "ID":
			n.kind = idInput
		}
	}
	return n
}

// of compiles a type reference.
func (t *InputTypes) of(typ *ast.Type) (*inputType, error) {
	made := &inputType{nonNull: typ.NonNull, text: typ.String()}
	if typ.Elem != nil {
		elem, err := t.of(typ.Elem)
		made.elem = elem
		return made, err
	}
	made.named = t.named[typ.NamedType]
	if made.named == nil {
		return nil, fmt.Errorf("%q is not an input type of the schema", typ.NamedType)
	}
	return made, nil
}

// required says that an input object must give the field.
func (f *inputField) required() bool { return f.typ.nonNull && f.def.DefaultValue == nil }

// maxDefault is how long a default value may be as JSON.
const maxDefault = 64 << 10

// render fills in value. An error is told once, to the first who asks.
func (f *inputField) render() error {
	switch {
	case f.state == rendered || f.def.DefaultValue == nil:
		return nil
	case f.state == rendering:
		return errors.New("it contains itself")
	}
	f.state = rendering
	var err error
	f.value, err = appendLiteral(nil, f.def.DefaultValue, f.typ)
	if err == nil {
		f.member = append(append(jsonstring.Append([]byte{','}, f.def.Name), ':'), f.value...)
	}
	f.state = rendered
	return err
}
