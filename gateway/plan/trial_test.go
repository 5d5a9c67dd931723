package plan_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/internal/simulate"
	"github.com/weft-gateway/weft/internal/simulate/generate"
)

// trial is one operation on one graph, and all that the answer depends on.
type trial struct {
	sources   []simulate.Source
	data      []byte
	text      string
	variables map[string]any
	labels    map[string]bool // of progressive overrides, active or not
	fault     simulate.Fault
	pick      int  // one call in so many fails
	terse     bool // see plan.Planner
	protected []protection
}

// newTrial makes an operation on a graph, and chooses all that its answer depends on.
func newTrial(c *generate.Choices, g *generate.Graph, r *rig) trial {
	t := trial{sources: g.Sources, data: g.Data, labels: map[string]bool{}}
	for _, label := range g.Labels {
		t.labels[label] = c.Below(2) == 1
	}
	t.fault, t.pick = chooseFault(c)
	if r.graph.TakesContexts() && (t.fault == simulate.Partial || t.fault == simulate.Failing) {
		t.fault = simulate.Down // a context's value that is null because of an error is sent, and what is made of it is another answer
	}
	t.text, t.variables = generate.Operation(c, r.super.API, generate.Options{Introspection: true})
	t.terse = len(t.text)%3 == 0
	t.protected = chooseProtections(r.super.API, t.text)
	return t
}

// chooseFault chooses how calls fail: mostly not at all.
func chooseFault(c *generate.Choices) (simulate.Fault, int) {
	return simulate.Fault(max(0, c.Below(30)-24)), 1 + c.Below(3)
}

// fails says how a call fails. It depends on nothing but the call.
func (t *trial) fails(call simulate.Call) simulate.Fault {
	hash := fnv.New32a()
	hash.Write([]byte(call.Subgraph + call.Query))
	if int(hash.Sum32()>>8)%t.pick == 0 {
		return t.fault
	}
	return simulate.None
}

// check says what is wrong with the answer; nil when nothing is, or when the trial makes no sense.
func (t *trial) check() error {
	r, err := newRig(t.sources, t.data)
	if err != nil {
		return nil
	}
	_, err = t.checkWith(r)
	return err
}

// checkWith says what is wrong with the answer, and whether the operation is valid.
func (t *trial) checkWith(r *rig) (valid bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if r, err = t.setUp(r); err != nil {
		return false, fmt.Errorf("protecting: %w", err)
	}
	p, err := r.prepare(t.text)
	if errors.As(err, &gqlerror.List{}) {
		return false, nil
	}
	if err != nil && p != nil {
		return true, fmt.Errorf("planning: %w\n\n%s", err, p.plan.Explain().Text())
	}
	if err != nil {
		return true, fmt.Errorf("planning: %w", err)
	}
	if len(t.text)%16 == 0 { // now and then is enough
		again, err := r.prepare(t.text)
		if err != nil {
			return true, fmt.Errorf("planning: not the second time: %w", err)
		}
		if first, second := p.plan.Explain().Text(), again.plan.Explain().Text(); first != second {
			return true, fmt.Errorf("planning: another plan for the same operation:\n%s\n%s", first, second)
		}
	}
	if err := t.answers(r, p); err != nil {
		return true, fmt.Errorf("%w\n\n%s", err, p.plan.Explain().Text())
	}
	return true, nil
}

// setUp makes a rig over the trial's graph as the trial wants it.
func (t *trial) setUp(r *rig) (*rig, error) {
	if len(t.protected) > 0 {
		var err error
		if r, err = r.protected(t.protected, t.sources, t.data); err != nil {
			return nil, err
		}
	}
	r.graph.Labels, r.graph.Fault, r.planner.Terse = t.labels, nil, t.terse
	return r, nil
}

// answers runs the plan, and holds the answer against the monolith's.
func (t *trial) answers(r *rig, p *prepared) error {
	want := r.monolith.Execute(simulate.Request{Query: t.text, Variables: t.variables})
	if t.fault != simulate.None {
		r.graph.Fault = t.fails
	}
	r.graph.TakeMutations()
	got, err := r.run(p, t.variables)
	if err != nil {
		return fmt.Errorf("variables: %w", err)
	}
	if t.fault != simulate.None {
		if err := degradedAnswer(got, want, p.plan); err != nil {
			return fmt.Errorf("fault: %w", err)
		}
		return nil
	}
	if err := sameAnswer(got, want, t.data); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if have := r.graph.TakeMutations(); want.Data != nil && !slices.Equal(have, want.Mutations) {
		return fmt.Errorf("mutations: executed were %q, want %q", have, want.Mutations)
	}
	return nil
}

// failureKind is what a trial must still fail with while it is made smaller.
func failureKind(err error) string {
	kind, rest, _ := strings.Cut(err.Error(), ":")
	detail, _, _ := strings.Cut(rest, ",")
	if len(detail) > 24 {
		detail = detail[:24]
	}
	return kind + detail
}

// story writes the trial as a story for testdata.
func (t *trial) story() string {
	var b strings.Builder
	for _, s := range t.sources {
		fmt.Fprintf(&b, "-- subgraphs/%s.graphql --\n%s", s.Name, s.SDL)
	}
	fmt.Fprintf(&b, "-- data.json --\n%s-- operation.graphql --\n%s", t.data, t.text)
	if raw, err := json.Marshal(t.variables); err == nil && len(t.variables) > 0 {
		fmt.Fprintf(&b, "-- variables.json --\n%s\n", raw)
	}
	var labels []string
	for label, on := range t.labels {
		if on && slices.ContainsFunc(t.sources, func(s simulate.Source) bool { return strings.Contains(s.SDL, label) }) {
			labels = append(labels, label)
		}
	}
	if slices.Sort(labels); len(labels) > 0 {
		fmt.Fprintf(&b, "-- labels.txt --\n%s\n", strings.Join(labels, "\n"))
	}
	if len(t.protected) > 0 {
		b.WriteString("-- protected.txt --\n")
		for _, p := range t.protected {
			fmt.Fprintln(&b, p)
		}
	}
	if t.fault != simulate.None {
		fmt.Fprintf(&b, "-- fault: %v, of one call in %d --\n", t.fault, t.pick)
	}
	return b.String()
}
