package response

import (
	"cmp"
	"slices"
	"strings"
)

// lost is the slot of what there is nothing of because something went wrong, where none is that of what the data does not
// have: an entity that a subgraph does not know, without an error, is data.
var lost = slot{node: -2}

// gone is the slot of what a null stands for: whether an error of its answer may be about it.
func gone(p *Part, i int32) slot {
	if p.vague || p.failed(i) {
		return lost
	}
	return none
}

// blame finds the nulls that the answer's errors are about: an error leads to a null, or to something below it (GraphQL
// specification, section 6.4.4 Handling Execution Errors). An error that leads nowhere may be about any of them.
func (p *Part) blame(names *Names) {
	if len(p.Errors) == 0 || !p.HasData() {
		return
	}
	paths := make([]Path, 0, len(p.Errors))
	for _, e := range p.Errors {
		if len(e.Path) == 0 {
			p.vague = true
			continue
		}
		paths = append(paths, e.Path)
	}
	slices.SortFunc(paths, func(a, b Path) int { return slices.CompareFunc(a, b, comparePathElements) })
	p.trace(names, 0, paths, 0)
	slices.Sort(p.nulls)
}

func comparePathElements(a, b PathElement) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.Index, b.Index))
}

// trace follows the rest of sorted paths, which lead through the node at, of which so many elements are done: all of
// them in one walk, whatever their number.
func (p *Part) trace(names *Names, at int32, paths []Path, done int) {
	n := &p.nodes[at]
	if n.kind == kindNull {
		p.nulls = append(p.nulls, at)
		return
	}
	child, index := at+1, 0
	for len(paths) > 0 {
		if len(paths[0]) == done { // there is something: the error is about no null
			paths = paths[1:]
			continue
		}
		e := paths[0][done]
		same := 1
		for same < len(paths) && paths[same][done] == e { // those that end here came first
			same++
		}
		to := int32(-1)
		switch {
		case n.kind == kindArray && e.Name == "":
			for ; child < n.next && index < e.Index; child = p.nodes[child].next {
				index++
			}
			if child < n.next {
				to = child
			}
		case n.kind == kindObject && names.Lookup(e.Name) != 0:
			to, _ = p.member(at, at+1, names.Lookup(e.Name))
		}
		if to < 0 {
			p.vague = true
		} else {
			p.trace(names, to, paths[:same], done+1)
		}
		paths = paths[same:]
	}
}

// failed says whether the null i is one that an error is about.
func (p *Part) failed(i int32) bool {
	_, found := slices.BinarySearch(p.nulls, i)
	return found
}

// incomplete says whether an error is about the value i or about one in it.
func (p *Part) incomplete(i int32) bool {
	k, _ := slices.BinarySearch(p.nulls, i)
	return k < len(p.nulls) && p.nulls[k] < p.nodes[i].next
}

// nulledByError says whether an error of its answer may be about any of the n values at at, that are to be read as one: it is
// not known then what they are.
func (a *Answers) nulledByError(at, n int) bool {
	for _, s := range a.stack[at : at+n] {
		if s.node >= 0 && s.part.nodes[s.node].kind == kindNull && gone(s.part, s.node) == lost {
			return true
		}
	}
	return false
}

// anyLost says whether any of the n values at at is not there because something went wrong.
func (a *Answers) anyLost(at, n int) bool {
	return slices.ContainsFunc(a.stack[at:at+n], func(s slot) bool { return s.node == lost.node })
}
