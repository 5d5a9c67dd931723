package merge

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// mergeInput gives an input type the fields that all members accept.
func (m *merger) mergeInput(d *ast.Definition, sources typeSources) {
	for _, field := range sources.fields() {
		if f := m.mergeInputField(d, field, sources); f != nil {
			d.Fields = append(d.Fields, f)
		}
	}
	if len(d.Fields) == 0 {
		m.fail(diagnostic.EmptyMergedInputType, d.Name, locations(sources.elements()),
			"no field of the input type %q is known to all subgraphs that define it (%s): clients could send none; give them one in common", d.Name, sources.has())
	}
}

func (m *merger) mergeInputField(d *ast.Definition, field typeField, all typeSources) *ast.FieldDefinition {
	name, sources, coordinate := field.name, field.sources, d.Name+"."+field.name
	var with, without, requiring []*member
	if !field.everywhere {
		without = sources.missing(all)
	}
	var types []typed
	var defaults []defaulted
	hidden := false
	for _, s := range sources {
		with = append(with, s.member)
		if s.field.Type.NonNull && s.field.DefaultValue == nil {
			requiring = append(requiring, s.member)
		}
		hidden = hidden || s.member.Has(s.field.Directives, link.Inaccessible)
		types = append(types, typed{s.member, s.field.Type, s.field.Position})
		defaults = append(defaults, spelled(s.member, s.field.DefaultValue, s.field.Type, s.field.Position))
	}
	if len(without) > 0 {
		switch {
		case hidden:
			// Clients never see it, so it need not be the same everywhere; that none is required to send it is checked later.
		case len(requiring) > 0:
			m.useEnum(sources[0].field.Type, coordinate, true)
			m.fail(diagnostic.RequiredInputFieldMissingInSomeSubgraph, coordinate, locations(sources.elements()),
				"the input field %q is required in %s but unknown in %s: make it optional in the former, or add it in the latter", coordinate, subgraphs(requiring), subgraphs(without))
			return nil
		default:
			m.hint(diagnostic.InconsistentInputObjectField, coordinate, locations(sources.elements()),
				"the input field %q is in %s but not in %s; the supergraph does not have it", coordinate, subgraphs(with), subgraphs(without))
			return nil
		}
	}
	f := &ast.FieldDefinition{Name: name}
	elements := sources.elements()
	m.mergeDescription(&f.Description, coordinate, elements)
	same := m.mergeType(&f.Type, "input field", coordinate, true, types, diagnostic.FieldTypeMismatch, diagnostic.InconsistentButCompatibleFieldType)
	m.useEnum(f.Type, coordinate, true)
	f.DefaultValue = m.mergeDefault("input field", coordinate, defaults, diagnostic.InputFieldDefaultMismatch)
	m.joinField(f, field, same)
	m.mergeDirectives(&f.Directives, coordinate, elements)
	return f
}
