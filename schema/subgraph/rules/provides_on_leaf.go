package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// providesOnLeaf refuses @provides on fields that return nothing with fields.
func providesOnLeaf(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	eachField(s, func(t *subgraph.Type, f *ast.FieldDefinition) {
		d := s.First(f.Directives, link.Provides)
		if d == nil {
			return
		}
		if returned := s.Type(subgraph.NamedType(f.Type)); returned == nil || !returned.IsCompositeType() {
			coordinate := t.Name + "." + f.Name
			r.add(diagnostic.ProvidesOnNonObjectField, coordinate, d.Position, "the field %q has @provides, but its type %q has no fields to provide: remove the @provides", coordinate, f.Type)
		}
	})
	return r.found
}
