package resolver

import (
	"context"
	"time"

	"github.com/weft-gateway/weft/subgraphs/batch"
	"github.com/weft-gateway/weft/subgraphs/inventory/store"
)

// loaders batch the reads of one response.
type loaders struct {
	products   *batch.Loader[string, *store.Product]
	stock      *batch.Loader[string, []*store.Level]
	warehouses *batch.Loader[string, *store.Warehouse]
}

type loadersKey struct{}

// WithLoaders returns a context with fresh loaders, for the resolvers of one response.
func WithLoaders(ctx context.Context, st *store.Store, window time.Duration) context.Context {
	return context.WithValue(ctx, loadersKey{}, &loaders{
		products:   batch.New(window, st.Products),
		stock:      batch.New(window, st.Stock),
		warehouses: batch.New(window, st.WarehousesByID),
	})
}

func loadersOf(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) }

// forget drops all that was loaded before a mutation's write; the fields selected on its result
// are read anew.
func (l *loaders) forget() {
	l.products.Forget()
	l.stock.Forget()
	l.warehouses.Forget()
}
