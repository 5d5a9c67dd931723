package operation

import (
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// place is where a value stands: the type expected there (nil when unknown), whether the place has a default of its own,
// and the @oneOf input object it is a field of.
type place struct {
	typ        *ast.Type
	hasDefault bool
	oneOf      string
}

// value checks a literal against the type expected (specification section 5.6.1), and notes the variables in it.
func (d *document) value(v *ast.Value, at place) {
	if v == nil {
		return
	}
	v.ExpectedType, v.ExpectedTypeHasDefault = at.typ, at.hasDefault
	if at.typ != nil {
		v.Definition = d.schema.Types[at.typ.Name()]
	}
	if v.Kind == ast.Variable {
		d.at.uses = append(d.at.uses, variableUse{value: v, expected: at.typ, hasDefault: at.hasDefault, oneOf: at.oneOf})
		return
	}
	if at.typ == nil || v.Definition == nil {
		d.untyped(v)
		return
	}
	d.literal(v, at.typ)
}

// untyped walks a value whose type is unknown or a custom scalar: anything fits.
func (d *document) untyped(v *ast.Value) {
	if v.Kind == ast.ObjectValue {
		d.uniqueFields(v)
	}
	for _, child := range v.Children {
		d.value(child.Value, place{})
	}
}

// literal checks a value that is not a variable. Its type is known.
func (d *document) literal(v *ast.Value, typ *ast.Type) {
	if v.Kind == ast.NullValue {
		if typ.NonNull {
			d.report(v.Position, "Expected value of type %q, found null.", typ.String())
		}
		return
	}
	if typ.Elem != nil {
		if v.Kind != ast.ListValue {
			// One value stands for a list of one (section 3.11).
			d.literal(v, typ.Elem)
			return
		}
		for _, child := range v.Children {
			d.value(child.Value, place{typ: typ.Elem})
		}
		return
	}
	switch v.Definition.Kind {
	case ast.Scalar:
		d.scalarLiteral(v, typ)
	case ast.Enum:
		d.enumLiteral(v)
	case ast.InputObject:
		d.objectLiteral(v, typ)
	default:
		d.untyped(v) // an output type, which composition or VariablesAreInputTypes refuses
	}
}

func (d *document) scalarLiteral(v *ast.Value, typ *ast.Type) {
	var fits bool
	switch typ.NamedType {
	case "Int":
		if v.Kind == ast.IntValue {
			if _, err := strconv.ParseInt(v.Raw, 10, 32); err != nil {
				d.report(v.Position, "Int cannot represent %s: it is not a 32-bit integer.", clip(v.Raw))
			}
			return
		}
	case "Float":
		if v.Kind == ast.IntValue || v.Kind == ast.FloatValue {
			if _, err := strconv.ParseFloat(v.Raw, 64); err != nil {
				d.report(v.Position, "Float cannot represent %s: it is out of the range of 64-bit floating point.", clip(v.Raw))
			}
			return
		}
	case "String":
		fits = v.Kind == ast.StringValue || v.Kind == ast.BlockValue
	case "Boolean":
		fits = v.Kind == ast.BooleanValue
	case "ID":
		fits = v.Kind == ast.StringValue || v.Kind == ast.BlockValue || v.Kind == ast.IntValue
	default:
		d.untyped(v)
		return
	}
	if !fits {
		d.wrongKind(v, typ)
		d.untyped(v)
	}
}

func (d *document) wrongKind(v *ast.Value, typ *ast.Type) {
	if !d.full() {
		d.report(v.Position, "Expected value of type %q, found %s.", typ.String(), describeLiteral(v))
	}
}

// describeLiteral shows a literal in a message; lists and objects, which can be long, by their kind only.
func describeLiteral(v *ast.Value) string {
	switch v.Kind {
	case ast.ListValue:
		return "a list"
	case ast.ObjectValue:
		return "an object"
	case ast.StringValue, ast.BlockValue:
		return strconv.Quote(clip(v.Raw))
	}
	return clip(v.Raw)
}

func (d *document) enumLiteral(v *ast.Value) {
	if v.Kind == ast.EnumValue && v.Definition.EnumValues.ForName(v.Raw) != nil {
		return
	}
	if v.Kind == ast.ListValue || v.Kind == ast.ObjectValue {
		d.untyped(v)
	}
	if d.full() {
		return
	}
	suggestion := ""
	switch v.Kind {
	case ast.EnumValue, ast.StringValue, ast.BlockValue, ast.BooleanValue:
		suggestion = d.suggest(v.Raw, func(yield func(string)) {
			for _, value := range v.Definition.EnumValues {
				yield(value.Name)
			}
		})
	}
	if v.Kind == ast.EnumValue {
		d.report(v.Position, "Value %q does not exist in enum %q.%s", clip(v.Raw), v.Definition.Name, suggestion)
		return
	}
	d.report(v.Position, "Enum %q cannot represent non-enum value %s.%s", v.Definition.Name, describeLiteral(v), suggestion)
}

func (d *document) objectLiteral(v *ast.Value, typ *ast.Type) {
	if v.Kind != ast.ObjectValue {
		d.wrongKind(v, typ)
		d.untyped(v)
		return
	}
	d.uniqueFields(v)
	def := v.Definition
	oneOf := isOneOf(def)
	given := make(map[string]struct{}, len(v.Children))
	for _, child := range v.Children {
		given[child.Name] = struct{}{}
		field := d.lookup(def, child.Name)
		if field == nil {
			if !d.full() {
				d.report(child.Position, "Field %q is not defined by type %q.%s", clip(child.Name), def.Name,
					d.suggest(child.Name, func(yield func(string)) {
						for _, f := range def.Fields {
							yield(f.Name)
						}
					}))
			}
			d.value(child.Value, place{})
			continue
		}
		at := place{typ: field.Type, hasDefault: field.DefaultValue != nil}
		if oneOf {
			at.oneOf = def.Name
			if child.Value != nil && child.Value.Kind == ast.NullValue {
				d.report(child.Value.Position, "Field %q must be non-null.", def.Name+"."+field.Name)
				continue
			}
		}
		d.value(child.Value, at)
	}
	if oneOf && len(v.Children) != 1 {
		d.report(v.Position, "OneOf Input Object %q must specify exactly one key; %d are given.", def.Name, len(v.Children))
	}
	for _, field := range def.Fields {
		if !field.Type.NonNull || field.DefaultValue != nil {
			continue
		}
		if _, ok := given[field.Name]; !ok {
			d.report(v.Position, "Field %q of required type %q was not provided.", def.Name+"."+field.Name, field.Type.String())
		}
	}
}

func (d *document) uniqueFields(v *ast.Value) {
	var seen nameSet
	for _, child := range v.Children {
		if seen.add(child.Name) {
			d.report(child.Position, "There can be only one input field named %q.", clip(child.Name))
		}
	}
}
