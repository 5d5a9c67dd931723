package merge

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// mergeUnion gives a union the members that it has in any subgraph.
func (m *merger) mergeUnion(d *ast.Definition, sources typeSources) {
	for _, t := range sources {
		for _, name := range t.Definition.Types {
			if !slices.Contains(d.Types, name) {
				d.Types = append(d.Types, name)
			}
		}
	}
	for _, name := range d.Types {
		var with, without []*member
		for _, t := range sources {
			if !slices.Contains(t.Definition.Types, name) {
				without = append(without, t.member)
				continue
			}
			with = append(with, t.member)
			d.Directives = append(d.Directives, join("unionMember", t.member, text("member", name)))
		}
		if len(without) > 0 {
			m.hint(diagnostic.InconsistentUnionMember, d.Name, locations(sources.elements()),
				"the union %q has the member %q in %s but not in %s", d.Name, name, subgraphs(with), subgraphs(without))
		}
	}
}
