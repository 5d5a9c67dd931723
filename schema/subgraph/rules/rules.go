// Package rules holds the rules that one subgraph's schema must keep before it may be merged. One rule stands in
// one file and reports one diagnostic code, or a few that belong together.
package rules

import "github.com/weft-gateway/weft/schema/subgraph"

// Stages lists the rules in the order in which they are held: each stage relies on the stages before it.
func Stages() [][]subgraph.Rule {
	return [][]subgraph.Rule{}
}
