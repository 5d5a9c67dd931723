package contract

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// hideEmptied hides types of which nothing is left. Objects come first: which fields an interface keeps depends on them.
func (m *marker) hideEmptied() {
	m.hideWithoutFields(ast.Object)
	if len(m.filter.Include) == 0 {
		m.hideUnimplemented()
	}
	m.hideWithoutFields(ast.Interface)
	m.hideWithoutFields(ast.InputObject)
	for _, d := range m.types {
		switch {
		case d.Kind == ast.Enum && !slices.ContainsFunc(d.EnumValues, func(v *ast.EnumValueDefinition) bool { return !m.hidden(v.Directives) }):
			m.hide(d.Name, &d.Directives, cause{clause: "none of its values is left"})
		case d.Kind == ast.Union && !slices.ContainsFunc(d.Types, func(name string) bool { return m.shown(name) != nil }):
			m.hide(d.Name, &d.Directives, cause{clause: "none of its members is left"})
		}
	}
}

func (m *marker) hideWithoutFields(kind ast.DefinitionKind) {
	for _, d := range m.types {
		if d.Kind == kind && !slices.ContainsFunc(d.Fields, func(f *ast.FieldDefinition) bool { return !m.hidden(f.Directives) }) {
			m.hide(d.Name, &d.Directives, cause{clause: "none of its fields is left"})
		}
	}
}

// hideUnimplemented hides the fields of interfaces that none of the objects has any more: excluding a field of the
// objects is then enough. Where tags are included it would hide what is asked for by its tag, so it is not done there.
func (m *marker) hideUnimplemented() {
	objects := m.implementations()
	for _, d := range m.types {
		if d.Kind != ast.Interface || len(objects[d.Name]) == 0 {
			continue
		}
		left := map[string]bool{}
		for _, o := range objects[d.Name] {
			for _, f := range o.Fields {
				left[f.Name] = left[f.Name] || !m.hidden(f.Directives)
			}
		}
		for _, f := range d.Fields {
			if !left[f.Name] {
				m.hide(d.Name+"."+f.Name, &f.Directives, cause{clause: "none of the types that implement it has it any more"})
			}
		}
	}
}

// implementations lists the objects of each interface that the contract shows.
func (m *marker) implementations() map[string][]*ast.Definition {
	objects := map[string][]*ast.Definition{}
	for _, d := range m.types {
		if d.Kind != ast.Object || m.hidden(d.Directives) {
			continue
		}
		for _, name := range d.Interfaces {
			objects[name] = append(objects[name], d)
		}
	}
	return objects
}
