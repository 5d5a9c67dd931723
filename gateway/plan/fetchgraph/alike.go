package fetchgraph

import (
	"cmp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// onType is what is asked of objects of a type; without a name, of those of the static type.
type onType struct {
	name    string
	members []*Member
	// whole are selections that also stand there, as they are.
	whole []*Selection
}

// byType is what is asked on the static type, and on each object type, in order.
func byType(sel *Selection) (static []*Member, typed []onType) {
	if len(sel.Fragments) == 1 && len(sel.Fragments[0].Types) == 0 {
		return sel.Fragments[0].Members, nil
	}
	index := map[string]int{}
	for _, fr := range sel.Fragments {
		if len(fr.Types) == 0 {
			static = append(static, fr.Members...)
		}
		for _, typ := range fr.Types {
			i, known := index[typ]
			if !known {
				i = len(typed)
				index[typ] = i
				typed = append(typed, onType{name: typ})
			}
			typed[i].members = append(typed[i].members, fr.Members...)
		}
	}
	return static, typed
}

// onInterfaces asks fields that are asked alike on several object types of a selection on an interface that has them, too:
// on the static type, wherever that means the same, and on others where it saves something.
func (w *writer) onInterfaces(typed []onType, sel *Selection) []onType {
	var out []onType
	if sel.Type != nil && sel.Type.Kind == ast.Interface && len(typed) > 1 && len(typed) == len(sel.Type.PossibleTypes) {
		common := w.common(sel.Type.Name, typed, sel.subgraph)
		if len(common) > 0 {
			out = append(out, onType{members: common})
			typed = w.without(typed, common)
		}
	}
	if sel.Type != nil {
		typed = w.alike(typed, sel.Type.PossibleTypes, sel.subgraph)
	}
	return append(out, typed...)
}

// common are the fields that are asked alike on all of some object types, and that an interface has as they do.
func (w *writer) common(name string, typed []onType, subgraph int) []*Member {
	types := make([]string, len(typed))
	shared := map[string]int{} // on how many of the types a text is asked
	for i, o := range typed {
		types[i] = o.name
		for _, m := range o.members {
			if text := w.member(m).text; shared[text] == i {
				shared[text] = i + 1
			}
		}
	}
	t := w.graph.query().Supergraph.Graphs[subgraph].Types[name]
	var out []*Member
	for _, m := range typed[0].members {
		if shared[m.written.text] == len(typed) && len(m.contexts) == 0 && w.graph.sameOn(t, types, subgraph, m.Name) {
			out = append(out, m)
		}
	}
	return out
}

// without leaves fields out that are asked otherwise, and types of which nothing more is asked.
func (w *writer) without(typed []onType, asked []*Member) []onType {
	texts := make(map[string]bool, len(asked))
	for _, m := range asked {
		texts[w.member(m).text] = true
	}
	var out []onType
	for _, o := range typed {
		left := slices.DeleteFunc(slices.Clone(o.members), func(m *Member) bool { return texts[w.member(m).text] })
		if len(left) > 0 || len(o.whole) > 0 {
			out = append(out, onType{o.name, left, o.whole})
		}
	}
	return out
}

// alike asks what is asked alike on all object types of an interface on that interface. possible are the types that the
// objects may be of: those of the interface must be among the types that are asked, but for such as no object is of.
func (w *writer) alike(typed []onType, possible []string, subgraph int) []onType {
	if len(typed) < w.graph.savings.types {
		return typed
	}
	var out []onType
	for _, i := range w.interfaces(typed, possible, subgraph) {
		var members []onType
		for _, o := range typed {
			if _, ok := slices.BinarySearch(i.types, o.name); ok {
				members = append(members, o)
			}
		}
		if len(members) < len(i.types) {
			continue // nothing more is asked of some
		}
		common := w.common(i.name, members, subgraph)
		length := len("...on {} ") + len(i.name)
		saved := -length
		for _, m := range common {
			saved += (len(members) - 1) * (len(w.member(m).text) + 1)
		}
		if len(common) == 0 || saved < w.graph.savings.shared {
			continue
		}
		out = append(out, onType{name: i.name, members: common})
		rest := w.without(members, common)
		typed = replace(typed, i.types, rest)
	}
	return append(out, typed...)
}

// replace puts what is left of some types, sorted, in their place.
func replace(typed []onType, types []string, rest []onType) []onType {
	var out []onType
	for _, o := range typed {
		if len(rest) > 0 && rest[0].name == o.name {
			out, rest = append(out, rest[0]), rest[1:]
		} else if _, ok := slices.BinarySearch(types, o.name); !ok {
			out = append(out, o)
		}
	}
	return out
}

// covering is an interface and those of its object types that objects may be of.
type covering struct {
	name  string
	types []string
}

// interfaces are those of a subgraph whose objects, as far as they may be there, are all asked; of the most types first.
func (w *writer) interfaces(typed []onType, possible []string, subgraph int) []covering {
	sub := w.graph.query().Supergraph.Graphs[subgraph]
	asked := make(map[string]bool, len(typed))
	for _, o := range typed {
		asked[o.name] = true
	}
	may := make(map[string]bool, len(possible))
	for _, p := range possible {
		may[p] = true
	}
	seen := map[string]bool{}
	var out []covering
	for _, o := range typed {
		t := sub.Types[o.name]
		if t == nil || t.Kind != ast.Object {
			continue
		}
		for _, name := range t.Interfaces {
			if seen[name] {
				continue
			}
			seen[name] = true
			i := covering{name: name}
			all := sub.Types[name] != nil && sub.Types[name].Kind == ast.Interface
			if !all {
				continue
			}
			for _, p := range sub.Types[name].PossibleTypes { // sorted
				if may[p] {
					i.types = append(i.types, p)
					all = all && asked[p]
				}
			}
			if all && len(i.types) >= w.graph.savings.types {
				out = append(out, i)
			}
		}
	}
	slices.SortFunc(out, func(a, b covering) int {
		return cmp.Or(cmp.Compare(len(b.types), len(a.types)), cmp.Compare(a.name, b.name))
	})
	return out
}
