// Package satisfiability checks that every operation of the API schema can be answered: that from wherever a client's
// operation can have led, some path over the query graph reaches every field that the API schema offers there.
//
// The check walks states. A state is an object type of the API schema together with all places in the query graph where an
// operation can have got hold of such an object at the same time (see walk.go). Which places can be moved to from a place
// is found out once per place, as the least fixed point of the entries whose key can be selected from what is already
// reached (see reach.go). States that were seen, or that offer more than one that was seen, are not walked again: the cost
// follows the size of the schemas, not the number of paths through them.
//
// The package holds no state between calls, and what it answers depends only on the supergraph.
package satisfiability

import (
	"fmt"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// limits bound a check.
type limits struct {
	// steps is how many moves may be tried, conditions included.
	steps int
	// states is how many situations of an operation are looked at.
	states int
	// errors is how many errors are spelt out; the others are only counted.
	errors int
}

// A supergraph of 100 subgraphs and 5,000 types takes some hundred thousand steps and some thousand states.
var defaultLimits = limits{steps: 50_000_000, states: 500_000, errors: 50}

// Check answers what a client can ask of the supergraph and the subgraphs cannot answer: an error for each such field,
// with the shortest operation that shows it and why each way out is closed; and errors and hints for shared fields whose
// subgraphs return different object types. Locations name subgraphs; they have no line.
func Check(s *supergraph.Supergraph) []diagnostic.Diagnostic {
	return check(s, defaultLimits)
}

func check(s *supergraph.Supergraph, l limits) []diagnostic.Diagnostic {
	w := newWalk(newReach(querygraph.New(s), l.steps), l)
	w.run()
	if w.exhausted() {
		return []diagnostic.Diagnostic{{
			Code:     diagnostic.MaxValidationSubgraphPathsExceeded,
			Severity: diagnostic.Error,
			Message: fmt.Sprintf("whether every field can be reached could not be decided within %d steps and %d states: the ways between the subgraphs are too many."+
				" Types without a @key that many subgraphs share with different fields are the usual cause: give them a @key, or the same fields everywhere", l.steps, l.states),
		}}
	}
	return w.report.all()
}
