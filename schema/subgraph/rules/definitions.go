package rules

import (
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// definitions refuses definitions of what belongs to a linked specification that differ from its own.
func definitions(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	return s.Misdefined()
}
