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
	// overridden is whether another member takes the field over from this one, for good or as the label decides; used
	// is whether this member still needs it for its own field sets.
	overridden, used bool
}

// fieldSources holds what each member that has the field says of it, in the order of the members.
type fieldSources []fieldSource

// typeField is a field that any member gives a type.
type typeField struct {
	name    string
	sources fieldSources
	// everywhere is whether all members that have the type have the field.
	everywhere bool
}

// fields lists the fields that any member gives a type, by first appearance. A type may be in very many members and
// have very many fields, most of them in few members.
func (ts typeSources) fields() []typeField {
	total := 0
	for _, t := range ts {
		total += len(t.Fields)
	}
	all := make([]typeField, 0, total/max(1, len(ts)))
	places := make(map[string]int, total/max(1, len(ts)))
	firsts := make(fieldSources, 0, total) // of which each list begins as a part
	for _, t := range ts {
		for _, f := range t.Fields {
			source := fieldSource{member: t.member, parent: t.Type, field: f, external: t.member.facts.External(f)}
			if i, known := places[f.Name]; known {
				all[i].sources = append(all[i].sources, source)
				continue
			}
			places[f.Name] = len(all)
			firsts = append(firsts, source)
			all = append(all, typeField{name: f.Name, sources: firsts[len(firsts)-1 : len(firsts) : len(firsts)]})
		}
	}
	for i := range all {
		all[i].everywhere = len(all[i].sources) == len(ts)
	}
	return all
}

func (fs fieldSources) elements() []element {
	found := make([]element, len(fs))
	for i, s := range fs {
		found[i] = element{s.member, s.field.Description, s.field.Directives, s.field.Position}
	}
	return found
}

// missing lists those of the members that do not have the field.
func (fs fieldSources) missing(sources typeSources) []*member {
	var without []*member
	for _, t := range sources {
		for len(fs) > 0 && fs[0].member.place < t.member.place {
			fs = fs[1:]
		}
		if len(fs) == 0 || fs[0].member != t.member {
			without = append(without, t.member)
		}
	}
	return without
}

// mergeField merges a field of an object type or an interface. It answers nil when there is nothing to merge.
func (m *merger) mergeField(d *ast.Definition, field typeField) *ast.FieldDefinition {
	name, sources, coordinate := field.name, field.sources, d.Name+"."+field.name
	resolved := sources.resolved()
	typing := resolved
	if len(resolved) == 0 {
		typing = sources
	}
	if len(resolved) == 0 && !m.resolvedElsewhere(d, name) {
		var members []*member
		for _, s := range sources {
			members = append(members, s.member)
		}
		m.fail(diagnostic.ExternalMissingOnBase, coordinate, locations(sources.elements()),
			"the field %q is @external in every subgraph that has it (%s): one of them must resolve it", coordinate, subgraphs(members))
		return nil
	}
	f := &ast.FieldDefinition{Name: name}
	elements := resolved.elements()
	m.mergeDescription(&f.Description, coordinate, elements)
	m.mergeArguments(f, coordinate, resolved)
	types := make([]typed, len(typing))
	for i, s := range typing {
		types[i] = typed{s.member, s.field.Type, s.field.Position}
	}
	sameTypes := m.mergeType(&f.Type, "field", coordinate, false, types, diagnostic.FieldTypeMismatch, diagnostic.InconsistentButCompatibleFieldType)
	m.useEnum(f.Type, coordinate, false)
	m.refuseOnExternal(coordinate, sources)
	m.checkExternals(f, coordinate, sources, sameTypes)
	m.joinField(f, field, sameTypes)
	m.joinDirectives(&f.Directives, sources.elements())
	m.mergeDirectives(&f.Directives, coordinate, elements)
	return f
}

// resolved are those that do not have the field as @external.
func (fs fieldSources) resolved() fieldSources {
	external := func(s fieldSource) bool { return s.external }
	if !slices.ContainsFunc(fs, external) {
		return fs
	}
	return slices.DeleteFunc(slices.Clone(fs), external)
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
func (m *merger) joinField(f *ast.FieldDefinition, field typeField, sameTypes bool) {
	if sameTypes && field.everywhere && !slices.ContainsFunc(field.sources, fieldSource.needsJoin) {
		return
	}
	for _, s := range field.sources {
		if s.overridden && !s.used && s.label == "" {
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
		arguments = append(arguments, flag("usedOverridden", s.overridden && s.used), text("overrideLabel", s.label), contextArguments(s))
		f.Directives = append(f.Directives, join("field", s.member, arguments...))
	}
}

// needsJoin reports whether what a member says of a field does not go without saying.
func (s fieldSource) needsJoin() bool {
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
