package contract

import (
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// Locate makes diagnostics of a contract point into the subgraphs' schemas that its supergraph was composed of, where
// they can be acted upon, instead of into the supergraph. What no subgraph defines has no location then.
func Locate(found []diagnostic.Diagnostic, subgraphs []composition.Subgraph) []diagnostic.Diagnostic {
	if len(found) == 0 {
		return found
	}
	var schemas []*subgraph.Schema
	for _, source := range subgraphs {
		parsed, errors := subgraph.Parse(subgraph.Source(source))
		if len(errors) > 0 {
			continue
		}
		if expanded, errors := subgraph.Expand(parsed); len(errors) == 0 {
			schemas = append(schemas, expanded.Schema())
		}
	}
	located := make([]diagnostic.Diagnostic, len(found))
	for i, d := range found {
		d.Locations = nil
		for _, s := range schemas { // which are expanded: root types have the names that they have in the supergraph
			if at := s.Locate(d.Coordinate); at != nil {
				d.Locations = append(d.Locations, s.At(at))
			}
		}
		located[i] = d
	}
	return located
}
