package resolver

import (
	"context"

	"github.com/weft-gateway/weft/subgraphs/failure"
	"github.com/weft-gateway/weft/subgraphs/identity"
	"github.com/weft-gateway/weft/subgraphs/orders/generated"
	"github.com/weft-gateway/weft/subgraphs/orders/store"
	"github.com/weft-gateway/weft/subgraphs/serial"
)

// cancelScope is what allows to cancel the orders of others.
const cancelScope = "orders:write"

type mutation struct{ root *Root }

func (m mutation) PlaceOrder(ctx context.Context, input generated.PlaceOrderInput) (*store.Order, error) {
	id := identity.From(ctx)
	if id.Anonymous() {
		return nil, failure.New(failure.Unauthenticated, "log in to place an order")
	}
	lines := make([]store.Line, len(input.Items))
	for i, item := range input.Items {
		lines[i] = store.Line{SKU: item.Sku, Quantity: item.Quantity}
	}
	placed, err := m.root.Store.Place(ctx, id.Subject, lines)
	if err != nil {
		return nil, err
	}
	loadersOf(ctx).forget()
	return placed, nil
}

func (m mutation) CancelOrder(ctx context.Context, id string) (*store.Order, error) {
	caller := identity.From(ctx)
	if caller.Anonymous() {
		return nil, failure.New(failure.Unauthenticated, "log in to cancel an order")
	}
	cancelled, err := m.root.Store.Cancel(ctx, id, caller.Subject, caller.Has(cancelScope))
	if err != nil {
		return nil, err
	}
	loadersOf(ctx).forget()
	m.root.Feed.Publish(cancelled)
	return cancelled, nil
}

type subscription struct{ root *Root }

func (s subscription) OrderStatusChanged(ctx context.Context, id string) (<-chan *store.Order, error) {
	number := serial.Parse(id)
	// Subscribed first and checked then, so that no change falls between the two.
	changes, err := s.root.Feed.Subscribe(ctx, number)
	if err != nil {
		return nil, err
	}
	found, err := s.root.Store.Orders(ctx, []int64{number})
	if err != nil {
		return nil, err
	}
	if found[number] == nil {
		return nil, store.NoSuchOrder(id)
	}
	return changes, nil
}
