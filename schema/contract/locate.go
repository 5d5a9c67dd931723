package contract

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// Locate makes diagnostics of a contract point into the subgraphs' schemas that its supergraph was composed of, where
// they can be acted upon, instead of into the supergraph. What no subgraph defines has no location then.
func Locate(found []diagnostic.Diagnostic, sources []subgraph.Source) []diagnostic.Diagnostic {
	if len(found) == 0 {
		return found
	}
	var schemas []*subgraph.Schema
	for _, source := range sources {
		parsed, errors := subgraph.Parse(source)
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
		element, _, _ := strings.Cut(d.Coordinate, "(")
		typ, field, _ := strings.Cut(element, ".")
		for _, s := range schemas {
			if at := position(s, typ, field); at != nil {
				d.Locations = append(d.Locations, s.At(at))
			}
		}
		located[i] = d
	}
	return located
}

// position is where a subgraph defines a type of the supergraph, or a field of it; nil where it does not. An expanded
// schema gives root types the names that they have in the supergraph.
func position(s *subgraph.Schema, typ, field string) *ast.Position {
	t := s.Type(typ)
	if t == nil {
		return nil
	}
	if field == "" {
		return t.Position
	}
	if f := t.Field(field); f != nil {
		return f.Position
	}
	return nil
}
