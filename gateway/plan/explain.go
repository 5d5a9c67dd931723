package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/gateway/response"
)

// Explanation is a plan as tools read it.
type Explanation struct {
	Fetches int    `json:"fetches"`
	Depth   int    `json:"depth"` // how many fetches run one after another at most
	Plan    []Node `json:"plan"`
}

// Node is one fetch of an Explanation.
type Node struct {
	ID        int    `json:"id"`
	Kind      string `json:"kind"` // query, mutation, subscription, entities, introspection
	Subgraph  string `json:"subgraph"`
	DependsOn []int  `json:"dependsOn"`
	// Paths are where in the response the fetched entities belong: response names, [] after lists.
	Paths     []string `json:"paths,omitempty"`
	Operation string   `json:"operation"`
	Variables []string `json:"variables,omitempty"`
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

// Explain describes the plan. Introspection is no fetch: the gateway answers it itself.
func (p *Plan) Explain() Explanation {
	e := Explanation{Plan: []Node{}}
	depth := make([]int, len(p.Fetches))
	for i, f := range p.Fetches {
		n := Node{
			ID:        f.ID,
			Kind:      f.Kind.String(),
			Subgraph:  f.Name,
			DependsOn: append([]int{}, f.DependsOn...),
			Operation: f.Operation,
			Variables: f.Variables,
		}
		for _, d := range f.DependsOn {
			depth[i] = max(depth[i], depth[d])
		}
		if f.Kind != Introspection {
			depth[i]++
			e.Fetches++
		}
		e.Depth = max(e.Depth, depth[i])
		for _, g := range f.Groups {
			for _, t := range g.Targets {
				n.Paths = append(n.Paths, p.path(t.Route))
			}
		}
		e.Plan = append(e.Plan, n)
	}
	return e
}

// path writes a route as response names.
func (p *Plan) path(r response.Route) string {
	var b strings.Builder
	o := p.Root
	for i, step := range r.Steps {
		fields := o.Before
		if step.Case >= 0 {
			fields = o.Cases[step.Case].Fields
		}
		f := &fields[step.Field]
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(f.Name)
		for t := f.Type; t != nil && t.Elem != nil; t = t.Elem {
			b.WriteString("[]")
		}
		o = f.Object
	}
	if r.Case >= 0 && r.Case < len(o.Cases) && o.Cases[r.Case].Types != nil {
		b.WriteString(" (" + strings.Join(o.Cases[r.Case].Types, ", ") + ")")
	}
	return b.String()
}

// JSON is the explanation as JSON, indented.
func (e Explanation) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(e)
	return b.Bytes(), err
}

// Text is the explanation as a person reads it.
func (e Explanation) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s\n", count(e.Fetches, "fetch", "fetches"), count(e.Depth, "step", "steps"))
	for _, n := range e.Plan {
		b.WriteByte('\n')
		who := n.Subgraph
		if n.Kind == "introspection" {
			who = "the gateway itself"
		}
		fmt.Fprintf(&b, "[%d] %s · %s", n.ID, who, n.Kind)
		if len(n.DependsOn) > 0 {
			ids := make([]string, len(n.DependsOn))
			for i, d := range n.DependsOn {
				ids[i] = fmt.Sprintf("[%d]", d)
			}
			fmt.Fprintf(&b, " · after %s", strings.Join(ids, " "))
		}
		b.WriteByte('\n')
		for _, path := range n.Paths {
			if path == "" {
				continue
			}
			fmt.Fprintf(&b, "    at %s\n", path)
		}
		for line := range strings.Lines(Pretty(n.Operation)) {
			b.WriteString("    " + line)
		}
	}
	return b.String()
}

func count(n int, one, many string) string {
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
