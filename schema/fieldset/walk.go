package fieldset

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Schema is what a field set is read against.
type Schema interface {
	// Definition finds a type by name, or answers nil.
	Definition(name string) *ast.Definition
	// Field finds a field of one of its types, or answers nil.
	Field(parent *ast.Definition, name string) *ast.FieldDefinition
}

// MaxDepth bounds how deep the selections of a field set may nest.
const MaxDepth = 100

// Visit is called for each field that a field set selects, before the selections below it.
// parent is the type whose field it is.
type Visit func(parent *ast.Definition, definition *ast.FieldDefinition, field *ast.Field)

// typename is the field that every composite type has.
var typename = &ast.FieldDefinition{Name: "__typename", Type: ast.NonNullNamedType("String", nil)}

// Walk calls visit for each field of a field set on the type parent (and not for __typename). It answers what is
// wrong with the field set: fields and types that do not exist, selections that are missing or too many.
// visit may be nil. A type condition that no object can meet is not wrong: it selects nothing.
func Walk(schema Schema, parent *ast.Definition, set ast.SelectionSet, visit Visit) error {
	return walk(schema, parent, set, visit, 0)
}

func walk(schema Schema, parent *ast.Definition, set ast.SelectionSet, visit Visit, depth int) error {
	if depth > MaxDepth {
		return fmt.Errorf("the selections nest deeper than %d levels", MaxDepth)
	}
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			if err := walkField(schema, parent, sel, visit, depth); err != nil {
				return err
			}
		case *ast.InlineFragment:
			condition := parent
			if sel.TypeCondition != "" {
				condition = schema.Definition(sel.TypeCondition)
				switch {
				case condition == nil:
					return fmt.Errorf("there is no type %q for \"... on %s\"", sel.TypeCondition, sel.TypeCondition)
				case !condition.IsCompositeType():
					return fmt.Errorf("\"... on %s\" needs an object, interface or union type", sel.TypeCondition)
				}
			}
			if err := walk(schema, condition, sel.SelectionSet, visit, depth+1); err != nil {
				return err
			}
		default:
			return fmt.Errorf("named fragments cannot be used")
		}
	}
	return nil
}

func walkField(schema Schema, parent *ast.Definition, field *ast.Field, visit Visit, depth int) error {
	definition := schema.Field(parent, field.Name)
	if field.Name == "__typename" && parent.IsCompositeType() {
		definition = typename
	}
	if definition == nil || parent.Kind == ast.Union && definition != typename {
		return fmt.Errorf("there is no field %q in type %q", field.Name, parent.Name)
	}
	if field.Alias != "" && field.Alias != field.Name {
		return fmt.Errorf("the field %q has the alias %q, and aliases cannot be used", field.Name, field.Alias)
	}
	if visit != nil && definition != typename {
		visit(parent, definition, field)
	}
	for _, a := range field.Arguments {
		if definition.Arguments.ForName(a.Name) == nil {
			return fmt.Errorf("the field \"%s.%s\" has no argument %q", parent.Name, field.Name, a.Name)
		}
	}
	for _, a := range definition.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil && field.Arguments.ForName(a.Name) == nil {
			return fmt.Errorf("the field \"%s.%s\" needs the argument %q", parent.Name, field.Name, a.Name)
		}
	}
	inner := definition.Type
	for inner.Elem != nil {
		inner = inner.Elem
	}
	t := schema.Definition(inner.NamedType)
	composite := t != nil && t.IsCompositeType()
	switch {
	case composite && len(field.SelectionSet) == 0:
		return fmt.Errorf("the field \"%s.%s\" returns %q and needs a selection of its fields", parent.Name, field.Name, inner.NamedType)
	case !composite && len(field.SelectionSet) > 0:
		return fmt.Errorf("the field \"%s.%s\" returns %q, which has no fields to select", parent.Name, field.Name, inner.NamedType)
	case composite:
		return walk(schema, t, field.SelectionSet, visit, depth+1)
	}
	return nil
}

// Directives lists the names of the directives that a field set applies, in order and once each.
func Directives(set ast.SelectionSet) []string {
	var found []string
	add := func(ds ast.DirectiveList) {
		for _, d := range ds {
			if !slices.Contains(found, d.Name) {
				found = append(found, d.Name)
			}
		}
	}
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			add(sel.Directives)
			for _, n := range Directives(sel.SelectionSet) {
				if !slices.Contains(found, n) {
					found = append(found, n)
				}
			}
		case *ast.InlineFragment:
			add(sel.Directives)
			for _, n := range Directives(sel.SelectionSet) {
				if !slices.Contains(found, n) {
					found = append(found, n)
				}
			}
		}
	}
	return found
}
