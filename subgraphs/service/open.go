package service

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/weft-gateway/weft/subgraphs/batch"
	"github.com/weft-gateway/weft/subgraphs/database"
)

// Options say what a service runs with. The zero value is a service with its data in memory.
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

// Service is a running service, an http.Handler for /graphql and /health.
type Service struct {
	handler http.Handler
	db      *database.DB
	drain   func()
}

// Open opens the database and builds the service on it. build gets the options with their
// defaults filled in.
func Open(ctx context.Context, opts Options, build func(*database.DB, Options) (Config, error)) (*Service, error) {
	if opts.Logger == nil {
		opts.Logger = slog.Default()
	}
	if opts.BatchWindow == 0 {
		opts.BatchWindow = batch.DefaultWindow
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	db, err := database.Open(ctx, opts.DatabaseURL, opts.Observe)
	if err != nil {
		return nil, err
	}
	config, err := build(db, opts)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	drain := config.Drain
	if drain == nil {
		drain = func() {}
	}
	return &Service{handler: handler(config, db, opts.Logger), db: db, drain: drain}, nil
}

// ServeHTTP answers a request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Drain ends what would otherwise last, such as subscriptions, so that a server that shuts down
// need not wait for them. Other requests are answered as before.
func (s *Service) Drain() { s.drain() }

// Close drains the service and closes its database. Requests must have ended before.
func (s *Service) Close() error {
	s.drain()
	return s.db.Close()
}
