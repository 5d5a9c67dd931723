package subgraph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Locate finds where the schema defines what a schema coordinate names: "Type", "Type.field", "Type.VALUE",
// "Type.field(argument:)", "@directive" or "@directive(argument:)". It answers nil where the schema does not have it.
func (s *Schema) Locate(coordinate string) *ast.Position {
	element, argument, _ := strings.Cut(coordinate, "(")
	argument = strings.TrimSuffix(argument, ":)")
	if name, ok := strings.CutPrefix(element, "@"); ok {
		if d := s.directives[name]; d != nil {
			return locateArgument(d.Position, d.Arguments, argument)
		}
		return nil
	}
	name, member, _ := strings.Cut(element, ".")
	t := s.types[name]
	if t == nil {
		return nil
	}
	if member == "" {
		return t.Position
	}
	if f := t.Field(member); f != nil {
		return locateArgument(f.Position, f.Arguments, argument)
	}
	if v := t.Value(member); v != nil {
		return v.Position
	}
	return nil
}

// locateArgument is where an argument is defined or, where none is named, what would have it.
func locateArgument(at *ast.Position, arguments ast.ArgumentDefinitionList, name string) *ast.Position {
	if name == "" {
		return at
	}
	if a := arguments.ForName(name); a != nil {
		return a.Position
	}
	return nil
}
