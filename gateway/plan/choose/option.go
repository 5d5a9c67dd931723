package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// option is a way to have one field at a place.
type option struct {
	node  querygraph.NodeID
	to    querygraph.NodeID
	field *supergraph.Field
	// chain are the hops it takes; empty when a presence that is there anyway resolves the field.
	chain []*hop
	extra int
	// again: the subgraph is there already and must be entered once more with the inputs of @requires.
	again bool
}

// depth is how many steps pass before the field is there.
func (o option) depth() int {
	depth := 0
	for _, h := range o.chain {
		depth = max(depth, h.depth)
	}
	if o.again {
		depth++
	}
	return depth
}

// within reports whether an option takes no hops but some.
func (o option) within(entered []*hop) bool {
	for _, h := range o.chain {
		if !slices.Contains(entered, h) {
			return false
		}
	}
	return true
}

// fieldOptions lists the ways to have a field, the cheapest first.
func (c *chooser) fieldOptions(object string, f *specField, sources []source) []option {
	var out []option
	for i, s := range sources {
		def, to, ok := c.resolves(s.node, f.name)
		if !ok {
			continue
		}
		o := option{node: s.node, to: to, field: def}
		if s.hop != nil {
			o.chain, o.extra = s.hop.chain, s.hop.extra
		}
		if c.needsInputs(s.node, def) {
			need := cover{chooser: c, depth: maxNested, chain: slices.Clone(o.chain)}
			if !need.requires(object, s, def, sources) {
				continue
			}
			if s.hop == nil && !c.enterable(object, s.node, sources) {
				continue
			}
			o.chain, o.extra, o.again = need.chain, o.extra+need.extra-1, s.hop == nil
		} else if s.hop == nil && !f.composite() {
			return []option{o} // there is nothing to gain elsewhere
		}
		if out == nil {
			out = make([]option, 0, len(sources)-i)
		}
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b option) int { return a.fetches() - b.fetches() })
	return out
}

// fetches is how many fetches the option takes by itself.
func (o option) fetches() int {
	n := len(o.chain) + o.extra
	if o.again {
		n++
	}
	return n
}

// enterable reports whether a subgraph that is present can be entered again at the same objects.
func (c *chooser) enterable(object string, node querygraph.NodeID, sources []source) bool {
	return c.reentry(object, node, sources) != nil
}

// reentry is the cheapest way to enter, once more, the subgraph of a node.
func (c *chooser) reentry(object string, node querygraph.NodeID, sources []source) *hop {
	sub := c.graph.Nodes[node].Subgraph
	var best *hop
	for _, e := range c.graph.Entries(object) {
		if c.graph.Nodes[e.To].Subgraph != sub {
			continue
		}
		if h := c.tryEntry(object, e, sources, maxNested); h != nil && (best == nil || h.cost() < best.cost()) {
			best = h
		}
	}
	return best
}
