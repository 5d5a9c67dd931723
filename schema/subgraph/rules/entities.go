package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// interfaceKeys refuses implementations of an interface with a key that do not have that key: whoever knows the
// interface's key must reach each of them by it.
func interfaceKeys(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	for _, t := range s.Types {
		if t.Kind != ast.Interface {
			continue
		}
		for _, key := range s.All(t.Definition.Directives, link.Key) {
			set, err := fieldset.Parse(subgraph.FieldsArgument(key))
			if err != nil || !isKey(s, t, key) {
				continue // told by another rule
			}
			resolvable := subgraph.Resolvable(key)
			for _, o := range s.PossibleTypes(t) {
				same := findKey(s, o, set)
				switch {
				case same == nil:
					r.add(diagnostic.InterfaceKeyNotOnImplementation, o.Name, o.Position, "the type %q implements %q, which has the key %q, and lacks that key: apply @key(fields: %q) to it too", o.Name, t.Name, subgraph.FieldsArgument(key), subgraph.FieldsArgument(key))
				case resolvable && !subgraph.Resolvable(same):
					r.add(diagnostic.InterfaceKeyNotOnImplementation, o.Name, same.Position, "the type %q implements %q, whose key %q is resolvable, and says resolvable: false for it: say the same of both", o.Name, t.Name, subgraph.FieldsArgument(key))
				}
			}
		}
	}
	return r.found
}

func findKey(s *subgraph.Schema, t *subgraph.Type, set ast.SelectionSet) *ast.Directive {
	for _, d := range s.All(t.Definition.Directives, link.Key) {
		if own, err := fieldset.Parse(subgraph.FieldsArgument(d)); err == nil && fieldset.Equal(own, set) {
			return d
		}
	}
	return nil
}

// interfaceObject refuses @interfaceObject on types without a key: without one the gateway cannot find out which
// implementation an object is.
func interfaceObject(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	for _, t := range s.Types {
		d := s.First(t.Definition.Directives, link.InterfaceObject)
		if d != nil && t.Kind == ast.Object && !s.Has(t.Definition.Directives, link.Key) {
			r.add(diagnostic.InterfaceObjectUsageError, t.Name, d.Position, "the type %q has @interfaceObject, but no @key: it needs one of the interface's keys", t.Name)
		}
	}
	return r.found
}

// shareable refuses @shareable on fields of interfaces, and more than once on one element.
func shareable(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	once := func(coordinate string, ds ast.DirectiveList) {
		if all := s.All(ds, link.Shareable); len(all) > 1 {
			r.add(diagnostic.InvalidShareableUsage, coordinate, all[1].Position, "%q is marked @shareable more than once: once is enough", coordinate)
		}
	}
	for _, t := range s.Types {
		if t.Kind != ast.Object && t.Kind != ast.Interface {
			continue
		}
		for _, f := range t.Fields {
			coordinate := t.Name + "." + f.Name
			once(coordinate, f.Directives)
			if d := s.First(f.Directives, link.Shareable); d != nil && t.Kind == ast.Interface {
				r.add(diagnostic.InvalidShareableUsage, coordinate, d.Position, "the field %q belongs to an interface and cannot be @shareable: mark it in the types that implement %q", coordinate, t.Name)
			}
		}
	}
	return r.found
}
