package rules

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// serviceTypes refuses definitions of the types of Query._service and Query._entities, which every subgraph has whether its
// schema says so or not, that these fields cannot have (subgraph specification of federation).
func serviceTypes(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	for _, name := range []string{"_Service", "_Entity"} {
		if t := s.Type(name); t != nil && t.Kind == ast.InputObject {
			r.add(diagnostic.InvalidGraphQL, name, t.Position, "the type %q is what subgraphs answer the gateway and cannot be an input type: leave the definition out", name)
		}
	}
	entity := func(t *subgraph.Type) bool {
		return t.Name == "_Entity" || t.Kind == ast.Object && s.Has(t.Definition.Directives, link.Key)
	}
	if t := s.Type("_Any"); t != nil && !t.IsInputType() && slices.ContainsFunc(s.Types, entity) {
		r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the type \"_Any\" is what the gateway asks a subgraph's entities by, and cannot be %s: leave the definition out", kindName(t.Kind))
	}
	return r.found
}
