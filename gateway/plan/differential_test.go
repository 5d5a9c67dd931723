package plan_test

import (
	"errors"
	"os"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/internal/simulate"
	"github.com/weft-gateway/weft/internal/simulate/generate"
)

// operationsPerGraph is how many operations are tried on one random graph.
const operationsPerGraph = 8

// TestDifferential holds the gateway against one server that has all the data: for random graphs, data and operations the
// answers are the same, and every plan is sound. WEFT_DIFFERENTIAL=N tries N operations instead of a few hundred;
// WEFT_SEED sets the first seed.
func TestDifferential(t *testing.T) {
	graphs, seed := 100, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("WEFT_DIFFERENTIAL")); err == nil {
		graphs = max(1, n/operationsPerGraph)
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	if n, err := strconv.ParseUint(os.Getenv("WEFT_SEED"), 10, 64); err == nil {
		seed = n
	}
	var total tally
	failures := 0
	began := time.Now()
	for i := range uint64(graphs) {
		tr, err := tryGraph(seed+i, &total)
		if err == nil {
			continue
		}
		kind := failureKind(err)
		least := reduce(tr, 20_000, func(next trial) bool {
			sound := next
			sound.fault = simulate.None
			if next.fault != simulate.None && sound.check() != nil {
				return false // wrong without any fault: something else
			}
			again := next.check()
			return again != nil && failureKind(again) == kind
		})
		t.Errorf("seed %d: %v\nAgain: WEFT_DIFFERENTIAL=1 WEFT_SEED=%d go test ./gateway/plan -run '^TestDifferential$'\n\n%s",
			seed+i, least.check(), seed+i, least.story())
		if failures++; failures == 5 {
			break
		}
	}
	if total.hard*1000 > total.operations {
		t.Errorf("%d of %d operations are too hard to plan", total.hard, total.operations)
	}
	t.Logf("seeds from %d: %d graphs, %d of them composed, %d operations, %d of them valid, in %v",
		seed, graphs, total.composed, total.operations, total.valid, time.Since(began).Round(time.Second))
	if total.composed < graphs/2 || total.valid < total.operations*9/10 {
		t.Error("too many of the cases are no use")
	}
}

// tally counts what was tried.
type tally struct {
	composed, operations, valid int
	hard                        int // some @requires need themselves of another object, without an end
}

// tryGraph makes a graph and operations on it. It returns the trial that fails, and why.
func tryGraph(seed uint64, total *tally) (trial, error) {
	c := generate.Seeded(seed)
	g := generate.NewGraph(c)
	r, err := newRig(g.Sources, g.Data)
	if errors.As(err, &errNotComposed{}) {
		return trial{}, nil
	}
	if err != nil {
		return trial{sources: g.Sources, data: g.Data}, err
	}
	total.composed++
	for range operationsPerGraph {
		tr := newTrial(c, g, r)
		total.operations++
		valid, err := tr.checkWith(r)
		if errors.As(err, &choose.TooHardError{}) {
			total.hard++
			continue
		}
		if valid {
			total.valid++
		}
		if err != nil {
			return tr, err
		}
	}
	return trial{}, nil
}
