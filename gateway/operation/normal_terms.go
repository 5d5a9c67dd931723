package operation

import (
	"cmp"
	"slices"
	"strconv"
)

// literal is a Boolean variable and the value wanted of it, as one number: twice the variable, and one more where true is
// wanted.
type literal int32

func newLiteral(variable int, want bool) literal {
	if want {
		return literal(2*variable + 1)
	}
	return literal(2 * variable)
}

func (l literal) variable() int { return int(l >> 1) }

func (l literal) want() bool { return l&1 == 1 }

func (l literal) not() literal { return l ^ 1 }

// term is a conjunction: sorted, and without contradictions.
type term []literal

// dnf is a condition while an operation is normalised: a disjunction of conjunctions, the short ones first, of which none
// implies another. nil (no term) never holds, a single empty term always does.
type dnf []term

var always = dnf{{}}

func (d dnf) never() bool { return len(d) == 0 }

func (d dnf) always() bool { return len(d) == 1 && len(d[0]) == 0 }

// size is how many literals it has.
func (d dnf) size() int {
	n := 0
	for _, t := range d {
		n += len(t)
	}
	return n
}

// key is the same for equal conditions.
func (d dnf) key() string {
	b := make([]byte, 0, 4*d.size()+len(d))
	for _, t := range d {
		for _, l := range t {
			b = strconv.AppendInt(b, int64(l), 36)
			b = append(b, '&')
		}
		b = append(b, '|')
	}
	return string(b)
}

// common are the literals that hold whenever the condition does, sorted.
func (d dnf) common() []literal {
	if d.never() {
		return nil
	}
	common := slices.Clone(d[0])
	for _, t := range d[1:] {
		if len(common) == 0 {
			break
		}
		common = slices.DeleteFunc(common, func(l literal) bool { return !t.has(l) })
	}
	return common
}

func (t term) has(l literal) bool {
	_, ok := slices.BinarySearch(t, l)
	return ok
}

func compareTerms(a, b term) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b))
}

// both joins two conjunctions; ok is false where they contradict each other.
func both(a, b term) (joined term, ok bool) {
	joined = make(term, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			joined, a, b = append(joined, a[0]), a[1:], b[1:]
		case a[0] == b[0].not():
			return nil, false
		case a[0] < b[0]:
			joined, a = append(joined, a[0]), a[1:]
		default:
			joined, b = append(joined, b[0]), b[1:]
		}
	}
	return append(append(joined, a...), b...), true
}

// tidy makes a term of literals in any order; ok is false where they contradict each other.
func tidy(literals []literal) (t term, ok bool) {
	t = slices.Clone(term(literals))
	slices.Sort(t)
	t = slices.Compact(t)
	for i := 1; i < len(t); i++ {
		if t[i] == t[i-1].not() {
			return nil, false
		}
	}
	return t, true
}

// implied is a set of terms in which one finds quickly whether another term implies any of them.
type implied struct {
	terms dnf
	all   bool // one of them always holds
	// first are the terms by their first literals, once there are many: what implies a term has that literal.
	first map[literal]dnf
	work  *int // what was looked at, see conditions.work
}

// fewTerms is up to how many terms are looked through.
const fewTerms = 8

func (s *implied) add(t term) {
	s.terms = append(s.terms, t)
	s.all = s.all || len(t) == 0
	switch {
	case s.first != nil:
		s.index(t)
	case len(s.terms) > fewTerms:
		s.first = make(map[literal]dnf, 2*fewTerms)
		for _, t := range s.terms {
			s.index(t)
		}
	}
}

func (s *implied) index(t term) {
	if len(t) > 0 {
		s.first[t[0]] = append(s.first[t[0]], t)
	}
}

// by reports whether a term implies one of the set.
func (s *implied) by(t term) bool {
	if s.all {
		return true
	}
	if s.first == nil {
		return s.any(s.terms, t)
	}
	for i, l := range t {
		if s.any(s.first[l], t[i:]) {
			return true
		}
	}
	return false
}

func (s *implied) any(terms dnf, t term) bool {
	*s.work += 1 + len(terms)
	return slices.ContainsFunc(terms, func(o term) bool {
		*s.work += min(len(o), len(t))
		return subset(o, t)
	})
}

// byAll reports whether a condition implies the terms together, as far as one can tell term by term.
func (s *implied) byAll(d dnf) bool {
	return !slices.ContainsFunc(d, func(t term) bool { return !s.by(t) })
}

// subset reports whether all literals of a are in b.
func subset(a, b term) bool {
	if len(a) > len(b) {
		return false
	}
	for _, l := range a {
		for len(b) > 0 && b[0] < l {
			b = b[1:]
		}
		if len(b) == 0 || b[0] != l {
			return false
		}
		b = b[1:]
	}
	return true
}
