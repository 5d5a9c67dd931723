package rules

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// cost refuses @cost on fields of interfaces: the types that implement them say what a field costs.
func cost(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	eachField(s, func(t *subgraph.Type, f *ast.FieldDefinition) {
		if d := s.First(f.Directives, link.Cost); d != nil && t.Kind == ast.Interface {
			coordinate := t.Name + "." + f.Name
			r.add(diagnostic.CostAppliedToInterfaceField, coordinate, d.Position, "the field %q belongs to an interface and cannot have @cost: apply it in the types that implement %q", coordinate, t.Name)
		}
	})
	return r.found
}

// listSize holds the arguments of @listSize against the field that has it.
func listSize(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	eachField(s, func(t *subgraph.Type, f *ast.FieldDefinition) {
		d := s.First(f.Directives, link.ListSize)
		if d == nil {
			return
		}
		coordinate := t.Name + "." + f.Name
		sized := listOf(d, "sizedFields")
		if f.Type.Elem == nil && len(sized) == 0 {
			r.add(diagnostic.ListSizeAppliedToNonList, coordinate, d.Position, "the field %q has @listSize, but returns no list: name the lists of what it returns in sizedFields", coordinate)
		}
		if a := d.Arguments.ForName("assumedSize"); a != nil && a.Value != nil && strings.HasPrefix(a.Value.Raw, "-") {
			r.add(diagnostic.ListSizeInvalidAssumedSize, coordinate, d.Position, "the assumedSize of @listSize on %q is %s, and cannot be negative", coordinate, a.Value.Raw)
		}
		for _, name := range listOf(d, "slicingArguments") {
			a := f.Arguments.ForName(name)
			switch {
			case a == nil:
				r.add(diagnostic.ListSizeInvalidSlicingArgument, coordinate, d.Position, "the slicing argument %q of @listSize is no argument of %q: name an argument that says how many items are asked for", name, coordinate)
			case a.Type.Elem != nil || a.Type.NamedType != "Int":
				r.add(diagnostic.ListSizeInvalidSlicingArgument, coordinate, d.Position, "the slicing argument \"%s(%s:)\" of @listSize must be of the type \"Int\", and is of %q", coordinate, name, a.Type)
			}
		}
		r.sizedFields(coordinate, f, d, sized)
	})
	return r.found
}

func (r *report) sizedFields(coordinate string, f *ast.FieldDefinition, d *ast.Directive, sized []string) {
	if len(sized) == 0 {
		return
	}
	returned := r.schema.Type(subgraph.NamedType(f.Type))
	if f.Type.Elem != nil || returned == nil || returned.Kind != ast.Object && returned.Kind != ast.Interface {
		r.add(diagnostic.ListSizeInvalidSizedField, coordinate, d.Position, "@listSize on %q has sizedFields, but the field returns %q, which has no fields", coordinate, f.Type)
		return
	}
	for _, name := range sized {
		field := returned.Field(name)
		switch {
		case field == nil:
			r.add(diagnostic.ListSizeInvalidSizedField, coordinate, d.Position, "the sized field %q of @listSize on %q is no field of %q: name a field that returns a list", name, coordinate, returned.Name)
		case field.Type.Elem == nil:
			r.add(diagnostic.ListSizeAppliedToNonList, coordinate, d.Position, "the sized field \"%s.%s\" of @listSize on %q returns no list", returned.Name, name, coordinate)
		}
	}
}

// listOf gives the items of an argument that is a list of strings.
func listOf(d *ast.Directive, argument string) []string {
	a := d.Arguments.ForName(argument)
	if a == nil || a.Value == nil {
		return nil
	}
	if a.Value.Kind == ast.StringValue {
		return []string{a.Value.Raw}
	}
	var found []string
	for _, c := range a.Value.Children {
		found = append(found, c.Value.Raw)
	}
	return found
}
