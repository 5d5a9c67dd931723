package choose

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// choice is which subgraphs to enter at a place, and what everything at it and under it costs.
type choice struct {
	hops []*hop
	Cost
	// others are further sets of subgraphs to enter, which look dearer from here, or no cheaper: all things considered one of
	// them may be cheaper all the same, where it shares its fetches with other places.
	others [][]*hop
}

// maxEvaluations and maxSteps bound the search at one place; beyond them the best choice so far stands. When the searches at
// all places have looked at maxLooked ways to have a field, the first choice found stands at every further place.
const (
	maxEvaluations = 48
	maxSteps       = 4096
	maxLooked      = 100_000
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

// place returns the cheapest choice at a place where objects are present at the nodes (already those of the case's types).
// constant: the runtime type is not known.
func (c *chooser) place(typ string, sc *specCase, nodes []querygraph.NodeID, constant bool) choice {
	key := nodesKey(nodes, constant)
	if done, ok := sc.memo[key]; ok {
		return done
	}
	object := sc.types[0]
	entries := c.graph.Entries(object)
	if constant {
		entries = c.graph.Entries(typ)
	}
	p := &placeSearch{chooser: c, sc: sc, best: choice{Cost: impossible}}
	p.evaluationsLeft = maxEvaluations
	if c.looked > maxLooked {
		p.evaluationsLeft = 1
	}
	p.sources = c.sources(object, nodes, entries, constant, maxNested)
	p.options = make([][]option, len(sc.fields))
	possible := true
	for i, f := range sc.fields {
		if f.denied || f.meta || f.name == "__typename" {
			continue
		}
		p.options[i] = c.fieldOptions(object, f, p.sources)
		c.looked += len(p.options[i])
		if len(p.options[i]) == 0 {
			possible = false
			break
		}
	}
	if possible {
		p.search(0, nil, 0)
		p.best.others = p.others()
	}
	sc.memo[key] = p.best
	return p.best
}

func nodesKey(nodes []querygraph.NodeID, constant bool) string {
	b := make([]byte, 0, 4*len(nodes)+1)
	if constant {
		b = append(b, '?')
	}
	for _, n := range nodes {
		b = strconv.AppendInt(b, int64(n), 36)
		b = append(b, ',')
	}
	return string(b)
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
		if takesInputs(def) && !c.graph.Provided(s.node, f.name) {
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

// placeSearch searches the choices at one place.
type placeSearch struct {
	*chooser
	sc              *specCase
	sources         []source
	options         [][]option
	best            choice
	seen            []choice // what was evaluated and is possible
	evaluationsLeft int
	steps           int
}

// search extends the hops entered until every field has an option that takes no more of them.
func (p *placeSearch) search(i int, entered []*hop, extra int) {
	p.steps++
	if len(entered)+extra > p.best.Fetches || p.evaluationsLeft <= 0 || p.steps > maxSteps {
		return
	}
	// fields that need a decision come first: one that nothing entered so far gives
	for ; i < len(p.options); i++ {
		if len(p.options[i]) > 0 && !p.given(p.options[i], entered) {
			break
		}
	}
	if i == len(p.options) {
		p.evaluate(entered, extra)
		return
	}
	options := p.options[i]
	composite := p.sc.fields[i].composite()
	for n, o := range options {
		// Dearer ways to a leaf are looked at only where they might bring what other fields need too.
		if n > 0 && !composite && o.fetches() > options[0].fetches()+1 {
			break
		}
		next := entered
		for _, h := range o.chain {
			if !slices.Contains(next, h) {
				next = append(slices.Clone(next), h)
			}
		}
		more := extra + o.extra
		if o.again {
			more++
		}
		p.search(i+1, next, more)
	}
}

// given reports whether an option takes no hops but those entered.
func (p *placeSearch) given(options []option, entered []*hop) bool {
	return slices.ContainsFunc(options, func(o option) bool { return o.within(entered) && !o.again && o.extra == 0 })
}

func (o option) within(entered []*hop) bool {
	for _, h := range o.chain {
		if !slices.Contains(entered, h) {
			return false
		}
	}
	return true
}

// evaluate completes a choice with what lies under its composite fields, entering more subgraphs where that pays.
func (p *placeSearch) evaluate(entered []*hop, extra int) {
	p.evaluationsLeft--
	total := p.total(entered)
	p.saw(entered, total, extra)
	for p.evaluationsLeft > 0 {
		improved := false
		for _, s := range p.sources {
			if s.hop == nil || total.Fetches == len(entered) || slices.Contains(entered, s.hop) || !p.hasComposite(s.node) {
				continue
			}
			next := slices.Clone(entered)
			for _, h := range s.hop.chain {
				if !slices.Contains(next, h) {
					next = append(next, h)
				}
			}
			p.evaluationsLeft--
			t := p.total(next)
			p.saw(next, t, extra)
			if t.Less(total) {
				entered, total, improved = next, t, true
			}
		}
		if !improved {
			break
		}
	}
	total.Fetches += extra
	if total.Less(p.best.Cost) {
		p.best = choice{hops: slices.Clone(entered), Cost: total}
	}
}

// saw notes a choice that is possible.
func (p *placeSearch) saw(hops []*hop, total Cost, extra int) {
	if total.possible() {
		total.Fetches += extra
		p.seen = append(p.seen, choice{hops: slices.Clone(hops), Cost: total})
	}
}

// At a place at most maxOthers other choices are kept, of those that take at most maxMore fetches more than the best.
const (
	maxOthers = 6
	maxMore   = 2
)

// others are the choices seen that come after the best, the cheaper ones first.
func (p *placeSearch) others() [][]*hop {
	if !p.best.possible() || len(p.seen) < 2 {
		return nil
	}
	slices.SortStableFunc(p.seen, func(a, b choice) int {
		return cmp.Or(cmp.Compare(a.Fetches, b.Fetches), cmp.Compare(a.Depth, b.Depth))
	})
	kept := [][]*hop{p.best.hops}
	for _, s := range p.seen {
		if s.Fetches > p.best.Fetches+maxMore || len(kept) > maxOthers {
			break
		}
		if !slices.ContainsFunc(kept, func(have []*hop) bool { return sameHops(have, s.hops) }) {
			kept = append(kept, s.hops)
		}
	}
	return kept[1:]
}

// sameHops reports whether two lists without repetitions have the same members.
func sameHops(a, b []*hop) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(h *hop) bool { return !slices.Contains(b, h) })
}

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
		if len(down) == 0 {
			continue
		}
		one := c.place(s.typ, sc, down, constant)
		if !one.possible() {
			if c.noneCanBe(s, sc.types) {
				continue
			}
			return impossible
		}
		total = total.beside(one.after(start))
	}
	return total
}
