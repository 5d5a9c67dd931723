package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// uniqueFields refuses fields, arguments and enum values that are defined twice.
func uniqueFields(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	arguments := func(coordinate string, as ast.ArgumentDefinitionList) {
		seen := map[string]bool{}
		for _, a := range as {
			if seen[a.Name] {
				r.add(diagnostic.InvalidGraphQL, coordinate+"("+a.Name+":)", a.Position, "the argument %q of %q is defined more than once", a.Name, coordinate)
			}
			seen[a.Name] = true
		}
	}
	for _, t := range s.Types {
		seen := map[string]bool{}
		for _, f := range t.Fields {
			if seen[f.Name] {
				r.add(diagnostic.InvalidGraphQL, t.Name+"."+f.Name, f.Position, "the field \"%s.%s\" is defined more than once", t.Name, f.Name)
			}
			seen[f.Name] = true
			arguments(t.Name+"."+f.Name, f.Arguments)
		}
		for _, v := range t.EnumValues {
			if seen[v.Name] {
				r.add(diagnostic.InvalidGraphQL, t.Name+"."+v.Name, v.Position, "the value \"%s.%s\" is defined more than once", t.Name, v.Name)
			}
			seen[v.Name] = true
		}
	}
	for _, d := range s.Directives {
		arguments("@"+d.Name, d.Arguments)
	}
	return r.found
}
