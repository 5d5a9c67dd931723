package operation

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// occurrence is a selection set that contributes to a place, under a condition relative to the place.
type occurrence struct {
	set  ast.SelectionSet
	id   int // the same for selection sets that select the same
	cond dnf
}

// setNumbers tells selection sets apart by what they select: clients write `x @include(if: $a) { ...F }` and
// `x @include(if: $b) { ...F }`, and what they select there twice is normalised once.
type setNumbers struct {
	known    map[*ast.Selection]int // by a set's first selection
	numbered map[string]int         // by text, in which sets within have their numbers
}

func newSetNumbers() setNumbers {
	return setNumbers{known: map[*ast.Selection]int{}, numbered: map[string]int{}}
}

// of numbers a selection set. Each is looked at once.
func (s setNumbers) of(set ast.SelectionSet) int {
	if len(set) == 0 {
		return -1
	}
	if id, ok := s.known[&set[0]]; ok {
		return id
	}
	var b strings.Builder
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			b.WriteString(sel.Alias + ":" + sel.Name + "(")
			for _, a := range sel.Arguments {
				b.WriteString(a.Name + ":" + a.Value.String() + ",")
			}
			s.rest(&b, sel.Directives, sel.SelectionSet)
		case *ast.InlineFragment:
			b.WriteString("...on " + sel.TypeCondition + "(")
			s.rest(&b, sel.Directives, sel.SelectionSet)
		case *ast.FragmentSpread:
			b.WriteString("..." + sel.Name + "(")
			s.rest(&b, sel.Directives, nil)
		}
	}
	text := b.String()
	id, ok := s.numbered[text]
	if !ok {
		id = len(s.numbered)
		s.numbered[text] = id
	}
	s.known[&set[0]] = id
	return id
}

func (s setNumbers) rest(b *strings.Builder, directives ast.DirectiveList, set ast.SelectionSet) {
	b.WriteByte(')')
	writeDirectives(b, directives)
	if len(set) > 0 {
		b.WriteString("{" + strconv.Itoa(s.of(set)) + "}")
	}
	b.WriteByte(' ')
}

// beneath are the selections under a field that is selected in several ways, at whose values some conditions are known to
// hold: those that are alike become one, wherever the order of the fields in them stays what it is.
func (n *normaliser) beneath(nodes []collectedNode, held held) []occurrence {
	m := merged{normaliser: n, latest: map[int]int{}}
	for _, node := range nodes {
		if own := n.conds.within(node.cond, held.literals); !own.never() {
			m.add(node.field.SelectionSet, own)
		}
	}
	for i := range m.list {
		m.list[i].cond = n.conds.simplify(n.conds.normal(m.terms[i].terms), held)
	}
	return slices.DeleteFunc(m.list, func(o occurrence) bool { return o.cond.never() })
}

// merged are the occurrences at a place, in document order.
type merged struct {
	*normaliser
	list   []occurrence
	terms  []*implied  // their conditions so far
	latest map[int]int // the last occurrence of a selection set, by its number
}

// add adds a selection set, to one that stands before it where that is in order: fields stand where the first selection that
// counts has them (GraphQL specification, section 6.3.2 CollectFields), so wherever this one counts and the earlier one does
// not, nothing in between may count.
func (m *merged) add(set ast.SelectionSet, cond dnf) {
	id := m.numbers.of(set)
	at, known := m.latest[id]
	if !known || !m.movable(cond, at) {
		at = len(m.list)
		m.latest[id] = at
		m.list = append(m.list, occurrence{set: set, id: id})
		m.terms = append(m.terms, m.conds.set(nil))
	}
	for _, t := range cond {
		if !m.terms[at].by(t) {
			m.terms[at].add(t)
		}
	}
}

// movable reports whether a selection at the end of the list may as well stand at a place in it.
func (m *merged) movable(cond dnf, at int) bool {
	return m.terms[at].byAll(cond) || !slices.ContainsFunc(m.terms[at+1:], func(between *implied) bool {
		together := m.conds.and(cond, between.terms)
		return m.conds.spent() || !m.terms[at].byAll(together)
	})
}
