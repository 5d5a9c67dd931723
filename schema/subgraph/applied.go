package subgraph

import "github.com/vektah/gqlparser/v2/ast"

// EachApplied calls visit for every place of the schema that directives can stand on, with those that do: the schema itself,
// its types with all that is in them, and the arguments of its directives' definitions.
func (s *Schema) EachApplied(visit func(coordinate string, at ast.DirectiveLocation, applied ast.DirectiveList)) {
	visit("schema", ast.LocationSchema, s.Applied)
	for _, t := range s.Types {
		visit(t.Name, ast.DirectiveLocation(t.Kind), t.Definition.Directives)
		field, argument := ast.LocationFieldDefinition, ast.LocationArgumentDefinition
		if t.Kind == ast.InputObject {
			field = ast.LocationInputFieldDefinition
		}
		for _, f := range t.Fields {
			coordinate := t.Name + "." + f.Name
			visit(coordinate, field, f.Directives)
			for _, a := range f.Arguments {
				visit(coordinate+"("+a.Name+":)", argument, a.Directives)
			}
		}
		for _, v := range t.EnumValues {
			visit(t.Name+"."+v.Name, ast.LocationEnumValue, v.Directives)
		}
	}
	for _, d := range s.Directives {
		for _, a := range d.Arguments {
			visit("@"+d.Name+"("+a.Name+":)", ast.LocationArgumentDefinition, a.Directives)
		}
	}
}

// AppliedNames are the directives, by their names in the schema, that stand anywhere in it.
func (s *Schema) AppliedNames() map[string]bool {
	names := map[string]bool{}
	s.EachApplied(func(_ string, _ ast.DirectiveLocation, applied ast.DirectiveList) {
		for _, d := range applied {
			names[d.Name] = true
		}
	})
	return names
}
