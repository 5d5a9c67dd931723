package why

import (
	"fmt"
	"strings"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// alternatives says of every other subgraph that has the field what it would cost to have it from there.
func (w *asker) alternatives(f *choose.Field) string {
	asked := strings.Join(f.Place.Types, " ") + "." + f.Name + w.chosen(f)
	if text, ok := w.others[asked]; ok {
		return text
	}
	var b strings.Builder
	chosen := map[int]bool{}
	for _, p := range f.By {
		chosen[w.planner.Graph.Nodes[p.Node].Subgraph] = true
	}
	for _, g := range w.planner.Graph.Supergraph.Graphs {
		field := w.has(g, f.Place.Types[0], f.Name) // and so it has the others
		if field == nil || chosen[g.ID] {
			continue
		}
		fmt.Fprintf(&b, "    %s: %s\n", g.Name, w.alternative(g, field, f.Place.Types))
	}
	e := w.stages.Plan.Explain()
	text := fmt.Sprintf("  The plan makes %s. No other subgraph has the field.\n", e.Summary())
	if b.Len() > 0 {
		text = fmt.Sprintf("  The plan makes %s. With the field from elsewhere, in the whole operation:\n%s", e.Summary(), b.String())
	}
	w.others[asked] = text
	return text
}

func (w *asker) chosen(f *choose.Field) string {
	var names []string
	for _, p := range f.By {
		names = append(names, w.stages.Tree.SubgraphName(p))
	}
	return " " + strings.Join(names, " ")
}

// has returns a field of an object type as a subgraph has it, in the type itself or in an @interfaceObject for it; or nil.
func (w *asker) has(g *supergraph.Graph, object, name string) *supergraph.Field {
	if t := g.Types[object]; t != nil {
		return t.Field(name)
	}
	for _, i := range w.planner.Graph.Interfaces(object) {
		if t := g.Types[i]; t != nil && t.InterfaceObject {
			if f := t.Field(name); f != nil {
				return f
			}
		}
	}
	return nil
}

// alternative says what it would cost to have a field of some object types from one subgraph only.
func (w *asker) alternative(g *supergraph.Graph, field *supergraph.Field, objects []string) string {
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
	object, interfaces := map[string]bool{}, map[string]bool{}
	for _, name := range objects {
		object[name] = true
		for _, i := range w.planner.Graph.Interfaces(name) {
			interfaces[i] = true
		}
	}
	opts := w.opts
	before := opts.Except
	opts.Except = func(subgraph int, at *supergraph.Type, name string) bool {
		if before != nil && before(subgraph, at, name) {
			return true
		}
		return name == field.Name && subgraph != g.ID && (object[at.Name] || at.InterfaceObject && interfaces[at.Name])
	}
	made, err := w.planner.Plan(w.stages.Operation, opts)
	switch {
	case err != nil && field.External:
		return "it has the field as @external only: it can read it, but does not give it here"
	case err != nil:
		return "no plan, for with nobody else to give it there would be " + strings.TrimPrefix(err.Error(), "plan: ")
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
