package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// knownTypes refuses references to types that the schema does not define, and fields and arguments of types that
// belong to a linked specification: those are no part of the graph.
func knownTypes(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	check := func(name, coordinate string, at *ast.Position) {
		if s.Type(name) == nil && !subgraph.IsBuiltinScalar(name) {
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "%q refers to the type %q, which the schema does not define", coordinate, name)
		}
	}
	own := func(name, coordinate string, at *ast.Position, belongs bool) {
		check(name, coordinate, at)
		if s.Owned(name) && !belongs {
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "%q is of the type %q, which belongs to a linked specification and cannot be used in the graph: define a type of your own", coordinate, name)
		}
	}
	for _, t := range s.Types {
		for _, name := range t.Interfaces {
			check(name, t.Name, t.Position)
		}
		for _, name := range t.Definition.Types {
			check(name, t.Name, t.Position)
		}
		for _, f := range t.Fields {
			coordinate := t.Name + "." + f.Name
			own(subgraph.NamedType(f.Type), coordinate, f.Position, s.Owned(t.Name))
			for _, a := range f.Arguments {
				own(subgraph.NamedType(a.Type), coordinate+"("+a.Name+":)", a.Position, s.Owned(t.Name))
			}
		}
	}
	for _, d := range s.Directives {
		if s.OwnedDirective(d.Name) {
			continue
		}
		for _, a := range d.Arguments {
			check(subgraph.NamedType(a.Type), "@"+d.Name+"("+a.Name+":)", a.Position)
		}
	}
	return r.found
}
