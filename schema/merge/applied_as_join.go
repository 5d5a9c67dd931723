package merge

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/link"
)

// joinedDirective is a directive whose applications the supergraph keeps with the subgraphs that have them, as
// @join__directive: it means something for one subgraph, not for the API.
type joinedDirective struct {
	directive string // of the federation specification
	name      string // in @join__directive
	spec      link.URL
	used      bool
}

// joinDirectives keeps the applications of such directives on an element.
func (m *merger) joinDirectives(to *ast.DirectiveList, elements []element) {
	for i := range m.joined {
		j := &m.joined[i]
		type kept struct {
			directive *ast.Directive
			graphs    []*member
		}
		var all []kept
		for _, e := range elements {
		applications:
			for _, d := range e.member.All(e.directives, j.directive) {
				for k := range all {
					if sameArguments(all[k].directive, d) {
						all[k].graphs = append(all[k].graphs, e.member)
						continue applications
					}
				}
				all = append(all, kept{d, []*member{e.member}})
			}
		}
		for _, k := range all {
			j.used = true
			*to = append(*to, joinDirective(j.name, k.graphs, k.directive.Arguments))
		}
	}
}

func joinDirective(name string, graphs []*member, arguments ast.ArgumentList) *ast.Directive {
	list := &ast.Value{Kind: ast.ListValue}
	for _, s := range graphs {
		list.Children = append(list.Children, &ast.ChildValue{Value: &ast.Value{Kind: ast.EnumValue, Raw: s.graph}})
	}
	object := &ast.Value{Kind: ast.ObjectValue}
	for _, a := range arguments {
		object.Children = append(object.Children, &ast.ChildValue{Name: a.Name, Value: a.Value})
	}
	return join("directive", nil, &ast.Argument{Name: "graphs", Value: list}, text("name", name), &ast.Argument{Name: "args", Value: object})
}
