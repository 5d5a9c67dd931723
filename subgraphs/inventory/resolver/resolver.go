// Package resolver answers the fields of the inventory service's schema.
package resolver

import (
	"context"
	"unicode/utf8"

	"github.com/weft-gateway/weft/subgraphs/failure"
	"github.com/weft-gateway/weft/subgraphs/inventory/generated"
	"github.com/weft-gateway/weft/subgraphs/inventory/shipping"
	"github.com/weft-gateway/weft/subgraphs/inventory/store"
	"github.com/weft-gateway/weft/subgraphs/paging"
)

const (
	// defaultPage is the page size of a client that asks for none; the schema tells it.
	defaultPage = 20
	// maxSearch bounds a search text, in characters.
	maxSearch = 100
)

// Root is the root of all resolvers.
type Root struct{ Store *store.Store }

// Query returns the resolvers of the type Query.
func (r *Root) Query() generated.QueryResolver { return query{r} }

// Mutation returns the resolvers of the type Mutation.
func (r *Root) Mutation() generated.MutationResolver { return mutation{r} }

// Product returns the resolvers of the type Product.
func (r *Root) Product() generated.ProductResolver { return product{} }

// StockLevel returns the resolvers of the type StockLevel.
func (r *Root) StockLevel() generated.StockLevelResolver { return stockLevel{} }

// Order returns the resolvers of the type Order.
func (r *Root) Order() generated.OrderResolver { return order{} }

// Entity returns the resolvers of entity representations.
func (r *Root) Entity() generated.EntityResolver { return entity{} }

type query struct{ root *Root }

func (q query) Product(ctx context.Context, sku string) (*store.Product, error) {
	return loadersOf(ctx).products.Load(ctx, sku)
}

func (q query) Products(ctx context.Context, search *string, first *int32, after *string) (*store.Page, error) {
	size, err := paging.Size(first, defaultPage)
	if err != nil {
		return nil, err
	}
	behind, err := paging.After(store.CursorKind, after)
	if err != nil {
		return nil, err
	}
	var text string
	if search != nil {
		text = *search
	}
	if n := utf8.RuneCountInString(text); n > maxSearch {
		return nil, failure.New(failure.BadUserInput, "search has %d characters: use at most %d", n, maxSearch)
	}
	return q.root.Store.List(ctx, text, size, behind)
}

func (q query) Warehouses(ctx context.Context) ([]*store.Warehouse, error) {
	return q.root.Store.Warehouses(ctx)
}

type mutation struct{ root *Root }

// AdjustStock asks for no scope itself: the schema says which one it takes, and the gateway lets
// nobody through without.
func (m mutation) AdjustStock(ctx context.Context, input generated.AdjustStockInput) (*store.Product, error) {
	adjusted, err := m.root.Store.Adjust(ctx, input.Sku, input.Warehouse, input.Delta)
	if err != nil {
		return nil, err
	}
	loadersOf(ctx).forget()
	return adjusted, nil
}

type product struct{}

func (product) Stock(ctx context.Context, p *store.Product) ([]*store.Level, error) {
	return loadersOf(ctx).stock.Load(ctx, p.SKU)
}

func (product) InStock(ctx context.Context, p *store.Product) (bool, error) {
	levels, err := loadersOf(ctx).stock.Load(ctx, p.SKU)
	return shipping.Total(levels) > 0, err
}

type stockLevel struct{}

func (stockLevel) Warehouse(ctx context.Context, l *store.Level) (*store.Warehouse, error) {
	return loadersOf(ctx).warehouses.Load(ctx, l.WarehouseID)
}
