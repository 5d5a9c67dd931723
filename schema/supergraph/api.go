package supergraph

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// apiSchema derives what clients see from a supergraph document, which it takes over.
func apiSchema(doc *ast.SchemaDocument, features []Feature) (*ast.Schema, error) {
	names := newNames(features)
	inaccessible := directiveName(features, "inaccessible", "inaccessible")
	hidden := func(directives ast.DirectiveList) bool {
		return inaccessible != "" && directives.ForName(inaccessible) != nil
	}

	gone := map[string]bool{}
	for _, def := range doc.Definitions {
		if names.typ(def.Name) || hidden(def.Directives) {
			gone[def.Name] = true
		}
	}
	api := validator.PreludeDocument()
	api.Directives = slices.DeleteFunc(api.Directives, func(d *ast.DirectiveDefinition) bool { return d.Name == "defer" })
	for _, d := range doc.Directives {
		if names.directive(d.Name) || api.Directives.ForName(d.Name) != nil {
			continue
		}
		d.Locations = slices.DeleteFunc(d.Locations, func(l ast.DirectiveLocation) bool { return !executable(l) })
		if len(d.Locations) == 0 {
			continue
		}
		d.Directives = nil
		d.Arguments = apiArguments(d.Arguments, hidden)
		api.Directives = append(api.Directives, d)
	}
	for _, def := range doc.Definitions {
		if gone[def.Name] || api.Definitions.ForName(def.Name) != nil {
			continue
		}
		def.Directives = apiDirectives(def.Directives)
		def.Interfaces = slices.DeleteFunc(def.Interfaces, func(name string) bool { return gone[name] })
		def.Fields = slices.DeleteFunc(def.Fields, func(f *ast.FieldDefinition) bool {
			return hidden(f.Directives) || gone[f.Type.Name()]
		})
		for _, f := range def.Fields {
			f.Directives = apiDirectives(f.Directives)
			f.Arguments = apiArguments(f.Arguments, hidden)
		}
		if def.Kind == ast.Union {
			def.TypePositions = nil
			def.Types = slices.DeleteFunc(def.Types, func(name string) bool { return gone[name] })
		}
		def.EnumValues = slices.DeleteFunc(def.EnumValues, func(v *ast.EnumValueDefinition) bool { return hidden(v.Directives) })
		for _, v := range def.EnumValues {
			v.Directives = apiDirectives(v.Directives)
		}
		api.Definitions = append(api.Definitions, def)
	}
	for _, s := range doc.Schema {
		s.Directives = nil
		s.OperationTypes = slices.DeleteFunc(s.OperationTypes, func(o *ast.OperationTypeDefinition) bool { return gone[o.Type] })
		api.Schema = append(api.Schema, s)
	}
	schema, err := validator.ValidateSchemaDocument(api)
	if err != nil {
		return nil, fmt.Errorf("API schema: %w", err)
	}
	if schema.Query == nil {
		return nil, fmt.Errorf("API schema: no query root type")
	}
	return schema, nil
}

func apiArguments(args ast.ArgumentDefinitionList, hidden func(ast.DirectiveList) bool) ast.ArgumentDefinitionList {
	args = slices.DeleteFunc(args, func(a *ast.ArgumentDefinition) bool { return hidden(a.Directives) })
	for _, a := range args {
		a.Directives = apiDirectives(a.Directives)
	}
	return args
}

// apiDirectives keeps the directives that the GraphQL specification defines; introspection shows those.
func apiDirectives(directives ast.DirectiveList) ast.DirectiveList {
	return slices.DeleteFunc(directives, func(d *ast.Directive) bool {
		return d.Name != "deprecated" && d.Name != "specifiedBy" && d.Name != "oneOf"
	})
}

func executable(l ast.DirectiveLocation) bool {
	switch l {
	case ast.LocationQuery, ast.LocationMutation, ast.LocationSubscription, ast.LocationField,
		ast.LocationFragmentDefinition, ast.LocationFragmentSpread, ast.LocationInlineFragment, ast.LocationVariableDefinition:
		return true
	}
	return false
}
