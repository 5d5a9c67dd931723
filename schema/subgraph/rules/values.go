package rules

import (
	"fmt"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// defaults refuses default values that do not fit the type they stand for.
func defaults(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	check := func(coordinate string, t *ast.Type, v *ast.Value, at *ast.Position) {
		if v == nil {
			return
		}
		if why := fits(s, v, t, 0); why != "" {
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "the default value of %q must be of the type %q: %s", coordinate, t, why)
		}
	}
	for _, t := range s.Types {
		for _, f := range t.Fields {
			check(t.Name+"."+f.Name, f.Type, f.DefaultValue, f.Position)
			for _, a := range f.Arguments {
				check(t.Name+"."+f.Name+"("+a.Name+":)", a.Type, a.DefaultValue, a.Position)
			}
		}
	}
	for _, d := range s.Directives {
		for _, a := range d.Arguments {
			check("@"+d.Name+"("+a.Name+":)", a.Type, a.DefaultValue, a.Position)
		}
	}
	return r.found
}

// maxValueDepth bounds how deep a literal is looked into. The parser accepts no deeper ones.
const maxValueDepth = 1000

// fits tells why a literal is no value of a type (specification, section 3.5 onwards, Input Coercion);
// it answers "" when it is one.
func fits(s *subgraph.Schema, v *ast.Value, t *ast.Type, depth int) string {
	switch {
	case depth > maxValueDepth:
		return "the value nests too deep"
	case v == nil || v.Kind == ast.NullValue:
		if t.NonNull {
			return "null is not allowed"
		}
		return ""
	case v.Kind == ast.Variable:
		return fmt.Sprintf("the variable $%s cannot stand in a schema", v.Raw)
	case t.Elem != nil:
		if v.Kind != ast.ListValue {
			return fits(s, v, t.Elem, depth+1)
		}
		for _, c := range v.Children {
			if why := fits(s, c.Value, t.Elem, depth+1); why != "" {
				return why
			}
		}
		return ""
	}
	if subgraph.IsBuiltinScalar(t.NamedType) {
		return fitsBuiltin(v, t.NamedType)
	}
	d := s.Type(t.NamedType)
	if d == nil {
		return ""
	}
	switch d.Kind {
	case ast.Enum:
		// A string is taken for the value of that name: composition has always let that pass.
		if v.Kind != ast.EnumValue && v.Kind != ast.StringValue || d.EnumValues.ForName(v.Raw) == nil {
			return fmt.Sprintf("%s is no value of the enum %q", v, d.Name)
		}
	case ast.InputObject:
		return fitsInput(s, v, d, depth)
	}
	return ""
}

func fitsBuiltin(v *ast.Value, name string) string {
	str := v.Kind == ast.StringValue || v.Kind == ast.BlockValue
	ok := false
	switch name {
	case "Int":
		ok = (v.Kind == ast.IntValue || v.Kind == ast.FloatValue) && isInt32(v.Raw)
	case "Float":
		ok = v.Kind == ast.IntValue || v.Kind == ast.FloatValue
	case "String":
		ok = str
	case "Boolean":
		ok = v.Kind == ast.BooleanValue
	case "ID":
		ok = str || v.Kind == ast.IntValue
	}
	if !ok {
		return fmt.Sprintf("%s is no %s", v, name)
	}
	return ""
}

// isInt32 reports whether a number is an integer of 32 bits, also where it is written as a float such as 1.0.
func isInt32(raw string) bool {
	f, err := strconv.ParseFloat(raw, 64)
	return err == nil && f == float64(int32(f))
}

func fitsInput(s *subgraph.Schema, v *ast.Value, d *subgraph.Type, depth int) string {
	if v.Kind != ast.ObjectValue {
		return fmt.Sprintf("%s is no object of the input type %q", v, d.Name)
	}
	// A required field that is missing is not looked for: it may be hidden, or come with another subgraph's version.
	seen := map[string]bool{}
	for _, c := range v.Children {
		f := d.Field(c.Name)
		if seen[c.Name] {
			return fmt.Sprintf("the field %q is given more than once", c.Name)
		}
		seen[c.Name] = true
		if f == nil {
			return fmt.Sprintf("the input type %q has no field %q", d.Name, c.Name)
		}
		if why := fits(s, c.Value, f.Type, depth+1); why != "" {
			return fmt.Sprintf("field %q: %s", c.Name, why)
		}
	}
	return ""
}
