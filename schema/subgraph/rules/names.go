package rules

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// names refuses names that GraphQL keeps for introspection (specification, section 2.1.9).
func names(s *subgraph.Schema, _ *subgraph.Facts) []diagnostic.Diagnostic {
	r := &report{schema: s}
	check := func(name, coordinate string, at *ast.Position) {
		if strings.HasPrefix(name, "__") {
			r.add(diagnostic.InvalidGraphQL, coordinate, at, "the name %q begins with \"__\", which is kept for introspection", name)
		}
	}
	for _, t := range s.Types {
		if s.Owned(t.Name) {
			continue
		}
		check(t.Name, t.Name, t.Position)
		if owner, _ := s.Links.Owner(t.Name, false); owner == nil && reserved(t.Name) {
			r.add(diagnostic.InvalidGraphQL, t.Name, t.Position, "the name %q is kept for what supergraphs say about subgraphs: name the type otherwise", t.Name)
		}
		for _, f := range t.Fields {
			check(f.Name, t.Name+"."+f.Name, f.Position)
			for _, a := range f.Arguments {
				check(a.Name, t.Name+"."+f.Name+"("+a.Name+":)", a.Position)
			}
		}
		for _, v := range t.EnumValues {
			check(v.Name, t.Name+"."+v.Name, v.Position)
		}
	}
	for _, d := range s.Directives {
		if s.OwnedDirective(d.Name) {
			continue
		}
		check(d.Name, "@"+d.Name, d.Position)
		if reserved(d.Name) {
			r.add(diagnostic.InvalidGraphQL, "@"+d.Name, d.Position, "the name \"@%s\" is kept for what supergraphs say about subgraphs: name the directive otherwise", d.Name)
		}
	}
	return r.found
}

// reserved reports whether supergraphs use the name for definitions of their own.
func reserved(name string) bool {
	if strings.HasPrefix(name, "join__") || strings.HasPrefix(name, "link__") {
		return true
	}
	for _, f := range link.Features {
		rest, ok := strings.CutPrefix(name, f.Name+"__")
		if ok && (slices.Contains(link.SupergraphScalars(f.Name), rest) || slices.Contains(f.Directives, rest)) {
			return true
		}
	}
	return false
}
