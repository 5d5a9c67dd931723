// Command inventory runs the demo service that owns products and their stock.
package main

import (
	"os"

	"github.com/weft-gateway/weft/subgraphs/command"
	"github.com/weft-gateway/weft/subgraphs/inventory"
)

func main() {
	os.Exit(command.Program{Name: "inventory", Listen: "127.0.0.1:4002", New: inventory.New}.Main())
}
