package introspection

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// model is the schema in the order it is told in: definitions in the order of the schema's text, then what every schema
// has. Nothing of it depends on the order of a map.
type model struct {
	schema     *ast.Schema
	queryName  string
	types      []*ast.Definition
	byName     map[string]*ast.Definition
	directives []*ast.DirectiveDefinition
	possible   map[string][]*ast.Definition // object types of interfaces and unions
}

func newModel(api *ast.Schema) *model {
	m := &model{
		schema:   api,
		byName:   map[string]*ast.Definition{},
		possible: map[string][]*ast.Definition{},
	}
	if api.Query != nil {
		m.queryName = api.Query.Name
	}
	used := usedTypes(api)
	for name, def := range api.Types { // sorted below
		// Built-in scalars that no one refers to are not part of the schema (specification section 3.5).
		if isBuiltInScalar(name) && !used[name] {
			continue
		}
		m.types = append(m.types, def)
		m.byName[name] = def
	}
	slices.SortFunc(m.types, func(a, b *ast.Definition) int {
		return cmp.Or(compareIntrospective(a.Name, b.Name), comparePositions(a.Position, b.Position), cmp.Compare(a.Name, b.Name))
	})
	for _, def := range api.Directives { // sorted below
		// gqlparser declares @defer in every schema; Weft does not execute it.
		if def.Name != "defer" || !isBuiltIn(def.Position) {
			m.directives = append(m.directives, def)
		}
	}
	slices.SortFunc(m.directives, func(a, b *ast.DirectiveDefinition) int {
		return cmp.Or(comparePositions(a.Position, b.Position), cmp.Compare(a.Name, b.Name))
	})
	m.findPossible()
	return m
}

func (m *model) findPossible() {
	for _, def := range m.types {
		switch def.Kind {
		case ast.Object:
			for _, name := range def.Interfaces {
				if !slices.Contains(m.possible[name], def) {
					m.possible[name] = append(m.possible[name], def)
				}
			}
		case ast.Union:
			for _, name := range def.Types {
				if member := m.byName[name]; member != nil && !slices.Contains(m.possible[def.Name], member) {
					m.possible[def.Name] = append(m.possible[def.Name], member)
				}
			}
		}
	}
}

func isBuiltInScalar(name string) bool {
	switch name {
	case "Int", "Float", "String", "Boolean", "ID":
		return true
	}
	return false
}

// usedTypes are the types that fields, arguments and directives refer to.
func usedTypes(api *ast.Schema) map[string]bool {
	used := map[string]bool{}
	arguments := func(list ast.ArgumentDefinitionList) {
		for _, arg := range list {
			used[arg.Type.Name()] = true
		}
	}
	for _, def := range api.Types {
		for _, f := range def.Fields {
			used[f.Type.Name()] = true
			arguments(f.Arguments)
		}
	}
	for _, def := range api.Directives {
		arguments(def.Arguments)
	}
	return used
}

// compareIntrospective puts the types of introspection last.
func compareIntrospective(a, b string) int {
	isMeta := func(name string) int {
		if strings.HasPrefix(name, "__") {
			return 1
		}
		return 0
	}
	return isMeta(a) - isMeta(b)
}

func isBuiltIn(at *ast.Position) bool { return at != nil && at.Src != nil && at.Src.BuiltIn }

// comparePositions orders by source, built-in ones last, then by place; what has no position comes after what has.
func comparePositions(a, b *ast.Position) int {
	rank := func(at *ast.Position) int {
		switch {
		case isBuiltIn(at):
			return 2
		case at == nil:
			return 1
		}
		return 0
	}
	if order := rank(a) - rank(b); order != 0 || a == nil || b == nil {
		return order
	}
	source := func(at *ast.Position) string {
		if at.Src == nil {
			return ""
		}
		return at.Src.Name
	}
	return cmp.Or(cmp.Compare(source(a), source(b)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
