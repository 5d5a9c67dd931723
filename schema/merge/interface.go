package merge

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// mergeInterface gives an interface the fields that it has in any member.
func (m *merger) mergeInterface(d *ast.Definition, sources typeSources) {
	entity := m.checkEntity(d, sources)
	for _, name := range fieldNames(sources) {
		fields := m.fieldSources(name, sources)
		if !entity {
			m.hintValueTypeField(diagnostic.InconsistentInterfaceValueTypeField, "interface", d, name, fields)
		}
		m.override(d, name, fields)
		if f := m.mergeField(d, name, fields); f != nil {
			d.Fields = append(d.Fields, f)
		}
	}
}

// interfaceObjectFields adds to the implementations of an interface the fields that only members which know the
// interface as an object give it: those members resolve them whichever implementation it is.
func (m *merger) interfaceObjectFields() {
	for _, name := range m.order {
		d := m.types[name]
		if d.Kind != ast.Interface {
			continue
		}
		objects := slices.DeleteFunc(slices.Clone(m.sources(name)), func(t typeSource) bool { return !t.member.isInterfaceObject(t.Type) })
		names := fieldNames(objects)
		if len(names) == 0 {
			continue
		}
		for _, o := range m.order {
			if impl := m.types[o]; impl.Kind == ast.Object && slices.Contains(impl.Interfaces, name) {
				addInterfaceFields(impl, d, names)
			}
		}
	}
}

func addInterfaceFields(impl, d *ast.Definition, names []string) {
	for _, name := range names {
		f := d.Fields.ForName(name)
		if f == nil || impl.Fields.ForName(name) != nil {
			continue
		}
		own := *f
		own.Directives = nil
		for _, a := range f.Directives {
			if a.Name != "join__field" {
				own.Directives = append(own.Directives, a)
			}
		}
		own.Directives = append(own.Directives, join("field", nil))
		impl.Fields = append(impl.Fields, &own)
	}
}
