package batch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

// recorder is a fetch function that answers each number with its square, but for 13.
type recorder struct {
	mu    sync.Mutex
	calls [][]int
	err   error
}

func (r *recorder) fetch(_ context.Context, keys []int) (map[int]int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sorted := slices.Sorted(slices.Values(keys))
	r.calls = append(r.calls, sorted)
	if r.err != nil {
		return nil, r.err
	}
	values := map[int]int{}
	for _, key := range keys {
		if key != 13 {
			values[key] = key * key
		}
	}
	return values, nil
}

func TestLoadsJoin(t *testing.T) {
	var r recorder
	l := New(300*time.Millisecond, r.fetch)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if v, err := l.Load(t.Context(), i%10); v != (i%10)*(i%10) || err != nil {
				t.Errorf("Load(%d) = %d, %v", i%10, v, err)
			}
		})
	}
	wg.Wait()
	if len(r.calls) != 1 || !slices.Equal(r.calls[0], []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("fetched %v, want each key once in one call", r.calls)
	}
}

func TestLoadAllKeepsOrderAndRemembers(t *testing.T) {
	var r recorder
	l := New(time.Millisecond, r.fetch)
	for range 2 {
		got, err := l.LoadAll(t.Context(), []int{3, 13, 3, 2})
		if !slices.Equal(got, []int{9, 0, 9, 4}) || err != nil {
			t.Errorf("LoadAll = %v, %v", got, err)
		}
	}
	if got, err := l.LoadAll(t.Context(), nil); len(got) != 0 || err != nil {
		t.Errorf("LoadAll of nothing = %v, %v", got, err)
	}
	if len(r.calls) != 1 {
		t.Errorf("fetched %v, want one call", r.calls)
	}
	l.Forget()
	if v, err := l.Load(t.Context(), 3); v != 9 || err != nil || len(r.calls) != 2 {
		t.Errorf("after Forget: %d, %v, calls %v", v, err, r.calls)
	}
}

func TestBatchesAreBounded(t *testing.T) {
	var r recorder
	l := New(300*time.Millisecond, r.fetch)
	keys := make([]int, 2*maxBatch+1)
	for i := range keys {
		keys[i] = 100 + i
	}
	if _, err := l.LoadAll(t.Context(), keys); err != nil {
		t.Fatal(err)
	}
	if len(r.calls) != 3 {
		t.Fatalf("%d calls, want 3", len(r.calls))
	}
	for _, call := range r.calls {
		if len(call) > maxBatch {
			t.Errorf("a call has %d keys, at most %d are allowed", len(call), maxBatch)
		}
	}
}

func TestErrorsReachEveryKey(t *testing.T) {
	r := recorder{err: errors.New("no database")}
	l := New(time.Millisecond, r.fetch)
	if _, err := l.Load(t.Context(), 1); !errors.Is(err, r.err) {
		t.Errorf("Load: error = %v", err)
	}
	if _, err := l.LoadAll(t.Context(), []int{1, 2}); !errors.Is(err, r.err) {
		t.Errorf("LoadAll: error = %v", err)
	}
}
