package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// externalCollision refuses @external on a field that says what comes with its value.
func externalCollision(s *subgraph.Schema, facts *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	eachField(s, func(t *subgraph.Type, f *ast.FieldDefinition) {
		if facts.External(f) && s.Has(f.Directives, link.Provides) {
			coordinate, at := t.Name+"."+f.Name, f.Position
			if external := s.First(f.Directives, link.External); external != nil {
				at = external.Position
			}
			r.add(diagnostic.ExternalCollisionWithAnotherDirective, coordinate, at, "the field %q has both @external and @provides: a field that the subgraph does not resolve provides nothing; remove one of them", coordinate)
		}
	})
	return r.found
}

// externalOnInterface refuses @external on fields of interfaces, which no subgraph resolves as such.
func externalOnInterface(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	eachField(s, func(t *subgraph.Type, f *ast.FieldDefinition) {
		if external := s.First(f.Directives, link.External); external != nil && t.Kind == ast.Interface {
			coordinate := t.Name + "." + f.Name
			r.add(diagnostic.ExternalOnInterface, coordinate, external.Position, "the field %q of an interface cannot be @external: mark it in the types that implement %q", coordinate, t.Name)
		}
	})
	return r.found
}

// externalUnused refuses @external fields that nothing in the subgraph needs. Those of Federation 1 schemas go when they are
// upgraded; what only they needed is let be.
func externalUnused(s *subgraph.Schema, facts *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	if !s.IsFederation2() {
		return nil
	}
	eachField(s, func(t *subgraph.Type, f *ast.FieldDefinition) {
		if facts.External(f) && !facts.Used(f) {
			coordinate := t.Name + "." + f.Name
			r.add(diagnostic.ExternalUnused, coordinate, f.Position, "the field %q is @external, but no @key, @requires, @provides or interface of the subgraph needs it: remove the field, or the @external if the subgraph resolves it", coordinate)
		}
	})
	return r.found
}
