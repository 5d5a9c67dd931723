package fetchgraph

import (
	"errors"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/response"
)

// MaxDocument bounds the size of one fetch's document in bytes.
const MaxDocument = 4 << 20

// ErrTooLarge says that a fetch of the plan would send a document beyond all measure.
var ErrTooLarge = errors.New("the operation asks a subgraph for too much at once; ask for less, or split it")

// Print writes the fetches' documents.
func (g *Graph) Print() error {
	for _, f := range g.Fetches {
		if f.entities() {
			f.Groups = g.combine(f.Groups)
		}
		w := g.writer
		at := w.begin()
		texts := make([]string, len(f.Groups))
		for i, group := range f.Groups {
			text := g.groupText(group)
			w.put(text)
			texts[i] = text.text
			g.targetConditions(group)
		}
		var conds []response.ConditionID
		for _, group := range f.Groups {
			for _, t := range group.Targets {
				conds = append(conds, t.Cond)
			}
		}
		f.Cond = g.condition(conds)
		directives := w.operationDirectives(f)
		w.put(directives)
		f.Variables = w.end(at).variables
		texts, fragments, ok := g.blocks.finish(texts)
		if !ok || g.tooLarge {
			return ErrTooLarge
		}
		if f.entities() {
			g.printEntities(f, texts, fragments, directives.text)
		} else {
			f.Document = g.head(f, directives.text) + "{" + texts[0] + "}" + fragments
		}
		if len(f.Document) > MaxDocument {
			return ErrTooLarge
		}
	}
	return nil
}

// printEntities writes the document of an entity fetch, and names its groups' fields and variables.
func (g *Graph) printEntities(f *Fetch, texts []string, fragments, directives string) {
	t := g.template(f, texts)
	t.declarations, t.directives, t.fragments = strings.Join(g.declarations(f), ","), directives, fragments
	once := make([]int, len(f.Groups))
	for i, group := range f.Groups {
		group.Alias, group.Variable = t.Alias(i, 0), t.Variable(i, 0)
		once[i] = 1
	}
	f.Document = t.Document(once)
	if f.contextual() {
		f.Template = t
	}
}

// targetConditions finds the conditions under which anything of a target is asked.
func (g *Graph) targetConditions(group *Group) {
	for _, t := range group.Targets {
		var conds []response.ConditionID
		for _, p := range t.Presences {
			sel := g.selections[p.ID]
			if sel.Typename {
				conds = append(conds, 0)
			}
			for _, fr := range sel.Fragments {
				for _, m := range fr.Members {
					conds = append(conds, m.Conds...)
				}
			}
		}
		t.Cond = g.condition(conds)
	}
}

// head writes the operation type, the variables, and the directives of the whole.
func (g *Graph) head(f *Fetch, directives string) string {
	kind := g.Kind(f)
	declarations := g.declarations(f)
	switch {
	case len(declarations) > 0:
		return string(kind) + "(" + strings.Join(declarations, ",") + ")" + directives
	case kind == ast.Query && directives == "":
		return ""
	}
	return string(kind) + directives
}

// declarations are the definitions of the client's variables that a fetch uses.
func (g *Graph) declarations(f *Fetch) []string {
	var out []string
	for _, name := range f.Variables {
		def := g.Operation.Definition.VariableDefinitions.ForName(name)
		if def == nil {
			continue
		}
		text := "$" + name + ":" + def.Type.String()
		if def.DefaultValue != nil {
			// The gateway sends the default as a value; written out, it also allows the variable where null may not stand.
			text += "=" + def.DefaultValue.String()
		}
		at := g.writer.begin()
		g.writer.directives(def.Directives)
		text += g.writer.end(at).text
		out = append(out, text)
	}
	return out
}

// groupText is what a group asks.
func (g *Graph) groupText(group *Group) written {
	if first := group.Targets[0]; !g.selections[first.Presences[0].ID].Entity {
		return g.writer.target(first)
	}
	return g.writer.entities(group)
}
