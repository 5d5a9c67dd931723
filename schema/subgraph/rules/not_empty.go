package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// notEmpty refuses types without fields, members or values. The query root may be empty: a subgraph need not have
// queries of its own.
func notEmpty(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	for _, t := range s.Types {
		what := ""
		switch t.Kind {
		case ast.Object, ast.Interface, ast.InputObject:
			if len(t.Fields) == 0 && s.Roots[ast.Query] != t.Name {
				what = "fields"
			}
		case ast.Union:
			if len(t.Definition.Types) == 0 {
				what = "members"
			}
		case ast.Enum:
			if len(t.EnumValues) == 0 {
				what = "values"
			}
		}
		if what != "" {
			r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the type %q has no %s: it needs at least one", t.Name, what)
		}
	}
	return r.found
}
