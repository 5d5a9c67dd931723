package typesystem

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/lookup"
)

// implements holds a type against the interfaces that it implements (section 3.6.1, IsValidImplementation).
func (b *builder) implements(d *ast.Definition) error {
	if len(d.Interfaces) == 0 {
		return nil
	}
	names := lookup.Names(d.Interfaces)
	if name, twice := names.Repeated(); twice {
		return fail(d.Position, "the type %s says more than once that it implements %s", d.Name, name)
	}
	fields := lookup.Fields(d.Fields)
	for _, name := range d.Interfaces {
		face := b.schema.Types[name]
		switch {
		case face == nil:
			return fail(d.Position, "the type %s implements %s, which is not defined", d.Name, name)
		case face.Kind != ast.Interface:
			return fail(d.Position, "the type %s implements %s, which is no interface", d.Name, name)
		case name == d.Name:
			return fail(d.Position, "the interface %s implements itself", name)
		}
		for _, above := range face.Interfaces {
			switch {
			case names.Has(above):
			case above == d.Name:
				return fail(d.Position, "the interface %s implements itself, by way of %s", d.Name, name)
			default:
				return fail(d.Position, "the type %s must say that it implements %s, as %s does", d.Name, above, name)
			}
		}
		for _, f := range face.Fields {
			if err := b.implementation(d, fields.Find(f.Name), face, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// implementation holds a type's field, nil when it has none, against that of an interface.
func (b *builder) implementation(d *ast.Definition, own *ast.FieldDefinition, face *ast.Definition, f *ast.FieldDefinition) error {
	if own == nil {
		return fail(d.Position, "the type %s lacks the field %s of the interface %s", d.Name, f.Name, face.Name)
	}
	if !b.covariant(own.Type, f.Type) {
		return fail(own.Position, "the field %s.%s has the type %s, which does not fit %s of %s.%s", d.Name, own.Name, own.Type, f.Type, face.Name, f.Name)
	}
	if len(own.Arguments) == 0 && len(f.Arguments) == 0 {
		return nil
	}
	mine, wanted := lookup.Arguments(own.Arguments), lookup.Arguments(f.Arguments)
	for _, a := range f.Arguments {
		switch o := mine.Find(a.Name); {
		case o == nil:
			return fail(own.Position, "the field %s.%s lacks the argument %s of %s.%s", d.Name, own.Name, a.Name, face.Name, f.Name)
		case !a.Type.IsCompatible(o.Type):
			return fail(o.Position, "the argument %s.%s(%s:) has the type %s, but that of %s has %s", d.Name, own.Name, a.Name, o.Type, face.Name, a.Type)
		}
	}
	for _, a := range own.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil && !wanted.Has(a.Name) {
			return fail(a.Position, "the argument %s.%s(%s:) is required, but %s.%s does not have it", d.Name, own.Name, a.Name, face.Name, f.Name)
		}
	}
	return nil
}

// covariant reports whether a field of type narrow may stand for one of type wide (IsValidImplementationFieldType).
func (b *builder) covariant(narrow, wide *ast.Type) bool {
	for {
		if wide.NonNull && !narrow.NonNull || (wide.Elem == nil) != (narrow.Elem == nil) {
			return false
		}
		if wide.Elem == nil {
			return narrow.NamedType == wide.NamedType || b.possible(narrow.NamedType, wide.NamedType)
		}
		narrow, wide = narrow.Elem, wide.Elem
	}
}

// possible reports whether an abstract type stands for a type.
func (b *builder) possible(name, abstract string) bool {
	d, a := b.schema.Types[name], b.schema.Types[abstract]
	switch {
	case d == nil || a == nil:
		return false
	case a.Kind == ast.Interface:
		return slices.Contains(d.Interfaces, abstract)
	case a.Kind != ast.Union:
		return false
	}
	members, known := b.members[abstract]
	if !known {
		members = lookup.Names(a.Types)
		members.Has(name) // makes the table, so that its copies share it
		if b.members == nil {
			b.members = map[string]lookup.Table[string]{}
		}
		b.members[abstract] = members
	}
	return members.Has(name)
}
