package merge

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// document puts the supergraph together: what was merged, and the definitions of the specifications it links.
func (m *merger) document() *ast.SchemaDocument {
	doc := &ast.SchemaDocument{}
	schema := &ast.SchemaDefinition{Directives: ast.DirectiveList{
		linkTo(link.URL{Identity: link.LinkSpec, Version: link.Version{Major: 1}}, ""),
		linkTo(link.URL{Identity: link.JoinSpec, Version: link.Version{Minor: 5}}, "EXECUTION"),
	}}
	for _, d := range m.joinDefinitions() {
		doc.Directives = append(doc.Directives, d.Directives...)
		doc.Definitions = append(doc.Definitions, d.Definitions...)
	}
	doc.Definitions = append(doc.Definitions, m.graphEnum())
	for _, f := range m.used {
		l, directives, scalars := m.definitions(f)
		schema.Directives = append(schema.Directives, l)
		doc.Directives = append(doc.Directives, directives...)
		for _, name := range scalars {
			if m.types[name] != nil {
				continue // a subgraph links the specification directly, and the scalar is part of the graph
			}
			doc.Definitions = append(doc.Definitions, &ast.Definition{Kind: ast.Scalar, Name: name})
		}
	}
	doc.Directives = append(doc.Directives, m.directives...)
	for _, spec := range m.composed {
		schema.Directives = append(schema.Directives, m.linkComposed(spec))
		for _, c := range spec.directives {
			doc.Directives = append(doc.Directives, c.definition)
		}
	}
	schema.Directives = append(schema.Directives, m.linkJoined()...)
	m.schemaElement(schema)
	for _, name := range m.order {
		doc.Definitions = append(doc.Definitions, m.types[name])
	}
	m.composedTypes(doc)
	m.defineOneOf(doc)
	doc.Schema = ast.SchemaDefinitionList{schema}
	slices.SortStableFunc(doc.Definitions, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(doc.Directives, func(a, b *ast.DirectiveDefinition) int { return strings.Compare(a.Name, b.Name) })
	return doc
}

// defineOneOf defines @oneOf where it is used: readers of supergraphs that are older than it know it then.
func (m *merger) defineOneOf(doc *ast.SchemaDocument) {
	if slices.ContainsFunc(doc.Definitions, func(d *ast.Definition) bool { return d.Directives.ForName("oneOf") != nil }) {
		doc.Directives = append(doc.Directives, &ast.DirectiveDefinition{Name: "oneOf", Locations: []ast.DirectiveLocation{ast.LocationInputObject}})
	}
}

func linkTo(u link.URL, purpose string) *ast.Directive {
	d := &ast.Directive{Name: "link", Arguments: ast.ArgumentList{text("url", u.String())}}
	if purpose != "" {
		d.Arguments = append(d.Arguments, argument("for", ast.EnumValue, purpose))
	}
	return d
}

// joinDefinitions are the definitions of the join and link specifications. The list is empty only if the constant
// that holds them does not parse, which a test of package link excludes.
func (m *merger) joinDefinitions() []*ast.SchemaDocument {
	doc, err := parser.ParseSchema(&ast.Source{Name: "join", Input: link.JoinSDL})
	if err != nil {
		return nil
	}
	return []*ast.SchemaDocument{doc}
}

// graphEnum lists the members, with their names and addresses.
func (m *merger) graphEnum() *ast.Definition {
	d := &ast.Definition{Kind: ast.Enum, Name: "join__Graph"}
	for _, s := range m.members {
		d.EnumValues = append(d.EnumValues, &ast.EnumValueDefinition{Name: s.graph, Directives: ast.DirectiveList{{
			Name: "join__graph",
			Arguments: ast.ArgumentList{
				argument("name", ast.StringValue, s.Name),
				argument("url", ast.StringValue, s.URL),
			},
		}}})
	}
	return d
}

// schemaElement gives the schema element its root types and the directives applied to it.
func (m *merger) schemaElement(schema *ast.SchemaDefinition) {
	for _, op := range typesystem.Operations {
		root := typesystem.RootName(op)
		if d := m.types[root]; d != nil && d.Kind == ast.Object {
			schema.OperationTypes = append(schema.OperationTypes, &ast.OperationTypeDefinition{Operation: op, Type: root})
		}
	}
	var elements []element
	for _, s := range m.members {
		elements = append(elements, element{member: s, directives: s.Applied})
	}
	m.joinDirectives(&schema.Directives, elements)
	m.mergeDirectives(&schema.Directives, "schema", elements)
}
