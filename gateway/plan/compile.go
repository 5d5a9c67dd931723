package plan

import (
	"errors"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
	"github.com/weft-gateway/weft/gateway/response"
)

// compiler turns a fetch graph into a Plan: the fetches as they are sent, and the shape of the response.
type compiler struct {
	planner *Planner
	options Options
	graph   *fetchgraph.Graph
	op      *operation.Operation
	plan    *Plan
	answers map[*choose.Presence]answer // where an entry's objects are answered
	slots   map[*choose.Presence]int
	cases   map[*choose.Place]int
	fields  map[*choose.Field]int // index in its case
	objects map[*choose.Fork]*response.Object
	scope   map[*choose.Fork]int // of objects that values are read from for fields further down
	// contexts are the values of the targets that take any.
	contexts map[answer]*response.Contexts
	full     bool // no more response names
}

type answer struct{ fetch, group, target int }

func (p *Planner) compile(graph *fetchgraph.Graph, op *operation.Operation, options Options) (*Plan, error) {
	c := &compiler{
		planner: p,
		options: options,
		graph:   graph,
		op:      op,
		plan: &Plan{
			Kind:               op.Kind,
			Names:              response.NewNames(),
			Conditions:         graph.Conditions(),
			ConditionVariables: op.ConditionVariables,
		},
		answers: map[*choose.Presence]answer{},
		slots:   map[*choose.Presence]int{},
		cases:   map[*choose.Place]int{},
		fields:  map[*choose.Field]int{},
		objects: map[*choose.Fork]*response.Object{},

		scope:    map[*choose.Fork]int{},
		contexts: map[answer]*response.Contexts{},
	}
	for i, f := range graph.Fetches {
		for j, group := range f.Groups {
			for k, t := range group.Targets {
				for _, p := range t.Presences {
					c.answers[p] = answer{i, j, k}
				}
			}
		}
	}
	c.scopes()
	c.plan.Root = c.object(graph.Tree.Root)
	c.values()
	c.plan.Fetches = make([]*Fetch, 0, len(graph.Fetches))
	for _, f := range graph.Fetches {
		c.plan.Fetches = append(c.plan.Fetches, c.fetch(f))
	}
	if c.full {
		return nil, errors.New("the operation has too many different response names")
	}
	return c.plan, nil
}

func (c *compiler) name(text string) response.Name {
	n := c.plan.Names.Intern(text)
	if n == 0 {
		c.full = true
	}
	return n
}

func (c *compiler) fetch(f *fetchgraph.Fetch) *Fetch {
	out := &Fetch{
		ID:         f.ID,
		Subgraph:   f.Subgraph,
		DependsOn:  fetchIDs(f.DependsOn),
		Dependents: fetchIDs(f.Dependents),
		Cond:       f.Cond,
		Operation:  f.Document,
		Variables:  f.Variables,
		Template:   f.Template,

		OperationName: f.Name,
		Unexpected:    f.Unexpected(),
	}
	if f.Subgraph >= 0 {
		out.Name = c.planner.Graph.Supergraph.Graphs[f.Subgraph].Name
	}
	switch {
	case f.Subgraph < 0:
		out.Kind = Introspection
	case f.Root && c.op.Kind == ast.Mutation:
		out.Kind = Mutation
	case f.Root && c.op.Kind == ast.Subscription:
		out.Kind = Subscription
	case !f.Root && f.Groups[0].Targets[0].Presences[0].Entry.Key != nil:
		out.Kind = Entities
	}
	if f.Root {
		return out
	}
	out.Groups = make([]Group, 0, len(f.Groups))
	for _, group := range f.Groups {
		g := Group{Variable: group.Variable}
		if out.Kind == Entities {
			g.Name = c.name(group.Alias)
		}
		g.Targets = make([]Target, 0, len(group.Targets))
		for _, t := range group.Targets {
			g.Targets = append(g.Targets, c.target(t, out.Kind == Entities, c.contexts[c.answers[t.Presences[0]]]))
		}
		out.Groups = append(out.Groups, g)
	}
	return out
}

func fetchIDs(fetches []*fetchgraph.Fetch) []int {
	var ids []int
	for _, f := range fetches {
		ids = append(ids, f.ID)
	}
	slices.Sort(ids)
	return ids
}

// object compiles the shape of a fork.
func (c *compiler) object(f *choose.Fork) *response.Object {
	o := &response.Object{TypeName: response.Source{Slot: -1}, Scope: c.scope[f]}
	c.objects[f] = o
	next := 0
	if f.Field == nil {
		for _, place := range f.Places {
			for _, p := range place.Entries {
				if p.Used {
					c.slots[p] = next
					next++
					c.plan.Roots = append(c.plan.Roots, c.answers[p].fetch)
				}
			}
		}
	} else {
		for _, p := range f.Inherited {
			c.slots[p] = next
			next++
		}
	}
	o.Inherited = next
	if f.Before != nil {
		o.Before = make([]response.Field, 0, len(f.Before.Fields))
		for _, field := range f.Before.Fields {
			c.fields[field] = len(o.Before)
			o.Before = append(o.Before, c.field(field))
		}
		o.Links, next = c.links(f.Entries, next)
	}
	if f.Typename != nil {
		o.TypeName = response.Source{Slot: c.slots[f.Typename], Name: c.name("__typename")}
	}
	o.Cases = make([]response.Case, 0, len(f.Places))
	for _, place := range f.Places {
		types := c.told(f, place.Types)
		if place.Absent || len(types) == 0 {
			continue
		}
		k := response.Case{Fields: make([]response.Field, 0, len(place.Fields))}
		if f.Typename != nil {
			k.Types = types
		}
		if f.Field != nil {
			k.Links, _ = c.links(place.Entries, next)
		}
		c.cases[place] = len(o.Cases)
		k.Fields = make([]response.Field, 0, len(place.Fields))
		for i, field := range place.Fields {
			c.fields[field] = i
			k.Fields = append(k.Fields, c.field(field))
		}
		k.Order = c.order(place)
		o.Cases = append(o.Cases, k)
	}
	return o
}

// told are those of an object's types that whoever reads it may know: clients see no objects of types that are @inaccessible,
// while keys and @requires of subgraphs may well be made of them.
func (c *compiler) told(f *choose.Fork, types []string) []string {
	if f.Field != nil && f.Field.Hidden() {
		return types
	}
	return slices.DeleteFunc(slices.Clone(types), func(t string) bool { return c.planner.Graph.Supergraph.API.Types[t] == nil })
}

// order is the response order of a place where it depends on variables. The client's fields come first in a place, as they
// are in the operation.
func (c *compiler) order(place *choose.Place) []response.Turn {
	set := c.op.Root
	if f := place.Fork.Field; f != nil {
		if f.Op == nil {
			return nil
		}
		set = f.Op.Set
	}
	for _, oc := range set.Cases {
		if _, ok := slices.BinarySearch(oc.Types, place.Types[0]); ok || len(set.Cases) == 1 {
			return oc.Order
		}
	}
	return nil
}

// links gives slots to entries, from next on; entries answered together share one.
func (c *compiler) links(entries []*choose.Presence, next int) ([]response.Link, int) {
	var links []response.Link
	given := map[answer]int{}
	for _, p := range entries {
		a, ok := c.answers[p]
		if !ok {
			continue
		}
		if slot, shared := given[a]; shared {
			c.slots[p] = slot
			continue
		}
		t := c.graph.Fetches[a.fetch].Groups[a.group].Targets[a.target]
		given[a], c.slots[p] = next, next
		links = append(links, response.Link{From: c.slots[t.From], Fetch: a.fetch, Group: a.group, Target: a.target, Contexts: c.contexts[a]})
		next++
	}
	return slices.Clip(links), next
}

// field compiles a field. The slots of its place are known.
func (c *compiler) field(f *choose.Field) response.Field {
	out := response.Field{
		Name:       f.Name,
		Hidden:     f.Hidden(),
		Cond:       f.Cond,
		Coordinate: c.planner.words.coordinate(f.Place.Types[0], f.Name),
	}
	if f.Op != nil {
		out.Name = f.Op.Response
	}
	if out.Name == f.Name {
		out.Key = c.planner.words.key(f.Name)
	} else {
		out.Key = key(out.Name)
	}
	if f.Name == "__typename" {
		out.Kind, out.Scalar, out.Type = response.TypeName, response.String, &named[1]
		if len(f.Place.Types) == 1 {
			out.Constant = f.Place.Types[0]
			if f.Place.Fork.Field == nil {
				out.Constant = c.rootName()
			}
		}
		return out
	}
	out.Type = wrapping(f.Definition.Type)
	if f.Denied {
		out.Kind, out.Denial = response.Denied, c.denial(f)
		return out
	}
	out.Sources = make([]response.Source, 0, len(f.By))
	for _, p := range f.By {
		out.Sources = append(out.Sources, response.Source{Slot: c.slots[p], Name: c.name(c.graph.Member(f, p).Response)})
	}
	if f.Fork != nil {
		out.Kind, out.Object = response.Composite, c.object(f.Fork)
		return out
	}
	out.Scalar, out.Values = c.scalar(f)
	return out
}

// rootName is what the API schema calls the operation's root type.
func (c *compiler) rootName() string {
	api := c.planner.Graph.Supergraph.API
	switch {
	case c.op.Kind == ast.Mutation && api.Mutation != nil:
		return api.Mutation.Name
	case c.op.Kind == ast.Subscription && api.Subscription != nil:
		return api.Subscription.Name
	}
	return api.Query.Name
}

func (c *compiler) scalar(f *choose.Field) (response.Scalar, []string) {
	if f.Hidden() {
		return response.Any, nil
	}
	name := f.Definition.Type.Name()
	switch name {
	case "Int":
		return response.Int, nil
	case "Float":
		return response.Float, nil
	case "String":
		return response.String, nil
	case "Boolean":
		return response.Boolean, nil
	case "ID":
		return response.ID, nil
	}
	if def := c.planner.Graph.Supergraph.API.Types[name]; def != nil && def.Kind == ast.Enum {
		return response.Enum, c.planner.words.enum(def)
	}
	return response.Any, nil
}

// denial says why a field is not given.
func (c *compiler) denial(f *choose.Field) *response.Denial {
	coordinate := f.Place.Types[0] + "." + f.Name
	message := "Not authorized to access " + coordinate + "."
	if c.options.Denial != nil {
		message = c.options.Denial(f.Op.Requirement, coordinate)
	}
	return &response.Denial{Code: codeUnauthorized, Message: message}
}

// codeUnauthorized is the code of the error in the place of a field that the caller may not see.
const codeUnauthorized = "UNAUTHORIZED_FIELD_OR_TYPE"
