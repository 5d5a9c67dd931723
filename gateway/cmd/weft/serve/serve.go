// Package serve runs a gateway as its configuration says: it brings the gateway its supergraph, from files or from a
// registry, and opens the ports.
package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/config"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// ErrNoSupergraph says that a configuration names none.
var ErrNoSupergraph = errors.New("there is no supergraph to serve")

// Addresses are where a gateway listens; Registry and Debug are empty without one.
type Addresses struct{ Gateway, Registry, Debug string }

// Run serves until ctx ends. listening is told where, once the ports are open and before the first request is answered;
// it may be nil.
func Run(ctx context.Context, c *config.Config, logger *slog.Logger, listening func(Addresses)) (err error) {
	s := &site{config: c, logger: logger}
	for _, w := range c.Warnings() {
		logger.Warn("configuration", "at", w.Path, "warning", w.Message)
	}
	background, stop := context.WithCancel(ctx)
	defer func() {
		stop()
		s.background.Wait()
		err = errors.Join(err, s.close())
	}()
	if err := s.open(background); err != nil {
		return err
	}
	if listening != nil {
		listening(s.addresses)
	}
	return s.gateway.Server().Run(ctx, s.listeners...)
}

// site is a running gateway and all that belongs to it.
type site struct {
	config     *config.Config
	logger     *slog.Logger
	gateway    *gateway.Gateway
	registry   *Registry
	listeners  []*server.Listener
	addresses  Addresses
	background sync.WaitGroup
}

func (s *site) open(ctx context.Context) error {
	options, err := s.config.Gateway()
	if err != nil {
		return err
	}
	options.Logger = s.logger
	if options.Auth, err = s.authenticator(ctx, s.config.AuthOptions); err != nil {
		return err
	}
	if options.Auth.Mode() == auth.ModeOff {
		options.Auth = nil
	}
	if s.gateway, err = gateway.New(options); err != nil {
		return err
	}
	// The ports come first: that one is taken is the likeliest trouble, and the quickest to find.
	if s.addresses.Gateway, err = s.listen("gateway", s.config.Listen, s.gateway); err != nil {
		return err
	}
	if address := s.config.Debug.Listen; address != "" {
		if s.addresses.Debug, err = s.listen("debug", address, debugHandler()); err != nil {
			return err
		}
	}
	switch {
	case s.config.RegistryFile() != "":
		return s.openRegistry(ctx)
	case s.config.SupergraphFile() != "" || s.config.SubgraphsFile() != "":
		return s.openFiles(ctx)
	}
	return ErrNoSupergraph
}

// listen opens a port and returns its address.
func (s *site) listen(name, address string, handler http.Handler) (string, error) {
	l, err := server.Listen(name, address, handler)
	if err != nil {
		return "", err
	}
	s.listeners = append(s.listeners, l)
	return l.Addr().String(), nil
}

// close gives back what open took. Listeners that ran are closed already, and say so, which is no news.
func (s *site) close() error {
	var errs []error
	for _, l := range s.listeners {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.registry != nil {
		errs = append(errs, s.registry.Close())
	}
	if s.gateway != nil {
		errs = append(errs, s.gateway.Close())
	}
	return errors.Join(errs...)
}

func (s *site) authenticator(ctx context.Context, from func() (auth.Options, error)) (*auth.Authenticator, error) {
	o, err := from()
	if err != nil {
		return nil, err
	}
	o.Logger = s.logger
	return auth.New(ctx, o)
}

func (s *site) openFiles(ctx context.Context) error {
	f := files{composed: s.config.SupergraphFile(), list: s.config.SubgraphsFile(), logger: s.logger}
	main := []string{f.composed + f.list} // one of them is empty
	before := stamps(main)
	first, depends, err := f.load(ctx)
	if err != nil {
		return err
	}
	seen := restamp(main, before, depends)
	if unknown := s.config.Unknown(names(first)); len(unknown) > 0 {
		return fmt.Errorf("the configuration names %s, and the supergraph has only %s", strings.Join(unknown, ", "), strings.Join(names(first), ", "))
	}
	if err := s.gateway.Swap(first); err != nil {
		return err
	}
	if s.config.Supergraph.Watch {
		s.background.Go(func() {
			f.watch(ctx, depends, seen, func(next *supergraph.Supergraph) error {
				if err := s.gateway.Swap(next); err != nil {
					return err
				}
				s.warnOfUnknown()
				return nil
			})
		})
	}
	return nil
}

func (s *site) openRegistry(ctx context.Context) error {
	authenticator, err := s.authenticator(ctx, s.config.RegistryAuth)
	if err != nil {
		return err
	}
	o, err := s.config.RegistryAuth()
	if err != nil {
		return err
	}
	issuers := make([]string, len(o.Issuers))
	for i, is := range o.Issuers {
		issuers[i] = is.URL
	}
	r := s.config.Supergraph.Registry
	if s.registry, err = OpenRegistry(ctx, s.config.RegistryFile(), r.Poll.Std(), s.logger); err != nil {
		return err
	}
	if s.addresses.Registry, err = s.listen("registry API", r.Listen, s.registry.API(authenticator, issuers, r.AnonymousRead)); err != nil {
		return err
	}
	wait, err := s.registry.Feed(ctx, s.gateway, func(registry.VersionInfo) { s.warnOfUnknown() })
	if err != nil {
		return err
	}
	s.background.Go(wait)
	return nil
}

// warnOfUnknown says which subgraphs of the configuration are not in the graph. They may come later.
func (s *site) warnOfUnknown() {
	if unknown := s.config.Unknown(names(s.gateway.Snapshot().Supergraph)); len(unknown) > 0 {
		s.logger.Warn("the configuration names subgraphs that are not in the graph", "subgraphs", unknown)
	}
}

func names(g *supergraph.Supergraph) []string {
	out := make([]string, len(g.Graphs))
	for i, sub := range g.Graphs {
		out[i] = sub.Name
	}
	return out
}
