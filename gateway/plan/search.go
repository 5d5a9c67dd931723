package plan

import (
	"maps"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
)

// What looks cheapest place by place need not be cheapest as a whole: two places that enter the same subgraph at the same
// time share a fetch, and places are decided one after another. So the operation is decided place by place first, and then
// in other ways, of which each is laid out as fetches and counted, until one is as cheap as any can be, until there are no
// more ways, or until the search has taken so much work. The work is counted in fields and not in time: the same operation
// always gets the same plan.
const (
	maxTries = 400
	maxAll   = 300    // tries that go into trying all ways
	maxWork  = 12_000 // fields laid out, in all ways together
)

// cheapest decides an operation and lays it out as fetches.
func (p *Planner) cheapest(op *operation.Operation, opts choose.Options) (*fetchgraph.Graph, []string, error) {
	s := &search{op: op, choose: choose.NewSearch(p.Graph, op, opts)}
	tree, err := s.choose.Tree(nil)
	if err != nil {
		return nil, nil, err
	}
	if s.best, err = fetchgraph.Build(tree, op); err != nil {
		return nil, nil, err
	}
	s.cost = s.best.Cost()
	s.work, s.junctions = s.cost.Fields, s.choose.Junctions()
	if len(s.junctions) > 0 {
		s.bound = s.choose.Bound()
		s.improve()
	}
	return s.best, s.choose.Labels(), nil
}

// search looks for the cheapest way to decide an operation.
type search struct {
	op     *operation.Operation
	choose *choose.Search
	// best is the cheapest layout so far, cost what it costs, and taken how it was decided.
	best      *fetchgraph.Graph
	cost      choose.Cost
	taken     choose.Decisions
	junctions []choose.Junction // of the best
	bound     choose.Cost
	tries     int
	work      int
}

// over reports whether the search has come to its end. How many fields are selected is no reason to look on.
func (s *search) over() bool {
	cheaper := s.cost.Fetches > s.bound.Fetches || s.cost.Depth > s.bound.Depth
	return !cheaper || s.tries >= maxTries || s.work >= maxWork
}

// improve tries all ways where they are few. Where they are not, or turn out not to be, it does without a subgraph, changes
// one decision of the best so far, or two at once, for as long as that makes it cheaper.
func (s *search) improve() {
	if s.few() && s.all() {
		return
	}
	for !s.over() && (s.one() || s.without() || s.two()) {
	}
}

// without tries to do without each subgraph, wherever there is another way: a call is saved only when all that is asked by it
// is asked otherwise. It reports whether that made the whole cheaper.
func (s *search) without() bool {
	for sub := range s.choose.Subgraphs() {
		changes, junctions := choose.Decisions{}, s.junctions
		// The ways taken instead lead to junctions that were not there before.
		for range maxRounds {
			before := len(changes)
			for _, j := range junctions {
				if way := instead(j, sub); way >= 0 {
					changes[j.At] = way
				}
			}
			if len(changes) == before || s.over() {
				break
			}
			if s.try(s.with(changes)) {
				return true
			}
			junctions = s.choose.Junctions()
		}
	}
	return false
}

// maxRounds is how often the search goes on from ways that do without a subgraph.
const maxRounds = 3

// instead is the first way of a junction without a subgraph, -1 where the one taken is or where there is none.
func instead(j choose.Junction, sub int) int {
	if !j.Uses(j.Taken).Has(sub) {
		return -1
	}
	for way := range j.Ways {
		if !j.Uses(way).Has(sub) {
			return way
		}
	}
	return -1
}

// few reports whether there is work left for all ways to take the junctions of the best tree.
func (s *search) few() bool {
	ways := 1
	for _, j := range s.junctions {
		if ways *= j.Ways; ways > maxAll || ways*s.cost.Fields > maxWork*maxAll/maxTries {
			return false
		}
	}
	return true
}

// try decides the operation in a way, and reports whether that is the best so far.
func (s *search) try(decisions choose.Decisions) bool {
	s.tries++
	tree, err := s.choose.Tree(decisions)
	var graph *fetchgraph.Graph
	if err == nil {
		graph, err = fetchgraph.Build(tree, s.op)
	}
	if err != nil { // a dead end
		s.work += max(s.cost.Fields, 1)
		return false
	}
	cost := graph.Cost()
	s.work += max(cost.Fields, 1)
	if !cost.Less(s.cost) {
		return false
	}
	s.best, s.cost, s.taken, s.junctions = graph, cost, decisions, s.choose.Junctions()
	return true
}

// all tries every way, the last junction's first. It reports whether it came to the end: other ways lead to other junctions, so
// that there may be more of them than there seemed to be.
func (s *search) all() bool {
	junctions := s.junctions
	for !s.over() && s.tries < maxAll && s.work < maxWork*maxAll/maxTries {
		last := len(junctions) - 1
		for last >= 0 && junctions[last].Taken+1 >= junctions[last].Ways {
			last--
		}
		if last < 0 {
			return true
		}
		decisions := choose.Decisions{}
		for _, j := range junctions[:last] {
			decisions[j.At] = j.Taken
		}
		decisions[junctions[last].At] = junctions[last].Taken + 1
		s.try(decisions)
		junctions = s.choose.Junctions()
	}
	return s.over()
}

// one changes one decision after another, each for good where that makes the whole cheaper. It reports whether any did.
func (s *search) one() bool {
	improved := false
	for i := 0; i < len(s.junctions); i++ {
		j := s.junctions[i]
		for way := range j.Ways {
			if way == j.Taken {
				continue
			}
			if s.over() {
				return improved
			}
			if s.try(s.with(choose.Decisions{j.At: way})) {
				improved = true
				break
			}
		}
	}
	return improved
}

// with are the decisions of the best so far, changed.
func (s *search) with(changes choose.Decisions) choose.Decisions {
	decisions := choose.Decisions{}
	maps.Copy(decisions, s.taken)
	maps.Copy(decisions, changes)
	return decisions
}

// two changes two decisions at once, until that makes the whole cheaper.
func (s *search) two() bool {
	junctions := s.junctions
	for i, a := range junctions {
		for _, b := range junctions[i+1:] {
			for x := range a.Ways {
				for y := range b.Ways {
					if x == a.Taken || y == b.Taken {
						continue
					}
					if s.over() {
						return false
					}
					if s.try(s.with(choose.Decisions{a.At: x, b.At: y})) {
						return true
					}
				}
			}
		}
	}
	return false
}
