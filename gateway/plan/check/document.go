package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// slotAnswer is what is known of the objects in a slot: which part of which fetch's document asked about them.
type slotAnswer struct {
	doc  *document
	made bool // the fetch is made
	node querygraph.NodeID
	// entity: the objects are entities, which the subgraph was sent as constant, or, when that is empty, by their own types.
	entity   bool
	constant string
	typ      string // of introspection: the type in the API schema
	sets     []ast.SelectionSet
}

// asked is a field that a document asks of an object, its occurrences merged.
type asked struct {
	field *ast.Field
	sets  []ast.SelectionSet
}

// runtime is what a slot's subgraph takes an object of the supergraph for: its type there, or the @interfaceObject that it
// is known as; None when no object of the slot can be of the type.
func (k *check) runtime(a slotAnswer, object string) (at querygraph.NodeID, name string) {
	if a.entity {
		name := object
		if a.constant != "" {
			name = a.constant
		}
		a.node = k.checker.graph.Base(a.doc.fetch.Subgraph, name)
		if a.node == querygraph.None {
			return querygraph.None, ""
		}
	}
	if a.node == querygraph.None {
		if a.typ == object {
			return querygraph.None, object
		}
		return querygraph.None, ""
	}
	at = k.checker.graph.Downcast(a.node, object)
	if at == querygraph.None {
		return at, ""
	}
	return at, k.checker.graph.Nodes[at].Type.Name
}

// each calls do for the fields that a slot's document asks of an object of some type, for the values of the condition
// variables, with the client's directives of the fragments around them (GraphQL specification, section 6.3.2 CollectFields).
func (w *way) each(a slotAnswer, typ string, do func(f *ast.Field, outer string)) {
	type visit struct {
		first *ast.Selection // of a set: that of a named fragment may stand in many places
		outer string
	}
	seen := map[visit]bool{}
	var collect func(set ast.SelectionSet, outer string)
	collect = func(set ast.SelectionSet, outer string) {
		if len(set) == 0 || seen[visit{&set[0], outer}] {
			return
		}
		seen[visit{&set[0], outer}] = true
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				if w.included(sel.Directives) {
					do(sel, outer)
				}
			case *ast.InlineFragment:
				if w.included(sel.Directives) && (sel.TypeCondition == "" || isA(a.doc.schema, typ, sel.TypeCondition)) {
					collect(sel.SelectionSet, outer+around(sel.Directives))
				}
			}
		}
	}
	for _, set := range a.sets {
		collect(set, "")
	}
}

// ask finds what a slot's document asks of an object of some type under a response name. It is nil when it does not ask.
func (w *way) ask(a slotAnswer, typ, response string) *asked {
	var out *asked
	w.each(a, typ, func(f *ast.Field, _ string) {
		if f.Alias != response {
			return
		}
		if out == nil {
			out = &asked{field: f}
		}
		out.sets = withSet(out.sets, f.SelectionSet)
	})
	return out
}

// withSet adds a selection set, unless it is the same one as another: a fragment's is spread in many places.
func withSet(sets []ast.SelectionSet, set ast.SelectionSet) []ast.SelectionSet {
	if len(set) == 0 || slices.ContainsFunc(sets, func(have ast.SelectionSet) bool { return &have[0] == &set[0] }) {
		return sets
	}
	return append(sets, set)
}

// included evaluates @skip and @include.
func (w *way) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}
		arg := d.Arguments.ForName("if")
		if arg == nil {
			continue
		}
		holds := arg.Value.Raw == "true"
		if arg.Value.Kind == ast.Variable {
			i := slices.Index(w.plan.ConditionVariables, arg.Value.Raw)
			if i < 0 {
				continue
			}
			holds = w.values[i]
		}
		if holds == (d.Name == "skip") {
			return false
		}
	}
	return true
}

// isA reports whether objects of a type satisfy a type condition.
func isA(schema *ast.Schema, typ, condition string) bool {
	if typ == condition {
		return true
	}
	def := schema.Types[condition]
	return def != nil && slices.ContainsFunc(schema.GetPossibleTypes(def), func(p *ast.Definition) bool { return p.Name == typ })
}

// id is a number for what is asked in some selection sets of the document: equal for those that ask the same.
func (d *document) id(sets []ast.SelectionSet) string {
	ids := make([]int, len(sets))
	for i, set := range sets {
		ids[i] = d.intern(set)
	}
	slices.Sort(ids)
	var b strings.Builder
	for _, id := range slices.Compact(ids) {
		b.WriteString(strconv.Itoa(id) + ",")
	}
	return b.String()
}

func (d *document) intern(set ast.SelectionSet) int {
	if len(set) == 0 {
		return -1
	}
	if id, ok := d.ids[&set[0]]; ok {
		return id
	}
	var b strings.Builder
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			b.WriteString(sel.Alias + ":" + sel.Name + "(" + argumentsText(sel.Arguments, nil) + ")" + directivesText(sel.Directives))
			b.WriteString("{" + strconv.Itoa(d.intern(sel.SelectionSet)) + "}")
		case *ast.InlineFragment:
			b.WriteString("..." + sel.TypeCondition + directivesText(sel.Directives) + "{" + strconv.Itoa(d.intern(sel.SelectionSet)) + "}")
		}
	}
	id, ok := d.texts[b.String()]
	if !ok {
		id = len(d.texts)
		d.texts[b.String()] = id
	}
	d.ids[&set[0]] = id
	return id
}

func directivesText(list ast.DirectiveList) string {
	text := ""
	for _, d := range list {
		text += "@" + d.Name + "(" + argumentsText(d.Arguments, nil) + ")"
	}
	return text
}

// argumentsText writes arguments in the order of their names, without those that skip names.
func argumentsText(args ast.ArgumentList, skip func(string) bool) string {
	var parts []string
	for _, a := range args {
		if skip == nil || !skip(a.Name) {
			parts = append(parts, a.Name+":"+a.Value.String())
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}
