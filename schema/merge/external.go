package merge

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// checkExternals holds what members say of a field that they do not resolve against what the supergraph has. Where those
// who resolve it do not have the same type either, a type that is one of those is as good.
func (m *merger) checkExternals(f *ast.FieldDefinition, coordinate string, sources fieldSources, sameTypes bool) {
	if !slices.ContainsFunc(sources, func(s fieldSource) bool { return s.external }) {
		return
	}
	for _, s := range sources {
		if s.external && !sameType(s.field.Type, f.Type) && (sameTypes || !m.subtype(s.field.Type, f.Type)) {
			m.fail(diagnostic.ExternalTypeMismatch, coordinate, locations(sources.elements()),
				"the field %q has the type %q where it is resolved, but %q in subgraph %q, where it is @external: declare it there as it is resolved", coordinate, f.Type.String(), s.field.Type.String(), s.member.Name)
			break
		}
	}
	if len(f.Arguments) == 0 {
		return
	}
	arguments := sources.arguments()
	for _, a := range f.Arguments {
		m.checkExternalArgument(a, coordinate, sources, arguments)
	}
}

func (m *merger) checkExternalArgument(a *ast.ArgumentDefinition, field string, sources fieldSources, arguments []argumentTable) {
	coordinate := field + "(" + a.Name + ":)"
	var missing []*member
	var typeMismatch, defaultMismatch *fieldSource
	for i := range sources {
		s := &sources[i]
		if !s.external {
			continue
		}
		own := arguments[i].Find(a.Name)
		switch {
		case own == nil:
			missing = append(missing, s.member)
		case !sameType(own.Type, a.Type) && !m.subtype(a.Type, own.Type):
			typeMismatch = s
		case !sameValue(s.member.spell(own.DefaultValue, own.Type), a.DefaultValue):
			defaultMismatch = s
		}
	}
	if len(missing) > 0 {
		m.fail(diagnostic.ExternalArgumentMissing, coordinate, locations(sources.elements()),
			"the argument %q is missing in %s, where the field %q is @external: declare it there too", coordinate, subgraphs(missing), field)
	}
	if typeMismatch != nil {
		m.fail(diagnostic.ExternalArgumentTypeMismatch, coordinate, locations(sources.elements()),
			"the argument %q has the type %q where its field is resolved, but %q in subgraph %q, where the field is @external: declare it there as it is resolved",
			coordinate, a.Type.String(), typeMismatch.field.Arguments.ForName(a.Name).Type.String(), typeMismatch.member.Name)
	}
	if defaultMismatch != nil {
		m.fail(diagnostic.ExternalArgumentDefaultMismatch, coordinate, locations(sources.elements()),
			"the argument %q has the default value %s where its field is resolved, but %s in subgraph %q, where the field is @external: declare it there as it is resolved",
			coordinate, printDefault(a.DefaultValue), printDefault(defaultMismatch.field.Arguments.ForName(a.Name).DefaultValue), defaultMismatch.member.Name)
	}
}

func printDefault(v *ast.Value) string {
	if v == nil {
		return "none"
	}
	return printValue(v)
}
