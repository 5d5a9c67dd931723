// Command orders runs the demo service that owns what customers bought.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/weft-gateway/weft/subgraphs/command"
	"github.com/weft-gateway/weft/subgraphs/orders"
)

func main() {
	program := command.Program{
		Name:   "orders",
		Listen: "127.0.0.1:4001",
		Open: func(ctx context.Context, databaseURL string, logger *slog.Logger) (command.Service, error) {
			return orders.New(ctx, orders.Options{DatabaseURL: databaseURL, Logger: logger})
		},
	}
	os.Exit(program.Main())
}
