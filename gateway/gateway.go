// Package gateway is a federation gateway as an http.Handler: one GraphQL endpoint over many subgraphs.
//
// A Gateway owns an atomic pointer to the current Snapshot, everything that follows from one supergraph. Swap builds a new
// one beside it and exchanges the pointer; requests in flight keep the Snapshot they began with.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/fetch/deduplicate"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Options are how a gateway behaves. The zero value serves everybody, forwards nothing and gives no plans away.
type Options struct {
	// Server is the client side: limits, timeouts, CORS, the Playground, logging. Snapshot, Authenticate and
	// AuthenticateToken are set by New.
	Server server.Options
	// Auth verifies callers; nil: everyone is anonymous.
	Auth *auth.Authenticator
	// Forward says what subgraphs are told of the caller.
	Forward auth.ForwardOptions
	// Subgraphs are the defaults for calling subgraphs, and Subgraph what differs for some, by name.
	Subgraphs SubgraphOptions
	Subgraph  map[string]SubgraphOptions
	// DeduplicateOperations lets equal queries of the same caller that are under way at the same time be executed once. Equal
	// are those of which nothing differs that an answer depends on; what is forwarded to subgraphs is part of that.
	DeduplicateOperations bool
	// Operations bound client documents; the zero value stands for operation.DefaultLimits.
	Operations operation.Limits
	// NoIntrospection refuses __schema and __type, and keeps the schema's names out of messages.
	NoIntrospection bool
	// Plans says who may ask for the plan of an operation with the request extension {"plan": true}. nil: nobody.
	Plans func(*auth.Identity) bool
	// CacheOperations is how many prepared operations are kept; 0 stands for 4,096. CacheBytes is about how much memory they may
	// take, with their documents and plans; 0 stands for 256 MiB.
	CacheOperations int
	CacheBytes      int
	// HideErrors keeps subgraphs' error messages from clients.
	HideErrors bool
	// Answers bound what subgraphs answer and what is made of it; fields that are 0 are as in response.DefaultLimits.
	Answers response.Limits
	// MaxErrors is how many errors a response may have; 0 stands for 100. What comes beyond it is left out.
	MaxErrors int
	// MaxSubscriptions bounds the subscriptions that run at once; 0 stands for 10,000, and none run when it is negative.
	MaxSubscriptions int
	Logger           *slog.Logger
	// OverrideLabels says which labels of progressive @override are active for a request, but for those of the form
	// percent(x), which are active for that share of requests. It is asked at most once for each label of a request, must
	// be quick, and must not change the header. nil: none are active.
	OverrideLabels func(label string, id *auth.Identity, header http.Header) bool
	// Policies evaluates policies of @policy for a caller, nil for an anonymous one, and returns those that hold. It is
	// asked once for each request, or subscription, whose operation touches what a policy protects, with all policies that
	// matter to it. nil: none hold.
	Policies func(ctx context.Context, id *auth.Identity, policies []string) auth.Policies
}

// Gateway is the handler.
type Gateway struct {
	options Options
	forward *auth.Forwarder
	server  *server.Server
	current atomic.Pointer[Snapshot]
	// subscriptions run beside requests; eventTimeout bounds the answer to each of their events.
	subscriptions *subscriptions
	eventTimeout  time.Duration

	swapping  sync.Mutex
	clients   map[string]*client    // by subgraph
	mutations deduplicate.Mutations // of all subgraphs
	flights   flights
}

// New makes a gateway. It is not ready before the first Swap.
func New(o Options) (*Gateway, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Operations == (operation.Limits{}) {
		o.Operations = operation.DefaultLimits()
	}
	if o.CacheOperations == 0 {
		o.CacheOperations = 4096
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 256 << 20
	}
	g := &Gateway{
		options: o, clients: map[string]*client{},
		subscriptions: newSubscriptions(o.MaxSubscriptions), eventTimeout: o.Server.Timeouts.Request,
	}
	if g.eventTimeout <= 0 {
		g.eventTimeout = 30 * time.Second
	}
	var err error
	if g.options.Answers, err = answerLimits(o.Answers); err != nil {
		return nil, err
	}
	if g.forward, err = auth.NewForwarder(o.Forward); err != nil {
		return nil, err
	}
	so := o.Server
	if so.Logger == nil {
		so.Logger = o.Logger
	}
	so.Snapshot = func() server.Snapshot {
		if s := g.current.Load(); s != nil {
			return s
		}
		return nil
	}
	if o.Auth != nil {
		so.Authenticate = func(r *http.Request) (any, *server.Denied) {
			return admitted(o.Auth.Authenticate(r.Context(), r))
		}
		so.AuthenticateToken = func(ctx context.Context, token string) (any, *server.Denied) {
			return admitted(o.Auth.AuthenticateToken(ctx, token))
		}
	}
	if g.server, err = server.New(so); err != nil {
		return nil, err
	}
	return g, nil
}

func admitted(id *auth.Identity, err *auth.Error) (any, *server.Denied) {
	if err != nil {
		return nil, &server.Denied{
			Status: err.Status, WWWAuthenticate: err.WWWAuthenticate(), RetryAfter: err.RetryAfter, Body: err.Body(),
		}
	}
	if id == nil {
		return nil, nil
	}
	return id, nil
}

// ServeHTTP answers one request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.server.ServeHTTP(w, r) }

// Server is the client side, for running listeners.
func (g *Gateway) Server() *server.Server { return g.server }

// Snapshot returns the current Snapshot, nil before the first Swap.
func (g *Gateway) Snapshot() *Snapshot { return g.current.Load() }

// Swap serves another supergraph from now on. When it fails, what was served is served on.
func (g *Gateway) Swap(s *supergraph.Supergraph) error {
	g.swapping.Lock()
	defer g.swapping.Unlock()
	next, clients, err := g.build(s)
	if err != nil {
		return fmt.Errorf("supergraph: %w", err)
	}
	g.current.Store(next)
	g.subscriptions.swapped(next)
	for name, c := range g.clients {
		if clients[name] != c {
			c.Close() // only connections that are not in use
		}
	}
	g.clients = clients
	return nil
}

// SwapSDL is Swap for a supergraph as text.
func (g *Gateway) SwapSDL(sdl string) error {
	s, err := supergraph.Read(sdl)
	if err != nil {
		return err
	}
	return g.Swap(s)
}

// Close ends subscriptions, and closes connections to subgraphs that are not in use.
func (g *Gateway) Close() error {
	g.subscriptions.close()
	g.swapping.Lock()
	defer g.swapping.Unlock()
	for _, c := range g.clients {
		c.Close()
	}
	return nil
}

var errNoURL = errors.New("it has no URL: the supergraph names none, and none is configured")
