package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// match hides what the tags of the filter leave out.
//
// Only unions and the fields of objects and interfaces must have an included tag. Object and interface types are there
// for their fields; inputs, enums, scalars and arguments for the fields that use them. All of them can be excluded.
func (m *marker) match() {
	for _, d := range m.types {
		of := m.tags(d.Directives)
		if tag := m.excluded(of); tag != "" {
			m.hide(d.Name, &d.Directives, tagged(tag))
			continue
		}
		switch d.Kind {
		case ast.Union:
			if !m.included(of) {
				m.hide(d.Name, &d.Directives, m.notIncluded())
			}
		case ast.Object, ast.Interface:
			for _, f := range d.Fields {
				m.matchField(d.Name, of, f)
			}
		case ast.InputObject:
			for _, f := range d.Fields {
				m.exclude(d.Name+"."+f.Name, &f.Directives)
			}
		case ast.Enum:
			for _, v := range d.EnumValues {
				m.exclude(d.Name+"."+v.Name, &v.Directives)
			}
		}
	}
}

// matchField hides a field, or arguments of it; of are the tags of its type.
func (m *marker) matchField(typ string, of []string, f *ast.FieldDefinition) {
	coordinate := typ + "." + f.Name
	m.exclude(coordinate, &f.Directives)
	if !m.included(of) && !m.included(m.tags(f.Directives)) {
		m.hide(coordinate, &f.Directives, m.notIncluded())
	}
	for _, a := range f.Arguments {
		m.exclude(coordinate+"("+a.Name+":)", &a.Directives)
	}
}

func (m *marker) exclude(coordinate string, ds *ast.DirectiveList) {
	if tag := m.excluded(m.tags(*ds)); tag != "" {
		m.hide(coordinate, ds, tagged(tag))
	}
}

// excluded is the first of the tags that the filter excludes, or "".
func (m *marker) excluded(tags []string) string {
	for _, tag := range tags {
		if slices.Contains(m.filter.Exclude, tag) {
			return tag
		}
	}
	return ""
}

// included reports whether the filter asks for no tag, or for one of these.
func (m *marker) included(tags []string) bool {
	return len(m.filter.Include) == 0 ||
		slices.ContainsFunc(tags, func(tag string) bool { return slices.Contains(m.filter.Include, tag) })
}

func tagged(tag string) cause { return cause{fmt.Sprintf("it is tagged %q", tag), true} }

func (m *marker) notIncluded() cause {
	return cause{clause: "it is not tagged " + quoted(m.filter.Include, " or ")}
}

func quoted(names []string, separator string) string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(all, separator)
}

// tags lists the tags that an element itself has.
func (m *marker) tags(ds ast.DirectiveList) []string {
	var names []string
	for _, d := range ds {
		if m.tag == "" || d.Name != m.tag {
			continue
		}
		if a := d.Arguments.ForName("name"); a != nil && a.Value != nil {
			names = append(names, a.Value.Raw)
		}
	}
	return names
}

// maxListed bounds how many of the tags that there are a message lists.
const maxListed = 10

// unknownTags warns of tags in the filter that nothing in the supergraph has: an excluded tag that is misspelt hides
// nothing of what it should.
func (m *marker) unknownTags() []diagnostic.Diagnostic {
	known := m.allTags()
	var found []diagnostic.Diagnostic
	for _, list := range []struct {
		verb string
		tags []string
	}{{"includes", m.filter.Include}, {"excludes", m.filter.Exclude}} {
		for _, tag := range list.tags {
			if slices.Contains(known, tag) {
				continue
			}
			there := "it has no tags"
			if len(known) > 0 {
				there = "its tags are " + quoted(known[:min(len(known), maxListed)], ", ")
				if len(known) > maxListed {
					there += ", …"
				}
			}
			found = append(found, diagnostic.Diagnostic{
				Code: diagnostic.DirectiveCompositionWarn, Severity: diagnostic.Level(diagnostic.DirectiveCompositionWarn),
				Message: fmt.Sprintf("the contract %s the tag %q, which nothing in the supergraph has; %s", list.verb, tag, there),
			})
		}
	}
	diagnostic.Sort(found)
	return found
}

// allTags lists the tags of everything that a contract can filter, sorted.
func (m *marker) allTags() []string {
	var all []string
	add := func(ds ast.DirectiveList) { all = append(all, m.tags(ds)...) }
	for _, d := range m.doc.Definitions {
		add(d.Directives)
		for _, f := range d.Fields {
			add(f.Directives)
			for _, a := range f.Arguments {
				add(a.Directives)
			}
		}
		for _, v := range d.EnumValues {
			add(v.Directives)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
