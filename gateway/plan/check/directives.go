package check

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// directed checks that subgraphs are asked for a field with the directives that the client gives it, @skip and @include
// aside, and with no others.
func (w *way) directed(f *response.Field, client *operation.Field, slots []slotAnswer, object string, at place) error {
	want := []string{""}
	if len(client.Applied) > 0 {
		want = nil
		for _, a := range client.Applied {
			if !w.asked[a.Cond] {
				continue
			}
			text := ""
			for _, list := range a.Around {
				text += around(list)
			}
			want = append(want, text+clientDirectives(a.Own))
		}
	}
	slices.Sort(want)
	for _, src := range f.Sources {
		s := slots[src.Slot]
		if s.doc.fetch.Kind == plan.Introspection {
			continue
		}
		_, typ := w.runtime(s, object)
		have := w.directivesOf(s, typ, w.plan.Names.Text(src.Name))
		if !slices.Equal(have, slices.Compact(want)) {
			return fmt.Errorf("%s: fetch %d asks for it with the directives %q, the operation has %q", at.path, s.doc.fetch.ID, have, want)
		}
	}
	return nil
}

// directivesOf are the directives with which a document asks objects of a type for a response name, those of fragments
// around it first: one text for each way, sorted.
func (w *way) directivesOf(s slotAnswer, typ, name string) []string {
	var out []string
	w.each(s, typ, func(f *ast.Field, outer string) {
		if f.Alias == name {
			out = append(out, outer+clientDirectives(f.Directives))
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// around is the text of a fragment's directives; "" without any.
func around(list ast.DirectiveList) string {
	if text := clientDirectives(list); text != "" {
		return "..." + text
	}
	return ""
}

// clientDirectives is a text of directives without the conditions.
func clientDirectives(list ast.DirectiveList) string {
	return directivesText(slices.DeleteFunc(slices.Clone(list), func(d *ast.Directive) bool { return d.Name == "skip" || d.Name == "include" }))
}
