// Package orders is the demo service that owns what customers bought.
//
// It is a federation subgraph: schema.graphql is its published schema. It trusts its caller to
// be the gateway and takes the identity that the request's headers tell; see package identity.
package orders

import (
	"context"
	_ "embed"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/orders/feed"
	"github.com/weft-gateway/weft/subgraphs/orders/generated"
	"github.com/weft-gateway/weft/subgraphs/orders/resolver"
	"github.com/weft-gateway/weft/subgraphs/orders/store"
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
		changes := &feed.Feed{}
		return service.Config{
			Schema: generated.NewExecutableSchema(generated.Config{
				Resolvers:  &resolver.Root{Store: st, Feed: changes},
				Complexity: complexity(),
			}),
			Loaders: func(ctx context.Context) context.Context {
				return resolver.WithLoaders(ctx, st, opts.BatchWindow)
			},
			BadRequests: []error{generated.ErrUnknownType, generated.ErrTypeNotFound},
			Drain:       changes.Drain,
		}, nil
	})
}

// complexity tells what lists cost. An order's lines count as many as orders have in practice.
func complexity() generated.ComplexityRoot {
	const defaultPage, usualLines = 20, 5
	var c generated.ComplexityRoot
	c.Query.Orders = func(child int, first *int32, _ *string, _ *store.Status) int {
		return service.Page(first, defaultPage, child)
	}
	c.Customer.Orders = func(child int, first *int32, _ *string) int {
		return service.Page(first, defaultPage, child)
	}
	c.Order.Items = func(child int) int { return service.Repeated(usualLines, child) }
	return c
}
