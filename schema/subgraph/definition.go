package subgraph

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// checkDefinition holds a schema's own definition of a specification's directive against the specification's.
// A schema may leave out optional arguments and locations that it does not use, and may not add any.
func (e *expander) checkDefinition(own, want *ast.DirectiveDefinition, report report) {
	fail := func(at *ast.Position, format string, args ...any) {
		report(diagnostic.DirectiveDefinitionInvalid, "@"+own.Name, at, "the definition of \"@%s\" "+format+": leave the definition out, and the specification's is taken", append([]any{own.Name}, args...)...)
	}
	for _, a := range want.Arguments {
		mine := own.Arguments.ForName(a.Name)
		switch {
		case mine == nil && a.Type.NonNull && a.DefaultValue == nil:
			fail(own.Position, "lacks the argument %q of type %q", a.Name, a.Type)
		case mine == nil:
		case !e.standsFor(mine.Type, a.Type):
			fail(mine.Position, "gives the argument %q the type %q, and its specification says %q", a.Name, mine.Type, a.Type)
		case !mine.Type.NonNull && !sameDefault(mine.DefaultValue, a.DefaultValue):
			fail(mine.Position, "gives the argument %q %s, and its specification %s", a.Name, defaultText(mine.DefaultValue), defaultText(a.DefaultValue))
		}
	}
	for _, a := range own.Arguments {
		if want.Arguments.ForName(a.Name) == nil {
			fail(a.Position, "has the argument %q, which its specification does not have", a.Name)
		}
	}
	if own.IsRepeatable && !want.IsRepeatable {
		fail(own.Position, "is repeatable, and its specification says it is not")
	}
	for _, l := range own.Locations {
		if !containsLocation(want.Locations, l) {
			fail(own.Position, "has the location %s, which its specification does not have", l)
		}
	}
}

// report takes an error that is found in an expander's schema.
type report func(code diagnostic.Code, coordinate string, at *ast.Position, format string, args ...any)

// misdefined records that the schema defines something of a specification otherwise than that does. It is an error like
// those of the rules, and reported with them.
func (e *expander) misdefined(code diagnostic.Code, coordinate string, at *ast.Position, format string, args ...any) {
	e.schema.misdefined = append(e.schema.misdefined, e.schema.Errorf(code, coordinate, at, format, args...))
}

// standsFor reports whether an argument's type may stand for the one that the specification gives it. It may be
// non-null where that is not; and as a specification's scalars take any value, whatever is no other custom scalar may
// stand for one, such as a string for a field set.
func (e *expander) standsFor(own, want *ast.Type) bool {
	if own.NonNull && !want.NonNull {
		nullable := *own
		nullable.NonNull = false
		own = &nullable
	}
	for own.Elem != nil && want.Elem != nil {
		if own.NonNull != want.NonNull {
			return false
		}
		own, want = own.Elem, want.Elem
	}
	if own.Elem != nil || want.Elem != nil || own.NonNull != want.NonNull {
		return false
	}
	if own.NamedType == want.NamedType {
		return true
	}
	return e.customScalar(want.NamedType) && !e.customScalar(own.NamedType)
}

// customScalar reports whether a type is a scalar that GraphQL does not itself define.
func (e *expander) customScalar(name string) bool {
	if IsBuiltinScalar(name) {
		return false
	}
	t := e.schema.types[name]
	return t == nil || t.Kind == ast.Scalar
}

// sameDefault compares default values of a specification's arguments, which are booleans or nothing.
func sameDefault(own, want *ast.Value) bool {
	if own == nil || want == nil {
		return own == want
	}
	return own.Kind == want.Kind && own.Raw == want.Raw
}

func defaultText(v *ast.Value) string {
	if v == nil {
		return "no default value"
	}
	return "the default value " + v.String()
}

// wrongOfOld reports whether a definition of @key, @requires or @provides in a Federation 1 schema is one of those that
// servers used to print and that were never held against anything: it is replaced by the right one.
func wrongOfOld(own *ast.DirectiveDefinition) bool {
	if len(own.Arguments) == 0 {
		return true
	}
	fields := own.Arguments.ForName("fields")
	if fields == nil || len(own.Arguments) > 1 {
		return false
	}
	switch fields.Type.String() {
	case "String", "_FieldSet", "FieldSet":
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
