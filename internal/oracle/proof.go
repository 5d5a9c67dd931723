package oracle

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The reference's check of satisfiability and its planner do not always agree. Where its check says otherwise than ours, its
// own planner tells who is right.

// Proves reports whether the reference's planner proves us right where we say otherwise than its check. refused are the
// operations that we say cannot be answered, answer is what the reference says of the same subgraphs. Where it accepts them,
// it must not be able to plan any of those operations; where we accept them, it must plan all that it refuses.
func (o *Oracle) Proves(t testing.TB, subgraphs []Subgraph, refused []string, answer Composition) bool {
	t.Helper()
	planned, operations, want := answer.Supergraph, refused, false
	if len(answer.Errors) > 0 {
		if len(refused) > 0 {
			return false
		}
		planned, operations, want = o.Merge(t, subgraphs).Supergraph, answer.Witnesses(), true
	}
	return len(operations) > 0 && !slices.ContainsFunc(operations, func(operation string) bool {
		return o.Plans(t, planned, operation) != want
	})
}

// Plans reports whether the reference plans an operation that leads to one field: there is a plan, and the field is asked
// for in it.
func (o *Oracle) Plans(t testing.TB, supergraph, operation string) bool {
	t.Helper()
	plans, err := o.Plan(t, supergraph, []string{operation})
	if err != nil || plans[0].Failure != "" {
		return false
	}
	names := word.FindAllString(operation, -1)
	if len(names) == 0 {
		return false
	}
	return regexp.MustCompile(`\b` + names[len(names)-1] + `\b`).MatchString(plans[0].Text)
}

var word = regexp.MustCompile(`\w+`)

// Witnesses are the operations that the errors of satisfiability show: those which the reference says cannot be answered.
func (c Composition) Witnesses() []string {
	var out []string
	for _, e := range c.Errors {
		if m := witness.FindStringSubmatch(e.Message); m != nil {
			out = append(out, strings.TrimPrefix(m[1], "query")+m[2])
		}
	}
	return out
}

var witness = regexp.MustCompile(`(?s)supergraph API (query|mutation|subscription):\n(.*?)\ncannot be satisfied`)
