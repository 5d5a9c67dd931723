package merge

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/lookup"
)

// argumentSource is what one member says of one argument; argument is nil where it does not have it.
type argumentSource struct {
	member   *member
	field    *ast.FieldDefinition
	argument *ast.ArgumentDefinition
}

// mergeArguments gives a field the arguments that all members which resolve it accept.
func (m *merger) mergeArguments(f *ast.FieldDefinition, coordinate string, sources fieldSources) {
	if !slices.ContainsFunc(sources, func(s fieldSource) bool { return len(s.field.Arguments) > 0 }) {
		return
	}
	arguments := sources.arguments()
	for i, s := range sources {
		for _, a := range s.field.Arguments {
			if knowsArgument(arguments[:i], a.Name) {
				continue
			}
			if merged := m.mergeArgument(coordinate+"("+a.Name+":)", a.Name, sources, arguments); merged != nil {
				f.Arguments = append(f.Arguments, merged)
			}
		}
	}
}

// argumentTable finds the arguments that one member gives a field.
type argumentTable = lookup.Table[*ast.ArgumentDefinition]

// arguments finds the arguments that each member gives the field.
func (fs fieldSources) arguments() []argumentTable {
	tables := make([]argumentTable, len(fs))
	for i, s := range fs {
		tables[i] = lookup.Arguments(s.field.Arguments)
	}
	return tables
}

func knowsArgument(tables []argumentTable, name string) bool {
	for i := range tables {
		if tables[i].Has(name) {
			return true
		}
	}
	return false
}

func (m *merger) mergeArgument(coordinate, name string, fields fieldSources, arguments []argumentTable) *ast.ArgumentDefinition {
	var with, without, requiring []*member
	var elements []element
	var sources []argumentSource
	var types []typed
	contextual := false
	for i, s := range fields {
		a := arguments[i].Find(name)
		if a == nil {
			without = append(without, s.member)
			continue
		}
		if s.member.Has(a.Directives, link.FromContext) {
			contextual = true
			continue
		}
		with = append(with, s.member)
		if a.Type.NonNull && a.DefaultValue == nil {
			requiring = append(requiring, s.member)
		}
		elements = append(elements, element{s.member, a.Description, a.Directives, a.Position})
		sources = append(sources, argumentSource{s.member, s.field, a})
		types = append(types, typed{s.member, a.Type, a.Position})
	}
	if contextual {
		m.contextualArgument(coordinate, with, requiring, elements)
		return nil
	}
	if len(without) > 0 {
		if len(requiring) > 0 {
			m.fail(diagnostic.RequiredArgumentMissingInSomeSubgraph, coordinate, locations(elements),
				"the argument %q is required in %s but unknown in %s: make it optional in the former, or add it in the latter", coordinate, subgraphs(requiring), subgraphs(without))
		} else {
			m.hint(diagnostic.InconsistentArgumentPresence, coordinate, locations(elements),
				"the argument %q is in %s but not in %s; the supergraph does not have it", coordinate, subgraphs(with), subgraphs(without))
		}
		return nil
	}
	a := &ast.ArgumentDefinition{Name: name}
	m.mergeDescription(&a.Description, coordinate, elements)
	m.mergeType(&a.Type, "argument", coordinate, true, types, diagnostic.FieldArgumentTypeMismatch, diagnostic.InconsistentButCompatibleArgumentType)
	m.useEnum(a.Type, coordinate, true)
	var defaults []defaulted
	for _, s := range sources {
		defaults = append(defaults, spelled(s.member, s.argument.DefaultValue, s.argument.Type, s.argument.Position))
	}
	a.DefaultValue = m.mergeDefault("argument", coordinate, defaults, diagnostic.FieldArgumentDefaultMismatch)
	m.mergeDirectives(&a.Directives, coordinate, elements)
	return a
}

// defaulted is the default value that one member gives an element, nil where it gives none.
type defaulted struct {
	member   *member
	value    *ast.Value
	position *ast.Position
}

// mergeDefault takes the default value that all members give. When only some give one, the supergraph has none:
// the gateway would otherwise send it to those that did not ask for it.
func (m *merger) mergeDefault(what, coordinate string, sources []defaulted, mismatch diagnostic.Code) *ast.Value {
	if !slices.ContainsFunc(sources, func(s defaulted) bool { return s.value != nil }) {
		return nil
	}
	var v variants
	var at []diagnostic.Location
	var value *ast.Value
	different, absent := false, false
	for _, s := range sources {
		at = append(at, s.member.At(s.position))
		if s.value == nil {
			absent = true
			v.add("no default value", s.member)
			continue
		}
		v.add(printValue(s.value), s.member)
		if value != nil && !sameValue(value, s.value) {
			different = true
		}
		if value == nil {
			value = s.value
		}
	}
	switch {
	case different:
		m.fail(mismatch, coordinate, at, "the %s %q has different default values: %s; give it the same one everywhere", what, coordinate, v.String())
		return nil
	case absent:
		m.hint(diagnostic.InconsistentDefaultValuePresence, coordinate, at, "the %s %q has a default value in some subgraphs only: %s; the supergraph has none", what, coordinate, v.String())
		return nil
	}
	return value
}
