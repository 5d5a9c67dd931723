package fetchgraph

import (
	"errors"
	"strconv"
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
	g.settleEarly()
	for _, f := range g.Fetches {
		if f.entities() {
			f.Groups = g.combine(f.Groups)
		}
		f.Cond = g.fetchCondition(f)
		f.Name = g.name(f)
		if text, ok := g.ownText(f); ok {
			f.own(text, g.Operation.Definition)
		} else if err := g.print(f); err != nil {
			return err
		}
	}
	return nil
}

// print writes the document of a fetch.
func (g *Graph) print(f *Fetch) error {
	w := g.writer
	at := w.begin()
	texts := make([]string, len(f.Groups))
	for i, group := range f.Groups {
		text := g.groupText(group)
		w.put(text)
		texts[i] = text.text
	}
	directives := w.operationDirectives(f)
	w.put(directives)
	f.Variables = w.end(at).variables
	texts, fragments, ok := g.blocks.finish(texts, g.savings.whole)
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
	return nil
}

// name is what a fetch's operation is called: as the client's, when that is called anything, so that one finds it in what
// subgraphs log and trace; with the subgraph's name and the fetch's number when there are several.
func (g *Graph) name(f *Fetch) string {
	name := g.Operation.Name
	if name == "" || f.Subgraph < 0 || len(g.Fetches) == 1 {
		return name
	}
	sub := strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, g.query().Supergraph.Graphs[f.Subgraph].Name)
	return name + "__" + sub + "__" + strconv.Itoa(f.ID)
}

// own makes the client's own operation that of the fetch.
func (f *Fetch) own(text string, def *ast.OperationDefinition) {
	f.Document = text
	for _, v := range def.VariableDefinitions {
		f.Variables = append(f.Variables, v.Variable)
	}
}

// printEntities writes the document of an entity fetch, and names its groups' fields and variables.
func (g *Graph) printEntities(f *Fetch, texts []string, fragments, directives string) {
	t := g.template(f, texts)
	t.name = f.Name
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

// fetchCondition finds the conditions of a fetch's targets, and that under which it is made at all.
func (g *Graph) fetchCondition(f *Fetch) response.ConditionID {
	var conds []response.ConditionID
	for _, group := range f.Groups {
		g.targetConditions(group)
		for _, t := range group.Targets {
			conds = append(conds, t.Cond)
		}
	}
	return g.condition(conds)
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

// head writes the operation type, the name, the variables, and the directives of the whole.
func (g *Graph) head(f *Fetch, directives string) string {
	head := operationHead(g.Kind(f), f.Name, strings.Join(g.declarations(f), ",")) + directives
	if head == string(ast.Query) {
		return ""
	}
	return head
}

// operationHead writes the operation type, the name and the variables of an operation.
func operationHead(kind ast.Operation, name, declarations string) string {
	head := string(kind)
	if name != "" {
		head += " " + name
	}
	if declarations != "" {
		head += "(" + declarations + ")"
	}
	return head
}

// declarations are the definitions of the client's variables that a fetch uses.
func (g *Graph) declarations(f *Fetch) []string {
	if len(f.Variables) == 0 {
		return nil
	}
	if g.defined == nil {
		g.defined = make(map[string]*ast.VariableDefinition, len(g.Operation.Definition.VariableDefinitions))
		for _, def := range g.Operation.Definition.VariableDefinitions {
			g.defined[def.Variable] = def
		}
	}
	var out []string
	for _, name := range f.Variables {
		if def := g.defined[name]; def != nil {
			out = append(out, g.writer.declaration(def))
		}
	}
	return out
}

// declaration is the definition of a variable of the client's.
func (w *writer) declaration(def *ast.VariableDefinition) string {
	text := "$" + def.Variable + ":" + def.Type.String()
	if def.DefaultValue != nil {
		// The gateway sends the default as a value; written out, it also allows the variable where null may not stand.
		text += "=" + def.DefaultValue.String()
	}
	at := w.begin()
	w.directives(def.Directives)
	return text + w.end(at).text
}

// groupText is what a group asks.
func (g *Graph) groupText(group *Group) written {
	if first := group.Targets[0]; !g.selections[first.Presences[0].ID].Entity {
		return g.writer.target(first)
	}
	return g.writer.entities(group)
}
