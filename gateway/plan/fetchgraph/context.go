package fetchgraph

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/choose"
)

// contextsText tells members apart whose arguments take different values.
func (g *Graph) contextsText(contexts []*choose.Context) string {
	if len(contexts) == 0 {
		return ""
	}
	var b strings.Builder
	for _, c := range contexts {
		value := c.Need
		if value == nil {
			b.WriteString("$" + c.Argument + "=null")
			continue
		}
		i := slices.IndexFunc(g.values, func(o *choose.Need) bool { return choose.SameValue(o, value) })
		if i < 0 {
			i = len(g.values)
			g.values = append(g.values, value)
		}
		b.WriteString("$" + c.Argument + "=" + strconv.Itoa(i))
	}
	return b.String()
}

// ContextsOf are the values that the entities of a target are asked with, each once, in the order in which the target's
// variables are numbered.
func ContextsOf(t *Target) []*choose.Context {
	var out []*choose.Context
	for _, p := range t.Presences {
		for _, c := range p.Entry.Contexts {
			if c.Need != nil && numberOf(out, c) < 0 {
				out = append(out, c)
			}
		}
	}
	return out
}

// numberOf is the number of the variable for a value; -1 when there is none.
func numberOf(list []*choose.Context, c *choose.Context) int {
	return slices.IndexFunc(list, func(o *choose.Context) bool { return o.Type == c.Type && choose.SameValue(o.Need, c.Need) })
}

// numberContexts numbers the variables of a target: the entities of targets that ask the same share a group, wherever each
// takes its values from.
func (g *Graph) numberContexts(t *Target) {
	list := ContextsOf(t)
	for _, p := range t.Presences {
		for _, c := range p.Entry.Contexts {
			if c.Need != nil {
				g.numbers[c] = numberOf(list, c)
			}
		}
	}
}

// typesText are the types of a target's variables.
func typesText(t *Target) string {
	var b strings.Builder
	for _, c := range ContextsOf(t) {
		b.WriteString("$" + c.Type)
	}
	return b.String()
}

// mark stands around the number of a group's variable until the variable has a name. It occurs in no document.
const mark = "\x00"

// reserve finds a beginning for the names of the planner's own variables that keeps them apart from the client's.
func reserve(definitions ast.VariableDefinitionList) string {
	prefix := ""
	for slices.ContainsFunc(definitions, func(d *ast.VariableDefinition) bool { return taken(d.Variable, prefix) }) {
		prefix += "_"
	}
	return prefix
}

// taken reports whether a client's variable looks like one of ours.
func taken(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	if !ok || rest == "" {
		return false
	}
	return strings.HasPrefix(rest, representations) || (rest[0] == 'r' || rest[0] == 'c') && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9'
}
