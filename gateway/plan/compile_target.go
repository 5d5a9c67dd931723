package plan

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
	"github.com/weft-gateway/weft/gateway/response"
)

// target compiles where a group's objects are and how they are represented. The shape is compiled already.
func (c *compiler) target(t *fetchgraph.Target, entities bool, contexts *response.Contexts) Target {
	out := Target{
		Route: c.route(t),
		Slot:  c.slots[t.Presences[0]],
		From:  c.slots[t.From],
		Cond:  t.Cond,

		Contexts: contexts,
	}
	out.Route.Case = -1
	if t.Place != nil {
		out.Route.Case = c.cases[t.Place]
	}
	if entities {
		out.Representation = c.representation(t)
	}
	return out
}

func (c *compiler) route(t *fetchgraph.Target) response.Route {
	var steps []response.Step
	for f := t.Fork; f.Field != nil; f = f.Field.Place.Fork {
		place := f.Field.Place
		if place == place.Fork.Before {
			steps = append(steps, response.Step{Case: -1, Field: c.fields[f.Field]})
			continue
		}
		steps = append(steps, response.Step{Case: c.cases[place], Field: c.fields[f.Field], Early: t.Early(place.Fork)})
	}
	slices.Reverse(steps)
	return response.Route{Steps: steps}
}

// need is a member of a representation while needs are collected: several may select under one composite field.
type need struct {
	field *choose.Field
	key   bool
	sets  []ast.SelectionSet
}

func (c *compiler) representation(t *fetchgraph.Target) *response.Representation {
	var needs []need
	entry := t.Presences[0].Entry
	for _, p := range t.Presences {
		for _, n := range p.Entry.Needs {
			needs = collect(needs, n.Field, n.Key, n.Set)
		}
	}
	rc := response.RepresentationCase{Fields: c.members(needs)}
	place := t.Place
	switch {
	case entry.Typename != "":
		rc.Constant = entry.Typename
	case place != nil && len(place.Types) == 1:
		rc.Constant = place.Types[0]
	default:
		rc.Runtime = true
	}
	if place == nil {
		return &response.Representation{Cases: []response.RepresentationCase{rc}}
	}
	out := &response.Representation{Cases: make([]response.RepresentationCase, len(c.objects[t.Fork].Cases))}
	out.Cases[c.cases[place]] = rc
	return out
}

func collect(needs []need, f *choose.Field, key bool, set ast.SelectionSet) []need {
	i := slices.IndexFunc(needs, func(n need) bool { return n.field == f })
	if i < 0 {
		i = len(needs)
		needs = append(needs, need{field: f})
	}
	needs[i].key = needs[i].key || key
	if len(set) > 0 {
		needs[i].sets = append(needs[i].sets, set)
	}
	return needs
}

func (c *compiler) members(needs []need) []response.RepresentationField {
	var out []response.RepresentationField
	for _, n := range needs {
		f := response.RepresentationField{Key: c.planner.words.key(n.field.Name), Field: c.fields[n.field], Required: n.key}
		if n.field.Fork != nil {
			f.Object = c.nested(n.field.Fork, n.sets, n.key)
		}
		out = append(out, f)
	}
	return out
}

// nested compiles how objects in a representation are rendered.
func (c *compiler) nested(f *choose.Fork, sets []ast.SelectionSet, key bool) *response.Representation {
	out := &response.Representation{Cases: make([]response.RepresentationCase, len(c.objects[f].Cases))}
	for _, place := range f.Places {
		i, ok := c.cases[place]
		if !ok {
			continue
		}
		var needs []need
		for _, set := range sets {
			fetchgraph.EachNeed(c.graph, place, set, func(field *choose.Field, set ast.SelectionSet) {
				needs = collect(needs, field, key, set)
			})
		}
		out.Cases[i] = response.RepresentationCase{Fields: c.members(needs)}
		// Where types are hidden, who has to be told them says so: others may know the objects by another name.
		asked := slices.ContainsFunc(sets, choose.SelectsTypename)
		switch {
		case f.Typename != nil:
			out.Cases[i].Runtime = asked || !c.planner.Graph.HidesTypes()
		case asked:
			out.Cases[i].Constant = place.Types[0]
		}
	}
	return out
}
