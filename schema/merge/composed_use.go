package merge

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// checkComposedUse holds the applications of composed directives against the one definition that the supergraph has:
// that of the newest version, which need not allow what a subgraph with an older version does.
func (m *merger) checkComposedUse() {
	definitions := map[string]*ast.DirectiveDefinition{}
	for _, spec := range m.composed {
		for _, c := range spec.directives {
			definitions[c.name] = c.definition
		}
	}
	if len(definitions) == 0 {
		return
	}
	check := func(coordinate string, at ast.DirectiveLocation, typeName, field string, applied ast.DirectiveList) {
		for _, d := range applied {
			definition := definitions[d.Name]
			if definition == nil {
				continue
			}
			why := ""
			if !slices.Contains(definition.Locations, at) {
				why = fmt.Sprintf("cannot stand on %s", at)
			}
			for _, a := range d.Arguments {
				if definition.Arguments.ForName(a.Name) == nil {
					why = fmt.Sprintf("has no argument %q", a.Name)
				}
			}
			for _, a := range definition.Arguments {
				if a.Type.NonNull && a.DefaultValue == nil && d.Arguments.ForName(a.Name) == nil {
					why = fmt.Sprintf("needs the argument %q", a.Name)
				}
			}
			if why != "" {
				m.fail(diagnostic.DirectiveCompositionError, coordinate, m.places(typeName, field),
					"%q has \"@%s\", which in the newest version that is composed %s: change it there, or compose one version everywhere", coordinate, d.Name, why)
			}
		}
	}
	for _, name := range m.order {
		d := m.types[name]
		check(name, ast.DirectiveLocation(d.Kind), name, "", d.Directives)
		field := ast.LocationFieldDefinition
		if d.Kind == ast.InputObject {
			field = ast.LocationInputFieldDefinition
		}
		for _, f := range d.Fields {
			coordinate := name + "." + f.Name
			check(coordinate, field, name, f.Name, f.Directives)
			for _, a := range f.Arguments {
				check(coordinate+"("+a.Name+":)", ast.LocationArgumentDefinition, name, f.Name, a.Directives)
			}
		}
		for _, v := range d.EnumValues {
			check(name+"."+v.Name, ast.LocationEnumValue, name, "", v.Directives)
		}
	}
}
