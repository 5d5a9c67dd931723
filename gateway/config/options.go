package config

import (
	"io"
	"log/slog"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/playground"
	"github.com/weft-gateway/weft/gateway/server"
)

// Logger makes the logger that the file asks for.
func (c *Config) Logger(w io.Writer) (*slog.Logger, error) {
	return server.NewLogger(w, c.Log.Format, c.Log.Level)
}

// Gateway makes the gateway's options of the file. Auth is left to the caller, since an Authenticator lives: see
// AuthOptions. So is the Logger.
func (c *Config) Gateway() (gateway.Options, error) {
	o := gateway.Options{
		Server:          c.Server.options(),
		Forward:         c.Forward.options(),
		Operations:      c.Operations.Limits.options(),
		NoIntrospection: !c.Operations.Introspection,
		HideErrors:      !c.Operations.SubgraphMessages,
		Plans:           c.Operations.Plans.allowed(),
		CacheOperations: c.Operations.Cache.Entries,
		CacheBytes:      int(c.Operations.Cache.Size),
		Answers:         c.Operations.Responses.options(),
		MaxErrors:       c.Operations.Responses.Errors,
		OverrideLabels:  c.Operations.overrideLabels(),

		DeduplicateOperations: c.Operations.Deduplicate == "on",
	}
	if o.MaxSubscriptions = c.Server.Limits.Subscriptions; o.MaxSubscriptions == 0 {
		o.MaxSubscriptions = -1 // 0 would stand for the default
	}
	o.Server.Limits.Tokens = c.Operations.Limits.Tokens
	var err error
	if o.Subgraphs, o.Subgraph, err = c.Subgraphs.options(c); err != nil {
		return o, err
	}
	if c.Playground.Enabled {
		if o.Server.Playground, err = playground.Handler(c.Playground.options(c.Server.Path)); err != nil {
			return o, c.document.Errorf("playground", "%v", err)
		}
	}
	return o, nil
}

// Unknown lists the subgraphs that the file names and a supergraph does not have, sorted: perhaps a name is misspelt,
// and what was meant for a subgraph never reaches it.
func (c *Config) Unknown(known []string) []string {
	var unknown []string
	seen := map[string]bool{}
	for _, name := range known {
		seen[name] = true
	}
	note := func(name string) {
		if !seen[name] {
			seen[name] = true
			unknown = append(unknown, name)
		}
	}
	for _, name := range c.namedSubgraphs() {
		note(name)
	}
	return unknown
}
