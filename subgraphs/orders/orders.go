// Package orders is the demo service that owns what customers bought.
//
// It is a federation subgraph: schema.graphql is its published schema. It trusts its caller to
// be the gateway and takes the identity that the request's headers tell; see package identity.
package orders

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/weft-gateway/weft/subgraphs/batch"
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
	// Now tells the time; nil is time.Now.
	Now func() time.Time
}

// Service is the running service, an http.Handler for /graphql and /health.
type Service struct {
	http.Handler
	db   *database.DB
	feed *feed.Feed
}

// New opens the service's database, fills it when it is new, and returns the service.
func New(ctx context.Context, opts Options) (*Service, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.BatchWindow == 0 {
		opts.BatchWindow = batch.DefaultWindow
	}
	db, err := database.Open(ctx, opts.DatabaseURL, opts.Observe)
	if err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, db, opts.Now)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	changes := &feed.Feed{}
	handler := service.Handler(service.Config{
		Schema: generated.NewExecutableSchema(generated.Config{
			Resolvers:  &resolver.Root{Store: st, Feed: changes},
			Complexity: complexity(),
		}),
		Loaders: func(ctx context.Context) context.Context {
			return resolver.WithLoaders(ctx, st, opts.BatchWindow)
		},
		Healthy:     db.Ping,
		BadRequests: []error{generated.ErrUnknownType, generated.ErrTypeNotFound},
		Logger:      opts.Logger,
	})
	return &Service{Handler: handler, db: db, feed: changes}, nil
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

// Drain ends the subscriptions, so that a server that shuts down need not wait for them.
func (s *Service) Drain() { s.feed.Drain() }

// Close ends the subscriptions and closes the database. Requests must have ended before.
func (s *Service) Close() error {
	s.feed.Drain()
	return s.db.Close()
}
