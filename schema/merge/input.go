package merge

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// mergeInput gives an input type the fields that all members accept.
func (m *merger) mergeInput(d *ast.Definition, sources typeSources) {
	for _, name := range fieldNames(sources) {
		if f := m.mergeInputField(d, name, m.fieldSources(name, sources)); f != nil {
			d.Fields = append(d.Fields, f)
		}
	}
	if len(d.Fields) == 0 {
		m.fail(diagnostic.EmptyMergedInputType, d.Name, locations(sources.elements()),
			"no field of the input type %q is known to all subgraphs that define it", d.Name)
	}
}

func (m *merger) mergeInputField(d *ast.Definition, name string, sources fieldSources) *ast.FieldDefinition {
	coordinate := d.Name + "." + name
	var with, without, requiring []*member
	var types []typed
	var defaults []defaulted
	hidden := false
	for _, s := range sources {
		if s.field == nil {
			without = append(without, s.member)
			continue
		}
		with = append(with, s.member)
		if s.field.Type.NonNull && s.field.DefaultValue == nil {
			requiring = append(requiring, s.member)
		}
		hidden = hidden || s.member.Has(s.field.Directives, link.Inaccessible)
		types = append(types, typed{s.member, s.field.Type, s.field.Position})
		defaults = append(defaults, defaulted{s.member, s.field.DefaultValue, s.field.Position})
	}
	if len(without) > 0 {
		switch {
		case len(requiring) > 0:
			m.fail(diagnostic.RequiredInputFieldMissingInSomeSubgraph, coordinate, locations(sources.elements()),
				"the input field %q is required in %s but unknown in %s: make it optional there, or add it here", coordinate, subgraphs(requiring), subgraphs(without))
			return nil
		case !hidden:
			m.hint(diagnostic.InconsistentInputObjectField, coordinate, locations(sources.elements()),
				"the input field %q is in %s but not in %s; the supergraph does not have it", coordinate, subgraphs(with), subgraphs(without))
			return nil
		}
	}
	f := &ast.FieldDefinition{Name: name}
	m.mergeDescription(&f.Description, coordinate, sources.elements())
	same := m.mergeType(&f.Type, "input field", coordinate, true, types, diagnostic.FieldTypeMismatch, diagnostic.InconsistentButCompatibleFieldType)
	m.useEnum(f.Type, coordinate, true)
	f.DefaultValue = m.mergeDefault("input field", coordinate, defaults, diagnostic.InputFieldDefaultMismatch)
	m.joinField(f, sources, same)
	m.mergeDirectives(&f.Directives, coordinate, sources.elements())
	return f
}
