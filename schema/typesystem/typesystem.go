// Package typesystem makes an executable schema of a document: one that operations can be validated against.
//
// The document is held against the GraphQL specification's rules for type systems (section 3) in time that is linear in
// its size, however wide its types are. The schema takes the document's definitions over and is immutable from then on.
package typesystem

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/weft-gateway/weft/schema/lookup"
)

// Build makes a schema of a document, which holds the definitions that GraphQL itself brings too. Type extensions must
// have been folded into what they extend. The error is the first of the rules that is broken, types in the order of
// their names, with its place in the source.
func Build(doc *ast.SchemaDocument) (*ast.Schema, error) {
	b := &builder{schema: &ast.Schema{
		Types:         make(map[string]*ast.Definition, len(doc.Definitions)),
		Directives:    make(map[string]*ast.DirectiveDefinition, len(doc.Directives)),
		PossibleTypes: make(map[string][]*ast.Definition, len(doc.Definitions)),
		Implements:    map[string][]*ast.Definition{},
	}}
	for _, step := range []func(*ast.SchemaDocument) error{b.collect, b.roots, b.types, b.directives, b.rootKinds} {
		if err := step(doc); err != nil {
			return nil, err
		}
	}
	if q := b.schema.Query; q != nil {
		q.Fields = append(q.Fields, validator.QueryIntrospectionFields()...)
	}
	return b.schema, nil
}

// builder makes one schema.
type builder struct {
	schema *ast.Schema
	places map[ast.Operation]*ast.Position // of root types in the schema definition
	// members are the unions' members, made when they are asked for.
	members map[string]lookup.Table[string]
}

func fail(at *ast.Position, format string, args ...any) error {
	return gqlerror.ErrorPosf(at, format, args...)
}

// collect notes what is defined, and which types stand for which.
func (b *builder) collect(doc *ast.SchemaDocument) error {
	s := b.schema
	for _, d := range doc.Definitions {
		if s.Types[d.Name] != nil {
			return fail(d.Position, "the type %s is defined more than once", d.Name)
		}
		s.Types[d.Name] = d
	}
	for _, d := range doc.Directives {
		if s.Directives[d.Name] != nil {
			return fail(d.Position, "the directive @%s is defined more than once", d.Name)
		}
		s.Directives[d.Name] = d
	}
	for _, d := range doc.Definitions {
		if d.Kind == ast.Union {
			for _, name := range d.Types {
				s.AddPossibleType(d.Name, s.Types[name])
				s.AddImplements(name, d)
			}
			continue
		}
		for _, name := range d.Interfaces {
			s.AddPossibleType(name, d)
			s.AddImplements(d.Name, s.Types[name])
		}
		if d.Kind == ast.Object || d.Kind == ast.InputObject {
			s.AddPossibleType(d.Name, d)
		}
	}
	return nil
}

// roots finds the root types (section 3.3.1): those that the schema definition names, or else those with the usual names.
func (b *builder) roots(doc *ast.SchemaDocument) error {
	b.places = map[ast.Operation]*ast.Position{}
	s := b.schema
	if len(doc.Schema) == 0 {
		s.Query, s.Mutation, s.Subscription = s.Types[RootName(ast.Query)], s.Types[RootName(ast.Mutation)], s.Types[RootName(ast.Subscription)]
		return nil
	}
	if len(doc.Schema) > 1 {
		return fail(doc.Schema[1].Position, "the schema is defined more than once")
	}
	definition := doc.Schema[0]
	s.Description = definition.Description
	for _, o := range definition.OperationTypes {
		if _, twice := b.places[o.Operation]; twice {
			return fail(o.Position, "the schema names more than one %s root type", o.Operation)
		}
		b.places[o.Operation] = o.Position
		d := s.Types[o.Type]
		if d == nil {
			return fail(o.Position, "the %s root type %s is not defined", o.Operation, o.Type)
		}
		switch o.Operation {
		case ast.Query:
			s.Query = d
		case ast.Mutation:
			s.Mutation = d
		case ast.Subscription:
			s.Subscription = d
		}
	}
	if err := b.applied(definition.Directives, ast.LocationSchema, nil, true); err != nil {
		return err
	}
	s.SchemaDirectives = append(s.SchemaDirectives, definition.Directives...)
	return nil
}

// rootKinds refuses root types that are no object types.
func (b *builder) rootKinds(*ast.SchemaDocument) error {
	for _, root := range []struct {
		operation ast.Operation
		d         *ast.Definition
	}{{ast.Query, b.schema.Query}, {ast.Mutation, b.schema.Mutation}, {ast.Subscription, b.schema.Subscription}} {
		if root.d == nil || root.d.Kind == ast.Object {
			continue
		}
		at := root.d.Position
		if p, named := b.places[root.operation]; named {
			at = p
		}
		return fail(at, "the %s root type %s must be an object type", root.operation, root.d.Name)
	}
	return nil
}

// types checks the types, in the order of their names.
func (b *builder) types(doc *ast.SchemaDocument) error {
	sorted := slices.SortedFunc(slices.Values(doc.Definitions), func(x, y *ast.Definition) int { return strings.Compare(x.Name, y.Name) })
	for _, d := range sorted {
		if err := b.definition(d); err != nil {
			return err
		}
	}
	return b.inputCycles(sorted)
}

// directives checks the definitions of directives (section 3.13), in the order of their names.
func (b *builder) directives(doc *ast.SchemaDocument) error {
	for _, d := range slices.SortedFunc(slices.Values(doc.Directives), func(x, y *ast.DirectiveDefinition) int { return strings.Compare(x.Name, y.Name) }) {
		if err := checkName(d.Position, d.Name); err != nil {
			return err
		}
		if err := b.applied(d.Directives, ast.LocationDirectiveDefinition, d, true); err != nil {
			return err
		}
		if err := b.arguments("@"+d.Name, d.Arguments, d); err != nil {
			return err
		}
	}
	return nil
}

// checkName refuses names that are kept for introspection (section 2.1.9).
func checkName(at *ast.Position, name string) error {
	if strings.HasPrefix(name, "__") {
		return fail(at, "the name %s begins with two underscores, which is kept for introspection", name)
	}
	return nil
}
