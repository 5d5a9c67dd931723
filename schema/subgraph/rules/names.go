package rules

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// names refuses names that GraphQL keeps for introspection (specification, section 2.1.9).
func names(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	check := func(name, coordinate string, at *ast.Position) {
		if strings.HasPrefix(name, "__") {
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "the name %q begins with \"__\", which is kept for introspection", name)
		}
	}
	for _, t := range s.Types {
		if s.Owned(t.Name) {
			continue
		}
		check(t.Name, t.Name, t.Position)
		for _, f := range t.Fields {
			check(f.Name, t.Name+"."+f.Name, f.Position)
			for _, a := range f.Arguments {
				check(a.Name, t.Name+"."+f.Name+"("+a.Name+":)", a.Position)
			}
		}
		for _, v := range t.EnumValues {
			check(v.Name, t.Name+"."+v.Name, v.Position)
		}
	}
	for _, d := range s.Directives {
		if !s.OwnedDirective(d.Name) {
			check(d.Name, "@"+d.Name, d.Position)
		}
	}
	return r.found
}
