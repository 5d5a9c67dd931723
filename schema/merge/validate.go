package merge

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/lookup"
)

// validate holds the rules that only the merged schema can be held against.
func (m *merger) validate() {
	m.checkImplementations()
	m.checkComposedUse()
	m.named = m.aliases()
	m.checkNamesakes()
	m.checkRequires()
	m.checkTransitiveAuthorization()
	if len(m.errors) == 0 {
		m.checkConformance()
	}
	if len(m.errors) == 0 {
		m.checkInaccessible()
	}
}

// Definition finds one of the supergraph's types: it lets field sets be read on the supergraph.
func (m *merger) Definition(name string) *ast.Definition { return m.types[name] }

// Field finds a field of one of the supergraph's types, or nil.
func (m *merger) Field(d *ast.Definition, name string) *ast.FieldDefinition {
	table := m.fields[d]
	if table == nil {
		made := lookup.Fields(d.Fields)
		table, m.fields[d] = &made, &made
	}
	return table.Find(name)
}

// checkRequires reads the field sets of @requires on the supergraph, where fields may have other arguments than in the
// subgraph that requires them: those of the subgraphs that resolve them.
func (m *merger) checkRequires() {
	for _, name := range m.order {
		d := m.types[name]
		if d.Kind != ast.Object {
			continue
		}
		for _, t := range m.sources(name) {
			s := t.member
			for _, f := range t.Fields {
				requires := s.First(f.Directives, link.Requires)
				if requires == nil {
					continue
				}
				set, err := fieldset.Parse(fieldsOf(requires))
				if err != nil {
					continue // refused by the rules before
				}
				if err := fieldset.Walk(m, d, set, nil); err != nil {
					m.fail(diagnostic.RequiresInvalidFields, name+"."+f.Name, []diagnostic.Location{s.At(requires.Position)},
						"[%s] the fields %q of @requires on \"%s.%s\" cannot be asked of the subgraphs that resolve them: %v", s.Name, fieldsOf(requires), name, f.Name, err)
				}
			}
		}
	}
}
