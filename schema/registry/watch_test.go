package registry_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-gateway/weft/schema/registry"
)

func next(t *testing.T, versions <-chan registry.Version) registry.Version {
	t.Helper()
	select {
	case v, open := <-versions:
		if !open {
			t.Fatal("the channel is closed")
		}
		return v
	case <-time.After(5 * time.Second):
		t.Fatal("no version came")
	}
	return registry.Version{}
}

func none(t *testing.T, versions <-chan registry.Version) {
	t.Helper()
	select {
	case v, open := <-versions:
		t.Fatalf("version %d came (open: %v)", v.Number, open)
	case <-time.After(30 * time.Millisecond):
	}
}

func TestWatch(t *testing.T) {
	r := newRegistry(t, registry.Options{PollInterval: time.Hour}) // what comes, comes at once
	watching, cancel := context.WithCancel(ctx)
	defer cancel()
	versions := r.Watch(watching, 0)
	none(t, versions)
	publish(t, r, registry.Accepted, pub("a", "one"))
	if v := next(t, versions); v.Number != 1 || v.SDL == "" {
		t.Errorf("first: %+v", v)
	}
	publish(t, r, registry.Unchanged, pub("a", "one"))
	none(t, versions)

	// Who comes later gets the current version, unless it has it.
	if v := next(t, r.Watch(watching, 0)); v.Number != 1 {
		t.Errorf("late: %+v", v)
	}
	informed := r.Watch(watching, 1)
	none(t, informed)

	// A slow receiver gets the newest and not all those before.
	const last = 20
	for number := 2; number <= last; number++ {
		publish(t, r, registry.Accepted, pub("a", fmt.Sprintf("w%d", number)))
	}
	for _, w := range []<-chan registry.Version{versions, informed} {
		came := 1
		for v := next(t, w); v.Number != last; v = next(t, w) {
			came++
		}
		if came > 3 { // on a busy machine the watcher may not have heard the last bell yet
			t.Errorf("%d versions came, the newest is wanted", came)
		}
		none(t, w)
	}
	if _, err := r.Rollback(ctx, 1, bob); err != nil {
		t.Fatal(err)
	}
	if v := next(t, versions); v.Number != last+1 {
		t.Errorf("rollback: version %d came", v.Number)
	}

	cancel()
	for open := true; open; {
		select {
		case _, open = <-versions:
		case <-time.After(5 * time.Second):
			t.Fatal("the channel stays open after its context has ended")
		}
	}
	publish(t, r, registry.Accepted, pub("a", "five")) // nobody listens, and nothing blocks
}

func TestWatchSeesOtherProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weft.db")
	here := newRegistry(t, registry.Options{Store: openStore(t, path), PollInterval: 5 * time.Millisecond})
	there := newRegistry(t, registry.Options{Store: openStore(t, path)})
	watching, cancel := context.WithCancel(ctx)
	defer cancel()
	versions := here.Watch(watching, 0)
	publish(t, there, registry.Accepted, pub("a", "one"))
	if v := next(t, versions); v.Number != 1 {
		t.Errorf("version %d came", v.Number)
	}
	none(t, versions)
}

// flaky is a store that can be away.
type flaky struct {
	registry.Store
	away  atomic.Bool
	asked atomic.Int64
}

func (f *flaky) Head(ctx context.Context) (int, error) {
	f.asked.Add(1)
	if f.away.Load() {
		return 0, errors.New("away")
	}
	return f.Store.Head(ctx)
}

func TestWatchOutlivesOutages(t *testing.T) {
	store := &flaky{Store: memory(t)}
	r := newRegistry(t, registry.Options{Store: store, PollInterval: time.Millisecond, Log: quiet()})
	publish(t, r, registry.Accepted, pub("a", "one"))
	store.away.Store(true)
	watching, cancel := context.WithCancel(ctx)
	defer cancel()
	versions := r.Watch(watching, 0)
	none(t, versions)
	if _, err := r.Publish(ctx, pub("a", "two"), alice); err == nil {
		t.Error("published to a store that is away")
	}
	store.away.Store(false)
	if v := next(t, versions); v.Number != 1 {
		t.Errorf("version %d came", v.Number)
	}
	if n := store.asked.Load(); n < 3 {
		t.Errorf("asked %d times", n)
	}
}
