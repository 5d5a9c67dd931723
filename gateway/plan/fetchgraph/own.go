package fetchgraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/schema/supergraph"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// An operation that one subgraph answers alone is sent to it in the client's own words: with its name, its fragments and its
// order, so that the logs and traces of the subgraph show what clients wrote. Comments, spacing and other operations of the
// document are left out, and the values of strings are quoted anew; nothing else differs, but for fragments on a root type: a
// subgraph may have another name for it, which no supergraph tells. What they select stands where they are spread, without a
// type condition, for there it always holds.
//
// The text must mean to the subgraph what it means to the client, and must ask for all that the response is made of. It
// does when two things hold. All that the fetch would ask for is a field of the client's under the client's response name
// (answers). And each field and each type condition of the text is the same to the subgraph as it is to clients: of the
// same type, on the same object types (sameSelections). Then both have one normal form (GraphQL specification, section 6.3.2
// CollectFields), for that is made of type conditions, response names and conditions only. The checker proves it anew,
// against the subgraph's own schema.

// ownText returns the operation as the client wrote it; ok is false where the only fetch must ask otherwise.
func (g *Graph) ownText(f *Fetch) (text string, ok bool) {
	if len(g.Fetches) > 1 || !f.Root || f.Subgraph < 0 || !g.answers(g.Tree.Root) {
		return "", false
	}
	o := &own{
		writer: g.writer, sub: g.query().Supergraph.Graphs[f.Subgraph], api: g.query().Supergraph.API,
		known: map[string]bool{}, visited: map[string]bool{},
	}
	def := g.Operation.Definition
	if !o.sameSelections(def.SelectionSet, typesystem.RootName(def.Operation)) {
		return "", false
	}
	at := o.begin()
	o.operation(def)
	for _, fragment := range g.Operation.Fragments {
		if o.visited[fragment.Name] && !o.isRoot(fragment.TypeCondition) {
			o.add(" fragment " + fragment.Name + " on " + fragment.TypeCondition)
			o.set(fragment.SelectionSet, fragment.TypeCondition)
		}
	}
	text = o.end(at).text
	return text, len(text) <= MaxDocument
}

// answers reports whether all that is asked at a fork is what the client asks there, under the client's response names.
func (g *Graph) answers(f *choose.Fork) bool {
	for _, place := range f.Places {
		told := f.Typename == nil || place.Absent
		for _, field := range place.Fields {
			if field.Hidden() || field.Denied {
				return false
			}
			if field.Name == "__typename" {
				told = told || field.Op.Response == "__typename" && field.Cond == 0
				continue
			}
			if len(field.By) != 1 {
				return false
			}
			m := g.members[member{field, field.By[0]}]
			if m == nil || m.Response != field.Op.Response || len(m.contexts) > 0 || field.Fork != nil && !g.answers(field.Fork) {
				return false
			}
		}
		if !told {
			return false
		}
	}
	return true
}

// own reads the client's operation as a subgraph would, and writes it.
type own struct {
	*writer
	sub     *supergraph.Graph
	api     *ast.Schema
	known   map[string]bool // whether a type is the same to the subgraph, for types that were looked at
	visited map[string]bool // fragments
}

// sameSelections reports whether all that is selected on a type, by its name in the subgraph, is the same there.
func (o *own) sameSelections(set ast.SelectionSet, on string) bool {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if sel.Name != "__typename" && !o.sameField(sel, on) {
				return false
			}
		case *ast.InlineFragment:
			inner := on
			if sel.TypeCondition != "" {
				inner = sel.TypeCondition
			}
			if !o.sameCondition(sel.TypeCondition, on) || !o.sameSelections(sel.SelectionSet, inner) {
				return false
			}
		case *ast.FragmentSpread:
			if !o.sameSpread(sel, on) {
				return false
			}
		}
	}
	return true
}

// sameSpread looks at a named fragment where it is spread first. Directives that are for a subgraph to read may mean something
// else there than around what the fragment selects.
func (o *own) sameSpread(s *ast.FragmentSpread, on string) bool {
	def := o.graph.Operation.Fragments.ForName(s.Name)
	if def == nil || len(def.Directives) > 0 || slices.ContainsFunc(s.Directives, func(d *ast.Directive) bool { return d.Name != "skip" && d.Name != "include" }) {
		return false
	}
	if o.visited[s.Name] {
		return !o.isRoot(def.TypeCondition) // it would be written out again each time
	}
	o.visited[s.Name] = true
	return o.sameCondition(def.TypeCondition, on) && o.sameSelections(def.SelectionSet, def.TypeCondition)
}

// sameField reports whether a field is the same to the subgraph: it resolves it, whatever the object's type is, with these
// arguments, and with a value of the type that clients know. Another type might not go together with that of another field
// of the same response name.
func (o *own) sameField(f *ast.Field, on string) bool {
	t := o.sub.Types[on]
	client := f.Definition
	if client == nil && o.api.Types[on] != nil {
		client = o.api.Types[on].Fields.ForName(f.Name)
	}
	if t == nil || client == nil {
		return false
	}
	own := t.Field(f.Name)
	if own == nil || own.External || own.Overridden || len(own.Contextual) > 0 || !sameType(own.Type, client.Type) {
		return false
	}
	if t.Kind == ast.Interface && !o.graph.sameOn(t, t.PossibleTypes, o.sub.ID, f.Name) {
		return false
	}
	for _, a := range f.Arguments {
		if own.Args.ForName(a.Name) == nil {
			return false
		}
	}
	return len(f.SelectionSet) == 0 || o.sameType(own.Type.Name()) && o.sameSelections(f.SelectionSet, own.Type.Name())
}

func sameType(a, b *ast.Type) bool {
	for ; a != nil && b != nil; a, b = a.Elem, b.Elem {
		if a.NonNull != b.NonNull || a.NamedType != b.NamedType {
			return false
		}
	}
	return a == nil && b == nil
}

// sameCondition reports whether a type condition on a type holds for the same objects in the subgraph. Of a root type only one
// on the type itself does, as that is not written.
func (o *own) sameCondition(name, on string) bool {
	if o.isRoot(name) {
		return name == on
	}
	return name == "" || nameable(name) && o.sameType(name)
}

// isRoot reports whether a name is that of a root type, which a subgraph may call otherwise.
func (o *own) isRoot(name string) bool {
	t := o.api.Types[name]
	return t != nil && (t == o.api.Query || t == o.api.Mutation || t == o.api.Subscription)
}

// sameType reports whether a type is of the same kind in the subgraph, with the same object types.
func (o *own) sameType(name string) bool {
	same, known := o.known[name]
	if !known {
		t, client := o.sub.Types[name], o.api.Types[name]
		same = t != nil && client != nil && t.Kind == client.Kind
		if same && t.Kind != ast.Object {
			possible := o.api.GetPossibleTypes(client)
			same = len(possible) == len(t.PossibleTypes) && !slices.ContainsFunc(possible, func(p *ast.Definition) bool {
				_, ok := slices.BinarySearch(t.PossibleTypes, p.Name)
				return !ok
			})
		}
		o.known[name] = same
	}
	return same
}

// operation writes the operation without what stands beside it in the document.
func (o *own) operation(def *ast.OperationDefinition) {
	var variables []string
	for _, v := range def.VariableDefinitions {
		variables = append(variables, o.declaration(v))
	}
	at := o.begin()
	o.directives(def.Directives)
	if head := operationHead(def.Operation, def.Name, strings.Join(variables, ",")) + o.end(at).text; head != string(ast.Query) {
		o.add(head)
	}
	o.set(def.SelectionSet, typesystem.RootName(def.Operation))
}

// set writes what is selected on a type, by its name in the subgraph.
func (o *own) set(set ast.SelectionSet, on string) {
	o.byte('{')
	o.selections(set, on)
	o.byte('}')
}

func (o *own) selections(set ast.SelectionSet, on string) {
	for i, sel := range set {
		if i > 0 {
			o.byte(' ')
		}
		switch sel := sel.(type) {
		case *ast.Field:
			o.field(sel, on)
		case *ast.InlineFragment:
			o.fragment(sel.TypeCondition, sel.Directives, sel.SelectionSet, on)
		case *ast.FragmentSpread:
			if def := o.graph.Operation.Fragments.ForName(sel.Name); o.isRoot(def.TypeCondition) {
				o.fragment(def.TypeCondition, sel.Directives, def.SelectionSet, on)
				continue
			}
			o.add("..." + sel.Name)
			o.directives(sel.Directives)
		}
	}
}

// fragment writes a fragment where it stands: on a root type without the type's name, and what is selected there by itself
// where nothing else is said of it.
func (o *own) fragment(condition string, directives ast.DirectiveList, set ast.SelectionSet, on string) {
	root := o.isRoot(condition)
	if root && len(directives) == 0 {
		o.selections(set, on)
		return
	}
	o.add("...")
	if condition != "" && !root {
		o.add("on " + condition)
		on = condition
	}
	o.directives(directives)
	o.set(set, on)
}

func (o *own) field(f *ast.Field, on string) {
	if f.Alias != "" && f.Alias != f.Name {
		o.add(f.Alias + ":")
	}
	o.add(f.Name)
	for i, a := range f.Arguments {
		o.byte("(,"[min(i, 1)])
		o.add(a.Name + ":")
		o.value(a.Value)
	}
	if len(f.Arguments) > 0 {
		o.byte(')')
	}
	o.directives(f.Directives)
	if len(f.SelectionSet) > 0 {
		o.set(f.SelectionSet, o.sub.Types[on].Field(f.Name).Type.Name())
	}
}
