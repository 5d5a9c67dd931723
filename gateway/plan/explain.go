package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/response"
)

// Explanation is a plan as people read it: see Text, Outline, Dot and Mermaid. For the shape that tools read see package
// queryplan.
type Explanation struct {
	Fetches int // that are made, without those that are not expected to be
	Depth   int // how many of them run one after another at most
	Plan    []Node
}

// Node is one fetch of an Explanation.
type Node struct {
	ID        int
	Kind      string // query, mutation, subscription, entities, introspection
	Subgraph  string
	DependsOn []int
	At        []Entered // where in the response the fetched entities belong; nothing for a root
	Operation string
	// Condition says when the fetch is made ("$a and not $b"); empty: always. Where the variables are known it is there only
	// for a fetch that is NotMade.
	Condition string
	NotMade   bool
	// Unexpected: it is made only when objects come that should not, of types that another subgraph which resolves the same
	// field does not know there.
	Unexpected bool
}

// Entered is where entities are that a fetch asks about.
type Entered struct {
	Path string // response names, [] after lists
	// Types are the object types that it is about; none: all that are there.
	Types []string
	Sends string // what is sent for each; "": nothing
}

func (k FetchKind) String() string {
	switch k {
	case Query:
		return "query"
	case Mutation:
		return "mutation"
	case Subscription:
		return "subscription"
	case Entities:
		return "entities"
	case Introspection:
		return "introspection"
	}
	return "unknown"
}

// Explain describes the plan, whatever the variables of its conditions are. Introspection is no fetch: the gateway answers
// it itself.
func (p *Plan) Explain() Explanation { return p.ExplainWith(nil) }

// ExplainWith describes the plan for known values of ConditionVariables (nil: they are not known): a fetch whose condition
// does not hold is not made.
func (p *Plan) ExplainWith(values []bool) Explanation {
	e := Explanation{Plan: []Node{}}
	depth := make([]int, len(p.Fetches))
	var holds []bool
	if values != nil {
		holds = response.Hold(p.Conditions, values)
	}
	for i, f := range p.Fetches {
		n := Node{
			ID:        f.ID,
			Kind:      f.Kind.String(),
			Subgraph:  f.Name,
			DependsOn: append([]int{}, f.DependsOn...),
			Operation: f.Operation,
			Condition: p.when(f),

			Unexpected: f.Unexpected,
		}
		if values != nil {
			n.NotMade = !p.Made(f, holds)
			if !n.NotMade {
				n.Condition = ""
			}
		}
		for _, d := range f.DependsOn {
			depth[i] = max(depth[i], depth[d])
		}
		if f.Kind != Introspection && !n.NotMade && !n.Unexpected {
			depth[i]++
			e.Fetches++
		}
		e.Depth = max(e.Depth, depth[i])
		for group, g := range f.Groups {
			for _, t := range g.Targets {
				n.At = append(n.At, Entered{p.path(t.Route), p.targetTypes(t), p.sends(f, group, t)})
			}
		}
		e.Plan = append(e.Plan, n)
	}
	return e
}

// TargetConditions are the conditions that must all hold for a fetch to ask for a target: the target's own, and those of the
// fields that lead to it.
func (p *Plan) TargetConditions(t Target) []response.ConditionID {
	var out []response.ConditionID
	add := func(id response.ConditionID) {
		if id != 0 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	p.Walk(t.Route, func(f *response.Field) { add(f.Cond) })
	add(t.Cond)
	return out
}

// Wanted reports whether a fetch can ask for a target when the conditions hold as given.
func (p *Plan) Wanted(t Target, holds []bool) bool {
	return !slices.ContainsFunc(p.TargetConditions(t), func(id response.ConditionID) bool { return !holds[id] })
}

// Made reports whether a fetch can be made when the conditions hold as given. It is not made, all the same, where there
// turns out to be nothing to ask for.
func (p *Plan) Made(f *Fetch, holds []bool) bool {
	if len(f.Groups) == 0 || !holds[f.Cond] {
		return holds[f.Cond]
	}
	return slices.ContainsFunc(f.Groups, func(g Group) bool {
		return slices.ContainsFunc(g.Targets, func(t Target) bool { return p.Wanted(t, holds) })
	})
}

// when says when a fetch is made; "" is always.
func (p *Plan) when(f *Fetch) string {
	if len(f.Groups) == 0 {
		return response.ConditionText(p.Conditions, f.Cond, p.ConditionVariables)
	}
	var ways []string
	for _, g := range f.Groups {
		for _, t := range g.Targets {
			var all []string
			conditions := p.TargetConditions(t)
			for _, id := range conditions {
				text := response.ConditionText(p.Conditions, id, p.ConditionVariables)
				if len(conditions) > 1 && strings.Contains(text, " or ") {
					text = "(" + text + ")"
				}
				all = append(all, text)
			}
			way := strings.Join(all, " and ")
			if way == "" {
				return ""
			}
			if !slices.Contains(ways, way) {
				ways = append(ways, way)
			}
		}
	}
	return strings.Join(ways, ", or ")
}

// Walk follows a route through the shape of the response: it calls step for the field of each step, and returns the object
// where the route ends.
func (p *Plan) Walk(r response.Route, step func(*response.Field)) *response.Object {
	o := p.Root
	for _, s := range r.Steps {
		fields := o.Before
		if s.Case >= 0 {
			fields = o.Cases[s.Case].Fields
		}
		f := &fields[s.Field]
		step(f)
		o = f.Object
	}
	return o
}

// path writes a route as response names.
func (p *Plan) path(r response.Route) string {
	var b strings.Builder
	p.Walk(r, func(f *response.Field) {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(f.Name)
		for t := f.Type; t != nil && t.Elem != nil; t = t.Elem {
			b.WriteString("[]")
		}
	})
	return b.String()
}

// Text is the explanation as a person reads it.
func (e Explanation) Text() string {
	return e.Summary() + "\n" + e.Calls()
}

// Calls lists the fetches: whom each asks, what it waits for, where its answer belongs and what is sent. A blank line comes
// before each.
func (e Explanation) Calls() string {
	var b strings.Builder
	for _, n := range e.Plan {
		if n.NotMade {
			continue
		}
		b.WriteByte('\n')
		fmt.Fprintf(&b, "[%d] %s · %s", n.ID, n.who(), n.Kind)
		if len(n.DependsOn) > 0 {
			b.WriteString(" · after " + numbers(n.DependsOn))
		}
		if n.Unexpected {
			b.WriteString(" · not expected")
		}
		b.WriteByte('\n')
		for _, place := range places(n.At) {
			b.WriteString("    at " + place + "\n")
		}
		for line := range strings.Lines(Pretty(n.Operation)) {
			b.WriteString("    " + line)
		}
	}
	return b.String()
}

// Summary is how many calls the plan takes and how many of them run one after another.
func (e Explanation) Summary() string {
	return Count(e.Fetches, "fetch", "fetches") + ", " + Count(e.Depth, "step", "steps")
}

// Places say where the entities are, each path once.
func (n Node) Places() []string {
	at := slices.Clone(n.At)
	for i := range at {
		at[i].Sends = ""
	}
	return places(at)
}

// places write where entities are, once for those at one path for which the same is sent.
func places(at []Entered) []string {
	var all []Entered
	for _, e := range at {
		i := slices.IndexFunc(all, func(have Entered) bool { return have.Path == e.Path && have.Sends == e.Sends })
		switch {
		case e.Path == "":
		case i < 0:
			e.Types = slices.Clone(e.Types)
			all = append(all, e)
		case len(all[i].Types) == 0 || len(e.Types) == 0:
			all[i].Types = nil
		default:
			all[i].Types = append(all[i].Types, e.Types...)
			slices.Sort(all[i].Types)
			all[i].Types = slices.Compact(all[i].Types)
		}
	}
	var out []string
	for _, e := range all {
		text := e.Path
		if len(e.Types) > 0 {
			text += " (" + choose.Listed(e.Types) + ")"
		}
		if e.Sends != "" {
			text += ", sending " + e.Sends
		}
		out = append(out, text)
	}
	return out
}

func (n Node) who() string {
	if n.Kind == "introspection" {
		return "the gateway itself"
	}
	return n.Subgraph
}

// Count is a number of things in words: "1 fetch", "2 fetches".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Pretty lays an operation out over lines; a text that does not parse stays as it is.
func Pretty(operation string) string {
	doc, err := parser.ParseQuery(&ast.Source{Input: operation})
	if err != nil {
		return operation + "\n"
	}
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatQueryDocument(doc)
	return b.String()
}

// numbers writes the ids of fetches.
func numbers(ids []int) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = fmt.Sprintf("[%d]", id)
	}
	return strings.Join(out, " ")
}
