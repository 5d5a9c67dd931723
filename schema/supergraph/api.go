package supergraph

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/weft-gateway/weft/schema/typesystem"
)

// apiSchema derives what clients see from a supergraph document. It shares with the document what is the same in both,
// and changes nothing of it but the definitions noted in applied directives.
func apiSchema(doc *ast.SchemaDocument, features []Feature) (*ast.Schema, error) {
	a := &apiView{names: newNames(features), inaccessible: directiveName(features, "inaccessible", "inaccessible"), gone: map[string]bool{}}
	for _, def := range doc.Definitions {
		if a.names.typ(def.Name) || a.hidden(def.Directives) {
			a.gone[def.Name] = true
		}
	}
	api := validator.PreludeDocument()
	api.Directives = slices.DeleteFunc(api.Directives, func(d *ast.DirectiveDefinition) bool { return d.Name == "defer" })
	known := map[string]bool{}
	for _, d := range api.Directives {
		known["@"+d.Name] = true
	}
	for _, def := range api.Definitions {
		known[def.Name] = true
	}
	for _, d := range doc.Directives {
		if known["@"+d.Name] {
			continue
		}
		if own := a.directive(d); own != nil {
			known["@"+d.Name] = true
			api.Directives = append(api.Directives, own)
		}
	}
	for _, def := range doc.Definitions {
		if !a.gone[def.Name] && !known[def.Name] {
			api.Definitions = append(api.Definitions, a.definition(def))
		}
	}
	for _, s := range doc.Schema {
		own := *s
		own.Directives = nil
		own.OperationTypes = kept(s.OperationTypes, func(o *ast.OperationTypeDefinition) bool { return !a.gone[o.Type] })
		api.Schema = append(api.Schema, &own)
	}
	schema, err := typesystem.Build(api)
	if err != nil {
		return nil, fmt.Errorf("API schema: %w", err)
	}
	if schema.Query == nil {
		return nil, fmt.Errorf("API schema: no query root type")
	}
	return schema, nil
}

// apiView makes the API schema's definitions of the supergraph's.
type apiView struct {
	names        names
	inaccessible string          // the name of the directive, "" without
	gone         map[string]bool // the types that clients do not see
}

func (a *apiView) hidden(directives ast.DirectiveList) bool {
	return a.inaccessible != "" && directives.ForName(a.inaccessible) != nil
}

// directive answers nil for a directive that operations cannot apply.
func (a *apiView) directive(d *ast.DirectiveDefinition) *ast.DirectiveDefinition {
	if a.names.directive(d.Name) {
		return nil
	}
	own := *d
	own.Locations = kept(d.Locations, executable)
	if len(own.Locations) == 0 {
		return nil
	}
	own.Directives = nil
	own.Arguments = a.arguments(d.Arguments)
	return &own
}

func (a *apiView) definition(def *ast.Definition) *ast.Definition {
	own := *def
	own.Directives = apiDirectives(def.Directives)
	own.Interfaces = kept(def.Interfaces, func(name string) bool { return !a.gone[name] })
	if len(def.Fields) > 0 {
		own.Fields = make(ast.FieldList, 0, len(def.Fields))
	}
	for _, f := range def.Fields {
		if !a.hidden(f.Directives) && !a.gone[f.Type.Name()] {
			own.Fields = append(own.Fields, a.field(f))
		}
	}
	if def.Kind == ast.Union {
		own.TypePositions = nil
		own.Types = kept(def.Types, func(name string) bool { return !a.gone[name] })
	}
	if len(def.EnumValues) > 0 {
		own.EnumValues = make(ast.EnumValueList, 0, len(def.EnumValues))
	}
	for _, v := range def.EnumValues {
		if a.hidden(v.Directives) {
			continue
		}
		if len(v.Directives) > 0 {
			value := *v
			value.Directives = apiDirectives(v.Directives)
			v = &value
		}
		own.EnumValues = append(own.EnumValues, v)
	}
	return &own
}

func (a *apiView) field(f *ast.FieldDefinition) *ast.FieldDefinition {
	directed := func(arg *ast.ArgumentDefinition) bool { return len(arg.Directives) > 0 }
	if len(f.Directives) == 0 && !slices.ContainsFunc(f.Arguments, directed) {
		return f
	}
	own := *f
	own.Directives = apiDirectives(f.Directives)
	own.Arguments = a.arguments(f.Arguments)
	return &own
}

func (a *apiView) arguments(args ast.ArgumentDefinitionList) ast.ArgumentDefinitionList {
	var shown ast.ArgumentDefinitionList
	for _, arg := range args {
		if a.hidden(arg.Directives) {
			continue
		}
		if len(arg.Directives) > 0 {
			own := *arg
			own.Directives = apiDirectives(arg.Directives)
			arg = &own
		}
		shown = append(shown, arg)
	}
	return shown
}

// apiDirectives keeps the directives that the GraphQL specification defines; introspection shows those.
func apiDirectives(directives ast.DirectiveList) ast.DirectiveList {
	return kept(directives, func(d *ast.Directive) bool {
		return d.Name == "deprecated" || d.Name == "specifiedBy" || d.Name == "oneOf"
	})
}

// kept is the list of those elements that are to be kept: the list itself when it is all of them.
func kept[S ~[]E, E any](list S, keep func(E) bool) S {
	for i, e := range list {
		if keep(e) {
			continue
		}
		var some S
		some = append(some, list[:i]...)
		for _, e := range list[i+1:] {
			if keep(e) {
				some = append(some, e)
			}
		}
		return some
	}
	return list
}

func executable(l ast.DirectiveLocation) bool {
	switch l {
	case ast.LocationQuery, ast.LocationMutation, ast.LocationSubscription, ast.LocationField,
		ast.LocationFragmentDefinition, ast.LocationFragmentSpread, ast.LocationInlineFragment, ast.LocationVariableDefinition:
		return true
	}
	return false
}
