package contract

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

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
		typ, field, argument := coordinate(d.Coordinate)
		for _, s := range schemas {
			t := s.Type(typ) // an expanded schema gives root types the names that they have in the supergraph
			if t == nil {
				continue
			}
			if at := position(t.Definition, field, argument); at != nil {
				d.Locations = append(d.Locations, s.At(at))
			}
		}
		located[i] = d
	}
	return located
}

// coordinate takes a schema coordinate apart: "Type", "Type.field", "Type.field(argument:)".
func coordinate(text string) (typ, field, argument string) {
	element, argument, _ := strings.Cut(text, "(")
	typ, field, _ = strings.Cut(element, ".")
	return typ, field, strings.TrimSuffix(argument, ":)")
}

// position is where a type, a field of it or an argument of that is defined; nil where it is not.
func position(d *ast.Definition, field, argument string) *ast.Position {
	if field == "" {
		return d.Position
	}
	f := d.Fields.ForName(field)
	if f == nil {
		return nil
	}
	if argument == "" {
		return f.Position
	}
	if a := f.Arguments.ForName(argument); a != nil {
		return a.Position
	}
	return nil
}
