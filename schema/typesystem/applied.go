package typesystem

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/lookup"
)

// applied checks the directives applied at a place, and notes their definitions in them. Within is the definition of a
// directive that the place belongs to, which cannot be applied there (section 3.13). Once says that a directive which is
// not repeatable may be there only once.
func (b *builder) applied(list ast.DirectiveList, at ast.DirectiveLocation, within *ast.DirectiveDefinition, once bool) error {
	for i, d := range list {
		definition := b.schema.Directives[d.Name]
		switch {
		case definition == nil:
			return fail(d.Position, "the directive @%s is not defined", d.Name)
		case within != nil && within.Name == d.Name:
			return fail(d.Position, "the definition of the directive @%s applies the directive itself", d.Name)
		case !slices.Contains(definition.Locations, at):
			return fail(d.Position, "the directive @%s cannot be applied on %s", d.Name, at)
		case once && !definition.IsRepeatable && list[:i].ForName(d.Name) != nil:
			return fail(d.Position, "the directive @%s is not repeatable, but applied more than once", d.Name)
		}
		if err := given(d, definition); err != nil {
			return err
		}
		d.Definition = definition
	}
	return nil
}

// given checks the arguments that an application gives (section 5.4).
func given(d *ast.Directive, definition *ast.DirectiveDefinition) error {
	defined := lookup.Arguments(definition.Arguments)
	table := lookup.Of(d.Arguments, func(a *ast.Argument) string { return a.Name })
	for _, a := range d.Arguments {
		if !defined.Has(a.Name) {
			return fail(a.Position, "the directive @%s has no argument %s", d.Name, a.Name)
		}
	}
	if a, twice := table.Repeated(); twice {
		return fail(a.Position, "the argument %s of @%s is given more than once", a.Name, d.Name)
	}
	for _, a := range definition.Arguments {
		if !a.Type.NonNull || a.DefaultValue != nil {
			continue
		}
		if own := table.Find(a.Name); own == nil || own.Value.Kind == ast.NullValue {
			return fail(d.Position, "the directive @%s needs the argument %s", d.Name, a.Name)
		}
	}
	for _, a := range d.Arguments {
		if err := distinctKeys(a.Value); err != nil {
			return err
		}
	}
	return nil
}
