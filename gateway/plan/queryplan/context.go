package queryplan

import (
	"slices"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// Rewrite gives a variable of a Fetch the value that stands at a path (@fromContext). The path leads from the entities: ".."
// to what they are under, "... on T" to objects of a type, a name to a field.
type Rewrite struct {
	Kind        string   `json:"kind"` // "KeyRenamer"
	Path        []string `json:"path"`
	RenameKeyTo string   `json:"renameKeyTo"`
}

// contexts writes where the variables of a target's group take their values, and the variables' names.
func (w *writer) contexts(f *plan.Fetch, group int, t plan.Target) (rewrites []Rewrite, variables []string) {
	if t.Contexts == nil || f.Template == nil {
		return nil, nil
	}
	above := []*response.Object{w.plan.Root} // the object that each step of the route leads from, then the last
	w.plan.Walk(t.Route, func(f *response.Field) { above = append(above, f.Object) })
	for i, v := range t.Contexts.Values {
		variable := f.Template.ContextVariable(group, 0, i)
		variables = append(variables, variable)
		at := slices.Index(above, v.Object)
		if at < 0 {
			continue
		}
		up := slices.Repeat([]string{".."}, len(above)-1-at)
		for _, path := range plan.Picked(v.Object, v.Case, &v.Pick) {
			rewrites = append(rewrites, Rewrite{Kind: "KeyRenamer", Path: slices.Concat(up, path), RenameKeyTo: variable})
		}
	}
	return rewrites, variables
}
