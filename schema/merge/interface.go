package merge

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// mergeInterface gives an interface the fields that it has in any member.
func (m *merger) mergeInterface(d *ast.Definition, sources typeSources) {
	entity := m.checkEntity(d, sources)
	var resolving typeSources
	if !entity {
		resolving = sources.resolving()
	}
	for _, field := range sources.fields() {
		m.hintValueTypeField(diagnostic.InconsistentInterfaceValueTypeField, "interface", d, field, resolving)
		m.override(d, field.name, field.sources)
		if f := m.mergeField(d, field); f != nil {
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
		fields := m.objects[name].fields()
		if len(fields) == 0 {
			continue
		}
		for _, impl := range m.implementing[name] {
			m.addInterfaceFields(impl, d, fields)
		}
	}
}

func (m *merger) addInterfaceFields(impl, d *ast.Definition, fields []typeField) {
	for _, field := range fields {
		f := m.Field(d, field.name)
		if f == nil || m.Field(impl, field.name) != nil {
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
		m.checkSharing(impl, field.name, nil)
	}
	delete(m.fields, impl)
}
