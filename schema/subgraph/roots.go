package subgraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// serviceTypes are the types that subgraph servers add for the gateway's own use. They must be right, as all of a schema,
// but are not part of the graph.
var serviceTypes = []string{"_Any", "_Entity", "_Service"}

// ServiceType reports whether the name is that of one of them.
func ServiceType(name string) bool { return slices.Contains(serviceTypes, name) }

func (s *Schema) ownServiceTypes() {
	for _, name := range serviceTypes {
		s.owned[name] = true
	}
}

// ServiceField reports whether a field is one of those that subgraph servers add to Query for the gateway's own use.
func (s *Schema) ServiceField(t *Type, field string) bool {
	return (t.Name == s.Roots[ast.Query] || t.Name == typesystem.RootName(ast.Query)) && (field == "_entities" || field == "_service")
}

// dropServiceFields removes those fields: they are not part of the graph either.
func (s *Schema) dropServiceFields() {
	t := s.types[s.Roots[ast.Query]]
	if t == nil || !slices.ContainsFunc(t.Fields, func(f *ast.FieldDefinition) bool { return s.ServiceField(t, f.Name) }) {
		return
	}
	t.Fields = slices.DeleteFunc(slices.Clone(t.Fields), func(f *ast.FieldDefinition) bool { return s.ServiceField(t, f.Name) })
}

// roots finds the root types and gives them their default names.
func (e *expander) roots() {
	s := e.schema
	for _, op := range typesystem.Operations {
		name := typesystem.RootName(op)
		root, set := s.Roots[op]
		if !set {
			// A type with the default name is the root even where a schema definition leaves it out: it will be
			// in the supergraph, where roots go by their names.
			if t := s.types[name]; t != nil && (t.Kind == ast.Object || op == ast.Query && len(e.document.Schema) == 0) {
				s.Roots[op] = name
			}
			continue
		}
		if root == name {
			continue
		}
		if _, _, shadows := s.Links.Shadows(root); shadows || s.types[name] != nil || s.types[root] == nil {
			continue // told by a rule, or below
		}
		e.rename(root, name)
		s.Roots[op] = name
	}
	for _, op := range typesystem.Operations {
		root, set := s.Roots[op]
		if !set {
			continue
		}
		t := s.types[root]
		switch {
		case t == nil:
			e.fail(diagnostic.InvalidGraphQL, root, nil, "the %s root type %q is not defined", op, root)
		case t.Kind != ast.Object:
			e.fail(diagnostic.InvalidGraphQL, root, t.Position, "the %s root type %q must be an object type, but it is %s", op, root, kindName(t.Kind))
		}
	}
	// Every subgraph can be queried, if only for its entities: it has a query root, though maybe an empty one.
	if _, set := s.Roots[ast.Query]; !set && s.types["Query"] == nil {
		s.Roots[ast.Query], s.queryless = "Query", true
		s.add(&Type{Definition: &ast.Definition{Kind: ast.Object, Name: "Query"}, Defined: true})
	}
}

// rename gives a type another name wherever the schema refers to it.
func (e *expander) rename(from, to string) {
	s := e.schema
	t := s.types[from]
	delete(s.types, from)
	t.Name = to
	s.types[to] = t
	renameList := func(names []string) {
		for i := range names {
			if names[i] == from {
				names[i] = to
			}
		}
	}
	renameType := func(t *ast.Type) {
		for t != nil && t.Elem != nil {
			t = t.Elem
		}
		if t != nil && t.NamedType == from {
			t.NamedType = to
		}
	}
	for _, t := range s.Types {
		renameList(t.Interfaces)
		renameList(t.Definition.Types)
		for _, f := range t.Fields {
			renameType(f.Type)
			for _, a := range f.Arguments {
				renameType(a.Type)
			}
		}
	}
	for _, d := range s.Directives {
		for _, a := range d.Arguments {
			renameType(a.Type)
		}
	}
}
