package resolver

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/weft-gateway/weft/subgraphs/failure"
	"github.com/weft-gateway/weft/subgraphs/inventory/generated"
	"github.com/weft-gateway/weft/subgraphs/inventory/shipping"
	"github.com/weft-gateway/weft/subgraphs/inventory/store"
)

// entity resolves what the gateway asks for by key, all entities of a type in one call. A
// product that there is none of is null. Orders are another service's, so every order that the
// gateway asks for is there.
type entity struct{}

func (entity) FindProduct(ctx context.Context, reps []*generated.ProductRepresentation) ([]*store.Product, error) {
	skus := make([]string, len(reps))
	for i, rep := range reps {
		skus[i] = *rep.Sku
	}
	return loadersOf(ctx).products.LoadAll(ctx, skus)
}

func (entity) FindOrder(_ context.Context, reps []*generated.OrderRepresentation) ([]*shipping.Order, error) {
	orders := make([]*shipping.Order, len(reps))
	errs := make(graphql.BatchErrorList, len(reps))
	failed := false
	for i, rep := range reps {
		items, err := itemsOf(rep)
		if err != nil {
			errs[i], failed = err, true
			continue
		}
		orders[i] = &shipping.Order{ID: *rep.ID, Items: items}
	}
	if failed {
		return orders, errs
	}
	return orders, nil
}

// itemsOf returns the lines that a representation holds, nil where it holds none.
func itemsOf(rep *generated.OrderRepresentation) ([]*shipping.Item, error) {
	if rep.Items == nil {
		return nil, nil
	}
	items := make([]*shipping.Item, len(rep.Items))
	for i, item := range rep.Items {
		if item == nil || item.Quantity == nil || item.Product == nil || item.Product.Sku == nil {
			return nil, failure.New(failure.BadUserInput,
				"line %d of order %q lacks its quantity or its product's sku", i+1, *rep.ID)
		}
		items[i] = &shipping.Item{Product: &store.Product{SKU: *item.Product.Sku}, Quantity: *item.Quantity}
	}
	return items, nil
}
