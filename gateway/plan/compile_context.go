package plan

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
	"github.com/weft-gateway/weft/gateway/response"
)

// scopes numbers the objects that values are read from for fields further down, and prepares the targets that take them.
func (c *compiler) scopes() {
	c.eachContextual(func(at answer, t *fetchgraph.Target) {
		c.contexts[at] = &response.Contexts{}
		for _, value := range fetchgraph.ContextsOf(t) {
			fork := value.Need.Field.Place.Fork
			if c.scope[fork] == 0 {
				c.scope[fork] = len(c.scope) + 1
			}
		}
	})
	c.plan.Scopes = len(c.scope)
}

// eachContextual calls do for each target whose entities are asked for with values.
func (c *compiler) eachContextual(do func(answer, *fetchgraph.Target)) {
	for i, f := range c.graph.Fetches {
		if f.Template == nil {
			continue
		}
		for j, group := range f.Groups {
			for k, t := range group.Targets {
				if len(fetchgraph.ContextsOf(t)) > 0 {
					do(answer{i, j, k}, t)
				}
			}
		}
	}
}

// values compiles where the values are read. The shape is compiled already.
func (c *compiler) values() {
	c.eachContextual(func(at answer, t *fetchgraph.Target) {
		for _, value := range fetchgraph.ContextsOf(t) {
			field := value.Need.Field
			c.contexts[at].Values = append(c.contexts[at].Values, response.ContextValue{
				Object: c.objects[field.Place.Fork],
				Case:   c.cases[field.Place],
				Pick:   c.pick(field, value.Need.Set),
			})
			if field.Place != t.Place {
				c.markContextual(t.Fork.Field, field.Place)
			}
		}
	})
}

// pick compiles the way from an object to the leaf that a context's selection selects.
func (c *compiler) pick(f *choose.Field, set ast.SelectionSet) response.Pick {
	out := response.Pick{Field: c.fields[f]}
	if f.Fork == nil {
		return out
	}
	out.Cases = make([]*response.Pick, len(c.objects[f.Fork].Cases))
	for _, place := range f.Fork.Places {
		i, ok := c.cases[place]
		if !ok {
			continue
		}
		fetchgraph.EachNeed(c.graph, place, set, func(field *choose.Field, set ast.SelectionSet) {
			if out.Cases[i] == nil {
				next := c.pick(field, set)
				out.Cases[i] = &next
			}
		})
	}
	return out
}

// markContextual marks the fields that lead from the objects of a place to those under a field: what is under them is not
// the same wherever the same node stands.
func (c *compiler) markContextual(f *choose.Field, from *choose.Place) {
	for ; f != nil; f = f.Place.Fork.Field {
		o := c.objects[f.Place.Fork]
		fields := o.Before
		if f.Place != f.Place.Fork.Before {
			fields = o.Cases[c.cases[f.Place]].Fields
		}
		fields[c.fields[f]].Contextual = true
		if f.Place == from {
			return
		}
	}
}
