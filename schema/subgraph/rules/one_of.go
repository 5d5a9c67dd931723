package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// oneOf refuses required fields and default values in input types of which exactly one field is to be given.
func oneOf(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	for _, t := range s.Types {
		if t.Kind != ast.InputObject || t.Definition.Directives.ForName("oneOf") == nil {
			continue
		}
		for _, f := range t.Fields {
			coordinate := t.Name + "." + f.Name
			if f.Type.NonNull {
				r.add(diagnostic.InvalidGraphQL, coordinate, f.Position, "the field %q of an input type with @oneOf must be nullable", coordinate)
			}
			if f.DefaultValue != nil {
				r.add(diagnostic.InvalidGraphQL, coordinate, f.Position, "the field %q of an input type with @oneOf cannot have a default value", coordinate)
			}
		}
	}
	return r.found
}
