package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/weft-gateway/weft/gateway/cmd/weft/demo"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/schema/registry"
)

func demoCommand() *cobra.Command {
	ports := demo.DefaultPorts()
	var data, level, format string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run a whole graph on this machine, to be tried out",
		Long: `Runs a demo shop on 127.0.0.1: the services orders and inventory, a gateway in front of them, a Playground for
browsers, an OpenID issuer that lets everybody in, and a registry. A third service, reviews, runs beside them
and waits to be registered.

Everything is kept in the data folder: what is registered, ordered or reviewed is still there at the next start.`,
		Example: `  weft demo
  weft demo --port 8080 --data /tmp/shop`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			logger, err := server.NewLogger(cmd.ErrOrStderr(), format, level)
			if err != nil {
				return &usageError{err}
			}
			slog.SetDefault(logger) // the issuer's library knows no other
			d, err := demo.Start(cmd.Context(), demo.Options{
				Data: data, Ports: ports, Command: called(), Logger: logger,
				Swapped: func(v registry.VersionInfo) {
					var names []string
					for _, m := range v.Members {
						names = append(names, m.Name)
					}
					fmt.Fprintf(cmd.OutOrStdout(), "%s  the gateway serves version %d: %s\n", time.Now().Format(time.TimeOnly), v.Number, strings.Join(names, ", "))
				},
			})
			if err != nil {
				return err
			}
			if err := write(cmd, "", d.Banner()); err != nil {
				return errors.Join(err, d.Close())
			}
			return d.Run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&data, "data", ".weft", "`folder` to keep everything in")
	for _, p := range []struct {
		port *int
		flag string
		what string
	}{
		{&ports.Gateway, "port", "the gateway and the Playground"},
		{&ports.Orders, "orders-port", "the orders service"},
		{&ports.Inventory, "inventory-port", "the inventory service"},
		{&ports.Issuer, "issuer-port", "the OpenID issuer"},
		{&ports.Reviews, "reviews-port", "the reviews service"},
		{&ports.Registry, "registry-port", "the registry's API"},
	} {
		flags.IntVar(p.port, p.flag, *p.port, "`port` of "+p.what+"; 0 lets the system choose")
	}
	flags.StringVar(&level, "log-level", "warn", "least `level` that is logged: debug, info, warn, error")
	flags.StringVar(&format, "log-format", "text", "`format` of the log: text, json")
	return cmd
}
