package fetchgraph

import (
	"slices"

	"github.com/weft-gateway/weft/gateway/response"
)

// list writes the fields that are asked of a type, separated from what was written since some point. Fields beside each other
// that are wanted under one condition stand together under it, where that is much shorter: once for each way in which it
// can hold, and not each of them for each way.
func (w *writer) list(from int, members []*Member, on string) {
	for len(members) > 0 {
		n := 1
		for n < len(members) && alikeConditional(members[0], members[n]) {
			n++
		}
		if n > 1 && w.run(from, members[:n], on) {
			members = members[n:]
			continue
		}
		for _, m := range members[:n] {
			w.space(from)
			w.put(w.member(m))
		}
		members = members[n:]
	}
}

// alikeConditional reports whether two fields are asked under one condition, and without directives of the client's.
func alikeConditional(a, b *Member) bool {
	plain := func(m *Member) bool {
		return len(m.applied) == 0 && !m.exact && len(m.Conds) > 0 && !slices.Contains(m.Conds, 0)
	}
	return plain(a) && plain(b) && slices.Equal(a.Conds, b.Conds)
}

// run writes fields under the condition that they have in common; false when nothing is written, since little is saved.
func (w *writer) run(from int, members []*Member, on string) bool {
	terms := w.graph.terms(members[0].Conds)
	apart := 0
	for _, m := range members {
		apart += len(w.member(m).text) + 1
	}
	if apart < w.graph.savings.run {
		return false
	}
	at := w.begin()
	for _, m := range members {
		w.space(at.text)
		w.field(m, selected{}, nil)
	}
	all := w.end(at)
	shared := 0
	if text := w.graph.blocks.inside(on, all.text); text != all.text {
		shared, all.text = len(all.text), text
	}
	if len(terms) > 1 && w.graph.blocks.unshared(all.text) > maxRepeated {
		return false
	}
	at = w.begin()
	for i, term := range terms {
		if i > 0 {
			w.byte(' ')
		}
		w.under(term, all)
	}
	together := w.end(at)
	if apart-len(together.text)-shared < w.graph.savings.run {
		return false
	}
	w.space(from)
	w.put(together)
	return true
}

// under writes fields under a conjunction: neither @include nor @skip may be repeated, so there is a fragment for each.
func (w *writer) under(term []response.Literal, fields written) {
	for _, l := range term {
		w.add("...")
		w.literal(l)
		w.byte('{')
	}
	w.put(fields)
	for range term {
		w.byte('}')
	}
}
