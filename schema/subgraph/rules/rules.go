// Package rules holds the rules that one subgraph's schema must keep before it may be merged. One rule stands in
// one file and reports one diagnostic code, or a few that belong together.
package rules

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// GraphQL lists the rules of GraphQL itself, in stages: each stage relies on the stages before it. What the subgraph is called
// comes where its schema is known to be one, whatever else is wrong with it.
func GraphQL() [][]subgraph.Rule {
	return [][]subgraph.Rule{
		{knownTypes, uniqueFields},
		{inputAndOutput, implemented, unions, serviceTypes, knownDirectives, definitions},
		{subgraphName},
		{names, notEmpty, linkedTypes, interfaces, inputCycles, requiredInputs, oneOf, directives, defaults, shadowedImports},
	}
}

// Federation lists the rules of the federation specification, in stages. They rely on the rules of GraphQL.
func Federation() [][]subgraph.Rule {
	return [][]subgraph.Rule{
		{externalCollision},
		{providesOnLeaf},
		{
			rootNames, keys, requires, provides, externalOnInterface, externalUnused, shareable,
			interfaceKeys, interfaceObject, authorization, cost, listSize, contexts,
		},
	}
}

// Alone lists the rules of the federation specification that a schema has to keep before others are looked at, in stages.
// What a Federation 1 schema means depends on the others: it is held against most rules when it is upgraded.
func Alone(s *subgraph.Schema) [][]subgraph.Rule {
	if s.IsFederation2() {
		return Federation()
	}
	return [][]subgraph.Rule{{rootNames}}
}

// report collects what one rule finds in one schema.
type report struct {
	schema *subgraph.Schema
	found  []diagnostic.Diagnostic
}

func (r *report) add(code diagnostic.Code, coordinate string, at *ast.Position, format string, args ...any) {
	r.found = append(r.found, r.schema.Errorf(code, coordinate, at, format, args...))
}

// eachField calls visit for every field of the schema's object types and interfaces.
func eachField(s *subgraph.Schema, visit func(t *subgraph.Type, f *ast.FieldDefinition)) {
	for _, t := range s.Types {
		if t.Kind != ast.Object && t.Kind != ast.Interface {
			continue
		}
		for _, f := range t.Fields {
			visit(t, f)
		}
	}
}

func kindName(k ast.DefinitionKind) string {
	switch k {
	case ast.Scalar:
		return "a scalar"
	case ast.Object:
		return "an object type"
	case ast.Interface:
		return "an interface"
	case ast.Union:
		return "a union"
	case ast.Enum:
		return "an enum"
	}
	return "an input type"
}
