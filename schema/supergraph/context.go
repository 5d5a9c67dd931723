package supergraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// ContextTypes returns the types that set a context (@context), by the name that the supergraph gives it ("subgraph__name"),
// sorted. An interface or union stands for all its object types.
func (s *Supergraph) ContextTypes(context string) []string { return s.contexts[context] }

// readContexts collects @context.
func (r *reader) readContexts() {
	r.contexts = map[string][]string{}
	directive := directiveName(r.Features, "context", "context")
	if directive == "" {
		return
	}
	for _, def := range r.doc.Definitions {
		for _, d := range def.Directives {
			if d.Name == directive && (def.Kind == ast.Object || def.Kind == ast.Interface || def.Kind == ast.Union) {
				name := stringArg(d, "name")
				r.contexts[name] = append(r.contexts[name], def.Name)
			}
		}
	}
	for _, types := range r.contexts {
		slices.Sort(types)
	}
}
