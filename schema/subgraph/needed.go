package subgraph

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/link"
)

// Resolved lists the fields of a @requires or @provides that the subgraph resolves anyway, so that naming them is a
// mistake: leaves that are not @external and are not below a field that is. Each is given as "Type.field".
func (f *Facts) Resolved(parent *Type, set ast.SelectionSet) []string {
	var found []string
	external := func(_ *Type, field *ast.FieldDefinition) bool { return f.External(field) }
	f.resolved(parent, set, external, func(p *Type, field *ast.Field) { found = append(found, p.Name+"."+field.Name) })
	return found
}

// resolved calls found for each such field and answers the field set without them.
func (f *Facts) resolved(parent *Type, set ast.SelectionSet, external func(*Type, *ast.FieldDefinition) bool, found func(*Type, *ast.Field)) ast.SelectionSet {
	var kept ast.SelectionSet
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.InlineFragment:
			p := parent
			if sel.TypeCondition != "" {
				p = f.schema.types[sel.TypeCondition]
			}
			if p == nil {
				kept = append(kept, sel)
				continue
			}
			if sub := f.resolved(p, sel.SelectionSet, external, found); len(sub) > 0 {
				own := *sel
				own.SelectionSet = sub
				kept = append(kept, &own)
			}
		case *ast.Field:
			definition := parent.Field(sel.Name)
			if definition == nil || external(parent, definition) {
				kept = append(kept, sel)
				continue
			}
			below := f.schema.types[NamedType(definition.Type)]
			if len(sel.SelectionSet) == 0 || below == nil {
				found(parent, sel)
				continue
			}
			if sub := f.resolved(below, sel.SelectionSet, external, found); len(sub) > 0 {
				own := *sel
				own.SelectionSet = sub
				kept = append(kept, &own)
			}
		}
	}
	return kept
}

// externalAnywhere reports whether a field is @external: for an interface's field, in any of its implementations.
func (f *Facts) externalAnywhere(parent *Type, field *ast.FieldDefinition) bool {
	if f.External(field) {
		return true
	}
	if parent.Kind != ast.Interface {
		return false
	}
	for _, o := range f.schema.PossibleTypes(parent) {
		if own := o.Field(field.Name); own != nil && f.External(own) {
			return true
		}
	}
	return false
}

// dropResolved takes out of each @requires and @provides what the subgraph resolves anyway, which Federation 1
// allowed and ignored, and the directive with it when nothing is left.
func dropResolved(s *Schema) {
	facts := s.Facts()
	for _, t := range s.Types {
		for _, field := range t.Fields {
			for _, name := range []string{link.Requires, link.Provides} {
				parent := t
				if name == link.Provides {
					parent = s.types[NamedType(field.Type)]
				}
				var kept ast.DirectiveList
				for _, d := range field.Directives {
					if d.Name != s.local[name] || parent == nil || facts.keepNeeded(parent, d) {
						kept = append(kept, d)
					}
				}
				field.Directives = kept
			}
		}
	}
}

// keepNeeded reduces the fields of a @requires or @provides to those that are not resolved anyway, and reports
// whether any are left. What does not parse is left for the rules to refuse.
func (f *Facts) keepNeeded(parent *Type, d *ast.Directive) bool {
	set, err := fieldset.Parse(FieldsArgument(d))
	if err != nil || fieldset.Walk(f.schema, parent.Definition, set, nil) != nil {
		return true
	}
	dropped := false
	kept := f.resolved(parent, set, f.externalAnywhere, func(*Type, *ast.Field) { dropped = true })
	if !dropped {
		return true
	}
	a := d.Arguments.ForName("fields")
	a.Value = &ast.Value{Kind: ast.StringValue, Raw: fieldset.Print(kept), Position: a.Value.Position}
	return len(kept) > 0
}
