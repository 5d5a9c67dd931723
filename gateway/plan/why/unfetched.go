package why

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/gateway/operation"
)

// unfetched tells about fields that the operation asks for and the plan does not: of objects that cannot be there, or under a
// field that the caller may not see. It is nothing when the operation does not ask for the field either.
func (w *asker) unfetched(root *operation.SelectionSet, field string) []answer {
	types, name := w.coordinate(field)
	path := strings.ReplaceAll(field, "[]", "")
	var out []answer
	var walk func(set *operation.SelectionSet, at, shown string)
	walk = func(set *operation.SelectionSet, at, shown string) { // shown has [] after lists
		for _, c := range set.Cases {
			for _, f := range c.Fields {
				here := at + f.Response
				meant := here == path
				if types != nil {
					meant = f.Name == name && slices.ContainsFunc(c.Types, func(t string) bool { return slices.Contains(types, t) })
				}
				if meant && len(out) < maxPlaces {
					a := answer{path: shown + f.Response, text: "  It is fetched from nowhere: " + w.missing(here) + ".\n"}
					for _, typ := range c.Types {
						a.coordinates = append(a.coordinates, typ+"."+f.Name)
					}
					out = append(out, a)
				}
				if f.Set != nil {
					lists := ""
					for t := f.Definition.Type; t.Elem != nil; t = t.Elem {
						lists += "[]"
					}
					walk(f.Set, here+".", shown+f.Response+lists+".")
				}
			}
		}
	}
	walk(root, "", "")
	return out
}

// missing says why nothing is fetched at a response path.
func (w *asker) missing(path string) string {
	for _, f := range w.fields {
		if f.Denied && strings.HasPrefix(path, f.path+".") {
			return fmt.Sprintf("the caller may not see %s, which leads to it", f.path)
		}
	}
	return "no subgraph that gives the objects there knows one of this type"
}
