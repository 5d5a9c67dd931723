package operation

import (
	"fmt"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/jsonstring"
)

// appendLiteral writes a constant GraphQL value as JSON, coerced to its type: single values wrapped in lists, defaults of
// input fields filled in, enum values and integer IDs as strings.
func appendLiteral(dst []byte, v *ast.Value, t *inputType) ([]byte, error) {
	if len(dst) > maxDefault {
		return nil, fmt.Errorf("longer than %d bytes with the defaults inside it", maxDefault)
	}
	switch {
	case v.Kind == ast.Variable:
		return nil, fmt.Errorf("a constant cannot contain variable $%s", clip(v.Raw))
	case v.Kind == ast.NullValue:
		if t.nonNull {
			return nil, fmt.Errorf("expected a value of type %q, found null", t.text)
		}
		return append(dst, "null"...), nil
	case t.elem != nil:
		return appendList(dst, v, t)
	case t.named.kind == objectInput:
		return appendObject(dst, v, t)
	case t.named.kind == anyInput:
		return appendUntyped(dst, v)
	}
	fits := false
	switch t.named.kind {
	case intInput:
		_, err := strconv.ParseInt(v.Raw, 10, 32)
		fits = v.Kind == ast.IntValue && err == nil
	case floatInput:
		_, err := strconv.ParseFloat(v.Raw, 64)
		fits = (v.Kind == ast.IntValue || v.Kind == ast.FloatValue) && err == nil
	case stringInput:
		fits = v.Kind == ast.StringValue || v.Kind == ast.BlockValue
	case booleanInput:
		fits = v.Kind == ast.BooleanValue
	case idInput:
		fits = v.Kind == ast.StringValue || v.Kind == ast.BlockValue || v.Kind == ast.IntValue
		if fits {
			return jsonstring.Append(dst, v.Raw), nil
		}
	case enumInput:
		if v.Kind == ast.EnumValue {
			_, fits = t.named.values[v.Raw]
		}
	}
	if !fits {
		return nil, fmt.Errorf("expected a value of type %q, found %s", t.text, describeLiteral(v))
	}
	return appendUntyped(dst, v)
}

func appendList(dst []byte, v *ast.Value, t *inputType) ([]byte, error) {
	var err error
	dst = append(dst, '[')
	if v.Kind != ast.ListValue {
		if dst, err = appendLiteral(dst, v, t.elem); err != nil {
			return nil, err
		}
		return append(dst, ']'), nil
	}
	for i, child := range v.Children {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendLiteral(dst, child.Value, t.elem); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

func appendObject(dst []byte, v *ast.Value, t *inputType) ([]byte, error) {
	if v.Kind != ast.ObjectValue {
		return nil, fmt.Errorf("expected a value of type %q, found %s", t.text, describeLiteral(v))
	}
	n := t.named
	if n.oneOf && (len(v.Children) != 1 || v.Children[0].Value.Kind == ast.NullValue) {
		return nil, fmt.Errorf("exactly one field of %q must be given, and not null", n.name)
	}
	given := make(map[string]*ast.Value, len(v.Children))
	for _, child := range v.Children {
		if _, ok := n.index[child.Name]; !ok {
			return nil, fmt.Errorf("field %q is not defined by type %q", clip(child.Name), n.name)
		}
		given[child.Name] = child.Value
	}
	dst = append(dst, '{')
	empty := true
	for _, f := range n.fields {
		value, ok := given[f.def.Name]
		if !ok && f.def.DefaultValue == nil {
			if f.required() {
				return nil, fmt.Errorf("field %q of required type %q is missing", n.name+"."+f.def.Name, f.typ.text)
			}
			continue
		}
		if !ok {
			if err := f.render(); err != nil {
				return nil, fmt.Errorf("default value of input field %s.%s: %w", n.name, f.def.Name, err)
			}
			if f.value == nil {
				continue // a fault, told elsewhere
			}
		}
		if !empty {
			dst = append(dst, ',')
		}
		empty = false
		dst = append(jsonstring.Append(dst, f.def.Name), ':')
		if !ok {
			if dst = append(dst, f.value...); len(dst) > maxDefault {
				return nil, fmt.Errorf("longer than %d bytes with the defaults inside it", maxDefault)
			}
			continue
		}
		var err error
		if dst, err = appendLiteral(dst, value, f.typ); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

// appendUntyped writes a value as it is, enum values as strings.
func appendUntyped(dst []byte, v *ast.Value) ([]byte, error) {
	if len(dst) > maxDefault {
		return nil, fmt.Errorf("longer than %d bytes", maxDefault)
	}
	var err error
	switch v.Kind {
	case ast.Variable:
		return nil, fmt.Errorf("a constant cannot contain variable $%s", clip(v.Raw))
	case ast.StringValue, ast.BlockValue, ast.EnumValue:
		return jsonstring.Append(dst, v.Raw), nil
	case ast.NullValue:
		return append(dst, "null"...), nil
	case ast.ListValue:
		dst = append(dst, '[')
		for i, child := range v.Children {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = appendUntyped(dst, child.Value); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	case ast.ObjectValue:
		dst = append(dst, '{')
		for i, child := range v.Children {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(jsonstring.Append(dst, child.Name), ':')
			if dst, err = appendUntyped(dst, child.Value); err != nil {
				return nil, err
			}
		}
		return append(dst, '}'), nil
	}
	return append(dst, v.Raw...), nil
}
