package typesystem

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/lookup"
)

// definition checks one type (sections 3.5 to 3.10).
func (b *builder) definition(d *ast.Definition) error {
	if !d.BuiltIn {
		if err := checkName(d.Position, d.Name); err != nil {
			return err
		}
	}
	if err := notEmpty(d); err != nil {
		return err
	}
	for _, check := range []func(*ast.Definition) error{b.fields, b.unionMembers, b.values, b.implements} {
		if err := check(d); err != nil {
			return err
		}
	}
	// What is applied to the type may have come from an extension, where a directive may be applied once more.
	return b.applied(d.Directives, ast.DirectiveLocation(d.Kind), nil, false)
}

// notEmpty refuses types without what makes them up.
func notEmpty(d *ast.Definition) error {
	what, n := "", 0
	switch d.Kind {
	case ast.Object, ast.Interface, ast.InputObject:
		what, n = "fields", len(d.Fields)
	case ast.Enum:
		what, n = "values", len(d.EnumValues)
	case ast.Union:
		what, n = "members", len(d.Types)
	}
	if what != "" && n == 0 {
		return fail(d.Position, "the type %s has no %s", d.Name, what)
	}
	return nil
}

// fields checks the fields of an object type, an interface or an input type.
func (b *builder) fields(d *ast.Definition) error {
	at := ast.LocationFieldDefinition
	if d.Kind == ast.InputObject {
		at = ast.LocationInputFieldDefinition
	}
	for _, f := range d.Fields {
		if err := checkName(f.Position, f.Name); err != nil {
			return err
		}
		of := b.schema.Types[f.Type.Name()]
		switch {
		case of == nil:
			return fail(f.Type.Position, "the field %s.%s has the type %s, which is not defined", d.Name, f.Name, f.Type)
		case d.Kind == ast.InputObject && !of.IsInputType():
			return fail(f.Position, "the input field %s.%s has the type %s, which is no input type", d.Name, f.Name, f.Type)
		case d.Kind != ast.InputObject && of.Kind == ast.InputObject:
			return fail(f.Position, "the field %s.%s has the type %s, which is an input type", d.Name, f.Name, f.Type)
		}
		if err := distinctKeys(f.DefaultValue); err != nil {
			return err
		}
		if len(f.Arguments) > 0 {
			if err := b.arguments(d.Name+"."+f.Name, f.Arguments, nil); err != nil {
				return err
			}
		}
		if err := b.applied(f.Directives, at, nil, true); err != nil {
			return err
		}
	}
	table := lookup.Fields(d.Fields)
	if f, twice := table.Repeated(); twice {
		return fail(f.Position, "the field %s.%s is defined more than once", d.Name, f.Name)
	}
	return nil
}

// unionMembers checks the members of a union (section 3.8).
func (b *builder) unionMembers(d *ast.Definition) error {
	for _, name := range d.Types {
		switch of := b.schema.Types[name]; {
		case of == nil:
			return fail(d.Position, "the union %s has the member %s, which is not defined", d.Name, name)
		case of.Kind != ast.Object:
			return fail(d.Position, "the union %s has the member %s, which is no object type", d.Name, name)
		}
	}
	table := lookup.Names(d.Types)
	if name, twice := table.Repeated(); twice {
		return fail(d.Position, "the union %s has the member %s more than once", d.Name, name)
	}
	return nil
}

// values checks the values of an enum (section 3.9).
func (b *builder) values(d *ast.Definition) error {
	for _, v := range d.EnumValues {
		if err := checkName(v.Position, v.Name); err != nil {
			return err
		}
		switch v.Name {
		case "true", "false", "null":
			return fail(v.Position, "the enum %s cannot have the value %s", d.Name, v.Name)
		}
		if err := b.applied(v.Directives, ast.LocationEnumValue, nil, true); err != nil {
			return err
		}
	}
	table := lookup.Values(d.EnumValues)
	if v, twice := table.Repeated(); twice {
		return fail(v.Position, "the value %s.%s is defined more than once", d.Name, v.Name)
	}
	return nil
}

// arguments checks the arguments of a field, or of the directive that defines them.
func (b *builder) arguments(of string, list ast.ArgumentDefinitionList, directive *ast.DirectiveDefinition) error {
	for _, a := range list {
		if err := checkName(a.Position, a.Name); err != nil {
			return err
		}
		switch d := b.schema.Types[a.Type.Name()]; {
		case d == nil:
			return fail(a.Type.Position, "the argument %s(%s:) has the type %s, which is not defined", of, a.Name, a.Type)
		case !d.IsInputType():
			return fail(a.Position, "the argument %s(%s:) has the type %s, which is no input type", of, a.Name, a.Type)
		}
		if err := distinctKeys(a.DefaultValue); err != nil {
			return err
		}
		if err := b.applied(a.Directives, ast.LocationArgumentDefinition, directive, true); err != nil {
			return err
		}
	}
	table := lookup.Arguments(list)
	if a, twice := table.Repeated(); twice {
		return fail(a.Position, "the argument %s(%s:) is defined more than once", of, a.Name)
	}
	return nil
}

// distinctKeys refuses values that give a field of an input object twice (section 5.6.3).
func distinctKeys(v *ast.Value) error {
	if v == nil {
		return nil
	}
	if v.Kind == ast.ObjectValue {
		table := lookup.Of(v.Children, func(c *ast.ChildValue) string { return c.Name })
		if c, twice := table.Repeated(); twice {
			return fail(c.Position, "the value gives the field %s more than once", c.Name)
		}
	}
	for _, c := range v.Children {
		if err := distinctKeys(c.Value); err != nil {
			return err
		}
	}
	return nil
}

// inputCycles refuses input types that need a value of themselves (section 3.10, Circular References).
func (b *builder) inputCycles(sorted []*ast.Definition) error {
	const (
		open = 1 + iota
		done
	)
	state := map[string]int{}
	var path []string
	var visit func(d *ast.Definition) error
	visit = func(d *ast.Definition) error {
		state[d.Name] = open
		for _, f := range d.Fields {
			next := b.schema.Types[f.Type.NamedType] // none for lists
			if !f.Type.NonNull || next == nil || next.Kind != ast.InputObject || state[next.Name] == done {
				continue
			}
			path = append(path, d.Name+"."+f.Name)
			if state[next.Name] == open {
				return fail(f.Position, "the input type %s needs a value of itself, by way of %s", next.Name, strings.Join(path, ", "))
			}
			if err := visit(next); err != nil {
				return err
			}
			path = path[:len(path)-1]
		}
		state[d.Name] = done
		return nil
	}
	for _, d := range sorted {
		if d.Kind == ast.InputObject && state[d.Name] == 0 {
			if err := visit(d); err != nil {
				return err
			}
		}
	}
	return nil
}
