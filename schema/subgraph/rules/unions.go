package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// unions refuses members of unions that are not defined, are no object types or are named twice (specification, section 3.8).
func unions(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	for _, t := range s.Types {
		seen := map[string]bool{}
		for _, name := range t.Definition.Types {
			m := s.Type(name)
			switch {
			case !r.known(name, t.Name, t.Position):
			case subgraph.IsBuiltinScalar(name):
				r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the union %q cannot have the member %q, which is a scalar", t.Name, name)
			case m.Kind != ast.Object:
				r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the union %q cannot have the member %q, which is %s: only object types can be members", t.Name, name, kindName(m.Kind))
			case seen[name]:
				r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the union %q has the member %q more than once", t.Name, name)
			}
			seen[name] = true
		}
	}
	return r.found
}
