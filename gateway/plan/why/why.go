// Package why says why a field of an operation comes from the subgraph that it comes from: how the gateway gets there, and
// what plans would cost in which another subgraph resolved it.
package why

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// maxPlaces bounds how many places of an operation are told about.
const maxPlaces = 20

// Explain says why a field comes from where it comes from. The field is a coordinate ("Product.name", also of an
// interface) or a response path ("products.name", with or without [] after lists).
func Explain(planner *plan.Planner, op *operation.Operation, opts plan.Options, field string) (string, error) {
	stages, err := planner.Stages(op, opts)
	if err != nil {
		return "", err
	}
	w := &asker{planner: planner, opts: opts, stages: stages, others: map[string]string{}}
	found := w.find(field)
	if len(found) == 0 {
		return "", fmt.Errorf("the operation does not ask for %s: give a coordinate such as Type.field, or a response path such as %s",
			field, w.example())
	}
	var b strings.Builder
	for i, f := range found {
		if i == maxPlaces {
			fmt.Fprintf(&b, "\n… and at %d more places\n", len(found)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(w.answer(f))
	}
	return b.String(), nil
}

type asker struct {
	planner *plan.Planner
	opts    plan.Options
	stages  *plan.Stages
	others  map[string]string // what the alternatives for a field of a type are, by coordinate
}

// find returns the fields that a coordinate or a response path means. A name of a type goes before a response name.
func (w *asker) find(field string) []*choose.Field {
	graph := w.planner.Graph
	types := []string(nil)
	typ, name, ok := strings.Cut(field, ".")
	if ok && graph.Supergraph.Definition(typ) != nil {
		types = graph.PossibleTypes(typ)
	}
	path := strings.ReplaceAll(field, "[]", "")
	var out []*choose.Field
	var walk func(f *choose.Fork, at string)
	walk = func(fork *choose.Fork, at string) {
		places := fork.Places
		if fork.Before != nil {
			places = append([]*choose.Place{fork.Before}, places...)
		}
		for _, place := range places {
			for _, f := range place.Fields {
				response := at + responseName(f)
				meant := response == path
				if types != nil {
					meant = f.Name == name && slices.ContainsFunc(place.Types, func(t string) bool { return slices.Contains(types, t) })
				}
				if meant {
					out = append(out, f)
				}
				if f.Fork != nil {
					walk(f.Fork, response+".")
				}
			}
		}
	}
	walk(w.stages.Tree.Root, "")
	return out
}

// example is the response path of some field of the operation.
func (w *asker) example() string {
	for _, place := range w.stages.Tree.Root.Places {
		for _, f := range place.Fields {
			if !f.Hidden() {
				return responseName(f)
			}
		}
	}
	return "a.b"
}

func responseName(f *choose.Field) string {
	if f.Op != nil {
		return f.Op.Response
	}
	return f.Name
}

// answer tells about one field at one place.
func (w *asker) answer(f *choose.Field) string {
	var b strings.Builder
	path := responseName(f)
	if at := f.Place.Fork.ResponsePath(); at != "" {
		path = at + "." + path
	}
	coordinate := f.Place.Types[0] + "." + f.Name
	fmt.Fprintf(&b, "%s (%s)\n", path, coordinate)
	if f.Hidden() {
		b.WriteString("  The client does not ask for it: a key or @requires needs it.\n")
	}
	switch {
	case f.Denied:
		b.WriteString("  It is fetched from nowhere: the caller may not see it.\n")
		return b.String()
	case len(f.By) == 0 && f.Place.Fork.Typename != nil:
		p := f.Place.Fork.Typename
		fmt.Fprintf(&b, "  The type of these objects is told by %s, fetch [%d].\n", w.stages.Tree.SubgraphName(p), w.stages.Merged.FetchOf(p).ID)
		return b.String()
	case len(f.By) == 0:
		b.WriteString("  It is fetched from nowhere: the gateway knows the type of these objects.\n")
		return b.String()
	}
	for _, p := range f.By {
		w.origin(&b, f, p)
	}
	if f.By[0].Node >= 0 {
		b.WriteString(w.alternatives(f))
	}
	return b.String()
}

// origin says from which fetch a field comes, and how the gateway gets to the objects there.
func (w *asker) origin(b *strings.Builder, f *choose.Field, p *choose.Presence) {
	tree, graph := w.stages.Tree, w.stages.Merged
	fmt.Fprintf(b, "  It comes from %s, fetch [%d]", tree.SubgraphName(p), graph.FetchOf(p).ID)
	if p.Entry == nil {
		b.WriteString(", which gave these objects anyway")
		if p.Node >= 0 && w.planner.Graph.Provided(p.Node, f.Name) {
			b.WriteString(" and has the field by @provides")
		}
		b.WriteString(".\n")
		return
	}
	if p.Entry.Key == nil {
		b.WriteString(", at the root.\n")
		return
	}
	fmt.Fprintf(b, ", which is asked for them%s.\n", choose.EntryText(p.Entry))
	source := func(n *choose.Need, kind string) {
		for _, by := range n.Field.By {
			fmt.Fprintf(b, "    %s, %s, comes from %s, fetch [%d].\n", n.Field.Name, kind, tree.SubgraphName(by), graph.FetchOf(by).ID)
		}
	}
	for _, n := range p.Entry.Needs {
		if n.Key {
			source(n, "of the key")
		} else {
			source(n, "which it requires")
		}
	}
	for _, c := range p.Entry.Contexts {
		if c.Need != nil { // nothing is selected there: null
			source(c.Need, "for the argument "+c.Argument)
		}
	}
}

// alternatives says of every other subgraph that has the field what it would cost to have it from there.
func (w *asker) alternatives(f *choose.Field) string {
	object := f.Place.Types[0]
	coordinate := object + "." + f.Name
	if text, ok := w.others[coordinate+w.chosen(f)]; ok {
		return text
	}
	var b strings.Builder
	chosen := map[int]bool{}
	for _, p := range f.By {
		chosen[w.planner.Graph.Nodes[p.Node].Subgraph] = true
	}
	for _, g := range w.planner.Graph.Supergraph.Graphs {
		t, field := w.has(g, object, f.Name)
		if t == nil || chosen[g.ID] {
			continue
		}
		fmt.Fprintf(&b, "    %s: %s\n", g.Name, w.alternative(g, t, field, object))
	}
	e := w.stages.Plan.Explain()
	text := fmt.Sprintf("  The plan makes %s. No other subgraph has %s.\n", e.Summary(), coordinate)
	if b.Len() > 0 {
		text = fmt.Sprintf("  The plan makes %s. With all of %s from elsewhere:\n%s", e.Summary(), coordinate, b.String())
	}
	w.others[coordinate+w.chosen(f)] = text
	return text
}

func (w *asker) chosen(f *choose.Field) string {
	var names []string
	for _, p := range f.By {
		names = append(names, w.stages.Tree.SubgraphName(p))
	}
	return " " + strings.Join(names, " ")
}

// has returns the type under which a subgraph has a field of an object type: its own, or an @interfaceObject for it.
func (w *asker) has(g *supergraph.Graph, object, name string) (*supergraph.Type, *supergraph.Field) {
	if t := g.Types[object]; t != nil {
		if f := t.Field(name); f != nil {
			return t, f
		}
		return nil, nil
	}
	for _, i := range w.planner.Graph.Interfaces(object) {
		if t := g.Types[i]; t != nil && t.InterfaceObject {
			if f := t.Field(name); f != nil {
				return t, f
			}
		}
	}
	return nil, nil
}

// alternative says what it would cost to have a field from one subgraph only.
func (w *asker) alternative(g *supergraph.Graph, t *supergraph.Type, field *supergraph.Field, object string) string {
	switch {
	case field.Overridden:
		return "it gave the field up (@override)"
	case field.OverrideLabel != "" && field.OverrideActive != w.opts.Labels[field.OverrideLabel]:
		state := "is not"
		if w.opts.Labels[field.OverrideLabel] {
			state = "is"
		}
		return fmt.Sprintf("not while the label %q %s active (@override)", field.OverrideLabel, state)
	}
	opts := w.opts
	before := opts.Except
	opts.Except = func(subgraph int, at *supergraph.Type, name string) bool {
		if before != nil && before(subgraph, at, name) {
			return true
		}
		return name == field.Name && subgraph != g.ID && (at.Name == object || at.InterfaceObject && slices.Contains(w.planner.Graph.Interfaces(object), at.Name))
	}
	made, err := w.planner.Plan(w.stages.Operation, opts)
	switch {
	case err != nil && field.External:
		return "it has the field as @external only: it can read it, but does not give it here"
	case err != nil:
		return "it cannot be had from there alone: " + strings.TrimPrefix(err.Error(), "plan: ")
	}
	e, have := made.Explain(), w.stages.Plan.Explain()
	text := e.Summary()
	switch {
	case e.Fetches == have.Fetches && e.Depth == have.Depth:
		text += ", which is no better"
	case e.Fetches < have.Fetches || e.Fetches == have.Fetches && e.Depth < have.Depth:
		text += ", which is cheaper: the search for the plan was bounded and did not find it"
	}
	if len(field.Requires) > 0 {
		text += "; it requires other fields there (@requires)"
	}
	return text
}
