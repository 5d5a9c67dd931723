package choose

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// choice is which subgraphs to enter at a place, and what everything at it and under it costs.
type choice struct {
	hops []*hop
	Cost
	// others are further sets of subgraphs to enter, which look dearer from here, or no cheaper: all things considered one of
	// them may be cheaper all the same, where it shares its fetches with other places.
	others [][]*hop
	// uses are the subgraphs that each of them enters, the hops' first; none where there are no others.
	uses []Subgraphs
}

// maxEvaluations and maxSteps bound the search at one place; beyond them the best choice so far stands. When the searches at
// all places have looked at maxLooked ways to have a field, the first choice found stands at every further place.
const (
	maxEvaluations = 48
	maxSteps       = 4096
	maxLooked      = 100_000
)

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
		if p.search(0, nil, 0); !p.best.possible() && p.evaluationsLeft > 0 {
			p.all, p.steps = true, 0
			p.search(0, nil, 0)
		}
		if p.best.others = p.others(); len(p.best.others) > 0 {
			p.best.uses = p.uses()
		}
	}
	if sc.memo == nil {
		sc.memo = map[string]choice{}
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
	// all: whatever is entered already, each way to have a composite field is looked at, for what lies under it may be had
	// only by one that takes several hops (the inputs of @requires).
	all bool
}

// search extends the hops entered until every field has an option that takes no more of them.
func (p *placeSearch) search(i int, entered []*hop, extra int) {
	p.steps++
	if len(entered)+extra > p.best.Fetches || p.evaluationsLeft <= 0 || p.steps > maxSteps {
		return
	}
	// fields that need a decision come first: one that nothing entered so far gives
	for ; i < len(p.options); i++ {
		if len(p.options[i]) > 0 && (!p.given(p.options[i], entered) || p.all && p.sc.fields[i].composite() && len(p.options[i]) > 1) {
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

// evaluate completes a choice with what lies under its composite fields, entering more subgraphs where that pays. Entering
// one may pay only together with another: once, one that makes nothing dearer is entered to see what comes of it.
func (p *placeSearch) evaluate(entered []*hop, extra int) {
	p.evaluationsLeft--
	least := choice{hops: entered, Cost: p.total(entered)}
	p.saw(least, extra)
	at, aside := least, false
	for p.evaluationsLeft > 0 {
		next, cheaper := p.enterMore(at, extra)
		if next.hops == nil || !cheaper && aside {
			break
		}
		at, aside = next, aside || !cheaper
		if at.Less(least.Cost) {
			least = at
		}
	}
	least.Fetches += extra
	if least.Less(p.best.Cost) {
		p.best = least
	}
}

// enterMore enters further subgraphs, each for good where that makes the choice cheaper. Where none does it is the first that
// makes it no dearer; no hops if there is none.
func (p *placeSearch) enterMore(at choice, extra int) (next choice, cheaper bool) {
	for _, s := range p.sources {
		if s.hop == nil || at.Fetches == len(at.hops) || slices.Contains(at.hops, s.hop) || !p.hasComposite(s.node) {
			continue
		}
		more := choice{hops: slices.Clone(at.hops)}
		for _, h := range s.hop.chain {
			if !slices.Contains(more.hops, h) {
				more.hops = append(more.hops, h)
			}
		}
		p.evaluationsLeft--
		more.Cost = p.total(more.hops)
		p.saw(more, extra)
		switch {
		case more.Less(at.Cost):
			at, next, cheaper = more, more, true
		case next.hops == nil && more.Cost == at.Cost && more.possible():
			next = more
		}
	}
	return next, cheaper
}

// saw notes a choice that is possible.
func (p *placeSearch) saw(seen choice, extra int) {
	if seen.possible() {
		seen.Fetches += extra
		p.seen = append(p.seen, seen)
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

// uses are the subgraphs that the best choice, and each of the others, enters.
func (p *placeSearch) uses() []Subgraphs {
	out := make([]Subgraphs, 1+len(p.best.others))
	for i := range out {
		hops := p.best.hops
		if i > 0 {
			hops = p.best.others[i-1]
		}
		for _, h := range hops {
			out[i].add(p.graph.Nodes[h.to].Subgraph)
		}
	}
	return out
}

// sameHops reports whether two lists without repetitions have the same members.
func sameHops(a, b []*hop) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(h *hop) bool { return !slices.Contains(b, h) })
}
