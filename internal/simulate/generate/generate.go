package generate

import (
	"github.com/weft-gateway/weft/internal/simulate"
)

// Graph is a random federated graph and its data.
type Graph struct {
	Sources []simulate.Source
	Data    []byte
	Labels  []string // of progressive overrides
}

// NewGraph makes a graph. It composes more often than not.
func NewGraph(c *Choices) *Graph {
	m := newModel(c)
	return &Graph{Sources: m.sources(), Data: m.data(), Labels: labels}
}
