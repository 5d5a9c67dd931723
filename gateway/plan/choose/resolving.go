package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// resolvers chooses the presences from which a composite field is resolved: as few as what lies under it allows without
// more fetches.
func (c *chooser) resolvers(f *Field, s *spec, at int) ([]*Presence, error) {
	object := f.Place.Types[0]
	var all []*Presence
	var to []querygraph.NodeID
	add := func(p *Presence, pinned bool) {
		if slices.Contains(all, p) {
			return
		}
		node := c.graph.Downcast(p.Node, object)
		if node == querygraph.None {
			return
		}
		def, next, ok := c.resolves(node, f.Name)
		if !ok || next == querygraph.None || !pinned && c.needsInputs(node, def) {
			return
		}
		all, to = append(all, p), append(to, next)
	}
	chosen := len(f.By) // roots are settled already
	for _, p := range f.By {
		add(p, true)
	}
	for _, p := range f.pinned {
		add(p, true)
		chosen = len(all)
	}
	if len(f.By) == 0 {
		for _, p := range f.Place.avail {
			add(p, false)
		}
	}
	if len(all) == 0 {
		return nil, (&decider{chooser: c, place: f.Place, object: object}).fail(f.Name)
	}
	r := &resolving{chooser: c, spec: s, all: all, to: to, chosen: chosen}
	cheapest := r.cheapest()
	ways := r.ways(cheapest)
	if len(ways) == 1 {
		return ways[0], nil
	}
	uses := make([]Subgraphs, len(ways))
	for i, way := range ways {
		for _, p := range way {
			uses[i].add(c.graph.Nodes[p.Node].Subgraph)
		}
	}
	return ways[c.way(at, uses)], nil
}

// resolving is the choice of the presences from which a composite field is resolved.
type resolving struct {
	*chooser
	spec   *spec
	all    []*Presence
	to     []querygraph.NodeID // where the field leads from each
	chosen int                 // so many of them must be among those chosen
}

// cheapest are as few as what lies under the field allows without more fetches.
func (r *resolving) cheapest() []*Presence {
	all, to, chosen := r.all, r.to, r.chosen
	if chosen == len(all) {
		return all
	}
	least := r.specCost(r.spec, to)
	if chosen > 0 && !least.Less(r.specCost(r.spec, to[:chosen])) {
		return all[:chosen]
	}
	if chosen == 0 {
		for i := range all {
			if !least.Less(r.specCost(r.spec, to[i:i+1])) {
				return all[i : i+1]
			}
		}
	}
	// Drop those that add nothing, the latest first.
	keep, nodes := slices.Clone(all), slices.Clone(to)
	for i := len(keep) - 1; i >= chosen && len(keep) > 1; i-- {
		fewer := slices.Delete(slices.Clone(nodes), i, i+1)
		if !least.Less(r.specCost(r.spec, fewer)) {
			keep, nodes = slices.Delete(keep, i, i+1), fewer
		}
	}
	return keep
}

// ways are the cheapest choice, and others: all presences, each alone with those that must be, and, where there are few,
// all but one.
func (r *resolving) ways(cheapest []*Presence) [][]*Presence {
	ways := [][]*Presence{cheapest}
	add := func(way []*Presence) {
		if !slices.ContainsFunc(ways, func(have []*Presence) bool { return slices.Equal(have, way) }) {
			ways = append(ways, way)
		}
	}
	free := r.all[r.chosen:]
	if len(free) == 0 || len(r.all) == 1 {
		return ways
	}
	must := r.all[:r.chosen:r.chosen]
	add(r.all)
	for _, p := range free {
		add(append(must, p))
	}
	if len(free) <= maxFew {
		for i := range free {
			add(append(must, slices.Delete(slices.Clone(free), i, i+1)...))
		}
	}
	return ways
}

// maxFew is up to how many presences are left out one by one.
const maxFew = 4
