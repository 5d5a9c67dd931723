package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// rootNames refuses types that are no root type and have the name of one: in the supergraph, roots go by their names.
func rootNames(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	codes := map[ast.Operation]diagnostic.Code{
		ast.Query: diagnostic.RootQueryUsed, ast.Mutation: diagnostic.RootMutationUsed, ast.Subscription: diagnostic.RootSubscriptionUsed,
	}
	for _, op := range typesystem.Operations {
		root, name := s.Roots[op], typesystem.RootName(op)
		if t := s.Type(name); t != nil && root != "" && root != name {
			r.add(codes[op], name, t.Position, "the type %q is not the %s root type, but its name is kept for that: name it otherwise", name, op)
		}
	}
	return r.found
}
