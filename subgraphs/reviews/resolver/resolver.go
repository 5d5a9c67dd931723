// Package resolver answers the fields of the reviews service's schema.
package resolver

import (
	"context"

	"github.com/weft-gateway/weft/subgraphs/failure"
	"github.com/weft-gateway/weft/subgraphs/identity"
	"github.com/weft-gateway/weft/subgraphs/paging"
	"github.com/weft-gateway/weft/subgraphs/reviews/generated"
	"github.com/weft-gateway/weft/subgraphs/reviews/store"
)

// The sizes of lists for clients that ask for none; the schema tells them.
const (
	defaultReviews = 10
	defaultTop     = 5
)

// Root is the root of all resolvers.
type Root struct{ Store *store.Store }

// Query returns the resolvers of the type Query.
func (r *Root) Query() generated.QueryResolver { return query{r} }

// Mutation returns the resolvers of the type Mutation.
func (r *Root) Mutation() generated.MutationResolver { return mutation{r} }

// Product returns the resolvers of the type Product.
func (r *Root) Product() generated.ProductResolver { return product{} }

// Customer returns the resolvers of the type Customer.
func (r *Root) Customer() generated.CustomerResolver { return customer{} }

// Entity returns the resolvers of entity representations.
func (r *Root) Entity() generated.EntityResolver { return entity{} }

type query struct{ root *Root }

func (q query) TopProducts(ctx context.Context, first *int32) ([]*store.Product, error) {
	size, err := paging.Size(first, defaultTop)
	if err != nil {
		return nil, err
	}
	return q.root.Store.Top(ctx, size)
}

type mutation struct{ root *Root }

func (m mutation) AddReview(ctx context.Context, input generated.AddReviewInput) (*store.Review, error) {
	id := identity.From(ctx)
	if id.Anonymous() {
		return nil, failure.New(failure.Unauthenticated, "log in to add a review")
	}
	review, err := m.root.Store.Add(ctx, id.Subject, input.Sku, input.Rating, input.Body)
	if err != nil {
		return nil, err
	}
	loadersOf(ctx).forget()
	return review, nil
}

type product struct{}

func (product) Reviews(ctx context.Context, p *store.Product, first *int32) ([]*store.Review, error) {
	size, err := paging.Size(first, defaultReviews)
	if err != nil {
		return nil, err
	}
	return loadersOf(ctx).ofProduct.Load(ctx, store.Newest{Of: p.SKU, Size: size})
}

func (product) ReviewCount(ctx context.Context, p *store.Product) (int32, error) {
	rating, err := loadersOf(ctx).ratings.Load(ctx, p.SKU)
	return int32(min(rating.Count, 1<<31-1)), err
}

func (product) AverageRating(ctx context.Context, p *store.Product) (*float64, error) {
	rating, err := loadersOf(ctx).ratings.Load(ctx, p.SKU)
	return rating.Average(), err
}

type customer struct{}

func (customer) Reviews(ctx context.Context, c *store.Customer, first *int32) ([]*store.Review, error) {
	size, err := paging.Size(first, defaultReviews)
	if err != nil {
		return nil, err
	}
	return loadersOf(ctx).ofAuthor.Load(ctx, store.Newest{Of: c.ID, Size: size})
}
