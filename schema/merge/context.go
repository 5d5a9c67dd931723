package merge

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// qualifyContext gives a context a name that no other subgraph's context has.
func qualifyContext(s *member, d *ast.Directive) *ast.Directive {
	return &ast.Directive{Name: d.Name, Arguments: ast.ArgumentList{text("name", contextName(s, stringArgument(d, "name")))}}
}

func contextName(s *member, name string) string { return s.Name + "__" + name }

func contextArguments(fieldSource) *ast.Argument { return nil }

func (m *merger) contextualArgument(coordinate string, with, requiring []*member, elements []element) {
	m.fail(diagnostic.UnsupportedFeature, coordinate, locations(elements), "the argument %q has @fromContext, which is not supported yet", coordinate)
}
