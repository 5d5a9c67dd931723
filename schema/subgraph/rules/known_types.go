package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// knownTypes refuses fields and arguments of types that the schema does not define.
func knownTypes(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	arguments := func(coordinate string, as ast.ArgumentDefinitionList) {
		for _, a := range as {
			r.known(subgraph.NamedType(a.Type), coordinate+"("+a.Name+":)", a.Position)
		}
	}
	for _, t := range s.Types {
		for _, f := range t.Fields {
			coordinate := t.Name + "." + f.Name
			r.known(subgraph.NamedType(f.Type), coordinate, f.Position)
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

// known refuses a reference to a type that the schema does not define, and reports whether it does.
func (r *report) known(name, coordinate string, at *ast.Position) bool {
	if r.schema.KnowsType(name) {
		return true
	}
	advice := ""
	if subgraph.ServiceType(name) {
		advice = ": leave out what the gateway asks of every subgraph, or define all of it"
	}
	r.add(diagnostic.InvalidGraphQL, coordinate, at, "%q refers to the type %q, which the schema does not define%s", coordinate, name, advice)
	return false
}
