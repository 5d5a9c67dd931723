package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/lookup"
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
				if m.Field(d, f.Name) == nil {
					m.missingField(d, face, f.Name)
				}
			}
		}
	}
}

func (m *merger) missingField(d, face *ast.Definition, field string) {
	var declaring, implementing []string
	var at []diagnostic.Location
	for _, t := range m.sources(face.Name) {
		if t.Field(field) != nil {
			declaring = append(declaring, fmt.Sprintf("%q", t.member.Name))
			at = append(at, t.member.At(t.Field(field).Position))
		}
	}
	for _, t := range m.sources(d.Name) {
		if slices.Contains(t.Interfaces, face.Name) {
			implementing = append(implementing, fmt.Sprintf("%q", t.member.Name))
			at = append(at, t.member.At(t.Position))
		}
	}
	m.fail(diagnostic.InterfaceFieldNoImplem, d.Name+"."+field, at,
		"the interface %q has the field %q (from %s), but the type %q, which implements it (in %s), does not have that field in any subgraph: add it there, or hide \"%s.%s\" with @inaccessible",
		face.Name, field, strings.Join(declaring, ", "), d.Name, strings.Join(implementing, ", "), face.Name, field)
}

// checkConformance refuses fields that fit the interfaces of their own subgraph, but not those of the supergraph:
// subgraphs may differ in how they declare the field, there and here.
func (m *merger) checkConformance() {
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
			for _, inherited := range face.Interfaces { // specification, section 3.6: Objects, type validation
				if inherited != name && !slices.Contains(d.Interfaces, inherited) {
					m.fail(diagnostic.InvalidGraphQL, name, append(m.places(name, ""), m.places(i, "")...),
						"in the supergraph the type %q implements %q and must implement %q too, as that does: not all subgraphs declare it", name, i, inherited)
				}
			}
			for _, f := range face.Fields {
				if own := m.Field(d, f.Name); own != nil {
					m.conforms(d, own, face, f)
				}
			}
		}
	}
}

func (m *merger) conforms(d *ast.Definition, own *ast.FieldDefinition, face *ast.Definition, f *ast.FieldDefinition) {
	coordinate, wanted := d.Name+"."+own.Name, face.Name+"."+f.Name
	fail := func(coordinate, format string, args ...any) {
		at := append(m.places(d.Name, own.Name), m.places(face.Name, f.Name)...)
		m.fail(diagnostic.InvalidGraphQL, coordinate, at, format, args...)
	}
	if !m.subtype(own.Type, f.Type) {
		fail(coordinate, "in the supergraph the field %q has the type %q, which does not fit %q of %q: the subgraphs declare them differently, so declare them alike",
			coordinate, own.Type.String(), f.Type.String(), wanted)
	}
	if len(f.Arguments) == 0 && len(own.Arguments) == 0 {
		return
	}
	has, wants := lookup.Arguments(own.Arguments), lookup.Arguments(f.Arguments)
	for _, a := range f.Arguments {
		mine := has.Find(a.Name)
		switch {
		case mine == nil:
			fail(coordinate, "in the supergraph the field %q lacks the argument %q of %q: not all subgraphs declare it, so declare it in all of them", coordinate, a.Name, wanted)
		case !sameType(mine.Type, a.Type):
			fail(coordinate+"("+a.Name+":)", "in the supergraph the argument \"%s(%s:)\" has the type %q, but that of %q has %q: the subgraphs declare them differently, so declare them alike",
				coordinate, a.Name, mine.Type.String(), wanted, a.Type.String())
		}
	}
	for _, a := range own.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil && !wants.Has(a.Name) {
			fail(coordinate+"("+a.Name+":)", "in the supergraph the argument \"%s(%s:)\" is required, but %q does not have it: make it optional", coordinate, a.Name, wanted)
		}
	}
}
