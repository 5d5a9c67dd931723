package plan_test

import (
	"cmp"
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
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
// WEFT_SEED sets the first seed. A seed means the same trials whatever else runs, so as many run at once as there are
// processors to use (GOMAXPROCS).
func TestDifferential(t *testing.T) {
	graphs, seed := 100, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("WEFT_DIFFERENTIAL")); err == nil {
		graphs = max(1, n*4/(3*operationsPerGraph)) // a quarter of them does not compose
		// Little is kept and much is thrown away: collecting it seldom saves a sixth of the time.
		defer debug.SetGCPercent(debug.SetGCPercent(2000))
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(2 << 30))
	}
	if n, err := strconv.ParseUint(os.Getenv("WEFT_SEED"), 10, 64); err == nil {
		seed = n
	}
	began := time.Now()
	total, failed := tryGraphs(seed, graphs)
	for _, f := range failed {
		kind := failureKind(f.err)
		least := reduce(f.trial, 20_000, func(next trial) bool {
			sound := next
			sound.fault = simulate.None
			if next.fault != simulate.None && sound.check() != nil {
				return false // wrong without any fault: something else
			}
			again := next.check()
			return again != nil && failureKind(again) == kind
		})
		t.Errorf("seed %d: %v\nAgain: WEFT_DIFFERENTIAL=1 WEFT_SEED=%d go test ./gateway/plan -run '^TestDifferential$'\n\n%s",
			f.seed, least.check(), f.seed, least.story())
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

// failed is a trial that went wrong.
type failed struct {
	seed  uint64
	trial trial
	err   error
}

// enoughFailures is how many failures end a run.
const enoughFailures = 5

// tryGraphs tries the graphs of so many seeds from first on, unless enough of them fail before. The failures are in the
// order of their seeds.
func tryGraphs(first uint64, graphs int) (tally, []failed) {
	var (
		next     atomic.Uint64
		mu       sync.Mutex
		total    tally
		failures []failed
		workers  sync.WaitGroup
	)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			var own tally
			for i := next.Add(1) - 1; i < uint64(graphs); i = next.Add(1) - 1 {
				tr, err := tryGraph(first+i, &own)
				if err == nil {
					continue
				}
				mu.Lock()
				if failures = append(failures, failed{first + i, tr, err}); len(failures) >= enoughFailures {
					next.Store(uint64(graphs))
				}
				mu.Unlock()
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(own)
		})
	}
	workers.Wait()
	slices.SortFunc(failures, func(a, b failed) int { return cmp.Compare(a.seed, b.seed) })
	return total, failures
}

// tally counts what was tried.
type tally struct {
	composed, operations, valid int
	hard                        int // some @requires need themselves of another object, without an end
}

func (t *tally) add(other tally) {
	t.composed += other.composed
	t.operations += other.operations
	t.valid += other.valid
	t.hard += other.hard
}

// tryGraph makes a graph and operations on it. It returns the trial that fails, and why.
func tryGraph(seed uint64, total *tally) (trial, error) {
	c := generate.Seeded(seed)
	g := generate.NewGraph(c, generate.Ordinary)
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
		if errors.As(err, &choose.TooHardError{}) || errors.As(err, &choose.EndlessError{}) {
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
