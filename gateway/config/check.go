package config

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/config/strict"
)

// check looks for what is wrong although each value alone is right.
func (c *Config) check() strict.Errors {
	var errs strict.Errors
	fail := func(path, format string, args ...any) { errs = append(errs, c.document.Errorf(path, format, args...)) }

	var sources []string
	s := c.Supergraph
	if s.File != "" {
		sources = append(sources, "file")
	}
	if s.Subgraphs != "" {
		sources = append(sources, "subgraphs")
	}
	if s.Registry.Data != "" {
		sources = append(sources, "registry")
	}
	switch {
	case len(sources) > 1:
		fail("supergraph", "the supergraph comes from %s; keep one of them", strings.Join(sources, " and "))
	case len(sources) == 0 && c.document.Has("supergraph.registry"):
		fail("supergraph.registry", "a registry needs data, the folder that it keeps its database in")
	}
	if s.Watch && s.Registry.Data != "" {
		fail("supergraph.watch", "a registry is always watched; watch is for files")
	}
	c.checkAddress("listen", c.Listen, fail)
	if c.Debug.Listen != "" {
		c.checkAddress("debug.listen", c.Debug.Listen, fail)
	}
	if s.Registry.Data != "" {
		c.checkAddress("supergraph.registry.listen", s.Registry.Listen, fail)
		if len(c.Auth.Issuers) == 0 && len(s.Registry.Issuers) == 0 {
			fail("supergraph.registry", "nobody could publish: name issuers here, or in auth")
		}
	}
	if c.Auth.Mode != string(auth.ModeOff) && len(c.Auth.Issuers) == 0 {
		fail("auth.mode", "the mode %s needs at least one issuer in auth.issuers", c.Auth.Mode)
	}
	if p := c.Operations.Plans; p.Scope != "" && p.Allow != "authenticated" {
		fail("operations.plans.scope", "a scope goes together with allow: authenticated")
	}
	if c.Operations.Plans.Allow == "authenticated" && c.Auth.Mode == string(auth.ModeOff) {
		fail("operations.plans.allow", "with auth.mode off nobody is ever authenticated")
	}
	if d := c.Operations.Responses.Depth; d > gateway.MaxAnswerDepth {
		fail("operations.responses.depth", "%d is too large: it is at most %d", d, gateway.MaxAnswerDepth)
	}
	for _, label := range slices.Sorted(maps.Keys(c.Operations.OverrideLabels)) {
		if strings.HasPrefix(label, "percent(") {
			fail("operations.override_labels", "%s says itself for which share of requests it is active", label)
		}
	}
	if l := c.Server.Compression.Level; l > 9 {
		fail("server.compression.level", "%d is too large: it is at most 9", l)
	}
	if len(errs) > 0 {
		return errs
	}
	return c.tryOut()
}

func (c *Config) checkAddress(path, address string, fail func(string, string, ...any)) {
	if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
		fail(path, "%q is no address to listen on: write host:port, such as 127.0.0.1:4000 or :4000", address)
	}
}

// tryOut makes what the file describes and throws it away, for the checks that the packages themselves make.
func (c *Config) tryOut() strict.Errors {
	asErrors := func(path string, err error) strict.Errors {
		var placed *strict.Error
		if errors.As(err, &placed) {
			return strict.Errors{placed}
		}
		return strict.Errors{c.document.Errorf(path, "%v", err)}
	}
	o, err := c.Gateway()
	if err != nil {
		return asErrors("", err)
	}
	if _, err := auth.NewForwarder(o.Forward); err != nil {
		return asErrors("forward", err)
	}
	g, err := gateway.New(o)
	if err != nil {
		return asErrors("server", err)
	}
	if err := g.Close(); err != nil {
		return asErrors("server", err)
	}

	// An Authenticator looks for its issuers as long as its context lasts: this one not at all.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, try := range []struct {
		path    string
		options func() (auth.Options, error)
		when    bool
	}{
		{"auth", c.AuthOptions, true},
		{"supergraph.registry", c.RegistryAuth, c.Supergraph.Registry.Data != ""},
	} {
		if !try.when {
			continue
		}
		options, err := try.options()
		if err != nil {
			return asErrors(try.path, err)
		}
		options.Logger = slog.New(slog.DiscardHandler)
		if _, err := auth.New(ctx, options); err != nil {
			return asErrors(try.path, err)
		}
	}
	return nil
}

// namedSubgraphs are the subgraphs that the file names, sorted.
func (c *Config) namedSubgraphs() []string {
	all := slices.Concat(slices.Collect(maps.Keys(c.Subgraphs.Named)), slices.Collect(maps.Keys(c.Forward.Named)))
	slices.Sort(all)
	return slices.Compact(all)
}

// Warnings are what is accepted and yet perhaps not meant.
func (c *Config) Warnings() strict.Errors {
	var warnings strict.Errors
	if c.Auth.Mode == string(auth.ModeOff) {
		note := func(path string, rules ForwardRules) {
			if rules.Authorization {
				warnings = append(warnings, c.document.Errorf(path+".authorization", "auth.mode is off, so tokens are sent on without having been verified"))
			}
		}
		note("forward.all", c.Forward.All)
		for _, name := range slices.Sorted(maps.Keys(c.Forward.Named)) {
			note("forward.named."+name, c.Forward.Named[name])
		}
	}
	if c.SupergraphFile() == "" && c.SubgraphsFile() == "" && c.RegistryFile() == "" {
		warnings = append(warnings, c.document.Errorf("supergraph", "no supergraph is named, so weft serve needs --supergraph or --subgraphs beside this file"))
	}
	return warnings
}
