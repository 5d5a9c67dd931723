package response

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// blamed are the places of the nulls that error paths lead to, one path after another, and whether any leads nowhere.
func blamed(data any, paths []Path) (nulls map[string]bool, vague bool) {
	nulls = map[string]bool{}
path:
	for _, path := range paths {
		at, value := "", data
		vague = vague || len(path) == 0
		for _, e := range path {
			if value == nil {
				break
			}
			object, isObject := value.(map[string]any)
			list, isList := value.([]any)
			member, there := object[e.Name]
			switch {
			case isObject && e.Name != "" && there:
				value = member
			case isList && e.Name == "" && e.Index < len(list):
				value = list[e.Index]
			default:
				vague = true
				continue path
			}
			at += fmt.Sprintf("/%s%d", e.Name, e.Index)
		}
		if value == nil && len(path) > 0 {
			nulls[at] = true
		}
	}
	return nulls, vague
}

// places are the places of some nodes.
func (p *Part) places(names *Names, at int32, path string, of []int32, out map[string]bool) {
	if slices.Contains(of, at) {
		out[path] = true
	}
	n := p.nodes[at]
	if n.kind != kindArray && n.kind != kindObject {
		return
	}
	for c, i := at+1, 0; c < n.next; c, i = p.nodes[c].next, i+1 {
		if n.kind == kindArray {
			p.places(names, c, fmt.Sprintf("%s/%d", path, i), of, out)
		} else {
			p.places(names, c, fmt.Sprintf("%s/%s0", path, names.Text(p.nodes[c].name)), of, out)
		}
	}
}

// TestBlame holds that the nulls that errors are about are those that their paths lead to, however the paths are ordered.
func TestBlame(t *testing.T) {
	value := rapid.Deferred(func() *rapid.Generator[any] { return jsonValue(4) })
	element := rapid.Custom(func(t *rapid.T) PathElement {
		if rapid.Bool().Draw(t, "name") {
			return PathElement{Name: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name")}
		}
		return PathElement{Index: rapid.IntRange(0, 3).Draw(t, "index")}
	})
	rapid.Check(t, func(t *rapid.T) {
		data := map[string]any{"a": value.Draw(t, "a"), "b": value.Draw(t, "b")}
		var paths []Path
		var errors []any
		for _, path := range rapid.SliceOfN(rapid.SliceOfN(element, 0, 5), 1, 8).Draw(t, "paths") {
			paths = append(paths, path)
			var plain []any
			for _, e := range path {
				if e.Name != "" {
					plain = append(plain, e.Name)
				} else {
					plain = append(plain, e.Index)
				}
			}
			errors = append(errors, map[string]any{"message": "wrong", "path": plain})
		}
		body, err := json.Marshal(map[string]any{"data": data, "errors": errors})
		if err != nil {
			t.Fatal(err)
		}
		names := NewNames()
		for _, name := range []string{"a", "b", "c"} {
			names.Intern(name)
		}
		p, err := Decode(body, names, DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		defer p.Release()
		want, vague := blamed(data, paths)
		got := map[string]bool{}
		p.places(names, 0, "", p.nulls, got)
		if fmt.Sprint(got) != fmt.Sprint(want) || p.vague != vague {
			t.Fatalf("%s: the nulls are %v, vague %v; want %v, %v", body, got, p.vague, want, vague)
		}
	})
}

// jsonValue makes values of the members a, b and c in up to so many levels, with many nulls.
func jsonValue(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		switch {
		case kind < 2:
			return nil
		case kind == 2 || depth == 0:
			return 1
		case kind == 3:
			return rapid.SliceOfN(jsonValue(depth-1), 0, 3).Draw(t, "items")
		}
		object := map[string]any{}
		for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), rapid.ID[string]).Draw(t, "names") {
			object[name] = jsonValue(depth-1).Draw(t, name)
		}
		return object
	})
}
