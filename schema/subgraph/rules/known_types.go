package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// knownTypes refuses references to types that the schema does not define.
func knownTypes(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	check := func(name, coordinate string, at *ast.Position) {
		if s.Type(name) == nil && !subgraph.IsBuiltinScalar(name) {
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "%q refers to the type %q, which the schema does not define", coordinate, name)
		}
	}
	arguments := func(coordinate string, as ast.ArgumentDefinitionList) {
		for _, a := range as {
			check(subgraph.NamedType(a.Type), coordinate+"("+a.Name+":)", a.Position)
		}
	}
	for _, t := range s.Types {
		for _, name := range t.Interfaces {
			check(name, t.Name, t.Position)
		}
		for _, name := range t.Definition.Types {
			check(name, t.Name, t.Position)
		}
		for _, f := range t.Fields {
			check(subgraph.NamedType(f.Type), t.Name+"."+f.Name, f.Position)
			arguments(t.Name+"."+f.Name, f.Arguments)
		}
	}
	for _, d := range s.Directives {
		if !s.OwnedDirective(d.Name) {
			arguments("@"+d.Name, d.Arguments)
		}
	}
	return r.found
}
