package subgraph

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// checkDefinition holds a schema's own definition of a specification's directive against the specification's.
// A schema may leave out optional arguments and locations that it does not use, and may not add any.
func (e *expander) checkDefinition(own, want *ast.DirectiveDefinition) {
	fail := func(format string, args ...any) {
		e.fail(diagnostic.DirectiveDefinitionInvalid, "@"+own.Name, own.Position, "the definition of \"@%s\" "+format, append([]any{own.Name}, args...)...)
	}
	for _, a := range want.Arguments {
		mine := own.Arguments.ForName(a.Name)
		switch {
		case mine == nil && a.Type.NonNull && a.DefaultValue == nil:
			fail("lacks the argument %q of type %s", a.Name, a.Type)
		case mine == nil:
		case !e.sameArgument(mine, a):
			fail("gives the argument %q the type %s, and its specification says %s", a.Name, mine.Type, a.Type)
		}
	}
	for _, a := range own.Arguments {
		if want.Arguments.ForName(a.Name) == nil {
			fail("has the argument %q, which its specification does not have", a.Name)
		}
	}
	if own.IsRepeatable && !want.IsRepeatable {
		fail("is repeatable, and its specification says it is not")
	}
	for _, l := range own.Locations {
		if !containsLocation(want.Locations, l) {
			fail("has the location %s, which its specification does not have", l)
		}
	}
}

// sameArgument tells whether an argument's type may stand for that of the specification. Field sets have had
// several names over the versions, and servers print them as strings too.
func (e *expander) sameArgument(own, want *ast.ArgumentDefinition) bool {
	a, b := own.Type, want.Type
	for a.Elem != nil && b.Elem != nil {
		if a.NonNull && !b.NonNull {
			return false
		}
		a, b = a.Elem, b.Elem
	}
	if (a.Elem == nil) != (b.Elem == nil) || a.NonNull && !b.NonNull {
		return false
	}
	if a.NamedType == b.NamedType {
		return true
	}
	if IsBuiltinScalar(b.NamedType) {
		return false
	}
	switch a.NamedType {
	case "String", "_FieldSet", "FieldSet", "federation__FieldSet":
		return true
	}
	return false
}

func containsLocation(all []ast.DirectiveLocation, l ast.DirectiveLocation) bool {
	for _, o := range all {
		if o == l {
			return true
		}
	}
	return false
}
