package satisfiability

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// explainer says why a field cannot be had in a state.
type explainer struct {
	walk   *walk
	reach  *reach
	state  *state
	labels labels
}

// where says where the operation is when it fails.
func (e *explainer) where() string {
	in := e.subgraphsOf(e.state.arrived)
	var b strings.Builder
	fmt.Fprintf(&b, "the %q is there in %s", e.state.object.name, subgraphs(in))
	if further := slices.DeleteFunc(e.subgraphsOf(slices.Collect(e.state.at.all.members)), func(s string) bool { return slices.Contains(in, s) }); len(further) > 0 {
		fmt.Fprintf(&b, ", from where %s can be reached", subgraphs(further))
	}
	for i, name := range e.walk.labels {
		switch e.labels[i] {
		case active:
			fmt.Fprintf(&b, ", while the override label %q is active", name)
		case inactive:
			fmt.Fprintf(&b, ", while the override label %q is not active", name)
		}
	}
	b.WriteString("; the ways out are closed:\n")
	return b.String()
}

// field says for each subgraph that has to do with the object why it does not give the field.
func (e *explainer) field(name string) []string {
	o := e.state.object
	var lines []string
	for _, g := range e.reach.graph.Supergraph.Graphs {
		places := e.placesIn(g)
		if len(places) == 0 {
			continue
		}
		var here, there []string
		for _, p := range places {
			if e.state.at.all.has(p) {
				here = append(here, e.unresolved(p, name)...)
			} else if f := e.reach.typeAt(o, p).Field(name); f != nil && !f.External && !f.Overridden && e.isBase(p) {
				there = append(there, e.closed(p)...)
			}
		}
		for _, line := range compact(append(here, there...)) {
			lines = append(lines, fmt.Sprintf("- subgraph %q %s", g.Name, line))
		}
	}
	return lines
}

// typename says for each subgraph that knows the objects of an interface why it cannot be asked.
func (e *explainer) typename(abstract string) []string {
	o := e.state.object
	var lines []string
	for _, g := range e.reach.graph.Supergraph.Graphs {
		var reasons []string
		for _, p := range e.placesIn(g) {
			switch {
			case e.state.at.all.has(p):
				reasons = append(reasons, fmt.Sprintf("has %q as @interfaceObject, and does not know the types of its objects", e.reach.typeAt(o, p).Name))
			case e.isBase(p) && g.Types[abstract] != nil:
				reasons = append(reasons, e.closedFor(p, g.Types[abstract])...)
			}
		}
		for _, line := range compact(reasons) {
			lines = append(lines, fmt.Sprintf("- subgraph %q %s", g.Name, line))
		}
	}
	return lines
}

// having returns the subgraphs that have a field of the object, resolvable or not.
func (e *explainer) having(name string) []string {
	var out []string
	for _, g := range e.reach.graph.Supergraph.Graphs {
		for _, p := range e.placesIn(g) {
			if e.reach.typeAt(e.state.object, p).Field(name) != nil {
				out = append(out, g.Name)
				break
			}
		}
	}
	return out
}

// unresolved says why the subgraph of a place does not resolve a field there.
func (e *explainer) unresolved(place int, name string) []string {
	o := e.state.object
	t := e.reach.typeAt(o, place)
	f := t.Field(name)
	coordinate := t.Name + "." + name
	if f == nil {
		return []string{fmt.Sprintf("has no field %q", coordinate)}
	}
	i := slices.IndexFunc(o.fields[name], func(m move) bool { return m.at == place })
	switch {
	case i < 0 && f.Overridden:
		return []string{fmt.Sprintf("does not resolve %q any more: it was moved with @override", coordinate)}
	case i < 0:
		return []string{fmt.Sprintf("has %q as @external only, and no @provides gives it here", coordinate)}
	}
	if i >= 0 && o.fields[name][i].to == querygraph.None && e.isComposite(f.Type.Name()) {
		return []string{fmt.Sprintf("resolves %q to %q, a type that it does not have", coordinate, f.Type.Name())}
	}
	if label := f.OverrideLabel; label != "" {
		if isActive, known := e.labels.of(e.walk.labels, label); known && isActive != f.OverrideActive {
			return []string{fmt.Sprintf("resolves %q only while the override label %q is %s", coordinate, label, map[bool]string{true: "active", false: "not active"}[f.OverrideActive])}
		}
	}
	for _, arg := range f.Contextual {
		if !e.state.contexts.has(e.walk.contexts.index(arg)) {
			return []string{e.context(coordinate, arg)}
		}
	}
	return []string{e.requires(place, coordinate, o.fields[name][i])}
}

func (e *explainer) isComposite(typeName string) bool {
	def := e.walk.api.Types[typeName]
	return def != nil && def.IsCompositeType()
}

func (e *explainer) context(coordinate string, arg supergraph.ContextualArgument) string {
	_, name, _ := strings.Cut(arg.Context, "__")
	types := e.reach.graph.Supergraph.ContextTypes(arg.Context)
	return fmt.Sprintf("fills the argument %q of %q from the context %q, but on the way of the operation no object sets it of which %q can be fetched (it is set by %s)",
		arg.Name, coordinate, name, strings.TrimSpace(arg.Selection), list(types))
}

func (e *explainer) requires(place int, coordinate string, m move) string {
	o := e.state.object
	text := fmt.Sprintf("cannot resolve %q with its @requires", coordinate)
	t := e.reach.typeAt(o, place)
	if !e.state.at.free.has(place) {
		return fmt.Sprintf("%s: it has no @key of %q by which it can be called again with the required fields", text, t.Name)
	}
	return text + ": " + e.missing(o, e.reach.from(o, place, "").places, m.field.Requires, "", 0)
}

// closed says why the subgraph of a place cannot be entered.
func (e *explainer) closed(place int) []string {
	return e.closedFor(place, e.reach.typeAt(e.state.object, place))
}

// closedFor says why a subgraph cannot be entered by a type that the object has there.
func (e *explainer) closedFor(place int, t *supergraph.Type) []string {
	o := e.state.object
	g := e.reach.subgraph(o, place)
	if len(t.Keys) == 0 {
		return []string{fmt.Sprintf("cannot be entered: %q has no @key there", t.Name)}
	}
	resolvable := slices.ContainsFunc(t.Keys, func(k *supergraph.Key) bool { return k.Resolvable })
	if !resolvable {
		return []string{fmt.Sprintf("cannot be entered: no @key of %q is resolvable there", t.Name)}
	}
	var out []string
	for _, k := range g.Types[t.Name].Keys {
		if !k.Resolvable {
			continue
		}
		out = append(out, fmt.Sprintf("cannot be entered by its @key(fields: %q) of %q: %s", k.Text, t.Name, e.keyMissing(k, t, g.ID)))
	}
	return out
}

// keyMissing says what is missing of a key. A key must be had from one of the places where the operation arrived: what
// several of them give together is no key, for nothing says that it is of the same object.
func (e *explainer) keyMissing(k *supergraph.Key, t *supergraph.Type, subgraph int) string {
	c := closed("").with(subgraph)
	o := e.state.object
	var out []string
	for _, p := range e.state.arrived {
		if text := e.missing(o, e.reach.from(o, p, "").places, k.Selection, c, 0); text != "" {
			out = append(out, text)
		}
	}
	if len(out) == 0 {
		return fmt.Sprintf("which object of %q it is cannot be found out, because its type is not known", t.Name)
	}
	return strings.Join(compact(out), ", and ")
}

// missing says which field of a field set cannot be had; nothing when all can.
func (e *explainer) missing(o *object, at places, fields ast.SelectionSet, c closed, depth int) string {
	for _, sel := range fields {
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			if sel.TypeCondition == "" || e.reach.is(o, sel.TypeCondition) {
				if text := e.missing(o, at, sel.SelectionSet, c, depth+1); text != "" {
					return text
				}
			}
		case *ast.Field:
			if !e.reach.selectsField(o, at, sel, c, depth) {
				return e.missingField(o, at, sel, c, depth)
			}
		}
	}
	return ""
}

func (e *explainer) missingField(o *object, at places, f *ast.Field, c closed, depth int) string {
	in := subgraphs(e.graphsAt(o, slices.Collect(at.all.members)))
	coordinate := o.name + "." + f.Name
	var targets []querygraph.NodeID
	found, why := false, ""
	for _, m := range o.fields[f.Name] {
		switch {
		case !at.all.has(m.at):
		case m.field.OverrideLabel != "":
			why = fmt.Sprintf(" (it is being moved with the override label %q, and keys and @requires need fields that stay)", m.field.OverrideLabel)
		case len(m.field.Contextual) > 0:
			why = " (its arguments come from a context)"
		case !e.reach.meets(o, at, m):
			why = fmt.Sprintf(" (its own @requires cannot be met in subgraph %q)", e.reach.subgraph(o, m.at).Name)
		default:
			found = true
			if m.to != querygraph.None {
				targets = append(targets, m.to)
			}
		}
	}
	if c != "" && why == "" && e.reach.selectsField(o, at, f, "", depth) {
		why = " without entering it for other objects first"
	}
	if !found || depth > maxExplained || len(f.SelectionSet) == 0 {
		return fmt.Sprintf("%q cannot be had from %s%s", coordinate, in, why)
	}
	if !e.reach.occur(targets, f.SelectionSet) {
		return fmt.Sprintf("%q never returns, in %s, a type that it is selected with", coordinate, in)
	}
	for _, name := range e.reach.possibleAt(o.name, f.Name) {
		child := e.reach.object(name)
		if arrived, ok := e.reach.narrow(targets, child); ok {
			if text := e.missing(child, e.reach.fromAll(child, arrived, c), f.SelectionSet, c, depth+1); text != "" {
				return text
			}
		}
	}
	return fmt.Sprintf("%q cannot be had from %s", coordinate, in)
}

// maxExplained bounds how deep an explanation goes into nested field sets.
const maxExplained = 20

func (e *explainer) placesIn(g *supergraph.Graph) []int {
	var out []int
	for p := range e.state.object.nodes {
		if e.reach.subgraph(e.state.object, p) == g {
			out = append(out, p)
		}
	}
	return out
}

// isBase reports whether a place is not a copy with provided fields: those cannot be entered, and say nothing new.
func (e *explainer) isBase(place int) bool {
	g := e.reach.graph
	id := e.state.object.nodes[place]
	return g.Base(g.Nodes[id].Subgraph, g.Nodes[id].Type.Name) == id
}

func (e *explainer) subgraphsOf(places []int) []string { return e.graphsAt(e.state.object, places) }

func (e *explainer) graphsAt(o *object, places []int) []string {
	var out []string
	for _, g := range e.reach.graph.Supergraph.Graphs {
		if slices.ContainsFunc(places, func(p int) bool { return e.reach.subgraph(o, p) == g }) {
			out = append(out, g.Name)
		}
	}
	return out
}

// subgraphs names subgraphs: subgraph "a"; subgraphs "a" and "b".
func subgraphs(names []string) string {
	if len(names) == 1 {
		return "subgraph " + list(names)
	}
	return "subgraphs " + list(names)
}

// compact drops what is said twice, keeping the order.
func compact(lines []string) []string {
	var out []string
	for _, line := range lines {
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}
