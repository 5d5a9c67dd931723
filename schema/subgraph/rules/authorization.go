package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// authorization refuses authorization directives on interfaces, their fields and interface objects: what a client may
// see is decided for the types that implement them. The fields of an interface object may have them: the subgraph
// resolves these for all the types.
func authorization(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	check := func(coordinate, what string, ds ast.DirectiveList) {
		for _, name := range []string{link.Authenticated, link.RequiresScopes, link.Policy} {
			if d := s.First(ds, name); d != nil {
				r.add(diagnostic.AuthRequirementsAppliedOnInterface, coordinate, d.Position, "%q is %s and cannot have @%s: apply it in the types that implement the interface", coordinate, what, name)
			}
		}
	}
	for _, t := range s.Types {
		switch {
		case t.Kind == ast.Interface:
			check(t.Name, "an interface", t.Definition.Directives)
			for _, f := range t.Fields {
				check(t.Name+"."+f.Name, "a field of an interface", f.Directives)
			}
		case t.Kind == ast.Object && s.Has(t.Definition.Directives, link.InterfaceObject):
			check(t.Name, "an interface object", t.Definition.Directives)
		}
	}
	return r.found
}
