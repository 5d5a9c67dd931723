package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// linkedTypes refuses the use of types that belong to a linked specification, or to what subgraphs tell the gateway about
// themselves: those are no part of the graph.
func linkedTypes(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	refuse := func(name, coordinate, relation string, at *ast.Position) {
		if subgraph.ServiceType(name) {
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "%q %s %q, which is what the gateway asks of subgraphs and cannot be used in the graph: define a type of your own", coordinate, relation, name)
		}
		if !s.Owned(name) {
			return
		}
		if _, _, shadows := s.Links.Shadows(name); !shadows { // told by a rule of its own
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "%q %s %q, which belongs to a linked specification and cannot be used in the graph: define a type of your own", coordinate, relation, name)
		}
	}
	for _, t := range s.Types {
		if s.Owned(t.Name) || subgraph.ServiceType(t.Name) {
			continue
		}
		for _, name := range t.Interfaces {
			refuse(name, t.Name, "implements", t.Position)
		}
		for _, name := range t.Definition.Types {
			refuse(name, t.Name, "has the member", t.Position)
		}
		for _, f := range t.Fields {
			if s.ServiceField(t, f.Name) {
				continue
			}
			coordinate := t.Name + "." + f.Name
			refuse(subgraph.NamedType(f.Type), coordinate, "is of the type", f.Position)
			for _, a := range f.Arguments {
				refuse(subgraph.NamedType(a.Type), coordinate+"("+a.Name+":)", "is of the type", a.Position)
			}
		}
	}
	return r.found
}
