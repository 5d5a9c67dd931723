// Package composition composes subgraph schemas into a supergraph.
package composition

import (
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Subgraph is one input of a composition: a service's name, its routing URL and its schema.
// File is the name used in diagnostics; it may be empty.
type Subgraph struct {
	Name string
	URL  string
	SDL  string
	File string
}

// Result is what a composition answers. Supergraph and SDL are set only when Errors is empty.
type Result struct {
	SDL        string
	Supergraph *supergraph.Supergraph
	Errors     []diagnostic.Diagnostic
	Hints      []diagnostic.Diagnostic
}

// Compose composes the subgraphs. Their order does not matter.
func Compose(subgraphs []Subgraph) Result {
	return Result{Errors: []diagnostic.Diagnostic{{Code: "UNSUPPORTED_FEATURE", Severity: diagnostic.Error, Message: "composition is not built yet"}}}
}
