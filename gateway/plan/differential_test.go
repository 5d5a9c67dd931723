package plan_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/internal/simulate"
	"github.com/weft-gateway/weft/internal/simulate/generate"
)

// operationsPerGraph is how many operations are tried on one random graph.
const operationsPerGraph = 6

// TestDifferential holds the gateway against one server that has all the data: for random graphs, data and operations the
// answers are the same, and every plan is sound. WEFT_DIFFERENTIAL=N tries N operations instead of a few hundred;
// WEFT_SEED sets the first seed.
func TestDifferential(t *testing.T) {
	graphs, seed := 100, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("WEFT_DIFFERENTIAL")); err == nil {
		graphs = n / operationsPerGraph
	}
	if n, err := strconv.ParseUint(os.Getenv("WEFT_SEED"), 10, 64); err == nil {
		seed = n
	}
	var total tally
	failures := 0
	for i := range graphs {
		c := generate.Seeded(seed + uint64(i))
		err := tryCase(c, &total)
		if err == nil {
			continue
		}
		kind := failureKind(err)
		least := generate.Shrink(c.Taken, 1500, func(choices []int) bool {
			again := tryCase(generate.Replay(choices), &tally{})
			return again != nil && failureKind(again) == kind
		})
		t.Errorf("seed %d: %v", seed+uint64(i), tryCase(generate.Replay(least), &tally{}))
		if failures++; failures == 5 {
			break
		}
	}
	t.Logf("seeds from %d: %d graphs, %d of them composed, %d operations, %d of them valid", seed, graphs, total.composed, total.operations, total.valid)
	if total.composed < graphs/3 || total.valid < total.operations/3 {
		t.Error("most of the cases are no use")
	}
}

type tally struct{ composed, operations, valid int }

// failureKind is what a case must still fail with while it is made smaller.
func failureKind(err error) string {
	first, _, _ := strings.Cut(err.Error(), ":")
	return first
}

// tryCase makes a graph and operations on it and says what is wrong, with the whole case as a txtar story.
func tryCase(c *generate.Choices, total *tally) error {
	g := generate.NewGraph(c)
	r, err := newRig(g.Sources, g.Data)
	if errors.As(err, &errNotComposed{}) {
		return nil
	}
	if err != nil {
		return story(err, g, "", nil)
	}
	total.composed++
	for range operationsPerGraph {
		r.graph.Labels = map[string]bool{}
		for _, label := range g.Labels {
			r.graph.Labels[label] = c.Below(2) == 1
		}
		text, variables := generate.Operation(c, r.super.API, generate.Options{Introspection: true})
		total.operations++
		if err := r.differs(text, variables, total); err != nil {
			return story(err, g, text, variables)
		}
	}
	return nil
}

// differs says what is wrong with the answer to an operation.
func (r *rig) differs(text string, variables map[string]any, total *tally) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	p, err := r.prepare(text)
	if errors.As(err, &gqlerror.List{}) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("planning: %w", err)
	}
	total.valid++
	again, err := r.prepare(text)
	if err != nil || again.plan.Explain().Text() != p.plan.Explain().Text() {
		return fmt.Errorf("planning: another plan for the same operation (%v):\n%s\n%s", err, p.plan.Explain().Text(), again.plan.Explain().Text())
	}
	r.graph.TakeMutations()
	got, err := r.run(p, variables)
	if err != nil {
		return fmt.Errorf("variables: %w", err)
	}
	want := r.monolith.Execute(simulate.Request{Query: text, Variables: variables})
	if err := sameAnswer(got, want); err != nil {
		return fmt.Errorf("answer: %w\n%s", err, p.plan.Explain().Text())
	}
	if have := r.graph.TakeMutations(); want.Data != nil && !slices.Equal(have, want.Mutations) {
		return fmt.Errorf("mutations: executed were %q, want %q\n%s", have, want.Mutations, p.plan.Explain().Text())
	}
	return nil
}

func story(err error, g *generate.Graph, text string, variables map[string]any) error {
	var b strings.Builder
	for _, s := range g.Sources {
		fmt.Fprintf(&b, "-- subgraphs/%s.graphql --\n%s\n", s.Name, s.SDL)
	}
	fmt.Fprintf(&b, "-- data.json --\n%s-- operation.graphql --\n%s", g.Data, text)
	if len(variables) > 0 {
		if raw, err := json.Marshal(variables); err == nil {
			fmt.Fprintf(&b, "-- variables.json --\n%s\n", raw)
		}
	}
	return fmt.Errorf("%w\n%s", err, b.String())
}
