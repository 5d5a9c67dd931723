// Package resolver answers the fields of the orders service's schema.
package resolver

import (
	"context"

	"github.com/weft-gateway/weft/subgraphs/identity"
	"github.com/weft-gateway/weft/subgraphs/money"
	"github.com/weft-gateway/weft/subgraphs/orders/feed"
	"github.com/weft-gateway/weft/subgraphs/orders/generated"
	"github.com/weft-gateway/weft/subgraphs/orders/store"
	"github.com/weft-gateway/weft/subgraphs/paging"
	"github.com/weft-gateway/weft/subgraphs/serial"
)

// defaultPage is the page size of a client that asks for none; the schema tells it.
const defaultPage = 20

// Root is the root of all resolvers.
type Root struct {
	Store *store.Store
	Feed  *feed.Feed
}

// Query returns the resolvers of the type Query.
func (r *Root) Query() generated.QueryResolver { return query{r} }

// Mutation returns the resolvers of the type Mutation.
func (r *Root) Mutation() generated.MutationResolver { return mutation{r} }

// Subscription returns the resolvers of the type Subscription.
func (r *Root) Subscription() generated.SubscriptionResolver { return subscription{r} }

// Order returns the resolvers of the type Order.
func (r *Root) Order() generated.OrderResolver { return order{} }

// Customer returns the resolvers of the type Customer.
func (r *Root) Customer() generated.CustomerResolver { return customer{} }

// Entity returns the resolvers of entity representations.
func (r *Root) Entity() generated.EntityResolver { return entity{} }

type query struct{ root *Root }

func (q query) Order(ctx context.Context, id string) (*store.Order, error) {
	return loadersOf(ctx).orders.Load(ctx, serial.Parse(id))
}

func (q query) Orders(ctx context.Context, first *int32, after *string, status *store.Status) (*store.Page, error) {
	size, before, err := page(first, after)
	if err != nil {
		return nil, err
	}
	return q.root.Store.List(ctx, size, before, status)
}

func (q query) Me(ctx context.Context) (*store.Customer, error) {
	id := identity.From(ctx)
	if id.Anonymous() {
		return nil, nil
	}
	return loadersOf(ctx).customers.Load(ctx, id.Subject)
}

// page reads the arguments of a list of orders.
func page(first *int32, after *string) (size int, before int64, err error) {
	if size, err = paging.Size(first, defaultPage); err != nil {
		return 0, 0, err
	}
	before, err = paging.NumberAfter(store.CursorKind, after)
	return size, before, err
}

type order struct{}

func (order) Customer(ctx context.Context, o *store.Order) (*store.Customer, error) {
	return loadersOf(ctx).customers.Load(ctx, o.CustomerID)
}

func (order) Items(ctx context.Context, o *store.Order) ([]*store.Item, error) {
	return loadersOf(ctx).items.Load(ctx, o.Number)
}

func (order) Total(ctx context.Context, o *store.Order) (*money.Money, error) {
	items, err := loadersOf(ctx).items.Load(ctx, o.Number)
	if err != nil {
		return nil, err
	}
	var cents int64
	for _, item := range items {
		cents += int64(item.UnitPrice.Amount) * int64(item.Quantity)
	}
	return new(money.Euros(cents)), nil
}

type customer struct{}

func (customer) Orders(ctx context.Context, c *store.Customer, first *int32, after *string) (*store.Page, error) {
	size, before, err := page(first, after)
	if err != nil {
		return nil, err
	}
	return loadersOf(ctx).pages.Load(ctx, store.PageOf{Customer: c.ID, Size: size, Before: before})
}
