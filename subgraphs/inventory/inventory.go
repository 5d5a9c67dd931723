// Package inventory is the demo service that owns products and what of them lies where. It adds
// to orders, which another service owns, whether they can be fulfilled and what shipping takes.
//
// It is a federation subgraph: schema.graphql is its published schema. It trusts its caller to
// be the gateway, which has enforced the scopes that the schema asks for.
package inventory

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/weft-gateway/weft/subgraphs/batch"
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
type Options struct {
	// DatabaseURL is a postgres:// URL, or the path or file: URI of an SQLite database; "" keeps
	// the data in memory.
	DatabaseURL string
	// Logger gets what clients are not told. Nil is slog.Default().
	Logger *slog.Logger
	// BatchWindow is how long reads wait for others to join them; 0 is batch.DefaultWindow.
	BatchWindow time.Duration
	// Observe is told each SQL statement. It may be nil.
	Observe database.Observer
}

// Service is the running service, an http.Handler for /graphql and /health.
type Service struct {
	http.Handler
	db *database.DB
}

// New opens the service's database, fills it when it is new, and returns the service.
func New(ctx context.Context, opts Options) (*Service, error) {
	if opts.BatchWindow == 0 {
		opts.BatchWindow = batch.DefaultWindow
	}
	db, err := database.Open(ctx, opts.DatabaseURL, opts.Observe)
	if err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	handler := service.Handler(service.Config{
		Schema: generated.NewExecutableSchema(generated.Config{
			Resolvers:  &resolver.Root{Store: st},
			Complexity: complexity(),
		}),
		Loaders: func(ctx context.Context) context.Context {
			return resolver.WithLoaders(ctx, st, opts.BatchWindow)
		},
		Healthy:     db.Ping,
		BadRequests: []error{generated.ErrUnknownType, generated.ErrTypeNotFound},
		Logger:      opts.Logger,
	})
	return &Service{Handler: handler, db: db}, nil
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

// Drain does nothing: the service has no subscriptions to end.
func (s *Service) Drain() {}

// Close closes the database. Requests must have ended before.
func (s *Service) Close() error { return s.db.Close() }
