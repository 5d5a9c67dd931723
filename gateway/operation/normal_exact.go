package operation

import (
	"slices"
	"strings"
)

// A condition that depends on few variables is brought into its shortest form by way of its truth table: whatever it was
// made of, conditions that mean the same at a place are the same.

// maxExact is how many variables that may be.
const maxExact = 8

// table is a truth table: a bit for each way to set maxExact variables. What depends on fewer repeats itself.
type table [1 << maxExact / 64]uint64

var (
	nowhere    table
	everywhere = nowhere.not()
	// wherever is where each variable is true.
	wherever = func() (out [maxExact]table) {
		for v := range out {
			for i := range 1 << maxExact {
				if i>>v&1 == 1 {
					out[v][i/64] |= 1 << (i % 64)
				}
			}
		}
		return out
	}()
)

func (t table) not() table {
	for i := range t {
		t[i] = ^t[i]
	}
	return t
}

func (t table) and(o table) table {
	for i := range t {
		t[i] &= o[i]
	}
	return t
}

func (t table) or(o table) table {
	for i := range t {
		t[i] |= o[i]
	}
	return t
}

func (t table) without(o table) table { return t.and(o.not()) }

// given is the table where a variable has a value.
func (t table) given(v int, value bool) table {
	if v >= 6 {
		var out table
		for i := range t {
			from := i &^ (1 << (v - 6))
			if value {
				from |= 1 << (v - 6)
			}
			out[i] = t[from]
		}
		return out
	}
	where, shift := wherever[v], 1<<v
	for i := range t {
		if value {
			half := t[i] & where[i]
			t[i] = half | half>>shift
		} else {
			half := t[i] &^ where[i]
			t[i] = half | half<<shift
		}
	}
	return t
}

// exact works out conditions of few variables.
type exact struct {
	variables []int // sorted by name: the order in which a document has them decides nothing
}

// simplify shortens a condition at a place where some things are known to hold; nil where it cannot hold there.
func (c *conditions) simplify(d dnf, h held) dnf {
	if d.always() || c.spent() || len(d) == 1 && len(h.others) == 0 {
		return d
	}
	e, others := c.related(d, h)
	if len(d) == 1 && len(others) == 0 {
		return d
	}
	if len(e.variables) > maxExact {
		if len(d) == 1 {
			return d
		}
		return c.beneath(d, others)
	}
	known := everywhere
	for _, l := range h.literals {
		if v := slices.Index(e.variables, l.variable()); v >= 0 {
			known = known.and(e.literal(l))
		}
	}
	for _, o := range others {
		known = known.and(e.table(o.terms))
	}
	holds := e.table(d)
	terms, _ := e.cover(holds.and(known), holds.or(known.not()), 0)
	for _, t := range terms {
		slices.Sort(t)
	}
	c.work += 64 * (1 + len(terms))
	slices.SortFunc(terms, compareTerms)
	return terms
}

// related are the variables that matter to a condition, by what is known of them together with others, and the conditions
// that say so. Once the variables are too many it looks no further.
func (c *conditions) related(d dnf, h held) (exact, []*disjunction) {
	var e exact
	has := map[int]bool{}
	add := func(d dnf) {
		for _, t := range d {
			if len(e.variables) > maxExact {
				return
			}
			for _, l := range t {
				if v := l.variable(); !has[v] {
					has[v] = true
					e.variables = append(e.variables, v)
				}
			}
		}
	}
	add(d)
	taken := make([]bool, len(h.others))
	for more := true; more; {
		more = false
		for i, o := range h.others {
			if !taken[i] && len(e.variables) <= maxExact && slices.ContainsFunc(e.variables, func(v int) bool { return o.reads[v] }) {
				taken[i], more = true, true
				add(o.terms)
				c.work += len(e.variables)
			}
		}
	}
	if len(e.variables) > maxExact {
		return e, h.others
	}
	var others []*disjunction
	for i, o := range h.others {
		if taken[i] {
			others = append(others, o)
		}
	}
	slices.SortFunc(e.variables, func(a, b int) int { return strings.Compare(c.variables[a], c.variables[b]) })
	return e, others
}

func (e exact) literal(l literal) table {
	where := wherever[slices.Index(e.variables, l.variable())]
	if l.want() {
		return where
	}
	return where.not()
}

func (e exact) table(d dnf) table {
	out := nowhere
	for _, t := range d {
		all := everywhere
		for _, l := range t {
			all = all.and(e.literal(l))
		}
		out = out.or(all)
	}
	return out
}

// cover finds a short disjunction that holds at least somewhere and at most elsewhere, as tables that do not depend on the
// variables before v, and its own table. None of its terms could be left out, nor any literal of them (S. Minato, Fast
// generation of irredundant sum-of-products forms from binary decision diagrams, 1992).
func (e exact) cover(least, most table, v int) (dnf, table) {
	if least == nowhere {
		return nil, nowhere
	}
	if most == everywhere {
		return dnf{{}}, everywhere
	}
	least0, least1 := least.given(v, false), least.given(v, true)
	most0, most1 := most.given(v, false), most.given(v, true)
	if least0 == least1 && most0 == most1 {
		return e.cover(least, most, v+1)
	}
	without, table0 := e.cover(least0.without(most1), most0, v+1)
	with, table1 := e.cover(least1.without(most0), most1, v+1)
	either, tables := e.cover(least0.without(table0).or(least1.without(table1)), most0.and(most1), v+1)
	out := slices.Clone(either)
	for _, t := range without {
		out = append(out, append(t, newLiteral(e.variables[v], false)))
	}
	for _, t := range with {
		out = append(out, append(t, newLiteral(e.variables[v], true)))
	}
	return out, tables.or(table0.without(wherever[v])).or(table1.and(wherever[v]))
}
