package rules

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// implemented refuses types that implement what is no interface, or the same one twice.
func implemented(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	for _, t := range s.Types {
		for i, name := range t.Interfaces {
			face := s.Type(name)
			switch {
			case !r.known(name, t.Name, t.Position):
			case face == nil || face.Kind != ast.Interface:
				r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the type %q cannot implement %q, which is no interface", t.Name, name)
			case slices.Contains(t.Interfaces[:i], name):
				r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the type %q says more than once that it implements %q", t.Name, name)
			}
		}
	}
	return r.found
}

// interfaces holds types against the interfaces that they implement (specification, section 3.6.1, IsValidImplementation).
func interfaces(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	for _, t := range s.Types {
		for _, name := range t.Interfaces {
			face := s.Type(name)
			if name == t.Name || slices.Contains(face.Interfaces, t.Name) {
				r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the interface %q implements itself, by way of %q", t.Name, name)
				continue
			}
			for _, above := range face.Interfaces {
				if !slices.Contains(t.Interfaces, above) {
					r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the type %q must say that it implements %q, as %q does", t.Name, above, name)
				}
			}
			for _, f := range face.Fields {
				r.implementation(t, face, f)
			}
		}
	}
	return r.found
}

func (r *report) implementation(t, face *subgraph.Type, f *ast.FieldDefinition) {
	coordinate, wanted := t.Name+"."+f.Name, face.Name+"."+f.Name
	own := t.Field(f.Name)
	if own == nil {
		r.add(diagnostic.InvalidGraphQL, coordinate, t.Position, "the type %q lacks the field %q of the interface %q: add it", t.Name, f.Name, face.Name)
		return
	}
	if !covariant(r.schema, own.Type, f.Type) {
		r.add(diagnostic.InvalidGraphQL, coordinate, own.Position, "the field %q has the type %q, which does not fit %q of %q", coordinate, own.Type, f.Type, wanted)
	}
	for _, a := range f.Arguments {
		mine := own.Arguments.ForName(a.Name)
		switch {
		case mine == nil:
			r.add(diagnostic.InvalidGraphQL, coordinate, own.Position, "the field %q lacks the argument %q of %q: add it", coordinate, a.Name, wanted)
		case mine.Type.String() != a.Type.String():
			r.add(diagnostic.InvalidGraphQL, coordinate+"("+a.Name+":)", mine.Position, "the argument \"%s(%s:)\" has the type %q, but %q has %q", coordinate, a.Name, mine.Type, wanted, a.Type)
		}
	}
	for _, a := range own.Arguments {
		if f.Arguments.ForName(a.Name) == nil && a.Type.NonNull && a.DefaultValue == nil {
			r.add(diagnostic.InvalidGraphQL, coordinate+"("+a.Name+":)", a.Position, "the argument \"%s(%s:)\" is required, but %q does not have it: make it optional", coordinate, a.Name, wanted)
		}
	}
}

// covariant reports whether a field of type a may stand for one of type b.
func covariant(s *subgraph.Schema, a, b *ast.Type) bool {
	for {
		if b.NonNull && !a.NonNull {
			return false
		}
		if (a.Elem == nil) != (b.Elem == nil) {
			return false
		}
		if a.Elem == nil {
			break
		}
		a, b = a.Elem, b.Elem
	}
	if a.NamedType == b.NamedType {
		return true
	}
	narrow, wide := s.Type(a.NamedType), s.Type(b.NamedType)
	if narrow == nil || wide == nil {
		return false
	}
	switch wide.Kind {
	case ast.Union:
		return slices.Contains(wide.Definition.Types, narrow.Name)
	case ast.Interface:
		return narrow.Implements(wide.Name)
	}
	return false
}
