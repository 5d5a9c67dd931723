package composition

import (
	"fmt"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/satisfiability"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// read makes the model of the supergraph from its SDL, the same way as for a supergraph that was composed elsewhere.
func read(sdl string) (*supergraph.Supergraph, []diagnostic.Diagnostic) {
	super, err := supergraph.Read(sdl)
	if err != nil {
		return nil, []diagnostic.Diagnostic{{
			Code:     diagnostic.InvalidFederationSupergraph,
			Severity: diagnostic.Error,
			Message:  fmt.Sprintf("the composed supergraph cannot be read: %v", err),
		}}
	}
	return super, nil
}

// satisfy checks that the subgraphs together can answer every operation that the API schema allows.
func satisfy(super *supergraph.Supergraph) (errors, hints []diagnostic.Diagnostic) {
	for _, d := range satisfiability.Check(super) {
		if d.Severity == diagnostic.Error {
			errors = append(errors, d)
		} else {
			hints = append(hints, d)
		}
	}
	return errors, hints
}
