package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// checkImplementations refuses types that lack a field of an interface they implement. In each subgraph they have
// it, but the supergraph's interface has the fields of all subgraphs.
func (m *merger) checkImplementations() {
	for _, name := range m.order {
		d := m.types[name]
		if d.Kind != ast.Object && d.Kind != ast.Interface {
			continue
		}
		for _, i := range d.Interfaces {
			face := m.types[i]
			if face == nil {
				continue
			}
			for _, f := range face.Fields {
				if d.Fields.ForName(f.Name) == nil {
					m.missingField(d, face, f.Name)
				}
			}
		}
	}
}

func (m *merger) missingField(d, face *ast.Definition, field string) {
	var declaring, implementing []string
	var at []diagnostic.Location
	for k, t := range m.sources(face.Name) {
		if t != nil && t.Field(field) != nil {
			declaring = append(declaring, fmt.Sprintf("%q", m.members[k].Name))
			at = append(at, m.members[k].At(t.Field(field).Position))
		}
	}
	for k, t := range m.sources(d.Name) {
		if t != nil && slices.Contains(t.Interfaces, face.Name) {
			implementing = append(implementing, fmt.Sprintf("%q", m.members[k].Name))
			at = append(at, m.members[k].At(t.Position))
		}
	}
	m.fail(diagnostic.InterfaceFieldNoImplem, d.Name+"."+field, at,
		"the interface %q has the field %q (from %s), but the type %q, which implements it (in %s), does not have that field in any subgraph: add it there, or hide \"%s.%s\" with @inaccessible",
		face.Name, field, strings.Join(declaring, ", "), d.Name, strings.Join(implementing, ", "), face.Name, field)
}
