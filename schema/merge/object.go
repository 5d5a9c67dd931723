package merge

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// mergeObject gives an object type the fields that it has in any member.
func (m *merger) mergeObject(d *ast.Definition, sources typeSources) {
	entity := m.checkEntity(d, sources)
	var resolving typeSources
	if !entity && !isRootName(d.Name) {
		resolving = sources.resolving()
	}
	for _, field := range sources.fields() {
		m.hintValueTypeField(diagnostic.InconsistentObjectValueTypeField, "object type", d, field, resolving)
		m.override(d, field.name, field.sources)
		f := m.mergeField(d, field)
		if f == nil {
			continue
		}
		d.Fields = append(d.Fields, f)
		if d.Name == "Subscription" {
			m.refuseShared(field.name, field.sources)
		} else {
			m.checkSharing(d, field.name, field.sources)
		}
	}
}

// refuseShared refuses @shareable on fields of the subscription root: two streams cannot stand for each other.
func (m *merger) refuseShared(name string, fields fieldSources) {
	for _, s := range fields {
		if s.member.facts.Shareable(s.field) {
			m.fail(diagnostic.InvalidFieldSharing, "Subscription."+name, locations(fields.elements()),
				"the field \"Subscription.%s\" is @shareable in subgraph %q: fields of the subscription root cannot be shared; leave it to one subgraph", name, s.member.Name)
			return
		}
	}
	m.checkSharing(&ast.Definition{Name: "Subscription"}, name, fields)
}

func isRootName(name string) bool {
	return name == "Query" || name == "Mutation" || name == "Subscription"
}

// checkEntity reports whether any member gives the type a key, with a hint when some do not.
func (m *merger) checkEntity(d *ast.Definition, sources typeSources) bool {
	var with, without []*member
	for _, t := range sources {
		if t.member.Has(t.Definition.Directives, link.Key) {
			with = append(with, t.member)
		} else {
			without = append(without, t.member)
		}
	}
	if len(with) > 0 && len(without) > 0 && d.Kind == ast.Object {
		m.hint(diagnostic.InconsistentEntity, d.Name, locations(sources.elements()),
			"the type %q has a @key in %s but not in %s", d.Name, subgraphs(with), subgraphs(without))
	}
	return len(with) > 0
}

// hintValueTypeField tells of a field of a type without keys that some members which resolve fields of the type do not
// have.
func (m *merger) hintValueTypeField(code diagnostic.Code, what string, d *ast.Definition, field typeField, resolving typeSources) {
	if field.everywhere || len(resolving) == 0 {
		return
	}
	without := field.sources.missing(resolving)
	if len(without) == 0 {
		return
	}
	var with []*member
	for _, s := range field.sources {
		with = append(with, s.member)
	}
	m.hint(code, d.Name, locations(field.sources.elements()), "the field \"%s.%s\" of the %s %q, which has no key, is in %s but not in %s",
		d.Name, field.name, what, d.Name, subgraphs(with), subgraphs(without))
}

// resolving leaves out the members for which all that they have of a type is @external: they only name fields of others.
func (ts typeSources) resolving() typeSources {
	return slices.DeleteFunc(slices.Clone(ts), func(t typeSource) bool {
		return !slices.ContainsFunc(t.Fields, func(f *ast.FieldDefinition) bool { return !t.member.facts.External(f) })
	})
}

// checkSharing refuses a field that several members resolve unless all of them mark it @shareable.
func (m *merger) checkSharing(d *ast.Definition, name string, fields fieldSources) {
	objects := m.interfaceObjects(d, name)
	if len(objects)+len(fields) < 2 {
		return
	}
	coordinate := d.Name + "." + name
	var resolving, unshared []*member
	var elements []element
	add := func(s *member, f *ast.FieldDefinition) {
		resolving = append(resolving, s)
		elements = append(elements, element{member: s, position: f.Position})
		if !s.facts.Shareable(f) {
			unshared = append(unshared, s)
		}
	}
	for _, s := range objects {
		add(s.member, s.field)
	}
	for _, s := range fields {
		if s.member.facts.FullyExternal(s.field) || s.overridden {
			continue
		}
		add(s.member, s.field)
	}
	if len(resolving) > 1 && len(unshared) > 0 {
		m.fail(diagnostic.InvalidFieldSharing, coordinate, locations(elements),
			"the field %q is resolved by %s, but not marked @shareable in %s: mark it there, or resolve it in one subgraph only", coordinate, subgraphs(resolving), subgraphs(unshared))
	}
}

// interfaceObjects finds the members that resolve a field of an object type by way of an interface that they know as
// an object.
func (m *merger) interfaceObjects(d *ast.Definition, field string) fieldSources {
	var found fieldSources
	for _, name := range d.Interfaces {
		for _, t := range m.objects[name] {
			s := t.member
			if s.Type(d.Name) != nil {
				continue // which it may not have, and which would speak for itself
			}
			if f := t.Field(field); f != nil && !s.facts.FullyExternal(f) {
				found = append(found, fieldSource{member: s, parent: t.Type, field: f})
			}
		}
	}
	return found
}
