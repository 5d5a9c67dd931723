package simulate

import (
	"regexp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// fromContext is an argument that takes its value from the nearest object above that sets a context.
type fromContext struct {
	name    string
	setters []string // the types that set the context
	set     ast.SelectionSet
}

// TakesContexts reports whether any argument takes its value from a context.
func (g *Graph) TakesContexts() bool {
	return slices.ContainsFunc(g.Subgraphs, func(s *Subgraph) bool { return len(s.contexts) > 0 })
}

// above is the objects on the way to a field, the nearest first.
type above struct {
	typ    *ast.Definition
	object *Object
	above  *above
}

// readContexts finds the arguments with @fromContext of a subgraph, by type and field. The schema is as it was published.
func readContexts(doc *ast.SchemaDocument) (map[string][]fromContext, error) {
	setters := map[string][]string{}
	all := slices.Concat(doc.Definitions, doc.Extensions)
	for _, def := range all {
		for _, d := range def.Directives {
			if directiveName(d) == "context" {
				setters[argument(d, "name")] = append(setters[argument(d, "name")], def.Name)
			}
		}
	}
	out := map[string][]fromContext{}
	for _, def := range all {
		for _, f := range def.Fields {
			for _, a := range f.Arguments {
				for _, d := range a.Directives {
					if directiveName(d) != "fromContext" {
						continue
					}
					context, text := splitContext(argument(d, "field"))
					set, err := fieldSet(text)
					if err != nil {
						return nil, err
					}
					at := def.Name + "." + f.Name
					out[at] = append(out[at], fromContext{a.Name, setters[context], set})
				}
			}
		}
	}
	return out, nil
}

// splitContext splits "$name { field }" and "$name ... on T { field }".
func splitContext(text string) (context, selection string) {
	m := contextName.FindStringSubmatchIndex(text)
	if m == nil {
		return "", text
	}
	context, selection = text[m[2]:m[3]], text[m[1]:]
	if braced := bracedSelection.FindStringSubmatch(selection); braced != nil {
		selection = braced[1]
	}
	return context, selection
}

var (
	contextName     = regexp.MustCompile(`^\s*\$\s*(\w+)`)
	bracedSelection = regexp.MustCompile(`(?s)^\s*\{(.*)\}\s*$`)
)

// fill adds to a field's arguments what they take from contexts, which only a monolith can tell: a subgraph is to be given
// it. It returns the argument that a subgraph was not given, "" when none is missing.
func (x *execution) fill(args map[string]any, typ *ast.Definition, field string, up *above) (missing string) {
	if x.subgraph == nil {
		x.contextual(args, typ, field, up)
		return ""
	}
	for _, c := range x.subgraph.contexts[typ.Name+"."+field] {
		if _, ok := args[c.name]; !ok {
			return c.name
		}
	}
	return ""
}

// contextual adds to the arguments of a field what they take from the objects above. A field that an @interfaceObject gives
// to objects is one of their interface.
func (x *execution) contextual(args map[string]any, typ *ast.Definition, field string, up *above) {
	for _, name := range append([]string{typ.Name}, typ.Interfaces...) {
		for _, c := range x.contexts[name+"."+field] {
			args[c.name] = nil
			for at := up; at != nil; at = at.above {
				if slices.ContainsFunc(c.setters, func(setter string) bool { return x.applies(at.typ, setter) }) {
					args[c.name] = x.pick(c.set, at)
					break
				}
			}
		}
	}
}

// pick is the value that a selection selects, lists kept.
func (x *execution) pick(set ast.SelectionSet, at *above) any {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			if sel.TypeCondition == "" || x.applies(at.typ, sel.TypeCondition) {
				return x.pick(sel.SelectionSet, at) // one of them fits
			}
		case *ast.Field:
			def := at.typ.Fields.ForName(sel.Name)
			if def == nil {
				if value, there := at.object.Fields[sel.Name]; there { // a field that clients do not see
					return x.picked(sel, "", value, at)
				}
				continue
			}
			args := map[string]any{}
			x.contextual(args, at.typ, sel.Name, at.above)
			return x.picked(sel, def.Type.Name(), withArguments(at.object.Fields[sel.Name], def, args), at)
		}
	}
	return nil
}

func (x *execution) picked(sel *ast.Field, static string, value any, at *above) any {
	switch value := value.(type) {
	case failure:
		return nil
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = x.picked(sel, static, item, at)
		}
		return out
	case *Object:
		typ, err := x.runtimeType(static, value)
		if err != nil {
			return nil
		}
		return x.pick(sel.SelectionSet, &above{typ, value, at})
	}
	return value
}
