package rules

import (
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// subgraphName refuses what is no name for a subgraph.
func subgraphName(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	err := subgraph.CheckName(s.Name)
	if err == nil {
		return nil
	}
	return []diagnostic.Diagnostic{{
		Code: diagnostic.InvalidSubgraphName, Severity: diagnostic.Error, Message: err.Error(),
		Locations: []diagnostic.Location{{Subgraph: s.Name, File: s.File}},
	}}
}
