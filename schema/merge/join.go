package merge

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// join applies a directive of the join specification to say something of one member. Arguments that are nil are
// left out.
func join(name string, s *member, arguments ...*ast.Argument) *ast.Directive {
	d := &ast.Directive{Name: "join__" + name}
	if s != nil {
		d.Arguments = append(d.Arguments, argument("graph", ast.EnumValue, s.graph))
	}
	for _, a := range arguments {
		if a != nil {
			d.Arguments = append(d.Arguments, a)
		}
	}
	return d
}

func argument(name string, kind ast.ValueKind, raw string) *ast.Argument {
	return &ast.Argument{Name: name, Value: &ast.Value{Kind: kind, Raw: raw}}
}

// text is an argument with a string, or nil for the empty string.
func text(name, value string) *ast.Argument {
	if value == "" {
		return nil
	}
	return argument(name, ast.StringValue, value)
}

// flag is an argument that is true, or nil.
func flag(name string, value bool) *ast.Argument {
	if !value {
		return nil
	}
	return argument(name, ast.BooleanValue, "true")
}

var (
	notWord   = regexp.MustCompile(`[^_0-9A-Za-z]`)
	numbered  = regexp.MustCompile(`_[0-9]+$`)
	firstDgit = regexp.MustCompile(`^[0-9]`)
)

// graphNames gives each subgraph the name of its value of the enum join__Graph. Names of subgraphs that differ
// only in what an enum value cannot hold are told apart by a number at their end; so a name that ends in a number
// of its own gets an underscore behind it. No name of GraphQL begins with two underscores (specification, section 2.1.9).
func graphNames(names []string) []string {
	graphs := make([]string, len(names))
	count := map[string]int{}
	for i, name := range names {
		g := notWord.ReplaceAllString(name, "_")
		if strings.HasPrefix(g, "__") {
			g = "_" + strings.TrimLeft(g, "_")
		}
		if firstDgit.MatchString(g) {
			g = "_" + g
		}
		if numbered.MatchString(g) {
			g += "_"
		}
		graphs[i] = strings.ToUpper(g)
		count[graphs[i]]++
	}
	seen := map[string]int{}
	for i, g := range graphs {
		if count[g] > 1 {
			seen[g]++
			prefix := g + "_"
			if g == "_" {
				prefix = g
			}
			graphs[i] = fmt.Sprintf("%s%d", prefix, seen[g])
		}
	}
	return graphs
}
