package querygraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// contexts are what arguments take from ancestors (@fromContext): which objects set a context, and what is selected on
// them. It is empty for the supergraphs without any, which are most.
type contexts struct {
	setters    map[string][]string         // context → the object types that set it, sorted
	selections map[string]ast.SelectionSet // by the text that the supergraph has for it
	classes    map[string]string           // object type → what it is to all contexts
	fields     map[string]bool             // the names of fields with such arguments
}

// indexContexts reads the arguments of all fields. A selection that does not parse stays unknown.
func (g *Graph) indexContexts() {
	var arguments []supergraph.ContextualArgument
	fields := map[string]bool{}
	for _, sub := range g.Supergraph.Graphs {
		for _, name := range sub.TypeNames {
			for _, f := range sub.Types[name].Fields {
				if len(f.Contextual) > 0 {
					arguments = append(arguments, f.Contextual...)
					fields[f.Name] = true
				}
			}
		}
	}
	if len(arguments) == 0 {
		return
	}
	g.contexts = contexts{setters: map[string][]string{}, selections: map[string]ast.SelectionSet{}, classes: map[string]string{}, fields: fields}
	for _, arg := range arguments {
		if _, known := g.contexts.setters[arg.Context]; !known {
			var objects []string
			for _, t := range g.Supergraph.ContextTypes(arg.Context) {
				objects = append(objects, g.possible[t]...)
			}
			slices.Sort(objects)
			g.contexts.setters[arg.Context] = slices.Compact(objects)
		}
		if _, known := g.contexts.selections[arg.Selection]; !known {
			set, err := fieldset.Parse(arg.Selection)
			if err != nil {
				set = nil
			}
			g.contexts.selections[arg.Selection] = set
		}
	}
	g.classify(arguments)
}

// classify tells apart the object types that set other contexts, or of which something else is selected.
func (g *Graph) classify(arguments []supergraph.ContextualArgument) {
	for _, context := range sortedKeys(g.contexts.setters) {
		for _, object := range g.contexts.setters[context] {
			var b strings.Builder
			b.WriteString(g.contexts.classes[object])
			b.WriteString(context)
			for _, arg := range arguments {
				if arg.Context != context {
					continue
				}
				for _, sel := range g.contexts.selections[arg.Selection] {
					if f, ok := sel.(*ast.InlineFragment); ok {
						if g.Is(object, f.TypeCondition) {
							b.WriteByte('+')
						} else {
							b.WriteByte('-')
						}
					}
				}
			}
			b.WriteByte(' ')
			g.contexts.classes[object] = b.String()
		}
	}
}

// SetsContext reports whether objects of a type set a context: as nearest ancestors they give its values.
func (g *Graph) SetsContext(object, context string) bool {
	_, ok := slices.BinarySearch(g.contexts.setters[context], object)
	return ok
}

// ContextField is the field that an argument takes its value from, at an ancestor of a type that sets the argument's
// context; nil when nothing is selected on that type.
func (g *Graph) ContextField(object string, arg supergraph.ContextualArgument) *ast.Field {
	return g.Selected(object, g.contexts.selections[arg.Selection])
}

// Selected is the first field that a field set selects on an object type, nil when it selects none.
func (g *Graph) Selected(object string, set ast.SelectionSet) *ast.Field {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if sel.Name != "__typename" {
				return sel
			}
		case *ast.InlineFragment:
			if g.Is(object, sel.TypeCondition) {
				if f := g.Selected(object, sel.SelectionSet); f != nil {
					return f
				}
			}
		}
	}
	return nil
}

// TakesContexts reports whether any field of a name takes an argument from a context.
func (g *Graph) TakesContexts(field string) bool { return g.contexts.fields[field] }

// Is reports whether an object type meets a type condition; "" is none.
func (g *Graph) Is(object, condition string) bool {
	if condition == "" {
		return true
	}
	_, ok := slices.BinarySearch(g.possible[condition], object)
	return ok
}

// ContextClass is the same for object types that are alike to all contexts: they set the same ones, and the same is
// selected on them.
func (g *Graph) ContextClass(object string) string { return g.contexts.classes[object] }
