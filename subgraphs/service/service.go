// Package service makes an HTTP service of a GraphQL schema. The demo services differ in their
// schema and data; how they answer requests is the same, and it is here: transports, limits,
// identity, errors, health.
//
// A service trusts its caller, the gateway: it checks no tokens, and believes the identity that
// the request's headers tell (package identity). It must not be reachable by anyone else.
package service

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	gqlhandler "github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/identity"
)

// The limits of a request. They leave room for what a gateway sends on behalf of many clients:
// entity calls carry up to some thousand representations.
const (
	maxBody       = 8 << 20 // bytes
	maxMessage    = 1 << 20 // bytes of one WebSocket message
	maxTokens     = 20_000
	maxComplexity = 100_000 // per representation, where entities are asked for
	maxListed     = 10_000  // entries of a list in the variables, such as representations
	cachedQueries = 1_000
	pingInterval  = 20 * time.Second
	healthTimeout = 2 * time.Second
)

// Config is what a service brings of its own.
type Config struct {
	// Schema is the service's generated schema with its resolvers.
	Schema graphql.ExecutableSchema
	// Loaders returns a context with fresh loaders. It is called for each response: once for a
	// query or a mutation, once for each event of a subscription.
	Loaders func(context.Context) context.Context
	// BadRequests are the errors of generated code that the caller's input is to blame for.
	BadRequests []error
	// Drain ends subscriptions. Nil is a service without any.
	Drain func()
}

// handler returns the service's HTTP handler: GraphQL at /graphql, health at /health.
func handler(config Config, db *database.DB, logger *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", bounded(identity.Middleware(graphqlServer(config, logger))))
	mux.Handle("GET /health", health(db.Ping))
	return mux
}

func graphqlServer(config Config, logger *slog.Logger) http.Handler {
	server := gqlhandler.New(config.Schema)
	// The first transport that supports a request gets it; a POST that accepts an event stream
	// must meet SSE before POST.
	server.AddTransport(transport.Websocket{
		InitTimeout:      10 * time.Second,
		PingPongInterval: pingInterval,
		PayloadReadLimit: new(int64(maxMessage)),
	})
	server.AddTransport(transport.SSE{KeepAlivePingInterval: pingInterval})
	server.AddTransport(transport.Options{})
	server.AddTransport(transport.GET{})
	server.AddTransport(transport.POST{})

	server.SetQueryCache(lru.New[*ast.QueryDocument](cachedQueries))
	server.SetParserTokenLimit(maxTokens)
	server.Use(extension.Introspection{})
	server.Use(extension.FixedComplexityLimit(maxComplexity))
	server.Use(listLimit{})
	server.SetErrorPresenter(presenter(logger, config.BadRequests))
	server.SetRecoverFunc(recovery(logger))
	server.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		return next(config.Loaders(ctx))
	})
	return server
}

func health(healthy func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), healthTimeout)
		defer cancel()
		status, answer := http.StatusOK, map[string]string{"status": "ok"}
		if err := healthy(ctx); err != nil {
			status, answer = http.StatusServiceUnavailable, map[string]string{"status": "unavailable"}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(answer) // a caller that has gone needs no answer
	})
}
