package operation

import (
	"bytes"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// VariableProgram checks the variables of one operation (specification section 6.1.2). It is compiled with the operation,
// immutable, and shared by all its requests.
type VariableProgram struct {
	variables []variable
	index     map[string]int
}

type variable struct {
	name  string
	typ   *inputType
	value []byte // the default as JSON, nil when there is none
	at    *ast.Position
}

// Compile compiles the variable definitions of a validated operation. Errors carry the code GRAPHQL_VALIDATION_FAILED:
// a document that Validate accepted has none, unless the defaults in it are huge.
func (t *InputTypes) Compile(op *ast.OperationDefinition) (*VariableProgram, gqlerror.List) {
	p := &VariableProgram{
		variables: make([]variable, 0, len(op.VariableDefinitions)),
		index:     make(map[string]int, len(op.VariableDefinitions)),
	}
	var errs gqlerror.List
	for _, def := range op.VariableDefinitions {
		v := variable{name: def.Variable, at: def.Position}
		var err error
		if v.typ, err = t.of(def.Type); err == nil && def.DefaultValue != nil {
			v.value, err = appendLiteral(nil, def.DefaultValue, v.typ)
		}
		if err != nil {
			errs = append(errs, newErrorf(CodeValidationFailed, def.Position, "Variable \"$%s\": %s.", clip(def.Variable), err))
			continue
		}
		p.index[v.name] = len(p.variables)
		p.variables = append(p.variables, v)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return p, nil
}

// Len is the number of variables; Name and Index relate their numbers, from 0, to their names. Index is -1 for a name
// that the operation does not define.
func (p *VariableProgram) Len() int { return len(p.variables) }

// Name is the name, without $, of variable i.
func (p *VariableProgram) Name(i int) string { return p.variables[i].name }

// Index is the number of a variable, -1 when there is none of that name.
func (p *VariableProgram) Index(name string) int {
	if i, ok := p.index[name]; ok {
		return i
	}
	return -1
}

// Variables are the coerced variables of one request. The zero value is ready for Coerce, and may be used again for
// another request, of any operation: its memory is kept. It is not for several goroutines while Coerce runs.
type Variables struct {
	program *VariableProgram
	values  [][]byte // by number; nil: not given and without a default
	made    []byte   // holds the values that coercion had to write anew
	coercer coercer
}

// Coerce checks the request's variables, a JSON object or nothing, and makes v hold them. All errors carry the code
// BAD_USER_INPUT and name the place by its path; with errors v holds nothing.
//
// Values are kept as the JSON the client sent, and point into raw, which must not change as long as v is used. They are
// written anew only where coercion changes them: one value given for a list becomes a list, defaults of input fields are
// filled in, integers given as IDs become strings, 1.0 given as Int becomes 1. Members of raw that are no variables of
// the operation are ignored.
func (p *VariableProgram) Coerce(raw []byte, v *Variables) gqlerror.List {
	v.reset(p)
	if raw = trimSpace(raw); len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
		if raw[0] != '{' {
			return v.fail(newError(CodeBadInput, "The variables must be a JSON object."))
		}
		if err := checkJSON(raw); err != nil {
			return v.fail(newErrorf(CodeBadInput, nil, "The variables are not valid JSON: %s.", err))
		}
		if errs := p.members(raw, v); len(errs) > 0 {
			return v.fail(errs...)
		}
	}
	var errs gqlerror.List
	for i := range p.variables {
		def := &p.variables[i]
		if v.values[i] != nil {
			continue
		}
		if def.value != nil {
			v.values[i] = def.value
		} else if def.typ.nonNull {
			errs = append(errs, newErrorf(CodeBadInput, def.at,
				"Variable \"$%s\" of required type %q was not provided.", clip(def.name), def.typ.text))
		}
	}
	if len(errs) > 0 {
		return v.fail(errs...)
	}
	return nil
}

// members coerces the variables that raw, a well-formed JSON object, gives.
func (p *VariableProgram) members(raw []byte, v *Variables) gqlerror.List {
	var errs gqlerror.List
	c := &v.coercer
	c.text = raw
	for pos := skipSpace(raw, 1); raw[pos] != '}'; {
		nameEnd := stringEnd(raw, pos)
		i, ok := p.index[string(stringValue(raw[pos:nameEnd]))]
		pos = skipSpace(raw, nameEnd)
		pos = skipSpace(raw, pos+1) // after the colon
		end := valueEnd(raw, pos)
		if ok {
			value, err := p.member(i, pos, end, v)
			if err != nil {
				if errs = append(errs, err); len(errs) == maxErrors {
					return errs
				}
				value = raw[pos:end]
			}
			v.values[i] = value
		}
		pos = skipSpace(raw, end)
		if raw[pos] == ',' {
			pos = skipSpace(raw, pos+1)
		}
	}
	return errs
}

func (p *VariableProgram) member(i, pos, end int, v *Variables) ([]byte, *gqlerror.Error) {
	def := &p.variables[i]
	if v.values[i] != nil {
		return nil, newErrorf(CodeBadInput, def.at, "Variable \"$%s\" is given twice.", clip(def.name))
	}
	c := &v.coercer
	c.edits = c.edits[:0]
	if _, fault := c.value(pos, def.typ); fault != nil {
		return nil, newErrorf(CodeBadInput, def.at, "$%s: %s.", fault.path(def.name), fault.message)
	}
	if len(c.edits) == 0 {
		return c.text[pos:end:end], nil
	}
	start := len(v.made)
	v.made = c.apply(v.made, pos, end)
	return v.made[start:len(v.made):len(v.made)], nil
}

func (v *Variables) reset(p *VariableProgram) {
	v.program = p
	if cap(v.values) < len(p.variables) {
		v.values = make([][]byte, len(p.variables))
	}
	v.values = v.values[:len(p.variables)]
	clear(v.values)
	v.made = v.made[:0]
	v.coercer.inserted = 0
}

func (v *Variables) fail(errs ...*gqlerror.Error) gqlerror.List {
	clear(v.values)
	return errs
}

// Get returns a variable's value as JSON. It is not present when the request does not give it and it has no default;
// null is a value. A nil *Variables has none.
func (v *Variables) Get(name string) (value []byte, present bool) {
	if v == nil || v.program == nil {
		return nil, false
	}
	i, ok := v.program.index[name]
	if !ok || v.values[i] == nil {
		return nil, false
	}
	return v.values[i], true
}

// At is Get by the variable's number.
func (v *Variables) At(i int) (value []byte, present bool) {
	return v.values[i], v.values[i] != nil
}

// Bool says whether a variable is true. Absent and null are false.
func (v *Variables) Bool(name string) bool {
	value, _ := v.Get(name)
	return len(value) > 0 && value[0] == 't'
}
