package merge

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/link"
)

// cacheTagSpec is the specification that a supergraph links when it keeps a @cacheTag.
var cacheTagSpec = link.URL{Identity: link.CacheTagSpec, Version: link.Version{Minor: 1}}

// joinedDirectives names the directives of a member whose applications the supergraph keeps with the subgraphs that
// have them, as @join__directive: they mean something for one subgraph, not for the API. Each maps to the name that
// it has in @join__directive.
func joinedDirectives(s *member) map[string]string {
	joined := map[string]string{}
	if local := s.Local(link.CacheTag); local != "" {
		joined[local] = "federation__cacheTag"
	}
	if l := s.Links.ByIdentity(link.ConnectSpec); l != nil {
		for _, d := range s.Directives {
			if owner, _ := s.Links.Owner(d.Name, true); owner == l {
				joined[d.Name] = d.Name
			}
		}
	}
	return joined
}

// joinApplication is one application that is kept, and the members that have it.
type joinApplication struct {
	name      string
	directive *ast.Directive
	graphs    []*member
}

// joinDirectives keeps the applications of such directives on an element.
func (m *merger) joinDirectives(to *ast.DirectiveList, elements []element) {
	var all []*joinApplication
	keep := func(name string, d *ast.Directive, s *member) {
		for _, a := range all {
			if a.name == name && sameArguments(a.directive, d) {
				a.graphs = append(a.graphs, s)
				return
			}
		}
		all = append(all, &joinApplication{name, d, []*member{s}})
	}
	for _, e := range elements {
		if len(e.member.joined) == 0 {
			continue
		}
		for _, d := range e.directives {
			switch name := e.member.joined[d.Name]; {
			case name != "":
				keep(name, d, e.member)
				m.keepsCacheTags = m.keepsCacheTags || name == "federation__cacheTag"
			case linksConnect(e.member, d):
				keep(d.Name, d, e.member)
			}
		}
	}
	for _, a := range all {
		*to = append(*to, joinDirective(a.name, a.graphs, a.directive.Arguments))
	}
}

// linksConnect reports whether a directive is the @link of the connect specification: which version a subgraph links,
// and under which names, is kept for whoever runs its connectors.
func linksConnect(s *member, d *ast.Directive) bool {
	l := s.Links.ByIdentity(link.ConnectSpec)
	return l != nil && l.Applied == d
}

// linkJoined links the specifications whose directives are kept as @join__directive.
func (m *merger) linkJoined() ast.DirectiveList {
	var links ast.DirectiveList
	if m.keepsCacheTags {
		links = append(links, linkTo(cacheTagSpec, "EXECUTION"))
	}
	var versions []link.Version
	for _, s := range m.members {
		if l := s.Links.ByIdentity(link.ConnectSpec); l != nil && link.KnownConnect(l.Version) {
			versions = append(versions, l.Version)
		}
	}
	if len(versions) > 0 {
		links = append(links, linkTo(link.URL{Identity: link.ConnectSpec, Version: link.SupergraphConnect(versions)}, "EXECUTION"))
	}
	return links
}

func joinDirective(name string, graphs []*member, arguments ast.ArgumentList) *ast.Directive {
	list := &ast.Value{Kind: ast.ListValue}
	for _, s := range graphs {
		list.Children = append(list.Children, &ast.ChildValue{Value: &ast.Value{Kind: ast.EnumValue, Raw: s.graph}})
	}
	object := &ast.Value{Kind: ast.ObjectValue}
	for _, a := range arguments {
		object.Children = append(object.Children, &ast.ChildValue{Name: a.Name, Value: untyped(a.Value)})
	}
	return join("directive", nil, &ast.Argument{Name: "graphs", Value: list}, text("name", name), &ast.Argument{Name: "args", Value: object})
}
