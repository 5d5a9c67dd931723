package feed

import (
	"context"
	"sync"
	"testing"

	"github.com/weft-gateway/weft/subgraphs/orders/store"
)

func order(number int64, status store.Status) *store.Order {
	return &store.Order{Number: number, Status: status}
}

func TestSubscribersHearOfTheirOrderOnly(t *testing.T) {
	var f Feed
	one, err := f.Subscribe(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	f.Publish(order(2, store.Packed))
	f.Publish(order(1, store.Cancelled))
	if got := <-one; got.Number != 1 || got.Status != store.Cancelled {
		t.Errorf("got %+v", got)
	}
	f.Drain()
	if got, open := <-one; open {
		t.Errorf("after draining got %+v", got)
	}
	if _, err := f.Subscribe(t.Context(), 1); err == nil {
		t.Error("a drained feed takes subscribers")
	}
	f.Drain() // again, and nothing happens
}

func TestASlowSubscriberMissesTheOldest(t *testing.T) {
	var f Feed
	changes, err := f.Subscribe(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for range backlog {
		f.Publish(order(1, store.Placed))
	}
	f.Publish(order(1, store.Delivered))
	f.Drain()
	var last *store.Order
	count := 0
	for o := range changes {
		last, count = o, count+1
	}
	if count != backlog || last.Status != store.Delivered {
		t.Errorf("got %d changes, the last %+v; want %d, the last one DELIVERED", count, last, backlog)
	}
}

func TestASubscriptionEndsWithItsContext(t *testing.T) {
	var f Feed
	ctx, cancel := context.WithCancel(t.Context())
	changes, err := f.Subscribe(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if o, open := <-changes; open {
		t.Errorf("got %+v, want the channel closed", o)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.count != 0 || len(f.orders) != 0 {
		t.Errorf("%d subscriptions are left in %v", f.count, f.orders)
	}
}

func TestSubscriptionsAreBounded(t *testing.T) {
	f := Feed{count: maxSubscribers}
	if _, err := f.Subscribe(t.Context(), 1); err == nil {
		t.Error("one subscriber too many was taken")
	}
}

func TestEverythingAtOnce(t *testing.T) {
	var f Feed
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			changes, err := f.Subscribe(ctx, 1)
			if err != nil {
				cancel()
				return // drained already
			}
			<-changes
			cancel()
			for range changes { // until it is closed
			}
		})
		wg.Go(func() { f.Publish(order(1, store.Packed)) })
	}
	wg.Go(func() {
		for range 100 {
			f.Publish(order(1, store.Shipped))
		}
		f.Drain()
	})
	wg.Wait()
}
