package operation

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/response"
)

// conditions interns the conditions of one operation, and reckons with them.
//
// How many ways there are for a field to be selected can be exponential in the length of a document, so the reckoning is
// bounded: work counts what it looks at, and written what the operation's conditions are made of in the end. Beyond the
// bounds every result is "always", and spent says so.
type conditions struct {
	variables []string
	numbers   map[string]int // of the variables
	list      []response.Condition
	index     map[string]response.ConditionID
	work      int
	written   int
}

// maxWork bounds what reckoning with conditions may look at, in literals: some 0.1 s. maxWritten bounds the literals of all
// conditions of an operation: they are evaluated for each request.
const (
	maxWork    = 10_000_000
	maxWritten = 200_000
)

func newConditions() *conditions {
	return &conditions{
		numbers: map[string]int{},
		list:    []response.Condition{{}},
		index:   map[string]response.ConditionID{always.key(): 0},
	}
}

// spent reports whether the bounds are exceeded. What was found out is of no use then.
func (c *conditions) spent() bool { return c.work > maxWork || c.written > maxWritten }

func (c *conditions) variable(name string) int {
	i, ok := c.numbers[name]
	if !ok {
		i = len(c.variables)
		c.numbers[name] = i
		c.variables = append(c.variables, name)
	}
	return i
}

// directives returns the condition that @skip and @include set.
func (c *conditions) directives(directives ast.DirectiveList) dnf {
	var literals []literal
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
			literals = append(literals, newLiteral(c.variable(arg.Value.Raw), want))
		}
	}
	if len(literals) == 0 {
		return always
	}
	if t, ok := tidy(literals); ok {
		return dnf{t}
	}
	return nil
}

// normal puts terms in order, and drops those that imply others.
func (c *conditions) normal(d dnf) dnf {
	if len(d) < 2 {
		return d
	}
	terms := slices.Clone(d)
	slices.SortFunc(terms, compareTerms)
	left := implied{work: &c.work}
	single := map[literal]bool{}
	for _, t := range terms {
		if c.spent() {
			return always
		}
		if left.by(t) {
			continue
		}
		left.add(t)
		if len(t) == 1 {
			if single[t[0].not()] {
				return always
			}
			single[t[0]] = true
		}
	}
	return left.terms
}

// and returns a condition that holds where two do.
func (c *conditions) and(a, b dnf) dnf {
	if a.always() || b.never() {
		return b
	}
	if b.always() || a.never() {
		return a
	}
	var out dnf
	for _, x := range a {
		for _, y := range b {
			c.work += len(x) + len(y)
			if c.spent() {
				return always
			}
			if t, ok := both(x, y); ok {
				out = append(out, t)
			}
		}
	}
	return c.normal(out)
}

// held is what is known to hold at a place: literals, and the conditions on the way there that are none.
type held struct {
	literals []literal // sorted
	others   []*disjunction
}

// disjunction is a condition that is known to hold, of several terms.
type disjunction struct {
	terms dnf
	reads map[int]bool // the variables
	key   string
}

// and adds what a condition brings.
func (h held) and(d dnf) held {
	if common := d.common(); len(common) > 0 {
		h.literals = slices.Concat(h.literals, common)
		slices.Sort(h.literals)
		h.literals = slices.Compact(h.literals)
	}
	if len(d) > 1 {
		other := &disjunction{terms: d, reads: map[int]bool{}, key: d.key()}
		for _, t := range d {
			for _, l := range t {
				other.reads[l.variable()] = true
			}
		}
		h.others = append(slices.Clip(h.others), other)
	}
	return h
}

// key is the same where the same is known.
func (h held) key() string {
	b := []byte(dnf{h.literals}.key())
	for _, o := range h.others {
		b = append(append(b, o.key...), ' ')
	}
	return string(b)
}

// within drops from a condition what is known to hold, and the terms that contradict it: a place is only reached when the
// conditions on the way there hold.
func (c *conditions) within(d dnf, held []literal) dnf {
	if len(held) == 0 || d.always() {
		return d
	}
	known := term(held)
	var out dnf
	for _, t := range d {
		c.work += len(t)
		if slices.ContainsFunc(t, func(l literal) bool { return known.has(l.not()) }) {
			continue
		}
		out = append(out, without(t, known.has))
	}
	return c.normal(out)
}

// without leaves literals out of a term.
func without(t term, drop func(literal) bool) term {
	if !slices.ContainsFunc(t, drop) {
		return t
	}
	return slices.DeleteFunc(slices.Clone(t), drop)
}

// maxBeneath bounds the terms that are compared to simplify one condition.
const maxBeneath = 1 << 14

// beneath shortens a condition by what conditions that are known to hold say about their variables, where nothing is lost: a
// field that is selected twice in one that is selected twice is there whenever that is.
func (c *conditions) beneath(d dnf, known []*disjunction) dnf {
	for _, k := range known {
		if d.always() || c.spent() {
			return d
		}
		read := func(l literal) bool { return k.reads[l.variable()] }
		if !slices.ContainsFunc(d, func(t term) bool { return slices.ContainsFunc(t, read) }) {
			continue
		}
		var rest dnf
		for _, t := range d {
			rest = append(rest, without(t, read))
		}
		rest = c.normal(rest)
		if len(k.terms)*len(rest) <= maxBeneath && c.implies(k.terms, rest, d) {
			d = rest
		} else if len(k.terms)*len(d) <= maxBeneath {
			// a or b, where not a or b is known: b.
			if together := c.and(k.terms, d); !together.never() && together.size() < d.size() {
				d = together
			}
		}
	}
	return d
}

// implies reports whether two conditions that have no variable in common together say that another holds.
func (c *conditions) implies(a, b, d dnf) bool {
	set := c.set(d)
	for _, x := range a {
		for _, y := range b {
			c.work += len(x) + len(y)
			if c.spent() {
				return false
			}
			if t, ok := both(x, y); ok && !set.by(t) {
				return false
			}
		}
	}
	return true
}

// set are the terms of a condition.
func (c *conditions) set(d dnf) *implied {
	s := &implied{work: &c.work}
	for _, t := range d {
		s.add(t)
	}
	return s
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
	terms := make([][]response.Literal, len(d))
	for i, t := range d {
		c.written += len(t)
		if c.spent() {
			return 0
		}
		for _, l := range t {
			terms[i] = append(terms[i], response.Literal{Variable: l.variable(), Want: l.want()})
		}
	}
	c.list = append(c.list, response.Condition{Terms: terms})
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
func (c *conditions) except(d dnf, t term) dnf {
	var not dnf
	for _, l := range t {
		not = append(not, term{l.not()})
	}
	return c.and(d, not)
}
