package merge

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// fieldSource is what one member says of one field.
type fieldSource struct {
	member *member
	parent *subgraph.Type
	field  *ast.FieldDefinition
	// external is whether the member marks the field @external and means it.
	external bool
	// override is the @override applied to the field here, if it has an effect; label is its label, which is
	// also set on the field that it overrides.
	override *ast.Directive
	label    string
	// overridden is whether another member takes the field over from this one, whole and for good; used is
	// whether this member still needs it for its own field sets.
	overridden, used bool
}

// fieldSources holds what each member that has the field's type says of the field, in the order of the members.
type fieldSources []fieldSource

func (m *merger) fieldSources(name string, sources typeSources) fieldSources {
	found := make(fieldSources, len(sources))
	for i, t := range sources {
		found[i] = fieldSource{member: t.member, parent: t.Type}
		if f := t.Field(name); f != nil {
			found[i].field = f
			found[i].external = t.member.facts.External(f)
		}
	}
	return found
}

func (fs fieldSources) elements() []element {
	var found []element
	for _, s := range fs {
		if s.field != nil {
			found = append(found, element{s.member, s.field.Description, s.field.Directives, s.field.Position})
		}
	}
	return found
}

// fieldNames lists the fields that any member gives a type, by first appearance.
func fieldNames(sources typeSources) []string {
	var names []string
	seen := map[string]bool{}
	for _, t := range sources {
		for _, f := range t.Fields {
			if !seen[f.Name] {
				seen[f.Name] = true
				names = append(names, f.Name)
			}
		}
	}
	return names
}

// mergeField merges a field of an object type or an interface. It answers nil when there is nothing to merge.
func (m *merger) mergeField(d *ast.Definition, name string, sources fieldSources) *ast.FieldDefinition {
	coordinate := d.Name + "." + name
	resolved := slices.DeleteFunc(slices.Clone(sources), func(s fieldSource) bool { return s.field == nil || s.external })
	typing := resolved
	if len(resolved) == 0 {
		typing = slices.DeleteFunc(slices.Clone(sources), func(s fieldSource) bool { return s.field == nil })
	}
	if len(resolved) == 0 && !m.resolvedElsewhere(d, name) {
		var members []*member
		for _, s := range sources {
			if s.field != nil {
				members = append(members, s.member)
			}
		}
		m.fail(diagnostic.ExternalMissingOnBase, coordinate, locations(sources.elements()),
			"the field %q is @external in every subgraph that has it (%s): one of them must resolve it", coordinate, subgraphs(members))
		return nil
	}
	f := &ast.FieldDefinition{Name: name}
	m.mergeDescription(&f.Description, coordinate, resolved.elements())
	m.mergeArguments(f, coordinate, resolved)
	var types []typed
	for _, s := range typing {
		types = append(types, typed{s.member, s.field.Type, s.field.Position})
	}
	sameTypes := m.mergeType(&f.Type, "field", coordinate, false, types, diagnostic.FieldTypeMismatch, diagnostic.InconsistentButCompatibleFieldType)
	m.useEnum(f.Type, coordinate, false)
	m.refuseOnExternal(coordinate, sources)
	m.checkExternals(f, coordinate, sources, sameTypes)
	m.joinField(f, sources, sameTypes)
	m.joinDirectives(&f.Directives, sources.elements())
	m.mergeDirectives(&f.Directives, coordinate, resolved.elements())
	return f
}

// resolvedElsewhere reports whether a member that does not have an object type resolves a field of it all the same, by
// way of an interface that it knows as an object. Those who do have the type may then have the field as @external only.
func (m *merger) resolvedElsewhere(d *ast.Definition, name string) bool {
	if d.Kind != ast.Object {
		return false
	}
	return slices.ContainsFunc(m.interfaceObjects(d, name), func(s fieldSource) bool {
		return s.member.Type(d.Name) == nil && !s.member.facts.External(s.field)
	})
}

// joinField says which members resolve a field, and how, unless that goes without saying: every member that has
// the type resolves the field, with the same type and on its own.
func (m *merger) joinField(f *ast.FieldDefinition, sources fieldSources, sameTypes bool) {
	if sameTypes && !slices.ContainsFunc(sources, fieldSource.needsJoin) {
		return
	}
	for _, s := range sources {
		if s.field == nil || s.overridden && !s.used {
			continue
		}
		arguments := []*ast.Argument{
			text("requires", fieldsOf(s.member.First(s.field.Directives, link.Requires))),
			text("provides", fieldsOf(s.member.First(s.field.Directives, link.Provides))),
		}
		if !sameTypes {
			arguments = append(arguments, text("type", s.field.Type.String()))
		}
		arguments = append(arguments, flag("external", s.external))
		if s.override != nil {
			arguments = append(arguments, text("override", stringArgument(s.override, "from")))
		}
		arguments = append(arguments, flag("usedOverridden", s.overridden), text("overrideLabel", s.label), contextArguments(s))
		f.Directives = append(f.Directives, join("field", s.member, arguments...))
	}
}

// needsJoin reports whether what a member says of a field does not go without saying.
func (s fieldSource) needsJoin() bool {
	if s.field == nil {
		return true
	}
	ds := s.field.Directives
	return s.external || s.overridden || s.label != "" ||
		s.member.Has(ds, link.Requires) || s.member.Has(ds, link.Provides) || contextArguments(s) != nil
}

func fieldsOf(d *ast.Directive) string {
	if d == nil {
		return ""
	}
	return subgraph.FieldsArgument(d)
}

// stringArgument is the text of a directive's string argument, or "".
func stringArgument(d *ast.Directive, name string) string {
	if d == nil {
		return ""
	}
	a := d.Arguments.ForName(name)
	if a == nil || a.Value == nil || a.Value.Kind != ast.StringValue && a.Value.Kind != ast.BlockValue {
		return ""
	}
	return a.Value.Raw
}
