package merge

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// mergeUnion gives a union the members that it has in any subgraph.
func (m *merger) mergeUnion(d *ast.Definition, sources typeSources) {
	has := map[string][]*member{}
	for _, t := range sources {
		for _, name := range t.Definition.Types {
			if len(has[name]) == 0 {
				d.Types = append(d.Types, name)
			}
			if with := has[name]; len(with) == 0 || with[len(with)-1] != t.member {
				has[name] = append(with, t.member)
			}
		}
	}
	at := locations(sources.elements())
	for _, name := range d.Types {
		with := has[name]
		for _, s := range with {
			d.Directives = append(d.Directives, join("unionMember", s, text("member", name)))
		}
		if len(with) == len(sources) {
			continue
		}
		var without []*member
		for _, t := range sources {
			if !slices.Contains(with, t.member) {
				without = append(without, t.member)
			}
		}
		m.hint(diagnostic.InconsistentUnionMember, d.Name, at,
			"the union %q has the member %q in %s but not in %s", d.Name, name, subgraphs(with), subgraphs(without))
	}
}
