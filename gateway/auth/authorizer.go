package auth

import (
	"slices"
	"strconv"
	"strings"
)

// Bits is a set of requirement numbers; a bit that is set means denied. The bits
// decide which variant of a plan runs: two callers with equal Bits for an
// operation may run the same one. Its zero value denies nothing.
type Bits []uint64

// Has tells whether requirement i is in the set.
func (b Bits) Has(i int) bool {
	return i>>6 < len(b) && b[i>>6]&(1<<(uint(i)&63)) != 0
}

// Any tells whether the set is not empty.
func (b Bits) Any() bool {
	return slices.ContainsFunc(b, func(word uint64) bool { return word != 0 })
}

// Equal compares two sets; words of zeros at the end make no difference.
func (b Bits) Equal(c Bits) bool {
	return slices.Equal(b.trim(), c.trim())
}

// AppendKey writes the set in a form that is equal exactly for equal sets, for use
// in a cache key.
func (b Bits) AppendKey(dst []byte) []byte {
	for _, word := range b.trim() {
		dst = strconv.AppendUint(dst, word, 16)
		dst = append(dst, '.')
	}
	return dst
}

func (b Bits) trim() Bits {
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	return b
}

// Authorizer holds the distinct requirements of one operation, or of a whole
// schema, under numbers. It is built with Add, and may be used by many goroutines
// once it is built.
type Authorizer struct {
	requirements []Requirement
	numbers      map[string]int
}

// Add gives the numbers of requirements, which are the same for equal ones. A
// field is denied when any of its numbers is.
func (a *Authorizer) Add(rs Requirements) []int {
	numbers := make([]int, 0, len(rs))
	for _, r := range rs {
		if r.IsZero() {
			continue
		}
		text := r.String()
		n, known := a.numbers[text]
		if !known {
			if a.numbers == nil {
				a.numbers = make(map[string]int)
			}
			n = len(a.requirements)
			a.numbers[text] = n
			a.requirements = append(a.requirements, r.Canonical())
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// Len is how many distinct requirements there are.
func (a *Authorizer) Len() int { return len(a.requirements) }

// Requirement is the one with number i.
func (a *Authorizer) Requirement(i int) Requirement { return a.requirements[i] }

// Policies names every policy that any requirement asks for, sorted: what has to
// be evaluated before Evaluate.
func (a *Authorizer) Policies() []string {
	var names []string
	for _, r := range a.requirements {
		names = append(names, slices.Concat(r.Policies...)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Evaluate sets in dst, which is reused, the number of every requirement that the
// caller does not meet.
func (a *Authorizer) Evaluate(dst Bits, id *Identity, policies Policies) Bits {
	words := (len(a.requirements) + 63) >> 6
	dst = slices.Grow(dst[:0], words)[:words]
	clear(dst)
	for i, r := range a.requirements {
		if !r.Satisfied(id, policies) {
			dst[i>>6] |= 1 << (uint(i) & 63)
		}
	}
	return dst
}

// Denial is the message of a field error for an element the caller may not see,
// to be sent with CodeUnauthorizedField. Coordinate names the element as the
// schema does, such as "Mutation.adjustStock".
func Denial(coordinate string, rs Requirements, id *Identity, policies Policies) string {
	var needs []string
	for _, r := range rs {
		if r.Satisfied(id, policies) {
			continue
		}
		if r.Authenticated && id == nil {
			needs = append(needs, "a login")
		}
		if need := missing("scope", r.Scopes, id.HasScope); need != "" {
			needs = append(needs, need)
		}
		if need := missing("policy", r.Policies, func(p string) bool { return policies[p] }); need != "" {
			needs = append(needs, need)
		}
	}
	slices.Sort(needs)
	needs = slices.Compact(needs)
	message := "Not authorized to access " + coordinate
	if len(needs) == 0 {
		return message + "."
	}
	message += ": it needs " + strings.Join(needs, ", and ")
	if id == nil {
		return message + "; the request has no token."
	}
	return message + "."
}

// missing words what is lacking of the list that lacks least, and of the others
// after it; empty if one of them is met.
func missing(kind string, lists [][]string, has func(string) bool) string {
	if lists == nil {
		return ""
	}
	if len(lists) == 0 {
		return "a " + kind + " that nobody can have"
	}
	lacking := make([][]string, 0, len(lists))
	for _, list := range lists {
		lack := slices.DeleteFunc(slices.Clone(list), has)
		if len(lack) == 0 {
			return ""
		}
		lacking = append(lacking, lack)
	}
	slices.SortStableFunc(lacking, func(a, b []string) int { return len(a) - len(b) })
	const most = 5 // alternatives named; a message is for a person
	alternatives := make([]string, 0, most)
	for i, lack := range lacking {
		if i == most {
			alternatives = append(alternatives, strconv.Itoa(len(lacking)-most)+" other combinations")
			break
		}
		quoted := make([]string, len(lack))
		for j, s := range lack {
			quoted[j] = strconv.Quote(s)
		}
		alternatives = append(alternatives, strings.Join(quoted, " and "))
	}
	return "the " + kind + " " + strings.Join(alternatives, " or ")
}
