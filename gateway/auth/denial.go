package auth

import (
	"slices"
	"strconv"
	"strings"
)

// Denial is the message of a field error for an element that a caller may not
// see, to be sent with CodeUnauthorizedField. Coordinate names the element as
// the schema does, such as "Mutation.adjustStock". It says what the element asks
// for, not what this caller lacks: plans carry it, and callers share plans.
func Denial(coordinate string, rs Requirements) string {
	var needs []string
	for _, r := range rs {
		if r.Authenticated {
			needs = append(needs, "a login")
		}
		if need := wording("scope", r.Scopes); need != "" {
			needs = append(needs, need)
		}
		if need := wording("policy", r.Policies); need != "" {
			needs = append(needs, need)
		}
	}
	slices.Sort(needs)
	needs = slices.Compact(needs)
	message := "Not authorized to access " + coordinate
	if len(needs) > 0 {
		message += ": it needs " + strings.Join(needs, ", and ")
	}
	return message + "."
}

// wording says what lists ask for, the shortest first; empty if nothing.
func wording(kind string, lists [][]string) string {
	if lists == nil {
		return ""
	}
	if len(lists) == 0 {
		return "a " + kind + " that nobody can have"
	}
	sorted := slices.Clone(lists)
	slices.SortStableFunc(sorted, func(a, b []string) int { return len(a) - len(b) })
	const most = 5 // alternatives named; a message is for a person
	alternatives := make([]string, 0, most)
	for i, list := range sorted {
		if i == most {
			alternatives = append(alternatives, strconv.Itoa(len(sorted)-most)+" other combinations")
			break
		}
		quoted := make([]string, len(list))
		for j, s := range list {
			quoted[j] = strconv.Quote(s)
		}
		alternatives = append(alternatives, strings.Join(quoted, " and "))
	}
	return "the " + kind + " " + strings.Join(alternatives, " or ")
}
