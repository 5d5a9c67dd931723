package supergraph

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// Unsupported tells why a supergraph that can be read must not be served: what it asks of whoever serves it is not
// known, and leaving it out would answer operations otherwise than the supergraph says, or to those who must not see
// the answer. It is empty for a supergraph that may be served.
func (s *Supergraph) Unsupported() []diagnostic.Diagnostic {
	var found []diagnostic.Diagnostic
	fail := func(code diagnostic.Code, format string, args ...any) {
		found = append(found, diagnostic.Diagnostic{Code: code, Severity: diagnostic.Error, Message: fmt.Sprintf(format, args...)})
	}
	for _, f := range s.Features {
		if f.Purpose == "" {
			continue
		}
		if s.core01() {
			fail(diagnostic.UnsupportedLinkedFeature, "the supergraph links %s for %s, and core v0.1 does not know the argument \"for\": link core v0.2 or link v1.0", f.URL, f.Purpose)
		}
		if !follows(f.URL) {
			fail(diagnostic.UnsupportedLinkedFeature, "the supergraph links %s for %s, which this gateway does not know: without it, operations would not be answered as the supergraph asks. Known are %s",
				f.URL, f.Purpose, strings.Join(followedURLs(), ", "))
		}
	}
	for _, g := range s.Graphs {
		if g.Connectors != "" {
			fail(diagnostic.UnsupportedFeature, "the subgraph %q is made of connectors (%s), which this gateway cannot run: put a GraphQL service in its place", g.Name, g.Connectors)
		}
	}
	return found
}

// core01 reports whether the supergraph links its specifications by core v0.1.
func (s *Supergraph) core01() bool {
	for _, f := range s.Features {
		if f.URL == link.CoreSpec+"/v0.1" {
			return true
		}
	}
	return false
}

// followed are the specifications that a gateway follows, with the newest of their versions. All versions before,
// from v0.1 or v1.0 on, are followed too.
var followed = []link.URL{
	{Identity: link.LinkSpec, Version: link.Version{Major: 1}},
	{Identity: link.CoreSpec, Version: link.Version{Minor: 2}},
	{Identity: link.JoinSpec, Version: link.Version{Minor: 5}},
	{Identity: link.TagSpec, Version: link.Version{Minor: 3}},
	{Identity: link.InaccessibleSpec, Version: link.Version{Minor: 2}},
	{Identity: link.AuthenticatedSpec, Version: link.Version{Minor: 1}},
	{Identity: link.ScopesSpec, Version: link.Version{Minor: 1}},
	{Identity: link.PolicySpec, Version: link.Version{Minor: 1}},
	{Identity: link.ContextSpec, Version: link.Version{Minor: 1}},
	{Identity: link.CostSpec, Version: link.Version{Minor: 1}},
	{Identity: link.CacheTagSpec, Version: link.Version{Minor: 1}},
}

// follows reports whether a gateway follows what a linked specification asks for. Connectors are told by the
// subgraphs that have them; linking them alone asks for nothing.
func follows(url string) bool {
	u, err := link.ParseURL(url)
	if err != nil {
		return false
	}
	if u.Identity == link.ConnectSpec {
		return true
	}
	for _, e := range followed {
		if e.Identity == u.Identity {
			return u.Version.Major == e.Version.Major && u.Version.Minor <= e.Version.Minor && u.Version != link.Version{}
		}
	}
	return false
}

func followedURLs() []string {
	var urls []string
	for _, e := range followed {
		urls = append(urls, e.String())
	}
	return urls
}

// readConnectors finds the subgraphs that are resolved by connectors rather than by a GraphQL service: those with an
// application of one of the connect specification's directives, kept as @join__directive under the name that the
// subgraph's own @link gives it.
func (r *reader) readConnectors() {
	var schema ast.DirectiveList
	for _, s := range r.doc.Schema {
		schema = append(schema, s.Directives...)
	}
	for _, s := range r.doc.SchemaExtension {
		schema = append(schema, s.Directives...)
	}
	links := map[string]*link.Links{} // by the subgraph's value in join__Graph
	each(schema, func(graph, name string, args *ast.Value) {
		own, _ := link.Read(ast.DirectiveList{{Name: "link", Arguments: arguments(args)}})
		if own.ByIdentity(link.ConnectSpec) != nil {
			links[graph] = own
		}
	})
	if len(links) == 0 {
		return
	}
	mark := func(directives ast.DirectiveList) {
		each(directives, func(graph, name string, _ *ast.Value) {
			g, own := r.byEnum[graph], links[graph]
			if g == nil || own == nil {
				return
			}
			if owner, _ := own.Owner(name, true); owner != nil {
				g.Connectors = owner.URL.String()
			}
		})
	}
	mark(schema)
	for _, def := range r.doc.Definitions {
		mark(def.Directives)
		for _, f := range def.Fields {
			mark(f.Directives)
		}
	}
}

// each calls visit for each subgraph of each @join__directive.
func each(directives ast.DirectiveList, visit func(graph, name string, args *ast.Value)) {
	for _, d := range directives {
		graphs, args := d.Arguments.ForName("graphs"), d.Arguments.ForName("args")
		if d.Name != "join__directive" || graphs == nil || graphs.Value == nil {
			continue
		}
		var value *ast.Value
		if args != nil {
			value = args.Value
		}
		for _, g := range graphs.Value.Children {
			visit(g.Value.Raw, stringArg(d, "name"), value)
		}
	}
}

// arguments are the fields of an object as the arguments of a directive.
func arguments(object *ast.Value) ast.ArgumentList {
	if object == nil {
		return nil
	}
	var list ast.ArgumentList
	for _, c := range object.Children {
		list = append(list, &ast.Argument{Name: c.Name, Value: c.Value})
	}
	return list
}
