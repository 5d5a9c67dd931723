package rules

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// knownDirectives refuses applications of directives that the schema does not define.
func knownDirectives(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	s.EachApplied(func(coordinate string, _ ast.DirectiveLocation, ds ast.DirectiveList) {
		for _, d := range ds {
			if s.Directive(d.Name) == nil && standard(d.Name) == nil {
				r.unknown(coordinate, d)
			}
		}
	})
	return r.found
}

// directives holds every application of a directive against the directive's definition (specification, section 5.7
// for schemas): it may stand there, may stand there again, and its arguments fit.
func directives(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	s.EachApplied(r.applied)
	return r.found
}

func (r *report) applied(coordinate string, at ast.DirectiveLocation, ds ast.DirectiveList) {
	seen := map[string]bool{}
	for _, d := range ds {
		definition := r.schema.Directive(d.Name)
		if definition == nil {
			definition = standard(d.Name)
		}
		if !slices.Contains(definition.Locations, at) {
			r.add(diagnostic.InvalidGraphQL, coordinate, d.Position, "\"@%s\" cannot be applied to %q: its locations do not include %s", d.Name, coordinate, at)
		}
		if seen[d.Name] && !definition.IsRepeatable {
			r.add(diagnostic.InvalidGraphQL, coordinate, d.Position, "\"@%s\" is applied to %q more than once, and it is not repeatable", d.Name, coordinate)
		}
		seen[d.Name] = true
		r.arguments(coordinate, d, definition)
	}
}

func (r *report) unknown(coordinate string, d *ast.Directive) {
	advice := ""
	if !r.schema.IsFederation2() && slices.Contains(link.FederationDirectives(link.LatestFederation), d.Name) {
		advice = "; it is a directive of Federation 2, which a schema uses by linking it: extend schema @link(url: \"" +
			link.URL{Identity: link.FederationSpec, Version: link.LatestFederation}.String() + "\", import: [\"@" + d.Name + "\"])"
	} else if slices.Contains(link.FederationDirectives(link.LatestFederation), d.Name) {
		advice = "; import it with @link, from a version of the federation specification that has it"
	}
	r.add(diagnostic.InvalidGraphQL, coordinate, d.Position, "\"@%s\" is applied to %q, but the schema does not define it%s", d.Name, coordinate, advice)
}

// fieldSet reports whether a directive takes a field set.
func (r *report) fieldSet(directive string) bool {
	return slices.ContainsFunc([]string{link.Key, link.Requires, link.Provides}, func(name string) bool { return r.schema.Local(name) == directive })
}

func (r *report) arguments(coordinate string, d *ast.Directive, definition *ast.DirectiveDefinition) {
	seen := map[string]bool{}
	for _, a := range d.Arguments {
		wanted := definition.Arguments.ForName(a.Name)
		switch {
		case seen[a.Name]:
			r.add(diagnostic.InvalidGraphQL, coordinate, a.Position, "\"@%s\" on %q has the argument %q more than once", d.Name, coordinate, a.Name)
		case wanted == nil:
			r.add(diagnostic.InvalidGraphQL, coordinate, a.Position, "\"@%s\" on %q has the argument %q, which its definition does not have", d.Name, coordinate, a.Name)
		case a.Value.Kind == ast.NullValue && r.fieldSet(d.Name):
			// The rules of field sets say that it must be a string.
		default:
			if why := fits(r.schema, a.Value, wanted.Type, 0); why != "" {
				r.add(diagnostic.InvalidGraphQL, coordinate, a.Position, "the argument %q of \"@%s\" on %q must be of the type %q: %s", a.Name, d.Name, coordinate, wanted.Type, why)
			}
		}
		seen[a.Name] = true
	}
	for _, a := range definition.Arguments {
		if !seen[a.Name] && a.Type.NonNull && a.DefaultValue == nil {
			r.add(diagnostic.InvalidGraphQL, coordinate, d.Position, "\"@%s\" on %q needs the argument %q of type %q", d.Name, coordinate, a.Name, a.Type)
		}
	}
}

// standard is the definition of a directive that every schema has without defining it.
func standard(name string) *ast.DirectiveDefinition {
	str := func(name string, nonNull bool) *ast.ArgumentDefinition {
		return &ast.ArgumentDefinition{Name: name, Type: &ast.Type{NamedType: "String", NonNull: nonNull}}
	}
	switch name {
	case "deprecated":
		return &ast.DirectiveDefinition{Name: name, Arguments: ast.ArgumentDefinitionList{str("reason", false)}, Locations: []ast.DirectiveLocation{
			ast.LocationFieldDefinition, ast.LocationArgumentDefinition, ast.LocationInputFieldDefinition, ast.LocationEnumValue,
		}}
	case "specifiedBy":
		return &ast.DirectiveDefinition{Name: name, Arguments: ast.ArgumentDefinitionList{str("url", true)}, Locations: []ast.DirectiveLocation{ast.LocationScalar}}
	case "oneOf":
		return &ast.DirectiveDefinition{Name: name, Locations: []ast.DirectiveLocation{ast.LocationInputObject}}
	}
	return nil
}
