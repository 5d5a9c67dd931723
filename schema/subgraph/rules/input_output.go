package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// inputAndOutput refuses output types where clients write and input types where they read
// (specification, section 3.4.2).
func inputAndOutput(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	input := func(coordinate string, t *ast.Type, at *ast.Position) {
		if d := s.Type(subgraph.NamedType(t)); d != nil && !d.IsInputType() {
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "%q is written by clients and cannot be of the type %q, which is %s", coordinate, d.Name, kindName(d.Kind))
		}
	}
	arguments := func(coordinate string, as ast.ArgumentDefinitionList) {
		for _, a := range as {
			input(coordinate+"("+a.Name+":)", a.Type, a.Position)
		}
	}
	for _, t := range s.Types {
		for _, f := range t.Fields {
			coordinate := t.Name + "." + f.Name
			if t.Kind == ast.InputObject {
				input(coordinate, f.Type, f.Position)
				continue
			}
			if d := s.Type(subgraph.NamedType(f.Type)); d != nil && d.Kind == ast.InputObject {
				r.add(diagnostic.InvalidGraphQL, coordinate, f.Position, "%q is read by clients and cannot be of the input type %q", coordinate, d.Name)
			}
			arguments(coordinate, f.Arguments)
		}
	}
	for _, d := range s.Directives {
		if !s.OwnedDirective(d.Name) {
			arguments("@"+d.Name, d.Arguments)
		}
	}
	return r.found
}
