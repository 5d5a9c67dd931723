package operation

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/response"
)

// dnf is a condition while an operation is normalised: a disjunction of sorted conjunctions. nil (no term) never holds,
// a single empty term always does.
type dnf [][]response.Literal

var always = dnf{{}}

func (d dnf) never() bool { return len(d) == 0 }

func (d dnf) always() bool { return len(d) == 1 && len(d[0]) == 0 }

func (d dnf) key() string {
	var b strings.Builder
	for _, term := range d {
		for _, l := range term {
			if !l.Want {
				b.WriteByte('!')
			}
			b.WriteString(strconv.Itoa(l.Variable))
			b.WriteByte('&')
		}
		b.WriteByte('|')
	}
	return b.String()
}

// conditions interns the conditions of one operation.
type conditions struct {
	variables []string
	list      []response.Condition
	index     map[string]response.ConditionID
}

func newConditions() *conditions {
	return &conditions{list: []response.Condition{{}}, index: map[string]response.ConditionID{always.key(): 0}}
}

func (c *conditions) variable(name string) int {
	i := slices.Index(c.variables, name)
	if i < 0 {
		i = len(c.variables)
		c.variables = append(c.variables, name)
	}
	return i
}

// directives returns the condition that @skip and @include set.
func (c *conditions) directives(directives ast.DirectiveList) dnf {
	if len(directives) == 0 {
		return always
	}
	term := []response.Literal{}
	for _, d := range directives {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}
		arg := d.Arguments.ForName("if")
		if arg == nil || arg.Value == nil {
			continue
		}
		want := d.Name == "include"
		switch arg.Value.Kind {
		case ast.BooleanValue:
			if (arg.Value.Raw == "true") != want {
				return nil
			}
		case ast.Variable:
			term = append(term, response.Literal{Variable: c.variable(arg.Value.Raw), Want: want})
		}
	}
	return c.normal(dnf{term})
}

// normal sorts the terms and drops contradictions and what other terms imply.
func (c *conditions) normal(d dnf) dnf {
	var terms dnf
next:
	for _, term := range d {
		term = slices.Clone(term)
		slices.SortFunc(term, compareLiterals)
		term = slices.Compact(term)
		for i := 1; i < len(term); i++ {
			if term[i].Variable == term[i-1].Variable {
				continue next
			}
		}
		terms = append(terms, term)
	}
	slices.SortFunc(terms, func(a, b []response.Literal) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.CompareFunc(a, b, compareLiterals))
	})
	var out dnf
	for _, term := range terms {
		if !slices.ContainsFunc(out, func(o []response.Literal) bool { return subset(o, term) }) {
			out = append(out, term)
		}
	}
	// a or not a
	for i, a := range out {
		for _, b := range out[i+1:] {
			if len(a) == 1 && len(b) == 1 && a[0].Variable == b[0].Variable {
				return always
			}
		}
	}
	return out
}

func compareLiterals(a, b response.Literal) int {
	if a.Variable != b.Variable {
		return cmp.Compare(a.Variable, b.Variable)
	}
	switch {
	case a.Want == b.Want:
		return 0
	case b.Want:
		return -1
	}
	return 1
}

// subset reports whether all literals of a are in b; both are sorted.
func subset(a, b []response.Literal) bool {
	for _, l := range a {
		if _, ok := slices.BinarySearchFunc(b, l, compareLiterals); !ok {
			return false
		}
	}
	return true
}

func (c *conditions) and(a, b dnf) dnf {
	if a.always() {
		return b
	}
	if b.always() {
		return a
	}
	var out dnf
	for _, x := range a {
		for _, y := range b {
			out = append(out, append(slices.Clone(x), y...))
		}
	}
	return c.normal(out)
}

// given drops from a condition what a wider one that is known to hold says already.
func (c *conditions) given(d, known dnf) dnf {
	if len(known) == 0 || known.always() {
		return d
	}
	common := known.common()
	out := make(dnf, len(d))
	for i, term := range d {
		out[i] = slices.DeleteFunc(slices.Clone(term), func(l response.Literal) bool { return slices.Contains(common, l) })
	}
	return c.normal(out)
}

// common are the literals that hold whenever the condition does.
func (d dnf) common() []response.Literal {
	if d.never() {
		return nil
	}
	common := d[0]
	for _, term := range d[1:] {
		common = slices.DeleteFunc(slices.Clone(common), func(l response.Literal) bool { return !slices.Contains(term, l) })
	}
	return common
}

// held is what is known to hold at a place: literals, and the conditions on the way there that are none.
type held struct {
	literals []response.Literal
	others   []dnf
}

// and adds what a condition brings.
func (h held) and(d dnf) held {
	for _, l := range d.common() {
		if !slices.Contains(h.literals, l) {
			h.literals = append(slices.Clip(h.literals), l)
		}
	}
	if len(d) > 1 {
		h.others = append(slices.Clip(h.others), d)
	}
	return h
}

// maxBeneath bounds the terms that are compared to simplify one condition.
const maxBeneath = 4096

// beneath drops from a condition what conditions that are known to hold say about their variables, where nothing is lost:
// a field that is selected twice in one that is selected twice is there whenever that is.
func (c *conditions) beneath(d dnf, known []dnf) dnf {
	for _, k := range known {
		var rest dnf
		for _, term := range d {
			rest = append(rest, slices.DeleteFunc(slices.Clone(term), func(l response.Literal) bool { return k.reads(l.Variable) }))
		}
		if rest = c.normal(rest); len(k)*len(rest)*len(d) <= maxBeneath && implies(k, rest, d) {
			d = rest
		}
	}
	return d
}

func (d dnf) reads(variable int) bool {
	return slices.ContainsFunc(d, func(term []response.Literal) bool {
		return slices.ContainsFunc(term, func(l response.Literal) bool { return l.Variable == variable })
	})
}

// implies reports whether two conditions that have no variable in common together say that another holds.
func implies(a, b, d dnf) bool {
	for _, x := range a {
		for _, y := range b {
			both := append(slices.Clone(x), y...)
			if !slices.ContainsFunc(d, func(term []response.Literal) bool {
				return !slices.ContainsFunc(term, func(l response.Literal) bool { return !slices.Contains(both, l) })
			}) {
				return false
			}
		}
	}
	return true
}

// within drops from a condition what is known to hold, and the terms that contradict it: a place is only reached when the
// conditions on the way there hold.
func (c *conditions) within(d dnf, held []response.Literal) dnf {
	if len(held) == 0 || d.always() {
		return d
	}
	var out dnf
next:
	for _, term := range d {
		left := []response.Literal{}
		for _, l := range term {
			if slices.Contains(held, response.Literal{Variable: l.Variable, Want: !l.Want}) {
				continue next
			}
			if !slices.Contains(held, l) {
				left = append(left, l)
			}
		}
		out = append(out, left)
	}
	return c.normal(out)
}

func (c *conditions) intern(d dnf) response.ConditionID {
	if d.always() {
		return 0
	}
	key := d.key()
	if id, ok := c.index[key]; ok {
		return id
	}
	id := response.ConditionID(len(c.list))
	c.index[key] = id
	c.list = append(c.list, response.Condition{Terms: d})
	return id
}

// either returns a condition that holds where at least one of two does; a is 0 when there is no first one.
func (c *conditions) either(a, b response.ConditionID) response.ConditionID {
	if a == 0 {
		return b
	}
	id := response.ConditionID(len(c.list))
	c.list = append(c.list, response.Condition{Terms: c.list[b].Terms, Or: a})
	return id
}

// except returns the part of a condition in which a conjunction does not hold.
func (c *conditions) except(d dnf, term []response.Literal) dnf {
	var not dnf
	for _, l := range term {
		not = append(not, []response.Literal{{Variable: l.Variable, Want: !l.Want}})
	}
	return c.and(d, not)
}
