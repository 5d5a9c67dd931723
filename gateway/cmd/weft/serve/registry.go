package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/registryapi"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/sqlite"
)

// Registry is a registry in a file, open.
type Registry struct {
	*registry.Registry
	store  *sqlite.Store
	logger *slog.Logger
	feed   feed
}

// OpenRegistry opens the registry in a file, which is made if it is not there.
func OpenRegistry(ctx context.Context, file string, poll time.Duration, logger *slog.Logger) (*Registry, error) {
	store, err := sqlite.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	r, err := registry.New(registry.Options{Store: store, PollInterval: poll, Log: logger})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return &Registry{Registry: r, store: store, logger: logger}, nil
}

// Close closes the file.
func (r *Registry) Close() error { return r.store.Close() }

// API serves the registry to callers whom the Authenticator knows. It tells everybody whose tokens those are. What is
// published is acknowledged when the gateway that is fed serves it, so that whoever publishes can query at once.
func (r *Registry) API(a *auth.Authenticator, issuers []string, anonymousRead bool) http.Handler {
	return registryapi.Mount(r.settling(registryapi.Handler(registryapi.Options{
		Registry:           r.Registry,
		Authenticate:       registryapi.BearerTokens(a),
		AllowAnonymousRead: anonymousRead,
		Log:                r.logger,
	})), issuers)
}

// Feed gives the gateway the current version before it returns, and from then on, until ctx ends, each new one. A version
// that the gateway cannot serve is logged, and the one before it is served on. swapped is told of each version that is
// served; it may be nil. The function returned waits for the end.
func (r *Registry) Feed(ctx context.Context, g *gateway.Gateway, swapped func(registry.VersionInfo)) (wait func(), err error) {
	swap := func(v registry.Version) {
		defer r.feed.handled(v.Number)
		if err := g.SwapSDL(v.SDL); err != nil {
			r.logger.ErrorContext(ctx, "a published supergraph cannot be served; the one before it is served on", "version", v.Number, "error", err)
			return
		}
		r.logger.InfoContext(ctx, "serving a published supergraph", "version", v.Number, "subgraphs", memberNames(v.VersionInfo))
		if swapped != nil {
			swapped(v.VersionInfo)
		}
	}
	r.feed.begin()
	current, err := r.Current(ctx)
	switch {
	case errors.Is(err, registry.ErrNotFound):
		r.logger.WarnContext(ctx, "nothing is published yet: the gateway is not ready before the first weft register")
	case err != nil:
		return nil, fmt.Errorf("registry: %w", err)
	default:
		swap(current)
	}
	versions := r.Watch(ctx, current.Number)
	var following sync.WaitGroup
	following.Go(func() {
		for v := range versions {
			swap(v)
		}
	})
	return following.Wait, nil
}

func memberNames(v registry.VersionInfo) []string {
	names := make([]string, len(v.Members))
	for i, m := range v.Members {
		names[i] = m.Name
	}
	return names
}
