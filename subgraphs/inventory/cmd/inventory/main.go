// Command inventory runs the demo service that owns products and their stock.
package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/weft-gateway/weft/subgraphs/command"
	"github.com/weft-gateway/weft/subgraphs/inventory"
)

func main() {
	program := command.Program{
		Name:   "inventory",
		Listen: "127.0.0.1:4002",
		Open: func(ctx context.Context, databaseURL string, logger *slog.Logger) (command.Service, error) {
			return inventory.New(ctx, inventory.Options{DatabaseURL: databaseURL, Logger: logger})
		},
	}
	os.Exit(program.Main())
}
