package subgraph

import (
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/link"
)

// Facts are what the federation directives of a schema mean for its fields. They are worked out once, when
// nothing changes the schema any more.
type Facts struct {
	schema       *Schema
	external     fieldFacts // marked @external, on the field or on its type
	fakeExternal fieldFacts // marked @external by the habit of Federation 1, though the subgraph does resolve them
	provided     fieldFacts // selected by some @provides
	shareable    fieldFacts
	used         map[*ast.FieldDefinition]int // how often a @key, @requires or @provides selects it, or an interface asks for it
	unread       bool                         // whether some field set is too long to be read, so that it is not known what it selects
}

type fieldFacts map[*ast.FieldDefinition]bool

// External reports whether the subgraph marks the field @external and means it.
func (f *Facts) External(field *ast.FieldDefinition) bool {
	return f.external[field] && !f.fakeExternal[field]
}

// FullyExternal reports whether the subgraph never resolves the field.
func (f *Facts) FullyExternal(field *ast.FieldDefinition) bool {
	return f.External(field) && !f.provided[field]
}

// Shareable reports whether other subgraphs may resolve the field too.
func (f *Facts) Shareable(field *ast.FieldDefinition) bool { return f.shareable[field] }

// Used reports whether a directive of the subgraph selects the field, or may do so, or an interface asks for it.
func (f *Facts) Used(field *ast.FieldDefinition) bool { return f.used[field] > 0 || f.unread }

// Facts works out the facts about the schema's fields. Field sets that are wrong count as far as they are right.
func (s *Schema) Facts() *Facts {
	f := &Facts{schema: s, external: fieldFacts{}, fakeExternal: fieldFacts{}, provided: fieldFacts{}, shareable: fieldFacts{}, used: map[*ast.FieldDefinition]int{}}
	for _, t := range s.Types {
		if t.Kind != ast.Object && t.Kind != ast.Interface {
			continue
		}
		typeExternal := s.Has(t.Definition.Directives, link.External)
		typeShareable := s.Has(t.Definition.Directives, link.Shareable)
		for _, field := range t.Fields {
			if typeExternal || s.Has(field.Directives, link.External) {
				f.external[field] = true
			}
			if typeShareable || s.Has(field.Directives, link.Shareable) {
				f.shareable[field] = true
			}
			f.sets(t, field, func(_ *Type, selected *ast.FieldDefinition, provided bool) {
				f.used[selected]++
				if provided {
					f.provided[selected] = true
				}
			})
		}
		f.keys(t)
		f.interfaces(t)
	}
	f.contexts()
	for field := range f.provided {
		// What a subgraph resolves under a @provides only, another one resolves too: that is its purpose.
		if f.external[field] {
			f.shareable[field] = true
		}
	}
	return f
}

// sets calls visit for each field that the @requires and @provides of a field select.
func (f *Facts) sets(t *Type, field *ast.FieldDefinition, visit func(t *Type, selected *ast.FieldDefinition, provided bool)) {
	s := f.schema
	for _, d := range s.All(field.Directives, link.Requires) {
		f.selected(t, d, func(t *Type, selected *ast.FieldDefinition) { visit(t, selected, false) })
	}
	for _, d := range s.All(field.Directives, link.Provides) {
		if returned := s.types[NamedType(field.Type)]; returned != nil {
			f.selected(returned, d, func(t *Type, selected *ast.FieldDefinition) { visit(t, selected, true) })
		}
	}
}

func (f *Facts) keys(t *Type) {
	s := f.schema
	extends := s.Has(t.Definition.Directives, link.Extends)
	for _, d := range s.All(t.Definition.Directives, link.Key) {
		f.selected(t, d, func(_ *Type, selected *ast.FieldDefinition) {
			f.used[selected]++
			f.shareable[selected] = true
		})
		if extends || t.FromExtension(d) || !t.Defined {
			set, err := fieldset.Parse(FieldsArgument(d))
			if err != nil {
				continue
			}
			for _, selection := range set {
				if sel, ok := selection.(*ast.Field); ok {
					if selected := t.Field(sel.Name); selected != nil && s.Has(selected.Directives, link.External) {
						f.fakeExternal[selected] = true
					}
				}
			}
		}
	}
}

// selected calls visit as Select does. What is wrong is for the rules to tell.
func (f *Facts) selected(parent *Type, d *ast.Directive, visit func(*Type, *ast.FieldDefinition)) {
	if err := f.schema.Select(parent, d, visit); errors.Is(err, fieldset.ErrTooLong) {
		f.unread = true
	}
}

// interfaces marks the fields that the interfaces of an object type ask it to have.
func (f *Facts) interfaces(t *Type) {
	if t.Kind != ast.Object {
		return
	}
	for _, name := range t.Interfaces {
		i := f.schema.types[name]
		if i == nil {
			continue
		}
		for _, field := range i.Fields {
			if own := t.Field(field.Name); own != nil {
				f.used[own]++
			}
		}
	}
}

// FieldsArgument is the text of the fields argument of a @key, @requires or @provides, "" where it is no string.
func FieldsArgument(d *ast.Directive) string {
	a := d.Arguments.ForName("fields")
	if a == nil || a.Value == nil || a.Value.Kind != ast.StringValue && a.Value.Kind != ast.BlockValue {
		return ""
	}
	return a.Value.Raw
}

// Resolvable reports whether the subgraph can be asked for objects by a @key: unless it says resolvable: false. Null says no
// more than leaving the argument out.
func Resolvable(key *ast.Directive) bool {
	a := key.Arguments.ForName("resolvable")
	return a == nil || a.Value == nil || a.Value.Raw != "false"
}

// Select calls visit for each field that the fields argument of a directive selects on the type parent, and
// for the same field in the object types where an interface's field is selected. It answers what is wrong with
// the field set; what comes before the mistake is visited.
func (s *Schema) Select(parent *Type, d *ast.Directive, visit func(*Type, *ast.FieldDefinition)) error {
	set, err := fieldset.Parse(FieldsArgument(d))
	if err != nil {
		return err
	}
	for _, name := range fieldset.Directives(set) {
		if !s.KnowsDirective(name) {
			return fmt.Errorf("the directive %q is not defined", name)
		}
	}
	return fieldset.Walk(s, parent.Definition, set, func(p *ast.Definition, field *ast.FieldDefinition, _ *ast.Field) {
		visit(s.types[p.Name], field)
		if p.Kind != ast.Interface {
			return
		}
		for _, o := range s.PossibleTypes(s.types[p.Name]) {
			if own := o.Field(field.Name); own != nil {
				visit(o, own)
			}
		}
	})
}

// Definition finds a type's definition by name, or nil: it lets field sets be read on the schema.
func (s *Schema) Definition(name string) *ast.Definition {
	if t := s.types[name]; t != nil {
		return t.Definition
	}
	return nil
}

// Field finds a field of one of the schema's types, or nil.
func (s *Schema) Field(parent *ast.Definition, name string) *ast.FieldDefinition {
	if t := s.types[parent.Name]; t != nil {
		return t.Field(name)
	}
	return nil
}

// Overlap reports whether an object can be of both types.
func (s *Schema) Overlap(a, b *ast.Definition) bool {
	if a.Name == b.Name {
		return true
	}
	possible := map[string]bool{}
	for _, t := range s.PossibleTypes(s.types[a.Name]) {
		possible[t.Name] = true
	}
	for _, t := range s.PossibleTypes(s.types[b.Name]) {
		if possible[t.Name] {
			return true
		}
	}
	return false
}
