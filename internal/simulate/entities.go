package simulate

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// entities answers `_entities`.
func (x *execution) entities(fields []*ast.Field, def *ast.FieldDefinition, path []any) (any, bool) {
	representations, _ := fields[0].ArgumentMap(x.variables)["representations"].([]any)
	out := make([]any, len(representations))
	seen := map[string]bool{}
	for i, r := range representations {
		at := append(slices.Clone(path), i)
		representation, ok := r.(map[string]any)
		if !ok {
			x.fail(at, "a representation is an object")
			continue
		}
		if text := fmt.Sprint(representation); seen[text] {
			x.fail(at, "the representation %s came twice", text)
			continue
		} else {
			seen[text] = true
		}
		o, err := x.entity(representation)
		if err != nil {
			x.fail(at, "%v", err)
			continue
		}
		if o == nil || slices.Contains(o.missing, x.subgraph.Name) {
			continue
		}
		out[i], _ = x.complete(fields, def.Type.Elem, o, node{representation: representation}, at)
	}
	return out, true
}

// entity finds the object that a representation stands for; nil when there is none.
func (x *execution) entity(representation map[string]any) (*Object, error) {
	name, _ := representation["__typename"].(string)
	t := x.subgraph.types[name]
	if t == nil {
		return nil, fmt.Errorf("subgraph %s has no type %q", x.subgraph.Name, name)
	}
	why := fmt.Sprintf("%s has no key in subgraph %s", name, x.subgraph.Name)
	for _, k := range t.keys {
		if !k.resolvable {
			continue
		}
		missing := lacks(k.selection, representation)
		if missing != "" {
			why = fmt.Sprintf("a representation of %s lacks %s", name, missing)
			continue
		}
		for _, ref := range x.world.names {
			o := x.world.objects[ref]
			if x.isA(o, name) && x.differs(k.selection, o, representation) == "" {
				return o, nil
			}
		}
		return nil, nil
	}
	return nil, fmt.Errorf("%s", why)
}

// lacks returns the first field of a key that a representation does not have.
func lacks(set ast.SelectionSet, value any) string {
	if list, ok := value.([]any); ok {
		for _, item := range list {
			if missing := lacks(set, item); missing != "" {
				return missing
			}
		}
		return ""
	}
	object, ok := value.(map[string]any)
	if !ok {
		return "an object"
	}
	for _, sel := range set {
		f, ok := sel.(*ast.Field)
		if !ok || f.Name == "__typename" {
			continue
		}
		v, there := object[f.Name]
		if !there || v == nil {
			return f.Name
		}
		if len(f.SelectionSet) > 0 {
			if missing := lacks(f.SelectionSet, v); missing != "" {
				return f.Name + "." + missing
			}
		}
	}
	return ""
}
