// Package queryplan writes plans in the shape that tools around Apollo's gateways read: a tree of Sequence, Parallel,
// Fetch, Flatten, Condition and Subscription nodes.
//
// A plan of ours is a graph in which each fetch waits for just the fetches that it reads. The tree says the same wherever it
// can. It cannot where two fetches share some of what they wait for but not all: there it lets a fetch wait for more than
// it really does. A call that fetches entities at several places of the response stands once for each of them, with one
// id. Introspection, which the gateway answers itself, does not stand in the tree.
package queryplan

import (
	"reflect"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// Plan is the whole tree. Node is nil when nothing is fetched.
type Plan struct {
	Kind string `json:"kind"` // "QueryPlan"
	Node Node   `json:"node,omitempty"`
}

// Node is one of *Sequence, *Parallel, *Fetch, *Flatten, *Condition and *Subscription.
type Node interface{ node() }

// Sequence runs its nodes one after another.
type Sequence struct {
	Kind  string `json:"kind"` // "Sequence"
	Nodes []Node `json:"nodes"`
}

// Parallel runs its nodes at the same time.
type Parallel struct {
	Kind  string `json:"kind"` // "Parallel"
	Nodes []Node `json:"nodes"`
}

// Condition runs one of two nodes, by a Boolean variable of the operation.
type Condition struct {
	Kind       string `json:"kind"`      // "Condition"
	Condition  string `json:"condition"` // the variable, without $
	IfClause   Node   `json:"ifClause,omitempty"`
	ElseClause Node   `json:"elseClause,omitempty"`
}

// Flatten puts what its node answers at a place of the response: response names, and "@" for each item of a list.
type Flatten struct {
	Kind string   `json:"kind"` // "Flatten"
	Path []string `json:"path"`
	Node Node     `json:"node"`
}

// Subscription is a stream of events; Rest is run for each of them.
type Subscription struct {
	Kind    string `json:"kind"` // "Subscription"
	Primary Node   `json:"primary"`
	Rest    Node   `json:"rest,omitempty"`
}

// Fetch is a call of a subgraph, or the part of one that is for one place of the response: nodes with one ID are one call.
type Fetch struct {
	Kind           string      `json:"kind"` // "Fetch"
	ID             string      `json:"id,omitempty"`
	ServiceName    string      `json:"serviceName"`
	Requires       []Selection `json:"requires,omitempty"`
	VariableUsages []string    `json:"variableUsages"`
	Operation      string      `json:"operation"`
	OperationKind  string      `json:"operationKind"`
	OperationName  string      `json:"operationName,omitempty"`
	// ContextRewrites say where variables take their values from objects above (@fromContext).
	ContextRewrites []Rewrite `json:"contextRewrites,omitempty"`
}

// Selection is a part of what a Fetch sends as representations: a Field with a Name, or an InlineFragment with a
// TypeCondition.
type Selection struct {
	Kind          string      `json:"kind"`
	Name          string      `json:"name,omitempty"`
	TypeCondition string      `json:"typeCondition,omitempty"`
	Selections    []Selection `json:"selections,omitempty"`
}

func (*Sequence) node()     {}
func (*Parallel) node()     {}
func (*Condition) node()    {}
func (*Flatten) node()      {}
func (*Subscription) node() {}
func (*Fetch) node()        {}

// Of writes a plan, with Condition nodes for its conditions.
func Of(p *plan.Plan) Plan { return With(p, nil) }

// With writes a plan for known values of its ConditionVariables (nil: they are not known): without Condition nodes, and
// without what is not fetched then.
func With(p *plan.Plan, values []bool) Plan {
	w := &writer{plan: p, before: closure(p.Fetches)}
	if values != nil {
		w.holds = response.Hold(p.Conditions, values)
	}
	var fetches []int
	var primary Node
	for _, f := range p.Fetches {
		switch {
		case f.Kind == plan.Introspection || w.holds != nil && !p.Made(f, w.holds):
		case f.Kind == plan.Subscription:
			primary = w.fetch(f, f.Kind.String())
		default:
			fetches = append(fetches, f.ID)
		}
	}
	out := Plan{Kind: "QueryPlan", Node: w.arrange(fetches)}
	if primary != nil {
		out.Node = &Subscription{Kind: "Subscription", Primary: primary, Rest: out.Node}
	}
	return out
}

type writer struct {
	plan   *plan.Plan
	holds  []bool   // by condition; nil: it is not known
	before [][]bool // before[i][j]: fetch i waits for fetch j
}

// call writes one fetch: as it is when it is for the root, else once for each place that it is for.
func (w *writer) call(f *plan.Fetch) Node {
	if len(f.Groups) == 0 {
		return w.conditional(f.Cond, w.fetch(f, f.Kind.String()))
	}
	var nodes []Node
	var parts []*Fetch
	for i, g := range f.Groups {
		for _, t := range g.Targets {
			if w.holds != nil && !w.plan.Wanted(t, w.holds) {
				continue
			}
			part := w.fetch(f, string(ast.Query))
			part.Requires = selections(w.plan.Sent(t))
			rewrites, variables := w.contexts(f, i, t)
			part.ContextRewrites = rewrites
			part.VariableUsages = append(part.VariableUsages, variables...)
			var n Node = &Flatten{Kind: "Flatten", Path: w.path(t.Route), Node: part}
			for _, id := range slices.Backward(w.plan.TargetConditions(t)) {
				n = w.conditional(id, n)
			}
			// Targets may differ in nothing that the shape can say.
			if !slices.ContainsFunc(nodes, func(have Node) bool { return reflect.DeepEqual(have, n) }) {
				parts, nodes = append(parts, part), append(nodes, n)
			}
		}
	}
	if len(parts) > 1 {
		for _, part := range parts {
			part.ID = id(f)
		}
	}
	return parallel(nodes)
}

func (w *writer) fetch(f *plan.Fetch, kind string) *Fetch {
	return &Fetch{
		Kind:           "Fetch",
		ServiceName:    f.Name,
		VariableUsages: append([]string{}, f.Variables...),
		Operation:      f.Operation,
		OperationKind:  kind,
		OperationName:  f.OperationName,
	}
}

func (w *writer) path(r response.Route) []string {
	path := []string{}
	w.plan.Walk(r, func(f *response.Field) {
		path = append(path, f.Name)
		for t := f.Type; t != nil && t.Elem != nil; t = t.Elem {
			path = append(path, "@")
		}
	})
	return path
}
