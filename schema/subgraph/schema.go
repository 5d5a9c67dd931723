// Package subgraph holds one subgraph's schema on its way to composition. Each step of that way is a type of
// its own (Parsed, Expanded, Checked, Upgraded, Validated), so that a schema that was not validated cannot be merged.
//
// A Schema belongs to one composition: each step takes it over from the step before and may change it.
// After Validated nothing changes it any more.
package subgraph

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/lookup"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// Type is one type of a subgraph's schema: its definition with all its extensions folded in.
type Type struct {
	*ast.Definition
	// Defined is whether the schema has a definition of the type, Extended whether it has an extension of it.
	Defined, Extended bool
	// extension holds the applied directives that come from an extension.
	extension map[*ast.Directive]bool
	// fields and values find elements of the definition's lists. They are made anew when a list has another length than
	// they were made for: lists only grow while a schema is expanded and only shrink while it is upgraded.
	fields lookup.Table[*ast.FieldDefinition]
	values lookup.Table[*ast.EnumValueDefinition]
}

// FromExtension reports whether a directive applied to the type comes from an extension of it.
func (t *Type) FromExtension(d *ast.Directive) bool { return t.extension[d] }

// Field finds a field of the type, or nil.
func (t *Type) Field(name string) *ast.FieldDefinition {
	if t.fields.Len() != len(t.Fields) {
		t.fields = lookup.Fields(t.Fields)
	}
	return t.fields.Find(name)
}

// Value finds a value of an enum, or nil.
func (t *Type) Value(name string) *ast.EnumValueDefinition {
	if t.values.Len() != len(t.EnumValues) {
		t.values = lookup.Values(t.EnumValues)
	}
	return t.values.Find(name)
}

// Implements reports whether the type declares that it implements the interface.
func (t *Type) Implements(name string) bool {
	for _, i := range t.Interfaces {
		if i == name {
			return true
		}
	}
	return false
}

// Schema is one subgraph's schema.
type Schema struct {
	Name string // of the subgraph
	URL  string
	File string // where the SDL comes from, for diagnostics

	// Types holds the schema's own types and those of linked specifications, in the order of the source.
	Types      []*Type
	Directives []*ast.DirectiveDefinition
	// Applied holds the directives applied to the schema itself.
	Applied ast.DirectiveList
	// Roots maps each operation to the name of its root type.
	Roots map[ast.Operation]string
	// Links are the specifications that the schema links.
	Links *link.Links
	// Federation is the version of the federation specification, link.Federation1 where none is linked.
	Federation link.Version

	types      map[string]*Type
	directives map[string]*ast.DirectiveDefinition
	local      map[string]string // name of a federation directive → its name in this schema
	faceKeys   map[string]bool   // interfaces that lost a @key when the schema was upgraded
	owned      map[string]bool   // types and "@directives" that belong to linked specifications
	misdefined []diagnostic.Diagnostic
	queryless  bool // whether the schema has a type Query only because every subgraph can be queried
}

// Type finds a type by name, or nil.
func (s *Schema) Type(name string) *Type { return s.types[name] }

// KnowsType reports whether the schema has a type of its own accord, or GraphQL has it in every schema.
func (s *Schema) KnowsType(name string) bool {
	return s.types[name] != nil && !(s.queryless && name == "Query") || IsBuiltinScalar(name)
}

// Directive finds the definition of a directive by the name the schema has for it, or nil.
func (s *Schema) Directive(name string) *ast.DirectiveDefinition { return s.directives[name] }

// standardDirectives are those that every schema has without defining them.
var standardDirectives = []string{"skip", "include", "deprecated", "specifiedBy", "oneOf"}

// KnowsDirective reports whether the schema has a directive, defined or not.
func (s *Schema) KnowsDirective(name string) bool {
	return s.directives[name] != nil || slices.Contains(standardDirectives, name)
}

// IsFederation2 reports whether the schema links the federation specification.
func (s *Schema) IsFederation2() bool { return s.Federation.Major >= 2 }

// Local is the name that a directive of the federation specification has in this schema,
// "" where the schema's version of it does not have the directive.
func (s *Schema) Local(federation string) string { return s.local[federation] }

// Owned reports whether a type belongs to a linked specification rather than to the subgraph itself.
func (s *Schema) Owned(typeName string) bool { return s.owned[typeName] }

// OwnedDirective reports whether a directive belongs to a linked specification.
func (s *Schema) OwnedDirective(name string) bool { return s.owned["@"+name] }

// Misdefined tells what of linked specifications the schema defines otherwise than they do.
func (s *Schema) Misdefined() []diagnostic.Diagnostic { return s.misdefined }

// All lists the applications of a directive of the federation specification.
func (s *Schema) All(applied ast.DirectiveList, federation string) ast.DirectiveList {
	local := s.local[federation]
	if local == "" {
		return nil
	}
	return applied.ForNames(local)
}

// Has reports whether a directive of the federation specification is applied.
func (s *Schema) Has(applied ast.DirectiveList, federation string) bool {
	return s.First(applied, federation) != nil
}

// First finds the first application of a directive of the federation specification, or nil.
func (s *Schema) First(applied ast.DirectiveList, federation string) *ast.Directive {
	local := s.local[federation]
	if local == "" {
		return nil
	}
	return applied.ForName(local)
}

// IsRoot reports whether the type is the root of an operation.
func (s *Schema) IsRoot(typeName string) bool {
	for _, op := range typesystem.Operations {
		if s.Roots[op] == typeName && typeName != "" {
			return true
		}
	}
	return false
}

// PossibleTypes lists the object types that a composite type stands for, in the order of the source.
func (s *Schema) PossibleTypes(t *Type) []*Type {
	var found []*Type
	switch t.Kind {
	case ast.Object:
		found = append(found, t)
	case ast.Union:
		for _, name := range t.Definition.Types {
			if m := s.types[name]; m != nil && m.Kind == ast.Object {
				found = append(found, m)
			}
		}
	case ast.Interface:
		for _, o := range s.Types {
			if o.Kind == ast.Object && o.Implements(t.Name) {
				found = append(found, o)
			}
		}
	}
	return found
}

// At is the location of a position in this subgraph's source.
func (s *Schema) At(p *ast.Position) diagnostic.Location {
	l := diagnostic.Location{Subgraph: s.Name, File: s.File}
	if p != nil {
		l.Line, l.Column = p.Line, p.Column
	}
	return l
}

// Errorf makes an error about one place of this subgraph.
func (s *Schema) Errorf(code diagnostic.Code, coordinate string, at *ast.Position, format string, args ...any) diagnostic.Diagnostic {
	return diagnostic.Diagnostic{
		Code:       code,
		Severity:   diagnostic.Error,
		Message:    fmt.Sprintf("[%s] %s", s.Name, fmt.Sprintf(format, args...)),
		Coordinate: coordinate,
		Locations:  []diagnostic.Location{s.At(at)},
	}
}

// Remove takes a type out of the schema.
func (s *Schema) Remove(name string) {
	delete(s.types, name)
	for i, t := range s.Types {
		if t.Name == name {
			s.Types = append(s.Types[:i:i], s.Types[i+1:]...)
			return
		}
	}
}

func (s *Schema) add(t *Type) {
	s.types[t.Name] = t
	s.Types = append(s.Types, t)
}

// builtinScalars are the scalars that every schema has without defining them.
var builtinScalars = []string{"Int", "Float", "String", "Boolean", "ID"}

// HadInterfaceKey reports whether the schema was written for Federation 1 and had a @key on the interface.
func (s *Schema) HadInterfaceKey(name string) bool { return s.faceKeys[name] }

// IsBuiltinScalar reports whether the name is that of a scalar that every schema has.
func IsBuiltinScalar(name string) bool {
	for _, b := range builtinScalars {
		if b == name {
			return true
		}
	}
	return false
}

// NamedType is the innermost type of a type reference.
func NamedType(t *ast.Type) string {
	if t == nil {
		return ""
	}
	for t.Elem != nil {
		t = t.Elem
	}
	return t.NamedType
}
