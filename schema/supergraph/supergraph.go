// Package supergraph models a composed schema.
package supergraph

// Supergraph is a composed schema.
type Supergraph struct{}
