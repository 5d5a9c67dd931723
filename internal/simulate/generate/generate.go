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

// NewGraph makes a graph of a profile. It composes more often than not.
func NewGraph(c *Choices, p Profile) *Graph {
	m := newModel(c, p)
	sources := m.sources()
	touch(sources)
	return &Graph{Sources: sources, Data: m.data(), Labels: labels}
}
