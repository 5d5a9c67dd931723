package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// requiredInputs refuses arguments and input fields that are required and deprecated (specification, section 3.13.3).
func requiredInputs(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	check := func(coordinate string, t *ast.Type, value *ast.Value, ds ast.DirectiveList, at *ast.Position) {
		if t.NonNull && value == nil && ds.ForName("deprecated") != nil {
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "%q is required and cannot be @deprecated: clients could not stop using it", coordinate)
		}
	}
	arguments := func(coordinate string, as ast.ArgumentDefinitionList) {
		for _, a := range as {
			check(coordinate+"("+a.Name+":)", a.Type, a.DefaultValue, a.Directives, a.Position)
		}
	}
	for _, t := range s.Types {
		for _, f := range t.Fields {
			coordinate := t.Name + "." + f.Name
			if t.Kind == ast.InputObject {
				check(coordinate, f.Type, f.DefaultValue, f.Directives, f.Position)
				continue
			}
			arguments(coordinate, f.Arguments)
		}
	}
	for _, d := range s.Directives {
		if !s.OwnedDirective(d.Name) {
			arguments("@"+d.Name, d.Arguments)
		}
	}
	return r.found
}
