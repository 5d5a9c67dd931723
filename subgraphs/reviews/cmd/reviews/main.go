// Command reviews runs the demo service that owns what customers say about products.
package main

import (
	"os"

	"github.com/weft-gateway/weft/subgraphs/command"
	"github.com/weft-gateway/weft/subgraphs/reviews"
)

func main() {
	os.Exit(command.Program{Name: "reviews", Listen: "127.0.0.1:4004", New: reviews.New}.Main())
}
