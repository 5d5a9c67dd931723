// Package contract makes contracts of a supergraph: supergraphs for one kind of client, of which everything that is not
// meant for it is hidden.
//
// What is meant for it is told by @tag. A contract keeps all that the supergraph has and marks as @inaccessible what its
// filter leaves out, so that keys and the inputs of @requires can still be fetched while clients neither see nor ask for
// them.
//
// The supergraph that a contract is made of is read and never changed; a contract owns the document it marks.
package contract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/merge"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Filter says what a contract is of. Tags are the names that @tag gives.
type Filter struct {
	// Include keeps only the fields of objects and interfaces, and the unions, that have one of these tags; empty keeps
	// all of them. A tag on an object or interface type counts for its fields.
	Include []string
	// Exclude leaves out what has one of these tags, whatever other tags it has: types, fields, arguments, input fields
	// and enum values.
	Exclude []string
	// HideUnreachable leaves out types that no operation can come to, unless they have an included tag themselves.
	HideUnreachable bool
}

// Check refuses a filter that cannot be meant: one that filters nothing, or that includes and excludes one tag.
func (f Filter) Check() error {
	if len(f.Include) == 0 && len(f.Exclude) == 0 && !f.HideUnreachable {
		return errors.New("a contract needs tags to include or to exclude, or unreachable types to hide")
	}
	for _, tag := range slices.Concat(f.Include, f.Exclude) {
		if strings.TrimSpace(tag) == "" {
			return errors.New("a tag of a contract has a name, as in @tag(name: \"public\")")
		}
	}
	for _, tag := range f.Include {
		if slices.Contains(f.Exclude, tag) {
			return fmt.Errorf("the tag %q is both included and excluded: leave one of them out", tag)
		}
	}
	return nil
}

// Apply makes the contract of a supergraph. It answers a supergraph only where none of the diagnostics is an error.
// The lines and columns of diagnostics are those of the supergraph's SDL.
func Apply(s *supergraph.Supergraph, f Filter) (*supergraph.Supergraph, []diagnostic.Diagnostic) {
	if err := f.Check(); err != nil {
		return nil, []diagnostic.Diagnostic{unreadable(err)}
	}
	doc, err := s.Document()
	if err != nil {
		return nil, []diagnostic.Diagnostic{unreadable(err)}
	}
	m := newMarker(s, doc, f)
	m.match()
	m.hideEmptied()
	if f.HideUnreachable {
		m.hideUnreachable()
	}
	hints := m.unknownTags()
	if found := m.clashes(); len(found) > 0 {
		diagnostic.Sort(found)
		return nil, append(found, hints...)
	}
	if len(m.why) > 0 {
		linkInaccessible(doc, m.inaccessible)
	}
	made, err := supergraph.Read(merge.Print(doc))
	if err != nil {
		return nil, []diagnostic.Diagnostic{unreadable(err)}
	}
	return made, hints
}

func unreadable(err error) diagnostic.Diagnostic {
	return diagnostic.Diagnostic{
		Code: diagnostic.InvalidFederationSupergraph, Severity: diagnostic.Error,
		Message: fmt.Sprintf("no contract can be made: %v", err),
	}
}

// marker marks what a contract hides. Its types are those of the supergraph's API schema: what that hides, and what
// belongs to specifications, is no matter of a contract.
type marker struct {
	filter       Filter
	doc          *ast.SchemaDocument
	tag          string // what the supergraph calls @tag, "" when it does not have it
	inaccessible string // what the contract calls @inaccessible
	types        []*ast.Definition
	byName       map[string]*ast.Definition
	// why tells of each element that the contract hides, by its coordinate, why it does.
	why map[string]cause
}

// cause is why something is hidden: a clause such as `it is tagged "internal"`.
type cause struct {
	clause   string
	excluded bool // by a tag of its own
}

func newMarker(s *supergraph.Supergraph, doc *ast.SchemaDocument, f Filter) *marker {
	m := &marker{
		filter: f, doc: doc, byName: map[string]*ast.Definition{}, why: map[string]cause{},
		tag: s.DirectiveName(link.Tag, link.Tag), inaccessible: s.DirectiveName(link.Inaccessible, link.Inaccessible),
	}
	if m.inaccessible == "" {
		m.inaccessible = freeName(doc)
	}
	for _, d := range doc.Definitions {
		shown := s.API.Types[d.Name]
		if shown == nil || shown.BuiltIn {
			continue
		}
		m.types = append(m.types, d)
		m.byName[d.Name] = d
		// Supergraphs of old hide the fields of hidden types without saying so.
		if len(d.Fields) == len(shown.Fields) {
			continue
		}
		fields := fieldsByName(shown)
		for _, field := range d.Fields {
			if fields[field.Name] == nil && !m.hidden(field.Directives) {
				field.Directives = append(field.Directives, &ast.Directive{Name: m.inaccessible})
			}
		}
	}
	return m
}

// fieldsByName indexes the fields of a type, which may have very many.
func fieldsByName(d *ast.Definition) map[string]*ast.FieldDefinition {
	fields := make(map[string]*ast.FieldDefinition, len(d.Fields))
	for _, f := range d.Fields {
		fields[f.Name] = f
	}
	return fields
}

func (m *marker) hidden(ds ast.DirectiveList) bool { return ds.ForName(m.inaccessible) != nil }

// hide marks an element, and remembers why.
func (m *marker) hide(coordinate string, ds *ast.DirectiveList, why cause) {
	if m.hidden(*ds) {
		return
	}
	*ds = append(*ds, &ast.Directive{Name: m.inaccessible})
	m.why[coordinate] = why
}

// shown finds a type that the contract shows, or nil.
func (m *marker) shown(name string) *ast.Definition {
	if d := m.byName[name]; d != nil && !m.hidden(d.Directives) {
		return d
	}
	return nil
}
