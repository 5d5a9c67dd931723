package merge

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// enumUse tells how the supergraph uses an enum: the coordinate of an element that writes it and of one that reads it.
type enumUse struct{ input, output string }

// useEnum notes that an element has the type t.
func (m *merger) useEnum(t *ast.Type, coordinate string, written bool) {
	for t.Elem != nil {
		t = t.Elem
	}
	d := m.types[t.NamedType]
	if d == nil || d.Kind != ast.Enum {
		return
	}
	use := m.enums[d.Name]
	if use == nil {
		use = &enumUse{}
		m.enums[d.Name] = use
	}
	if written && use.input == "" {
		use.input = coordinate
	}
	if !written && use.output == "" {
		use.output = coordinate
	}
}

// mergeEnums merges the enums, which comes last: an enum that clients write has the values that all members know,
// one that they read the values that any member knows, and one that they do both with the same everywhere.
func (m *merger) mergeEnums() {
	for _, name := range m.order {
		if d := m.types[name]; d.Kind == ast.Enum {
			m.mergeEnum(d, m.sources(name))
		}
	}
}

func (m *merger) mergeEnum(d *ast.Definition, sources typeSources) {
	use := m.enums[d.Name]
	if use == nil {
		use = &enumUse{output: d.Name}
		m.hint(diagnostic.UnusedEnumType, d.Name, locations(sources.elements()),
			"nothing uses the enum %q: the supergraph has it with the values of all subgraphs", d.Name)
	}
	for _, value := range enumValues(sources) {
		m.mergeValue(d, value, use, sources)
	}
	if len(d.EnumValues) == 0 {
		m.fail(diagnostic.EmptyMergedEnumType, d.Name, locations(sources.elements()),
			"the enum %q is used as an input, and no value of it is known to all subgraphs that define it (%s): clients could send none; give them one in common", d.Name, sources.has())
	}
	m.mergeDirectives(&d.Directives, d.Name, sources.elements())
}

func enumValues(sources typeSources) []string {
	var names []string
	seen := map[string]bool{}
	for _, t := range sources {
		for _, v := range t.EnumValues {
			if !seen[v.Name] {
				seen[v.Name] = true
				names = append(names, v.Name)
			}
		}
	}
	return names
}

func (m *merger) mergeValue(d *ast.Definition, name string, use *enumUse, sources typeSources) {
	coordinate := d.Name + "." + name
	value := &ast.EnumValueDefinition{Name: name}
	var with, without []*member
	var elements []element
	hidden := false
	for _, t := range sources {
		s := t.member
		v := t.Value(name)
		if v == nil {
			without = append(without, s)
			continue
		}
		with = append(with, s)
		hidden = hidden || s.Has(v.Directives, link.Inaccessible)
		elements = append(elements, element{s, v.Description, v.Directives, v.Position})
		value.Directives = append(value.Directives, join("enumValue", s))
	}
	if len(without) > 0 {
		switch {
		case use.input == "":
			m.hint(diagnostic.InconsistentEnumValueForOutputEnum, coordinate, locations(elements),
				"the value %q is in %s but not in %s; the supergraph has it", coordinate, subgraphs(with), subgraphs(without))
		case hidden:
			// What the API schema does not show need not agree.
		case use.output == "":
			m.hint(diagnostic.InconsistentEnumValueForInputEnum, coordinate, locations(elements),
				"the value %q is in %s but not in %s; as all of them must accept it (%q is of this type), the supergraph does not have it", coordinate, subgraphs(with), subgraphs(without), use.input)
			return
		default:
			m.fail(diagnostic.EnumValueMismatch, coordinate, locations(elements),
				"the enum %q is written (%q is of this type) and read (%q is of this type), so all subgraphs must know the same values; %q is in %s but not in %s: add it there, or hide it with @inaccessible",
				d.Name, use.input, use.output, name, subgraphs(with), subgraphs(without))
		}
	}
	m.mergeDescription(&value.Description, coordinate, elements)
	m.mergeDirectives(&value.Directives, coordinate, elements)
	d.EnumValues = append(d.EnumValues, value)
}
