// Package demo runs the demo shop on this machine: two subgraphs in the graph and a third beside it, an OpenID issuer, a
// registry, and the gateway in front. Nothing of it is a stand-in: it is what a real graph is made of, with a data folder
// and an issuer that lets everybody in.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/auth/devissuer"
	"github.com/weft-gateway/weft/gateway/cmd/weft/serve"
	"github.com/weft-gateway/weft/gateway/playground"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/subgraphs/identity"
	"github.com/weft-gateway/weft/subgraphs/inventory"
	"github.com/weft-gateway/weft/subgraphs/orders"
	"github.com/weft-gateway/weft/subgraphs/reviews"
	"github.com/weft-gateway/weft/subgraphs/service"
)

// Options say how the demo runs.
type Options struct {
	// Data is the folder that everything is kept in. It is made if it is not there.
	Data string
	// Ports on 127.0.0.1; 0 lets the system choose.
	Ports Ports
	// Command is how the reader calls the weft command, for what is printed.
	Command string
	// Logger gets what goes wrong; nil discards it.
	Logger *slog.Logger
	// Swapped is told of each supergraph version that is served after the first; it may be nil.
	Swapped func(registry.VersionInfo)
}

// Ports are where the demo listens.
type Ports struct{ Gateway, Orders, Inventory, Reviews, Issuer, Registry int }

// DefaultPorts are those of the documentation.
func DefaultPorts() Ports {
	return Ports{Gateway: 4000, Orders: 4001, Inventory: 4002, Issuer: 4003, Reviews: 4004, Registry: 4010}
}

// Addresses are where the parts are reached. They end without a slash; GraphQL is at /graphql below each but the issuer.
type Addresses struct{ Gateway, Orders, Inventory, Reviews, Issuer, Registry string }

// Demo is the demo, its ports open.
type Demo struct {
	options    Options
	addresses  Addresses
	ports      ports
	gateway    *gateway.Gateway
	registry   *serve.Registry
	hosts      []*host // of everything that the gateway depends on, running
	background sync.WaitGroup
	stop       context.CancelFunc
	failed     chan error // of a host
}

// Start opens everything. The subgraphs and the issuer answer when it returns; the gateway and the registry do within Run,
// which has to follow.
func Start(ctx context.Context, o Options) (*Demo, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	d := &Demo{options: o, stop: stop, failed: make(chan error, 8)}
	if err := d.open(ctx, background); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Addresses are where the parts are reached.
func (d *Demo) Addresses() Addresses { return d.addresses }

// Run serves until ctx ends, and then stops in order: first the gateway, when its requests have ended what is behind it.
func (d *Demo) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case err := <-d.failed:
			cancel(err)
		case <-ctx.Done():
		}
	}()
	err := d.gateway.Server().Run(ctx, d.ports.gateway, d.ports.registry)
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		err = errors.Join(cause, err)
	}
	return errors.Join(err, d.Close())
}

func (d *Demo) open(ctx, background context.Context) error {
	if err := os.MkdirAll(d.options.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if err := d.writeReviewsSchema(); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	// The ports come first: the parts have to know each other's addresses, and that a port is taken is the likeliest
	// trouble.
	if err := d.openPorts(); err != nil {
		return err
	}
	if err := d.openServices(ctx); err != nil {
		return err
	}
	issuer, err := devissuer.New(devissuer.Options{
		Issuer:  d.addresses.Issuer,
		KeyFile: d.path("issuer-key.pem"), // so that tokens outlive a restart
		Clients: []devissuer.Client{d.playgroundClient()},
	})
	if err != nil {
		return err
	}
	d.serve("issuer", d.ports.issuer, issuer)
	authenticator, err := auth.New(background, auth.Options{
		Mode:    auth.ModeOptional,
		Issuers: []auth.Issuer{{URL: d.addresses.Issuer, Audiences: []string{devissuer.DefaultAudience}, RolesClaim: "roles"}},
		Logger:  d.options.Logger,
	})
	if err != nil {
		return err
	}
	if d.registry, err = serve.OpenRegistry(ctx, d.path("weft.db"), 0, d.options.Logger); err != nil {
		return err
	}
	d.ports.registryHandler.Handler = d.registry.API(authenticator, []string{d.addresses.Issuer}, true)
	if err := d.publish(ctx); err != nil {
		return err
	}
	return d.openGateway(background, authenticator)
}

func (d *Demo) openServices(ctx context.Context) error {
	for _, s := range []struct {
		name   string
		socket net.Listener
		open   func(context.Context, service.Options) (*service.Service, error)
	}{
		{"orders", d.ports.orders, orders.New},
		{"inventory", d.ports.inventory, inventory.New},
		{"reviews", d.ports.reviews, reviews.New},
	} {
		running, err := s.open(ctx, service.Options{
			DatabaseURL: d.path(s.name + ".db"), Logger: d.options.Logger.With("service", s.name),
		})
		if err != nil {
			return fmt.Errorf("the %s service: %w", s.name, err)
		}
		h := d.serve(s.name, s.socket, running)
		h.close = running.Close
		h.server.RegisterOnShutdown(running.Drain)
	}
	return nil
}

func (d *Demo) openGateway(background context.Context, authenticator *auth.Authenticator) error {
	page, err := playground.Handler(d.playground())
	if err != nil {
		return err
	}
	d.gateway, err = gateway.New(gateway.Options{
		Server: server.Options{Playground: page},
		Auth:   authenticator,
		Forward: auth.ForwardOptions{All: auth.ForwardRules{Claims: []auth.ClaimHeader{
			{Header: identity.SubjectHeader, Claim: "sub"},
			{Header: identity.ScopesHeader, Claim: "scope"},
		}}},
		Plans:  func(*auth.Identity) bool { return true },
		Logger: d.options.Logger,
	})
	if err != nil {
		return err
	}
	d.ports.gatewayHandler.Handler = d.gateway
	first := true // Feed tells of one version at a time
	wait, err := d.registry.Feed(background, d.gateway, func(v registry.VersionInfo) {
		if !first && d.options.Swapped != nil {
			d.options.Swapped(v)
		}
		first = false
	})
	if err != nil {
		return err
	}
	d.background.Go(wait)
	return nil
}

// playgroundClient is the Playground wherever a browser may have opened it.
func (d *Demo) playgroundClient() devissuer.Client {
	client := devissuer.DefaultClients()[0]
	client.Origins = []string{d.addresses.Gateway, strings.Replace(d.addresses.Gateway, "localhost", "127.0.0.1", 1)}
	return client
}

// path is a file in the data folder.
func (d *Demo) path(name string) string { return filepath.Join(d.options.Data, name) }
