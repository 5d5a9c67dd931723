// Package feed tells the subscribers of an order that its status has changed.
//
// It reaches the subscribers of this process only: with several replicas of the service, a
// subscriber hears of the changes that went through the replica it is connected to.
package feed

import (
	"context"
	"sync"

	"github.com/weft-gateway/weft/subgraphs/failure"
	"github.com/weft-gateway/weft/subgraphs/orders/store"
)

const (
	// maxSubscribers bounds what subscriptions may cost the service.
	maxSubscribers = 10_000
	// backlog is how many changes a slow subscriber may lag behind before it misses the oldest.
	// An order has fewer states than that.
	backlog = 8
)

// Feed hands changed orders to subscribers. It is safe for concurrent use; its zero value is
// ready for use.
type Feed struct {
	mu      sync.Mutex
	orders  map[int64]map[*subscription]struct{}
	count   int
	drained bool
}

type subscription struct{ changes chan *store.Order }

// Subscribe returns a channel with each state that the order takes from now on. It is closed
// when ctx ends or the feed is drained.
func (f *Feed) Subscribe(ctx context.Context, number int64) (<-chan *store.Order, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.drained {
		return nil, failure.New(failure.Internal, "The service is shutting down.")
	}
	if f.count >= maxSubscribers {
		return nil, failure.New(failure.Internal, "The service has %d subscriptions and takes no more.", maxSubscribers)
	}
	sub := &subscription{changes: make(chan *store.Order, backlog)}
	if f.orders == nil {
		f.orders = map[int64]map[*subscription]struct{}{}
	}
	if f.orders[number] == nil {
		f.orders[number] = map[*subscription]struct{}{}
	}
	f.orders[number][sub] = struct{}{}
	f.count++
	context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.drop(number, sub)
	})
	return sub.changes, nil
}

// drop ends a subscription once; f.mu is held.
func (f *Feed) drop(number int64, sub *subscription) {
	if _, ok := f.orders[number][sub]; !ok {
		return
	}
	delete(f.orders[number], sub)
	if len(f.orders[number]) == 0 {
		delete(f.orders, number)
	}
	f.count--
	close(sub.changes)
}

// Publish hands the order to its subscribers and never waits for them.
func (f *Feed) Publish(order *store.Order) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for sub := range f.orders[order.Number] {
		for sent := false; !sent; {
			select {
			case sub.changes <- order:
				sent = true
			default:
				select {
				case <-sub.changes: // the oldest makes room
				default:
				}
			}
		}
	}
}

// Drain ends all subscriptions and takes no more.
func (f *Feed) Drain() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.drained = true
	for number, subs := range f.orders {
		for sub := range subs {
			f.drop(number, sub)
		}
	}
}
