package supergraph

import (
	"fmt"
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/weft-gateway/weft/schema/lookup"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// SubgraphSchema returns the executable schema of one subgraph as far as the supergraph tells: its types and fields, and
// `_entities` where it has entities. Operations sent to the subgraph must be valid in it.
func (s *Supergraph) SubgraphSchema(id int) (*ast.Schema, error) {
	g := s.Graphs[id]
	doc := validator.PreludeDocument()
	builtin := len(doc.Definitions)
	var entities []string
	for _, name := range g.TypeNames {
		t, def := g.Types[name], s.definitions[name]
		if doc.Definitions[:builtin].ForName(name) != nil {
			continue
		}
		own := &ast.Definition{Kind: t.Kind, Name: name, Interfaces: t.Interfaces, Position: def.Position}
		switch t.Kind {
		case ast.Object, ast.Interface, ast.InputObject:
			own.Fields = subgraphFields(t, def)
			if len(own.Fields) == 0 && name != "Query" {
				continue
			}
		case ast.Union:
			own.Types = t.PossibleTypes
		case ast.Enum:
			for _, v := range t.EnumValues {
				own.EnumValues = append(own.EnumValues, &ast.EnumValueDefinition{Name: v})
			}
		}
		if t.Kind == ast.Object && slices.ContainsFunc(t.Keys, func(k *Key) bool { return k.Resolvable }) {
			entities = append(entities, name)
		}
		doc.Definitions = append(doc.Definitions, own)
	}
	// Directives for operations are in a supergraph only where all subgraphs define them.
	for _, name := range slices.Sorted(maps.Keys(s.API.Directives)) {
		if doc.Directives.ForName(name) == nil {
			doc.Directives = append(doc.Directives, s.API.Directives[name])
		}
	}
	query := doc.Definitions.ForName("Query")
	if query == nil {
		query = &ast.Definition{Kind: ast.Object, Name: "Query"}
		doc.Definitions = append(doc.Definitions, query)
	}
	query.Fields = append(query.Fields, &ast.FieldDefinition{Name: "_service", Type: ast.NonNullNamedType("_Service", nil)})
	doc.Definitions = append(doc.Definitions, &ast.Definition{Kind: ast.Object, Name: "_Service", Fields: ast.FieldList{
		{Name: "sdl", Type: ast.NamedType("String", nil)},
	}})
	if len(entities) > 0 {
		doc.Definitions = append(doc.Definitions,
			&ast.Definition{Kind: ast.Scalar, Name: "_Any"},
			&ast.Definition{Kind: ast.Union, Name: "_Entity", Types: entities})
		query.Fields = append(query.Fields, &ast.FieldDefinition{
			Name: "_entities",
			Type: ast.NonNullListType(ast.NamedType("_Entity", nil), nil),
			Arguments: ast.ArgumentDefinitionList{{
				Name: "representations",
				Type: ast.NonNullListType(ast.NonNullNamedType("_Any", nil), nil),
			}},
		})
	}
	schema, err := typesystem.Build(doc)
	if err != nil {
		return nil, fmt.Errorf("schema of subgraph %s: %w", g.Name, err)
	}
	return schema, nil
}

func subgraphFields(t *Type, def *ast.Definition) ast.FieldList {
	var out ast.FieldList
	fields := lookup.Fields(def.Fields)
	for _, f := range t.Fields {
		fd := fields.Find(f.Name)
		field := &ast.FieldDefinition{Name: f.Name, Type: f.Type, Position: fd.Position}
		for _, a := range f.Args {
			field.Arguments = append(field.Arguments, &ast.ArgumentDefinition{Name: a.Name, Type: a.Type, DefaultValue: a.DefaultValue, Position: a.Position})
		}
		for _, c := range f.Contextual {
			if typ, err := ParseType(c.Type); err == nil {
				field.Arguments = append(field.Arguments, &ast.ArgumentDefinition{Name: c.Name, Type: typ, Position: fd.Position})
			}
		}
		if t.Kind == ast.InputObject {
			field.DefaultValue = fd.DefaultValue
		}
		out = append(out, field)
	}
	return out
}
