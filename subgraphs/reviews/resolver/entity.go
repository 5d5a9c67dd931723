package resolver

import (
	"context"

	"github.com/weft-gateway/weft/subgraphs/reviews/generated"
	"github.com/weft-gateway/weft/subgraphs/reviews/store"
	"github.com/weft-gateway/weft/subgraphs/serial"
)

// entity resolves what the gateway asks for by key, all entities of a type in one call. A review
// that there is none of is null. Products and customers are other services', so all of them that
// the gateway asks for are there, be it without a review.
type entity struct{}

func (entity) FindReview(ctx context.Context, reps []*generated.ReviewRepresentation) ([]*store.Review, error) {
	numbers := make([]int64, len(reps))
	for i, rep := range reps {
		numbers[i] = serial.Parse(*rep.ID)
	}
	return loadersOf(ctx).reviews.LoadAll(ctx, numbers)
}

func (entity) FindProduct(_ context.Context, reps []*generated.ProductRepresentation) ([]*store.Product, error) {
	products := make([]*store.Product, len(reps))
	for i, rep := range reps {
		products[i] = &store.Product{SKU: *rep.Sku}
	}
	return products, nil
}

func (entity) FindCustomer(_ context.Context, reps []*generated.CustomerRepresentation) ([]*store.Customer, error) {
	customers := make([]*store.Customer, len(reps))
	for i, rep := range reps {
		customers[i] = &store.Customer{ID: *rep.ID}
	}
	return customers, nil
}
