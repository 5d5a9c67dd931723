package resolver

import (
	"context"
	"time"

	"github.com/weft-gateway/weft/subgraphs/batch"
	"github.com/weft-gateway/weft/subgraphs/orders/store"
)

// loaders batch the reads of one response.
type loaders struct {
	orders    *batch.Loader[int64, *store.Order]
	items     *batch.Loader[int64, []*store.Item]
	customers *batch.Loader[string, *store.Customer]
	pages     *batch.Loader[store.PageOf, *store.Page]
}

type loadersKey struct{}

// WithLoaders returns a context with fresh loaders, for the resolvers of one response.
func WithLoaders(ctx context.Context, st *store.Store, window time.Duration) context.Context {
	return context.WithValue(ctx, loadersKey{}, &loaders{
		orders:    batch.New(window, st.Orders),
		items:     batch.New(window, st.Items),
		customers: batch.New(window, st.Customers),
		pages:     batch.New(window, st.Pages),
	})
}

func loadersOf(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) }

// forget drops all that was loaded before a mutation's write; the fields selected on its result
// are read anew.
func (l *loaders) forget() {
	l.orders.Forget()
	l.items.Forget()
	l.customers.Forget()
	l.pages.Forget()
}
