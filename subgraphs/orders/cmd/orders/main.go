// Command orders runs the demo service that owns what customers bought.
package main

import (
	"os"

	"github.com/weft-gateway/weft/subgraphs/command"
	"github.com/weft-gateway/weft/subgraphs/orders"
)

func main() {
	os.Exit(command.Program{Name: "orders", Listen: "127.0.0.1:4001", New: orders.New}.Main())
}
