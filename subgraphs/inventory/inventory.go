// Package inventory is the demo service that owns products and what of them lies where. It adds
// to orders, which another service owns, whether they can be fulfilled and what shipping takes.
//
// It is a federation subgraph: schema.graphql is its published schema. It trusts its caller to
// be the gateway, which has enforced the scopes that the schema asks for.
package inventory

import (
	"context"
	_ "embed"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/inventory/generated"
	"github.com/weft-gateway/weft/subgraphs/inventory/resolver"
	"github.com/weft-gateway/weft/subgraphs/inventory/store"
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
		st, err := store.Open(ctx, db)
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

// complexity tells what lists cost; that of stock levels as many as there are warehouses.
func complexity() generated.ComplexityRoot {
	const defaultPage, warehouses = 20, 4
	var c generated.ComplexityRoot
	c.Query.Products = func(child int, _ *string, first *int32, _ *string) int {
		return service.Page(first, defaultPage, child)
	}
	c.Query.Warehouses = func(child int) int { return service.Repeated(warehouses, child) }
	c.Product.Stock = func(child int) int { return service.Repeated(warehouses, child) }
	return c
}
