package supergraph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/fieldset"
)

// readField gives a field to the subgraphs that have it, each with what its @join__field says.
func (r *reader) readField(def *ast.Definition, f *ast.FieldDefinition, in []*Graph) error {
	var joins []*ast.Directive
	for _, d := range f.Directives {
		if d.Name == "join__field" {
			joins = append(joins, d)
		}
	}
	if len(joins) == 0 {
		graphs := in
		if owner := def.Directives.ForName("join__owner"); owner != nil {
			g, err := r.graph(owner)
			if err != nil {
				return err
			}
			graphs = []*Graph{g}
		}
		for _, g := range graphs {
			if g != nil {
				g.Types[def.Name].add(&Field{Name: f.Name, Type: f.Type, Args: f.Arguments})
			}
		}
		return nil
	}
	for _, d := range joins {
		g, err := r.graph(d)
		if err != nil {
			return err
		}
		if g == nil { // it comes only from an @interfaceObject, or from nowhere
			continue
		}
		t := g.Types[def.Name]
		if t == nil {
			if !r.old {
				return fmt.Errorf("@join__field for subgraph %s, which does not have the type", g.Name)
			}
			t = &Type{Name: def.Name, Kind: def.Kind, fields: map[string]*Field{}}
			g.Types[def.Name] = t
		}
		field := &Field{
			Name:       f.Name,
			Type:       f.Type,
			Args:       f.Arguments,
			External:   boolArg(d, "external", false),
			Overridden: boolArg(d, "usedOverridden", false),
		}
		if text := stringArg(d, "type"); text != "" {
			if field.Type, err = ParseType(text); err != nil {
				return err
			}
		}
		if field.Requires, err = optionalFieldSet(d, "requires"); err != nil {
			return err
		}
		if field.Provides, err = optionalFieldSet(d, "provides"); err != nil {
			return err
		}
		if label := stringArg(d, "overrideLabel"); label != "" {
			// Both sides have the label; the one that overrides names the other.
			field.OverrideLabel, field.OverrideActive = label, stringArg(d, "override") != ""
			field.Overridden = false // it is resolved as long as the label is not active, also where something refers to it
		}
		field.Contextual = contextual(d)
		field.Args = slices.DeleteFunc(slices.Clone(field.Args), func(a *ast.ArgumentDefinition) bool {
			return slices.ContainsFunc(field.Contextual, func(c ContextualArgument) bool { return c.Name == a.Name })
		})
		t.add(field)
	}
	return nil
}

func (t *Type) add(f *Field) {
	if _, dup := t.fields[f.Name]; dup {
		return
	}
	t.fields[f.Name] = f
	t.Fields = append(t.Fields, f)
}

func optionalFieldSet(d *ast.Directive, arg string) (ast.SelectionSet, error) {
	text := stringArg(d, arg)
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	return fieldset.Parse(text)
}

func contextual(d *ast.Directive) []ContextualArgument {
	arg := d.Arguments.ForName("contextArguments")
	if arg == nil || arg.Value == nil {
		return nil
	}
	var out []ContextualArgument
	for _, item := range arg.Value.Children {
		var c ContextualArgument
		for _, m := range item.Value.Children {
			switch m.Name {
			case "context":
				c.Context = m.Value.Raw
			case "name":
				c.Name = m.Value.Raw
			case "type":
				c.Type = m.Value.Raw
			case "selection":
				c.Selection = m.Value.Raw
			}
		}
		out = append(out, c)
	}
	return out
}

// labelOverridden marks, for each progressive @override, the field of the subgraph it is moved from.
func (r *reader) labelOverridden() {
	for _, def := range r.doc.Definitions {
		for _, f := range def.Fields {
			for _, d := range f.Directives {
				label, from := stringArg(d, "overrideLabel"), stringArg(d, "override")
				if d.Name != "join__field" || label == "" || from == "" {
					continue
				}
				for _, g := range r.Graphs {
					if g.Name != from || g.Types[def.Name] == nil {
						continue
					}
					if o := g.Types[def.Name].Field(f.Name); o != nil && o.OverrideLabel == "" {
						o.OverrideLabel, o.OverrideActive = label, false
					}
				}
			}
		}
	}
}
