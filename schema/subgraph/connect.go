package subgraph

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// connect makes the elements of the connect specification the schema's, and holds those that it defines itself
// against the specification.
func (e *expander) connect(l *link.Link) {
	s := e.schema
	e.namesake(l)
	if !link.KnownConnect(l.Version) {
		return
	}
	definitions := link.ConnectDefinitions(l)
	for _, want := range definitions.Definitions {
		s.owned[want.Name] = true
		own := s.types[want.Name]
		switch {
		case own == nil:
			s.add(&Type{Definition: want, Defined: true})
		case own.Kind != want.Kind:
			e.fail(diagnostic.TypeDefinitionInvalid, own.Name, own.Position, "the type %q belongs to %s and is %s there, not %s", own.Name, l.URL, kindName(want.Kind), kindName(own.Kind))
		case want.Kind == ast.InputObject:
			e.checkInput(own, want, l)
		}
	}
	for _, d := range definitions.Directives {
		e.define(d)
	}
}

// checkInput holds a schema's own definition of a specification's input type against the specification's. As with
// directives, optional fields may be left out or asked for, and none may be added.
func (e *expander) checkInput(own *Type, want *ast.Definition, l *link.Link) {
	fail := func(at *ast.Position, format string, args ...any) {
		e.fail(diagnostic.TypeDefinitionInvalid, own.Name, at, "the definition of %q "+format, append([]any{own.Name}, args...)...)
	}
	for _, f := range want.Fields {
		mine := own.Field(f.Name)
		switch {
		case mine == nil && f.Type.NonNull:
			fail(own.Position, "lacks the field %q of type %q, which %s asks for", f.Name, f.Type, l.URL)
		case mine == nil:
		case !sameOrStricter(mine.Type, f.Type):
			fail(mine.Position, "gives the field %q the type %q, and %s says %q", f.Name, mine.Type, l.URL, f.Type)
		case mine.DefaultValue != nil:
			fail(mine.Position, "gives the field %q the default value %s, and %s gives it none", f.Name, mine.DefaultValue, l.URL)
		}
	}
	for _, f := range own.Fields {
		if want.Fields.ForName(f.Name) == nil {
			fail(f.Position, "has the field %q, which %s does not have", f.Name, l.URL)
		}
	}
}

// sameOrStricter reports whether a type is another one, or that one made non-null.
func sameOrStricter(own, want *ast.Type) bool {
	if own.NonNull && !want.NonNull {
		nullable := *own
		nullable.NonNull = false
		own = &nullable
	}
	return own.String() == want.String()
}
