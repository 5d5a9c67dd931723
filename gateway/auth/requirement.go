package auth

import (
	"slices"
	"strconv"
	"strings"
)

// Requirement is what one schema element asks of a caller. The zero value asks
// nothing.
type Requirement struct {
	// Authenticated asks for a verified caller (@authenticated).
	Authenticated bool
	// Scopes of @requiresScopes: all scopes of at least one of the lists. Nil asks
	// nothing; a list of no lists can be met by nobody, since a directive that was
	// written down must never open what it stands on.
	Scopes [][]string
	// Policies of @policy, in the same form.
	Policies [][]string
}

// Policies tells which policies hold for a request. Whoever evaluates them fills
// it; nil grants none.
type Policies map[string]bool

// IsZero tells whether nothing is asked.
func (r Requirement) IsZero() bool {
	return !r.Authenticated && r.Scopes == nil && r.Policies == nil
}

// Satisfied tells whether the caller may see the element.
func (r Requirement) Satisfied(id *Identity, policies Policies) bool {
	if r.Authenticated && id == nil {
		return false
	}
	if r.Scopes != nil && !slices.ContainsFunc(r.Scopes, func(all []string) bool {
		return !slices.ContainsFunc(all, func(scope string) bool { return !id.HasScope(scope) })
	}) {
		return false
	}
	return r.Policies == nil || slices.ContainsFunc(r.Policies, func(all []string) bool {
		return !slices.ContainsFunc(all, func(policy string) bool { return !policies[policy] })
	})
}

// Canonical is an equal requirement in a form that is the same for all equal ones
// that differ in order, repetition, or lists that another list makes needless.
func (r Requirement) Canonical() Requirement {
	return Requirement{Authenticated: r.Authenticated, Scopes: canonical(r.Scopes), Policies: canonical(r.Policies)}
}

// String writes the requirement as the directives that ask it, in canonical form:
// equal requirements give equal texts. It is empty if nothing is asked.
func (r Requirement) String() string {
	r = r.Canonical()
	var parts []string
	if r.Authenticated {
		parts = append(parts, "@authenticated")
	}
	if r.Scopes != nil {
		parts = append(parts, "@requiresScopes(scopes: "+listText(r.Scopes)+")")
	}
	if r.Policies != nil {
		parts = append(parts, "@policy(policies: "+listText(r.Policies)+")")
	}
	return strings.Join(parts, " ")
}

// Requirements must all be met: those of a field, of its type, of the interface it
// was asked through. They are kept side by side and not multiplied into one, which
// would grow as the product of their lists.
type Requirements []Requirement

// All collects what is asked together: without empty and repeated requirements, in
// one order for one set.
func All(list ...Requirement) Requirements {
	var out Requirements
	for _, r := range list {
		if !r.IsZero() {
			out = append(out, r.Canonical())
		}
	}
	slices.SortFunc(out, func(a, b Requirement) int { return strings.Compare(a.String(), b.String()) })
	return slices.CompactFunc(out, func(a, b Requirement) bool { return a.String() == b.String() })
}

// Satisfied tells whether all are met; an empty list is.
func (rs Requirements) Satisfied(id *Identity, policies Policies) bool {
	return !slices.ContainsFunc(rs, func(r Requirement) bool { return !r.Satisfied(id, policies) })
}

// String joins the texts of the requirements; equal ones made by All give equal
// texts.
func (rs Requirements) String() string {
	texts := make([]string, len(rs))
	for i, r := range rs {
		texts[i] = r.String()
	}
	return strings.Join(texts, " & ")
}

// canonical sorts each list and the lists, and drops a list that contains another
// one: who has all of the longer has all of the shorter.
func canonical(lists [][]string) [][]string {
	if lists == nil {
		return nil
	}
	out := make([][]string, 0, len(lists))
	for _, list := range lists {
		list = slices.Clone(list)
		slices.Sort(list)
		out = append(out, slices.Compact(list))
	}
	slices.SortFunc(out, func(a, b []string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	kept := out[:0]
	for _, list := range out {
		if !slices.ContainsFunc(kept, func(shorter []string) bool { return contains(list, shorter) }) {
			kept = append(kept, list)
		}
	}
	return kept
}

// contains tells whether all of part is in list, both sorted.
func contains(list, part []string) bool {
	for _, want := range part {
		if _, found := slices.BinarySearch(list, want); !found {
			return false
		}
	}
	return true
}

func listText(lists [][]string) string {
	b := []byte{'['}
	for i, list := range lists {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, '[')
		for j, s := range list {
			if j > 0 {
				b = append(b, ", "...)
			}
			b = strconv.AppendQuote(b, s)
		}
		b = append(b, ']')
	}
	return string(append(b, ']'))
}
