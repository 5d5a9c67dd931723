package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/diff"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Check looks at a supergraph that composes before it is stored. What it finds with severity ERROR refuses
// the publication; what it finds with another severity is reported beside the hints.
type Check interface {
	// Name is for error messages: "recorded operations".
	Name() string

	// Run answers its findings in an order that depends on the candidate alone. An error means that the
	// check could not be made; the publication then fails, since nobody knows whether it is safe.
	Run(ctx context.Context, c Candidate) ([]diagnostic.Diagnostic, error)
}

// Candidate is what a Check judges. It must not change it.
type Candidate struct {
	Current   Version                // the version served now; zero before the first
	Subgraphs []composition.Subgraph // what the candidate consists of, ordered by name
	Result    composition.Result     // without errors
	Changes   []diff.Change          // what it changes for clients
}

func (r *Registry) runChecks(ctx context.Context, c Candidate) (errs, others []diagnostic.Diagnostic, err error) {
	for _, check := range r.checks {
		found, err := check.Run(ctx, c)
		if err != nil {
			return nil, nil, fmt.Errorf("registry: the check %q could not be made: %w", check.Name(), err)
		}
		for _, d := range found {
			if d.Severity == diagnostic.Error {
				errs = append(errs, d)
			} else {
				others = append(others, d)
			}
		}
	}
	return errs, others, nil
}

// comparison is what a candidate changes for clients.
type comparison struct {
	changes []diff.Change
	hints   []diagnostic.Diagnostic // what could not be compared
	refusal *diagnostic.Diagnostic  // the candidate cannot be served
}

// compare reads the candidate as a gateway would, and compares what clients see now with what they would see.
// Before the first version there is nothing to compare with. A stored version that cannot be read, as after
// a return to an older build, must not stand in the way of the publication that mends it: the changes are
// then unknown, and a hint says so.
// Read is the candidate as composition has read it, nil when it has not.
func (r *Registry) compare(current Version, candidate string, read *supergraph.Supergraph) comparison {
	after, err := r.candidateSchema(candidate, read)
	var unsupported diagnostic.Diagnostic
	switch {
	case errors.As(err, &unsupported):
		return comparison{refusal: refusal(unsupported.Code, "", "the supergraph that these subgraphs compose to cannot be served: %s", unsupported.Message)}
	case err != nil:
		return comparison{refusal: refusal(diagnostic.InvalidFederationSupergraph, "",
			"the supergraph that these subgraphs compose to cannot be served: %v", err)}
	}
	if current.Number == 0 {
		return comparison{}
	}
	before, err := r.apiSchema(current.SDL)
	if err != nil {
		hint := refusal(CodeChangesUnknown, "", "what changes for clients is unknown: the current supergraph version %d cannot be read: %v", current.Number, err)
		hint.Severity = diagnostic.Warn
		return comparison{hints: []diagnostic.Diagnostic{*hint}}
	}
	return comparison{changes: diff.Schemas(before, after)}
}

// candidateSchema is what clients would see of a candidate. Composition reads its supergraph with the reader of the
// gateway, so that it need not be read once more, unless another reader was asked for.
func (r *Registry) candidateSchema(candidate string, read *supergraph.Supergraph) (*ast.Schema, error) {
	if r.ownReader && read != nil && read.SDL == candidate {
		return served(read)
	}
	return r.apiSchema(candidate)
}

// apiSchema is what clients see of a supergraph, as the gateway reads it and is able to serve it.
func apiSchema(supergraphSDL string) (*ast.Schema, error) {
	s, err := supergraph.Read(supergraphSDL)
	if err != nil {
		return nil, err
	}
	return served(s)
}

// served is the API schema of a supergraph that may be served.
func served(s *supergraph.Supergraph) (*ast.Schema, error) {
	if unsupported := s.Unsupported(); len(unsupported) > 0 {
		return nil, unsupported[0]
	}
	return s.API, nil
}
