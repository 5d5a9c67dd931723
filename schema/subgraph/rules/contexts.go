package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

var contextName = regexp.MustCompile(`^[A-Za-z][0-9A-Za-z]*$`)

// contexts holds the names of contexts and the arguments that take their values from them.
func contexts(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	for _, t := range s.Types {
		for _, d := range s.All(t.Definition.Directives, link.Context) {
			name := ""
			if a := d.Arguments.ForName("name"); a != nil && a.Value != nil {
				name = a.Value.Raw
			}
			if !contextName.MatchString(name) {
				r.add(diagnostic.ContextNameInvalid, t.Name, d.Position, "the context name %q on %q must be a letter and then letters and digits only", name, t.Name)
			}
		}
	}
	for _, d := range s.Directives {
		for _, a := range d.Arguments {
			if c := s.FromContext(a); c != nil {
				r.add(diagnostic.ContextNotSet, "@"+d.Name+"("+a.Name+":)", a.Position, "the argument \"@%s(%s:)\" of a directive cannot have @fromContext: only arguments of fields are taken from a context", d.Name, a.Name)
			}
		}
	}
	eachField(s, func(t *subgraph.Type, f *ast.FieldDefinition) {
		for _, a := range f.Arguments {
			if c := s.FromContext(a); c != nil {
				r.contextual(t, f, a, c)
			}
		}
	})
	return r.found
}

// contextual checks one argument with @fromContext.
func (r *report) contextual(t *subgraph.Type, f *ast.FieldDefinition, a *ast.ArgumentDefinition, c *subgraph.Contextual) {
	coordinate := t.Name + "." + f.Name + "(" + a.Name + ":)"
	at := c.Applied.Position
	s := r.schema
	if t.Kind != ast.Object {
		r.add(diagnostic.ContextNotSet, coordinate, at, "the argument %q belongs to an interface and cannot have @fromContext: apply it in the types that implement the interface", coordinate)
		return
	}
	for _, name := range t.Interfaces {
		if face := s.Type(name); face != nil && face.Field(f.Name) != nil {
			r.add(diagnostic.ContextNotSet, coordinate, at, "the argument %q cannot have @fromContext, as its field implements \"%s.%s\": clients would have to give there what they cannot give here", coordinate, name, f.Name)
		}
	}
	if a.DefaultValue != nil {
		r.add(diagnostic.ContextNotSet, coordinate, at, "the argument %q has @fromContext and cannot have a default value: remove it, as the value always comes from the context", coordinate)
	}
	switch {
	case c.Context == "":
		r.add(diagnostic.NoContextInSelection, coordinate, at, "the @fromContext of %q names no context: write it as \"$name { field }\"", coordinate)
		return
	case strings.TrimSpace(c.Selection) == "":
		r.add(diagnostic.NoContextInSelection, coordinate, at, "the @fromContext of %q selects nothing from the context %q: write it as \"$%s { field }\"", coordinate, c.Context, c.Context)
		return
	}
	if setters := s.Setters(c.Context); len(setters) > 0 {
		r.contextSelection(coordinate, a, c, setters)
	} else {
		r.add(diagnostic.ContextNotSet, coordinate, at, "the argument %q takes its value from the context %q, which no type of the subgraph sets: apply @context(name: %q) to a type above it", coordinate, c.Context, c.Context)
	}
	if !slices.ContainsFunc(s.All(t.Definition.Directives, link.Key), subgraph.Resolvable) {
		r.add(diagnostic.ContextNoResolvableKey, t.Name, t.Position, "the type %q has a contextual argument, %q, and needs a resolvable @key: the gateway enters it by that to give the argument", t.Name, coordinate)
	}
}

// contextSelection holds what an argument selects from a context against the types that set it.
func (r *report) contextSelection(coordinate string, a *ast.ArgumentDefinition, c *subgraph.Contextual, setters []*subgraph.Type) {
	at := c.Applied.Position
	set, err := fieldset.Parse(strings.TrimSpace(c.Selection))
	if err == nil {
		err = plain(set)
	}
	if err != nil {
		r.add(diagnostic.ContextInvalidSelection, coordinate, at, "the selection %q of %q from the context %q is wrong: %s", c.Selection, coordinate, c.Context, root(err))
		return
	}
	if err := r.conditions(setters, set); err != nil {
		r.add(diagnostic.ContextInvalidSelection, coordinate, at, "the selection %q of %q from the context %q is wrong: %v", c.Selection, coordinate, c.Context, err)
	}
	for _, setter := range setters {
		if err := r.fromSetter(setter, set, a.Type); err != nil {
			r.add(diagnostic.ContextInvalidSelection, coordinate, at, "the selection %q of %q from the context %q is wrong for %q: %v", c.Selection, coordinate, c.Context, setter.Name, err)
		}
	}
}

// plain refuses what no selection from a context may have.
func plain(set ast.SelectionSet) error {
	if ds := fieldset.Directives(set); len(ds) > 0 {
		return fmt.Errorf("directives cannot be used, found @%s", strings.Join(ds, ", @"))
	}
	conditions := map[string]bool{}
	for _, selection := range set {
		if f, ok := selection.(*ast.InlineFragment); ok {
			if conditions[f.TypeCondition] {
				return fmt.Errorf("the type condition %q stands there twice", f.TypeCondition)
			}
			conditions[f.TypeCondition] = true
		}
	}
	return nil
}

// conditions holds the type conditions of a selection against the types that set the context: each must be an object type
// that one of them can be.
func (r *report) conditions(setters []*subgraph.Type, set ast.SelectionSet) error {
	for _, selection := range set {
		fragment, ok := selection.(*ast.InlineFragment)
		if !ok || fragment.TypeCondition == "" {
			continue
		}
		condition := r.schema.Type(fragment.TypeCondition)
		if condition == nil || condition.Kind != ast.Object {
			return fmt.Errorf("the type condition %q is no object type", fragment.TypeCondition)
		}
		if !slices.ContainsFunc(setters, func(t *subgraph.Type) bool { return r.schema.Overlap(condition.Definition, t.Definition) }) {
			return fmt.Errorf("no type that sets the context can be %q", fragment.TypeCondition)
		}
	}
	return nil
}

// fromSetter checks a selection on one of the types that set the context. The argument is given null where the
// context has none, so it must be nullable at every depth.
func (r *report) fromSetter(setter *subgraph.Type, set ast.SelectionSet, want *ast.Type) error {
	matched := false
	for _, selection := range set {
		fragment, ok := selection.(*ast.InlineFragment)
		if !ok {
			if len(set) > 1 {
				return fmt.Errorf("it must select one field")
			}
			matched = true
			if err := r.selected(setter, set, want); err != nil {
				return err
			}
			continue
		}
		parent := setter
		if fragment.TypeCondition != "" {
			parent = r.schema.Type(fragment.TypeCondition)
		}
		if parent == nil || !parent.IsCompositeType() || !r.schema.Overlap(parent.Definition, setter.Definition) {
			continue
		}
		matched = true
		if err := r.selected(parent, fragment.SelectionSet, want); err != nil {
			return err
		}
	}
	if !matched {
		return fmt.Errorf("no type condition fits this type")
	}
	return nil
}

func (r *report) selected(parent *subgraph.Type, set ast.SelectionSet, want *ast.Type) error {
	if err := fieldset.Walk(r.schema, parent.Definition, set, nil); err != nil {
		return err
	}
	got, err := r.typeOf(parent, set)
	if err != nil {
		return err
	}
	if got.String() != want.String() {
		return fmt.Errorf("it selects a value of the type %q (null where there is none), and the argument takes %q: select a field of that type, or change the argument's", got, want)
	}
	return nil
}

// typeOf is the type of the one leaf that a selection selects, nullable at every depth.
func (r *report) typeOf(parent *subgraph.Type, set ast.SelectionSet) (*ast.Type, error) {
	var found *ast.Type
	for _, selection := range set {
		var t *ast.Type
		var err error
		switch sel := selection.(type) {
		case *ast.InlineFragment:
			p := parent
			if sel.TypeCondition != "" {
				p = r.schema.Type(sel.TypeCondition)
			}
			t, err = r.typeOf(p, sel.SelectionSet)
		case *ast.Field:
			if sel.Name == "__typename" {
				continue
			}
			definition := parent.Field(sel.Name)
			var leaf *ast.Type
			if len(sel.SelectionSet) > 0 {
				leaf, err = r.typeOf(r.schema.Type(subgraph.NamedType(definition.Type)), sel.SelectionSet)
			}
			t = nullable(definition.Type, leaf)
		}
		if err != nil {
			return nil, err
		}
		if found != nil && (t == nil || found.String() != t.String() || isField(selection)) {
			return nil, fmt.Errorf("it must select one field")
		}
		found = t
	}
	if found == nil {
		return nil, fmt.Errorf("it must select one field")
	}
	return found, nil
}

func isField(s ast.Selection) bool { _, ok := s.(*ast.Field); return ok }

// nullable makes a type nullable at every depth, and puts leaf in the place of its innermost type unless leaf is nil.
func nullable(t, leaf *ast.Type) *ast.Type {
	switch {
	case t.Elem != nil:
		return &ast.Type{Elem: nullable(t.Elem, leaf)}
	case leaf != nil:
		return leaf
	}
	return &ast.Type{NamedType: t.NamedType}
}
