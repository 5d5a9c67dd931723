package batch

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// The window costs a fetch at most the window, and a fetch that is alone nothing. The clock is synthetic here, so this is
// what is waited for, not what a machine makes of it.

// far is how long the subgraph takes.
const far = 20 * time.Millisecond

// crowd makes 200 fetches for different entities at the same moment. It returns how long each took, sorted, and how many
// calls were made.
func crowd(t *testing.T, window time.Duration) (took []time.Duration, calls int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{delay: far}
		b := New(s, Options{Subgraph: "shop", Window: window})
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				from := time.Now()
				got := outcome(b, request(fetch.Nobody, price, nil, fmt.Sprint(i)))
				mu.Lock()
				defer mu.Unlock()
				took = append(took, time.Since(from))
				if entities(t, got[0]) != fmt.Sprint(i) {
					t.Errorf("request %d: %s", i, got)
				}
			})
		}
		all.Wait()
		calls = len(s.bodies)
	})
	slices.Sort(took)
	return took, calls
}

func TestWindow(t *testing.T) {
	const window = 2 * time.Millisecond
	off, alone := crowd(t, 0)
	on, together := crowd(t, window)
	if alone != 200 || together > 200/5 {
		t.Errorf("%d calls without a window, %d with one", alone, together)
	}
	if p50 := on[len(on)/2]; p50 > off[len(off)/2]+window {
		t.Errorf("p50 is %v with a window of %v, %v without", p50, window, off[len(off)/2])
	}
	if last := on[len(on)-1]; last > far+window {
		t.Errorf("one took %v", last)
	}
}

// TestWindowIdle: fetches that come one after the other, whatever the window, are passed on at once and as they are; the
// caller is forgotten after each.
func TestWindowIdle(t *testing.T) {
	for _, window := range []time.Duration{0, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			s := &shop{delay: far}
			b := New(s, Options{Subgraph: "shop", Window: window})
			for i := range 3 {
				req := request(fetch.Nobody, price, nil, fmt.Sprint(i))
				from := time.Now()
				if got := outcome(b, req); entities(t, got[0]) != fmt.Sprint(i) || s.bodies[i] != string(req.Body) {
					t.Errorf("%s %s", got, s.bodies)
				}
				if took := time.Since(from); took != far {
					t.Errorf("with a window of %v a fetch that is alone took %v", window, took)
				}
				if len(b.callers) != 0 {
					t.Error("the caller is remembered")
				}
			}
		})
	}
}
