package registry_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/sqlite"
)

func TestRestartKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weft.db")
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	r := newRegistry(t, registry.Options{Store: store})
	publish(t, r, registry.Accepted, pub("a", "one odd"))
	publish(t, r, registry.Accepted, pub("b", "two"))
	before := state(t, r)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	r = newRegistry(t, registry.Options{Store: openStore(t, path)})
	if after := state(t, r); after != before {
		t.Errorf("after the restart:\n%s\nbefore:\n%s", after, before)
	}
	publish(t, r, registry.Unchanged, pub("b", "two"))
	publish(t, r, registry.Accepted, pub("b", "three"))
}

// Publishers in two processes (two registries over one file): nobody's publication is lost, each is composed
// with all that came before it.
func TestConcurrentPublishers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weft.db")
	var rounds atomic.Int64
	counting := func(s []composition.Subgraph) composition.Result {
		rounds.Add(1)
		return compose(s)
	}
	const each = 8
	var wg sync.WaitGroup
	for process := range 2 {
		r := newRegistry(t, registry.Options{Store: openStore(t, path), Compose: counting})
		for i := range each {
			wg.Go(func() {
				name := fmt.Sprintf("p%d-%d", process, i)
				out, err := r.Publish(ctx, pub(name, fmt.Sprintf("w%d_%d", process, i)), alice)
				if err != nil || out.Status != registry.Accepted {
					t.Errorf("%s: %+v, %v", name, out, err)
				}
			})
		}
	}
	wg.Wait()
	r := newRegistry(t, registry.Options{Store: openStore(t, path)})
	current, err := r.Current(ctx)
	if err != nil || current.Number != 2*each || len(current.Members) != 2*each || strings.Count(current.SDL, ": String") != 2*each {
		t.Errorf("after %d publications: %+v, %v", 2*each, current, err)
	}
	for number := 1; number <= current.Number; number++ {
		if members, err := r.Members(ctx, number); err != nil || len(members) != number {
			t.Errorf("version %d has %d members (%v)", number, len(members), err)
		}
	}
	t.Logf("%d compositions for %d publications", rounds.Load(), 2*each)
}
