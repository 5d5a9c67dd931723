package subgraph

import (
	"regexp"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/link"
)

// Contextual is where an argument with @fromContext takes its value from.
type Contextual struct {
	Context   string // "" where the argument of @fromContext names none
	Selection string // as it is written, behind the context's name
	Applied   *ast.Directive
}

var contextReference = regexp.MustCompile(`^[\s,]*\$[\s,]*([_A-Za-z][_0-9A-Za-z]*)`)

// FromContext reads the @fromContext of an argument; it answers nil where there is none.
func (s *Schema) FromContext(a *ast.ArgumentDefinition) *Contextual {
	d := s.First(a.Directives, link.FromContext)
	if d == nil {
		return nil
	}
	c := &Contextual{Applied: d}
	field := d.Arguments.ForName("field")
	if field == nil || field.Value == nil || field.Value.Kind != ast.StringValue && field.Value.Kind != ast.BlockValue {
		return c
	}
	if m := contextReference.FindStringSubmatchIndex(field.Value.Raw); m != nil {
		c.Context, c.Selection = field.Value.Raw[m[2]:m[3]], field.Value.Raw[m[1]:]
	}
	return c
}

// Setters lists the types that set a context.
func (s *Schema) Setters(context string) []*Type {
	var found []*Type
	for _, t := range s.Types {
		for _, d := range s.All(t.Definition.Directives, link.Context) {
			if a := d.Arguments.ForName("name"); a != nil && a.Value != nil && a.Value.Raw == context {
				found = append(found, t)
				break
			}
		}
	}
	return found
}

// contexts marks the fields that contextual arguments take their values from.
func (f *Facts) contexts() {
	s := f.schema
	if s.local[link.FromContext] == "" {
		return
	}
	for _, t := range s.Types {
		for _, field := range t.Fields {
			for _, a := range field.Arguments {
				c := s.FromContext(a)
				if c == nil || c.Context == "" {
					continue
				}
				set, err := fieldset.Parse(strings.TrimSpace(c.Selection))
				if err != nil {
					continue
				}
				for _, setter := range s.Setters(c.Context) {
					f.markSelected(setter, set)
				}
			}
		}
	}
}

// markSelected marks what a context's selection takes from one of the types that set the context. A type condition
// that does not fit this type is for another of them.
func (f *Facts) markSelected(setter *Type, set ast.SelectionSet) {
	for _, selection := range set {
		parent, sub := setter, ast.SelectionSet{selection}
		if fragment, ok := selection.(*ast.InlineFragment); ok && fragment.TypeCondition != "" {
			parent, sub = f.schema.types[fragment.TypeCondition], fragment.SelectionSet
		}
		if parent == nil {
			continue
		}
		// What is wrong with the selection is for the rules to say.
		_ = fieldset.Walk(f.schema, parent.Definition, sub, func(p *ast.Definition, field *ast.FieldDefinition, _ *ast.Field) {
			f.used[field]++
			for _, o := range f.schema.PossibleTypes(f.schema.types[p.Name]) {
				if own := o.Field(field.Name); own != nil {
					f.used[own]++
				}
			}
		})
	}
}
