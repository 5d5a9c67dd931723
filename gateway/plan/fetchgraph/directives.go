package fetchgraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/response"
)

// appliedTo are the selections that stand for a field in a subgraph's document, by the client's directives: one without any
// for most fields. A supergraph has a directive for operations only where all its subgraphs define it.
func appliedTo(f *operation.Field, subgraph int) []operation.Applied {
	if f == nil || subgraph < 0 {
		return nil
	}
	return f.Applied
}

// selections are the ways in which a member is written: its terms for each of the selections that stand for it.
func (g *Graph) selectionsOf(m *Member) []selected {
	terms := g.terms(m.Conds)
	if len(m.applied) == 0 {
		return []selected{{terms: terms}}
	}
	// One that always counts asks for all that is under the field.
	whole := slices.IndexFunc(m.applied, func(a operation.Applied) bool { return a.Cond == 0 })
	var out []selected
	for i := range m.applied {
		a := &m.applied[i]
		out = append(out, selected{a, g.and(terms, g.terms([]response.ConditionID{a.Cond})), m.Child != nil && whole >= 0 && i != whole})
	}
	return out
}

// selected is a selection that is written, once for each way its condition can hold.
type selected struct {
	applied *operation.Applied // nil: no directives
	terms   [][]response.Literal
	// bare: another one asks for what is under the field.
	bare bool
}

// terms are the ways in which at least one of some conditions can hold.
func (g *Graph) terms(conds []response.ConditionID) [][]response.Literal {
	if slices.Contains(conds, 0) || len(conds) == 0 {
		return [][]response.Literal{nil}
	}
	var out [][]response.Literal
	for _, id := range conds {
		out = append(out, g.conditions[id].Terms...)
	}
	return out
}

// and are the ways in which both hold.
func (g *Graph) and(a, b [][]response.Literal) [][]response.Literal {
	var out [][]response.Literal
	for _, x := range a {
		for _, y := range b {
			both := slices.Clone(x)
			for _, l := range y {
				if !slices.Contains(both, l) {
					both = append(both, l)
				}
			}
			out = append(out, both)
		}
	}
	return out
}

// around opens the fragments that the client's directives stand on.
func (w *writer) around(a *operation.Applied) {
	if a == nil {
		return
	}
	for _, list := range a.Around {
		w.add("...")
		w.directives(list)
		w.byte('{')
	}
}

// closing closes what around opened.
func (w *writer) closing(a *operation.Applied) {
	if a != nil {
		w.add(strings.Repeat("}", len(a.Around)))
	}
}

// own writes the client's directives of a field.
func (w *writer) own(a *operation.Applied) {
	if a != nil {
		w.directives(a.Own)
	}
}

// directives writes directives as the client has them.
func (w *writer) directives(list ast.DirectiveList) {
	for _, d := range list {
		w.add("@" + d.Name)
		for i, a := range d.Arguments {
			if i == 0 {
				w.byte('(')
			} else {
				w.byte(',')
			}
			w.add(a.Name + ":")
			w.value(a.Value)
		}
		if len(d.Arguments) > 0 {
			w.byte(')')
		}
	}
}

// operationDirectives writes those of the client's directives on the whole operation that may stand on the kind of
// operation that a fetch is.
func (w *writer) operationDirectives(f *Fetch) written {
	list := w.graph.Operation.Definition.Directives
	if len(list) == 0 || f.Subgraph < 0 {
		return written{}
	}
	location := map[ast.Operation]ast.DirectiveLocation{
		ast.Query: ast.LocationQuery, ast.Mutation: ast.LocationMutation, ast.Subscription: ast.LocationSubscription,
	}[w.graph.Kind(f)]
	at := w.begin()
	for _, d := range list {
		if def := w.graph.query().Supergraph.API.Directives[d.Name]; def != nil && slices.Contains(def.Locations, location) {
			w.directives(ast.DirectiveList{d})
		}
	}
	return w.end(at)
}
