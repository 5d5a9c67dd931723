package composition

import (
	"fmt"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/satisfiability"
	"github.com/weft-gateway/weft/schema/subgraph"
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

// satisfy checks that the subgraphs together can answer every operation that the API schema allows. What it finds is said
// of the supergraph, which has no lines of its own: they are those of the subgraphs' schemas.
func satisfy(super *supergraph.Supergraph, subgraphs []*subgraph.Validated) (errors, hints []diagnostic.Diagnostic) {
	schemas := map[string]*subgraph.Schema{}
	for _, v := range subgraphs {
		schemas[v.Schema().Name] = v.Schema()
	}
	for _, d := range satisfiability.Check(super) {
		for i, l := range d.Locations {
			if s := schemas[l.Subgraph]; s != nil {
				d.Locations[i] = s.At(s.Locate(d.Coordinate))
			}
		}
		if d.Severity == diagnostic.Error {
			errors = append(errors, d)
		} else {
			hints = append(hints, d)
		}
	}
	return errors, hints
}
