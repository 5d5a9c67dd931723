package merge

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// qualifyContext gives a context a name that no other subgraph's context has.
func qualifyContext(s *member, d *ast.Directive) *ast.Directive {
	return &ast.Directive{Name: d.Name, Arguments: ast.ArgumentList{text("name", contextName(s, stringArgument(d, "name")))}}
}

func contextName(s *member, name string) string { return s.Name + "__" + name }

// contextArguments lists the arguments of a field that a member takes from contexts, as @join__field says it; it
// answers nil where there are none.
func contextArguments(s fieldSource) *ast.Argument {
	if s.member.Local(link.FromContext) == "" {
		return nil
	}
	var list *ast.Value
	for _, a := range s.field.Arguments {
		c := s.member.FromContext(a)
		if c == nil {
			continue
		}
		if list == nil {
			list = &ast.Value{Kind: ast.ListValue}
		}
		object := &ast.Value{Kind: ast.ObjectValue}
		for _, part := range []struct{ name, text string }{
			{"context", contextName(s.member, c.Context)},
			{"name", a.Name},
			{"type", a.Type.String()},
			{"selection", c.Selection},
		} {
			object.Children = append(object.Children, &ast.ChildValue{Name: part.name, Value: &ast.Value{Kind: ast.StringValue, Raw: part.text}})
		}
		list.Children = append(list.Children, &ast.ChildValue{Value: object})
	}
	if list == nil {
		return nil
	}
	return &ast.Argument{Name: "contextArguments", Value: list}
}

// contextualArgument leaves out of the supergraph an argument that some member takes from a context. Members that
// want it from clients must do without.
func (m *merger) contextualArgument(coordinate string, plain, requiring []*member, elements []element) {
	switch {
	case len(requiring) > 0:
		m.fail(diagnostic.ContextualArgumentNotContextualInAllSubgraphs, coordinate, locations(elements),
			"the argument %q comes from a context in some subgraphs, so clients cannot give it, but it is required in %s: make it optional or contextual there", coordinate, subgraphs(requiring))
	case len(plain) > 0:
		m.hint(diagnostic.ContextualArgumentNotContextualInAllSubgraphsHint, "", locations(elements),
			"the argument %q comes from a context in some subgraphs; the supergraph does not have it, so %s will not be given it", coordinate, subgraphs(plain))
	}
}
