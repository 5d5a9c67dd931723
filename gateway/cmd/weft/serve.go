package main

import (
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/cmd/weft/report"
	"github.com/weft-gateway/weft/gateway/cmd/weft/serve"
	"github.com/weft-gateway/weft/gateway/config"
	"github.com/weft-gateway/weft/schema/diagnostic"
)

func serveCommand() *cobra.Command {
	var file, supergraph, subgraphs, listen, level, format string
	var watch bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the gateway",
		Long: `Runs the gateway until it gets SIGINT or SIGTERM. It then says no at /health/ready, lets requests in flight end, and stops.

The supergraph comes from a configuration file, from a file of supergraph SDL that any tool composed, or from a
list of subgraphs in the format of Rover's supergraph.yaml, which is composed at the start. The flags are
stronger than the configuration.`,
		Example: `  weft serve --config weft.yaml
  weft serve --supergraph supergraph.graphql --watch
  weft serve --subgraphs supergraph.yaml --listen :4000`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if supergraph != "" && subgraphs != "" {
				return usagef("--supergraph and --subgraphs both say what to serve; keep one")
			}
			c := config.Default()
			if file != "" {
				var err error
				if c, err = config.Load(file); err != nil {
					return err
				}
			}
			set := cmd.Flags().Changed
			if set("supergraph") {
				c.UseSupergraphFile(supergraph)
			}
			if set("subgraphs") {
				c.UseSubgraphsFile(subgraphs)
			}
			for _, flag := range []struct {
				name string
				to   *string
				from string
			}{{"listen", &c.Listen, listen}, {"log-level", &c.Log.Level, level}, {"log-format", &c.Log.Format, format}} {
				if set(flag.name) {
					*flag.to = flag.from
				}
			}
			if watch {
				if c.RegistryFile() != "" {
					return usagef("--watch is for files; a registry is always watched")
				}
				c.Supergraph.Watch = true
			}
			logger, err := c.Logger(cmd.ErrOrStderr())
			if err != nil {
				return &usageError{err}
			}
			err = serve.Run(cmd.Context(), c, logger, func(a serve.Addresses) {
				fmt.Fprintf(cmd.OutOrStdout(), "GraphQL   http://%s%s\n", reachable(a.Gateway), c.Server.Path)
				if a.Registry != "" {
					fmt.Fprintf(cmd.OutOrStdout(), "Registry  http://%s/graphql\n", reachable(a.Registry))
				}
				if a.Debug != "" {
					fmt.Fprintf(cmd.OutOrStdout(), "Debug     http://%s/debug/pprof/\n", reachable(a.Debug))
				}
			})
			var composition *serve.CompositionError
			switch {
			case errors.Is(err, serve.ErrNoSupergraph):
				return usagef("there is nothing to serve: give --supergraph, --subgraphs, or a --config that names a supergraph")
			case errors.As(err, &composition):
				report.Printer{W: cmd.ErrOrStderr(), Source: sourceOf(composition.Subgraphs)}.Diagnostics(composition.Errors)
				return errReported
			}
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&file, "config", os.Getenv("WEFT_CONFIG"), "configuration `file` (default $WEFT_CONFIG)")
	flags.StringVar(&supergraph, "supergraph", "", "`file` with supergraph SDL")
	flags.StringVar(&subgraphs, "subgraphs", "", "`file` that lists subgraphs in Rover's format")
	flags.StringVar(&listen, "listen", "127.0.0.1:4000", "`address` of the client endpoint")
	flags.BoolVar(&watch, "watch", false, "serve the new supergraph when the files change")
	flags.StringVar(&level, "log-level", "info", "least `level` that is logged: debug, info, warn, error")
	flags.StringVar(&format, "log-format", "text", "`format` of the log: text, json")
	return cmd
}

// reachable is an address as it is called from this machine: what listens on all interfaces is at localhost, too.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return address
}

// atLeast are the diagnostics of a severity and the worse ones.
func atLeast(ds []diagnostic.Diagnostic, least diagnostic.Severity) []diagnostic.Diagnostic {
	rank := map[diagnostic.Severity]int{diagnostic.Debug: 0, diagnostic.Info: 1, diagnostic.Warn: 2, diagnostic.Error: 3}
	var out []diagnostic.Diagnostic
	for _, d := range ds {
		if rank[d.Severity] >= rank[least] {
			out = append(out, d)
		}
	}
	return out
}
