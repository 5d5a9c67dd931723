// Package reviews is the demo service that owns what customers say about products. It is not
// part of the demo's graph at the start: registering it is how one sees a graph grow.
//
// It is a federation subgraph: schema.graphql is its published schema. It trusts its caller to
// be the gateway and takes the identity that the request's headers tell; see package identity.
package reviews

import (
	"context"
	_ "embed"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/reviews/generated"
	"github.com/weft-gateway/weft/subgraphs/reviews/resolver"
	"github.com/weft-gateway/weft/subgraphs/reviews/store"
	"github.com/weft-gateway/weft/subgraphs/service"
)

//go:embed schema.graphql
var schema string

// SDL returns the published schema, schema.graphql.
func SDL() string { return schema }

// Options say what a Service runs with. The zero value is a service with its data in memory.
type Options = service.Options

// Service is the running service, an http.Handler for /graphql and /health.
type Service = service.Service

// New opens the service's database, fills it when it is new, and returns the service.
func New(ctx context.Context, opts Options) (*Service, error) {
	return service.Open(ctx, opts, func(db *database.DB, opts Options) (service.Config, error) {
		st, err := store.Open(ctx, db, opts.Now)
		if err != nil {
			return service.Config{}, err
		}
		return service.Config{
			Schema: generated.NewExecutableSchema(generated.Config{
				Resolvers:  &resolver.Root{Store: st},
				Complexity: complexity(),
			}),
			Loaders: func(ctx context.Context) context.Context {
				return resolver.WithLoaders(ctx, st, opts.BatchWindow)
			},
			BadRequests: []error{generated.ErrUnknownType, generated.ErrTypeNotFound},
		}, nil
	})
}

// complexity tells what lists cost.
func complexity() generated.ComplexityRoot {
	const defaultReviews, defaultTop = 10, 5
	var c generated.ComplexityRoot
	c.Query.TopProducts = func(child int, first *int32) int { return service.Page(first, defaultTop, child) }
	c.Product.Reviews = func(child int, first *int32) int { return service.Page(first, defaultReviews, child) }
	c.Customer.Reviews = func(child int, first *int32) int { return service.Page(first, defaultReviews, child) }
	return c
}
