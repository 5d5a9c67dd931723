package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// hop is a way to be present in one more subgraph at a place.
type hop struct {
	to    querygraph.NodeID
	entry querygraph.Entry
	// chain are the hops that must be made for it, in order, itself last.
	chain []*hop
	// extra counts further fetches that the key's fields need at nested places.
	extra int
	// depth is how many fetches, this one included, run one after another to get there.
	depth int
}

func (h *hop) cost() int { return len(h.chain) + h.extra }

// source is a node at which fields of a place can be resolved: one of the presences there (hop nil), or one that a hop
// would bring.
type source struct {
	node querygraph.NodeID
	hop  *hop
}

// maxNested bounds how deep a key's fields are looked for across subgraphs of their own.
const maxNested = 3

// sources returns the presences and hops at a place for objects of a type: the nodes given first, then the cheapest hop into
// each subgraph that can be entered from there, by cost. constant restricts to entries that do not need the objects' runtime
// type.
func (c *chooser) sources(object string, nodes []querygraph.NodeID, entries []querygraph.Entry, constant bool, depth int) []source {
	out := make([]source, 0, len(nodes)+4)
	present := make(map[int]bool, len(nodes))
	for _, n := range nodes {
		out = append(out, source{node: n})
		present[c.graph.Nodes[n].Subgraph] = true
	}
	// Each round enters what the presences so far allow. A hop found in an earlier round is never dearer than one found
	// later, but for the extra cost of nested keys, so those are tried only when nothing else is found.
	for _, nested := range []int{0, depth} {
		for {
			var found []*hop
			for _, e := range entries {
				sub := c.graph.Nodes[e.To].Subgraph
				if present[sub] || constant && e.Typename == "" && e.Key != nil {
					continue
				}
				if h := c.tryEntry(object, e, out, nested); h != nil {
					if i := slices.IndexFunc(found, func(o *hop) bool { return c.graph.Nodes[o.to].Subgraph == sub }); i < 0 {
						found = append(found, h)
					} else if h.cost() < found[i].cost() {
						found[i] = h
					}
				}
			}
			if len(found) == 0 {
				break
			}
			slices.SortStableFunc(found, func(a, b *hop) int { return a.cost() - b.cost() })
			least := found[0].cost()
			for _, h := range found {
				if h.cost() > least {
					break
				}
				present[c.graph.Nodes[h.to].Subgraph] = true
				// Where an interface is entered, what counts is what the subgraph has of the objects there.
				if node := c.graph.Downcast(h.to, object); node != querygraph.None {
					out = append(out, source{node: node, hop: h})
				}
			}
		}
	}
	return out
}

// tryEntry returns the hop for an entry if the sources can provide its key, else nil.
func (c *chooser) tryEntry(object string, e querygraph.Entry, from []source, depth int) *hop {
	h := &hop{to: e.To, entry: e}
	if e.Key != nil {
		need := cover{chooser: c, depth: depth}
		if !need.all(object, e.Key.Selection, from) {
			return nil
		}
		h.chain, h.extra = need.chain, need.extra
	}
	h.depth = 1 + h.extra
	for _, step := range h.chain {
		h.depth = max(h.depth, step.depth+1+h.extra)
	}
	h.chain = append(slices.Clone(h.chain), h)
	return h
}
