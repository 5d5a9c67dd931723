package rules

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// fieldSetRule is what the rules for the fields arguments of @key, @requires and @provides have in common.
type fieldSetRule struct {
	*report
	name                                     string // the directive
	notString, invalid, hasDirective, hasArg diagnostic.Code
}

// read reads the fields argument of d on the type parent. It reports what is wrong, and answers nil where the set cannot be
// read because of it.
func (r fieldSetRule) read(coordinate string, parent *subgraph.Type, d *ast.Directive) ast.SelectionSet {
	a := d.Arguments.ForName("fields")
	if a == nil || a.Value == nil {
		return nil // refused by the rule for directives
	}
	if a.Value.Kind != ast.StringValue && a.Value.Kind != ast.BlockValue {
		r.add(r.notString, coordinate, d.Position, "the argument fields of @%s on %q must be a string such as \"id\", found %s", r.name, coordinate, a.Value)
		return nil
	}
	text := abbreviated(a.Value.Raw)
	set, err := fieldset.Parse(a.Value.Raw)
	if err != nil {
		r.add(r.invalid, coordinate, d.Position, "the fields %q of @%s on %q do not parse: %s", text, r.name, coordinate, root(err))
		return nil
	}
	applied := fieldset.Directives(set)
	for _, name := range applied {
		if !r.schema.KnowsDirective(name) {
			r.add(r.invalid, coordinate, d.Position, "the fields %q of @%s on %q apply \"@%s\", which the schema does not define; they cannot have directives at all", text, r.name, coordinate, name)
			return nil
		}
	}
	var found fieldSetFindings
	err = fieldset.Walk(r.schema, parent.Definition, set, func(p *ast.Definition, f *ast.FieldDefinition, sel *ast.Field) {
		found.visit(r, p, f, sel)
	})
	switch {
	case found.wrongArgument != "":
		err = errors.New(found.wrongArgument)
	case found.refused != "":
		r.add(diagnostic.KeyFieldsSelectInvalidType, coordinate, d.Position, "the fields %q of @%s on %q select %s: a key holds objects and leaf values only; leave it out", text, r.name, coordinate, found.refused)
		return nil
	}
	if err != nil {
		r.add(r.invalid, coordinate, d.Position, "the fields %q of @%s on %q are wrong: %v", text, r.name, coordinate, err)
		return nil
	}
	if len(applied) > 0 {
		r.add(r.hasDirective, coordinate, d.Position, "the fields %q of @%s on %q cannot have directives, found @%s: they are the same for every operation; leave it out", text, r.name, coordinate, strings.Join(applied, ", @"))
	}
	if found.withArguments != "" && r.hasArg != "" {
		r.add(r.hasArg, coordinate, d.Position, "the fields %q of @%s on %q select %q, which takes arguments, so that it has no one value: leave it out", text, r.name, coordinate, found.withArguments)
	}
	return set
}

// fieldSetFindings are what the walk over a field set first comes across.
type fieldSetFindings struct {
	wrongArgument string // what is wrong with an argument's value
	withArguments string // a field that has arguments
	refused       string // a field that a key cannot have, and why
}

func (w *fieldSetFindings) visit(r fieldSetRule, parent *ast.Definition, f *ast.FieldDefinition, sel *ast.Field) {
	coordinate := parent.Name + "." + f.Name
	if w.withArguments == "" && (len(f.Arguments) > 0 || len(sel.Arguments) > 0) {
		w.withArguments = coordinate
	}
	if w.wrongArgument != "" || w.refused != "" {
		return
	}
	for _, a := range sel.Arguments {
		if wanted := f.Arguments.ForName(a.Name); wanted != nil {
			if why := fits(r.schema, a.Value, wanted.Type, 0); why != "" {
				w.wrongArgument = fmt.Sprintf("the argument %q of %q must be of the type %q: %s", a.Name, coordinate, wanted.Type, why)
			}
		}
	}
	if returned := r.schema.Type(subgraph.NamedType(f.Type)); r.name == link.Key && returned != nil && returned.IsAbstractType() {
		w.refused = fmt.Sprintf("%q, which is %s", coordinate, kindName(returned.Kind))
	}
}

// abbreviated is the text of a field set as messages show it.
func abbreviated(text string) string {
	const most = 1000
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// root is the innermost error, without what was wrapped around it; of the parser's errors it is the message alone,
// as their places are within the field set.
func root(err error) string {
	var syntax *gqlerror.Error
	if errors.As(err, &syntax) {
		return syntax.Message
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}

// keys holds the fields of each @key against its type.
func keys(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := fieldSetRule{&report{schema: s}, link.Key, diagnostic.KeyInvalidFieldsType, diagnostic.KeyInvalidFields, diagnostic.KeyDirectiveInFieldsArg, diagnostic.KeyFieldsHasArgs}
	for _, t := range s.Types {
		for _, d := range s.All(t.Definition.Directives, link.Key) {
			r.read(t.Name, t, d)
			if t.Kind == ast.Interface && s.IsFederation2() && !s.Federation.AtLeast(link.Version{Major: 2, Minor: 3}) && isKey(s, t, d) {
				r.add(diagnostic.KeyUnsupportedOnInterface, t.Name, d.Position, "the interface %q cannot have a @key in federation %s: that came with v2.3; link that version, or a newer one", t.Name, s.Federation)
			}
		}
	}
	return r.found
}

// isKey reports whether a type has the fields of a @key, whether a key may have them or not.
func isKey(s *subgraph.Schema, t *subgraph.Type, d *ast.Directive) bool {
	abstract := false
	err := s.Select(t, d, func(_ *subgraph.Type, f *ast.FieldDefinition) {
		returned := s.Type(subgraph.NamedType(f.Type))
		abstract = abstract || returned != nil && returned.IsAbstractType()
	})
	return err == nil || abstract
}

// requires holds the fields of each @requires against the type of its field.
func requires(s *subgraph.Schema, facts *subgraph.Facts) []diagnostic.Diagnostic {
	r := fieldSetRule{&report{schema: s}, link.Requires, diagnostic.RequiresInvalidFieldsType, diagnostic.RequiresInvalidFields, diagnostic.RequiresDirectiveInFieldsArg, ""}
	eachField(s, func(t *subgraph.Type, f *ast.FieldDefinition) {
		coordinate := t.Name + "." + f.Name
		for _, d := range s.All(f.Directives, link.Requires) {
			if t.Kind == ast.Interface {
				r.add(diagnostic.RequiresUnsupportedOnInterface, coordinate, d.Position, "the field %q belongs to an interface and cannot have @requires: apply it in the types that implement %q", coordinate, t.Name)
			}
			if set := r.read(coordinate, t, d); set != nil {
				r.external(diagnostic.RequiresFieldsMissingExternal, coordinate, d, facts.Resolved(t, set))
			}
		}
	})
	return r.found
}

// provides holds the fields of each @provides against the type that its field returns.
func provides(s *subgraph.Schema, facts *subgraph.Facts) []diagnostic.Diagnostic {
	r := fieldSetRule{&report{schema: s}, link.Provides, diagnostic.ProvidesInvalidFieldsType, diagnostic.ProvidesInvalidFields, diagnostic.ProvidesDirectiveInFieldsArg, diagnostic.ProvidesFieldsHasArgs}
	eachField(s, func(t *subgraph.Type, f *ast.FieldDefinition) {
		coordinate := t.Name + "." + f.Name
		returned := s.Type(subgraph.NamedType(f.Type))
		for _, d := range s.All(f.Directives, link.Provides) {
			if t.Kind == ast.Interface {
				r.add(diagnostic.ProvidesUnsupportedOnInterface, coordinate, d.Position, "the field %q belongs to an interface and cannot have @provides: apply it in the types that implement %q", coordinate, t.Name)
			}
			if returned == nil || !returned.IsCompositeType() {
				continue // refused by providesOnLeaf
			}
			if set := r.read(coordinate, returned, d); set != nil {
				r.external(diagnostic.ProvidesFieldsMissingExternal, coordinate, d, facts.Resolved(returned, set))
			}
		}
	})
	return r.found
}

// external reports the fields of a @requires or @provides that the subgraph resolves anyway.
func (r fieldSetRule) external(code diagnostic.Code, coordinate string, d *ast.Directive, resolved []string) {
	for _, f := range resolved {
		r.add(code, coordinate, d.Position, "the fields %q of @%s on %q select %q, which the subgraph resolves itself: mark it @external there, or leave it out here", abbreviated(subgraph.FieldsArgument(d)), r.name, coordinate, f)
	}
}
