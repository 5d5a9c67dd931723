package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// total is the cost of a set of hops with all that lies under the place.
func (p *placeSearch) total(entered []*hop) Cost {
	c := Cost{Fetches: len(entered)}
	for _, h := range entered {
		c.Depth = max(c.Depth, h.depth)
	}
	for _, options := range p.options {
		if len(options) > 0 && options[0].again {
			c.Depth = max(c.Depth, options[0].depth())
		}
	}
	return c.beside(p.under(entered))
}

func (p *placeSearch) hasComposite(node querygraph.NodeID) bool {
	for _, f := range p.sc.fields {
		if f.composite() && !f.denied && !f.meta {
			if _, _, ok := p.resolves(node, f.name); ok {
				return true
			}
		}
	}
	return false
}

// under is what the composite fields cost, given the hops entered.
func (p *placeSearch) under(entered []*hop) Cost {
	var total Cost
	for i, f := range p.sc.fields {
		if !f.composite() || len(p.options[i]) == 0 {
			continue
		}
		var nodes, early []querygraph.NodeID
		first, last := -1, 0
		for _, o := range p.options[i] {
			if o.to == querygraph.None || !o.within(entered) || slices.Contains(nodes, o.to) {
				continue
			}
			nodes = append(nodes, o.to)
			depth := o.depth()
			last = max(last, depth)
			switch {
			case first < 0 || depth < first:
				first, early = depth, []querygraph.NodeID{o.to}
			case depth == first:
				early = append(early, o.to)
			}
		}
		c := p.specCost(p.childSpec(f), nodes)
		if !c.possible() {
			return impossible
		}
		start := last
		if first == last || p.specCost(p.childSpec(f), early) == c {
			start = first // what is there first is enough
		}
		total = total.beside(c.after(start))
	}
	return total
}

// specCost is what a selection set costs where its objects are present at the nodes.
func (c *chooser) specCost(s *spec, nodes []querygraph.NodeID) Cost {
	constant, entry, ok := c.unknownType(s, nodes)
	if !ok {
		return impossible
	}
	var total Cost
	start := 0
	if entry != nil {
		total = Cost{Fetches: entry.cost(), Depth: entry.depth}
		start = entry.depth
		nodes = append(slices.Clone(nodes), entry.to)
		constant = false
	}
	cases := s.cases
	if whole := c.atOnce(s); constant && whole != nil {
		cases = []*specCase{whole}
	}
	for _, sc := range cases {
		down := c.down(nodes, sc.types[0])
		if len(down) == 0 || c.unexpected(s, sc) {
			continue
		}
		one := c.place(s.typ, sc, down, constant)
		if !one.possible() {
			return impossible
		}
		total = total.beside(one.after(start))
	}
	return total
}
