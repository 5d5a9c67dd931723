package fetchgraph

import (
	"cmp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// merge makes entity fetches of one subgraph one call: those that can run at the same moment; those for the same objects
// wherever neither waits for the other; and others where no fetch has to run later than it would otherwise have to for the
// whole to take its time.
func (g *Graph) merge() error {
	if err := g.mergeLevels(); err != nil {
		return err
	}
	for { // few fetches are left: at most one for each subgraph, level and turn
		a, b := g.mergeable()
		if a == nil {
			break
		}
		m := newMerger()
		m.into(a, a)
		m.into(a, b)
		if err := g.rebuild(); err != nil {
			return err
		}
	}
	return nil
}

// mergeLevels merges the fetches of one subgraph and level. None of them waits for another, and none runs later than it
// would have, so all of them are merged in one pass.
func (g *Graph) mergeLevels() error {
	type bucket struct{ subgraph, turn, level int }
	leaders := map[bucket]*Fetch{}
	mergers := map[*Fetch]*merger{}
	for _, f := range g.Fetches { // by level: what a fetch waits for has been merged when its turn comes
		if !f.entities() {
			continue
		}
		key := bucket{f.Subgraph, f.turn, f.level}
		leader := leaders[key]
		if leader == nil {
			leader, leaders[key] = f, f
			mergers[leader] = newMerger()
		}
		mergers[leader].into(leader, f)
	}
	return g.rebuild()
}

// merger collects the groups of a fetch that others are merged into.
type merger struct {
	groups map[joint]*Group
}

func newMerger() *merger { return &merger{groups: map[joint]*Group{}} }

// joint is what entries have in common that are made for the same objects by the same key.
type joint struct {
	fork  *choose.Fork
	place *choose.Place
	from  *choose.Presence
	key   *supergraph.Key
	node  querygraph.NodeID
}

// into moves f into leader, which may be f itself.
func (m *merger) into(leader, f *Fetch) {
	groups := f.Groups
	if f == leader {
		leader.Groups = nil
	} else {
		f.merged = leader
		leader.DependsOn = append(leader.DependsOn, f.DependsOn...)
	}
	for _, group := range groups {
		t := group.Targets[0]
		key := joint{t.Fork, t.Place, t.From, t.Presences[0].Entry.Key, t.Presences[0].Node}
		// Entries for @requires at a place that is entered anyway join that entry when they wait for nothing more than it does:
		// what is null when one of their inputs fails is then null anyway.
		if have := m.groups[key]; have != nil && sameFetches(have.dependsOn, group.dependsOn) && !conflict(have.Targets[0], t) {
			have.Targets[0].Presences = append(have.Targets[0].Presences, t.Presences...)
			continue
		}
		m.groups[key] = group
		leader.Groups = append(leader.Groups, group)
	}
}

// conflict reports whether the representations of two targets need one field with different arguments: a representation has
// one value for it.
func conflict(a, b *Target) bool {
	for _, p := range a.Presences {
		for _, n := range p.Entry.Needs {
			for _, q := range b.Presences {
				for _, o := range q.Entry.Needs {
					if n.Field.Name == o.Field.Name && (n.Field != o.Field || setsConflict(n.Set, o.Set)) {
						return true
					}
				}
			}
		}
	}
	return false
}

// setsConflict reports whether two field sets select one field with different arguments.
func setsConflict(a, b ast.SelectionSet) bool {
	for _, x := range a {
		if on, ok := x.(*ast.InlineFragment); ok {
			if setsConflict(on.SelectionSet, b) {
				return true
			}
			continue
		}
		for _, y := range b {
			if on, ok := y.(*ast.InlineFragment); ok {
				if setsConflict(ast.SelectionSet{x}, on.SelectionSet) {
					return true
				}
				continue
			}
			f, isField := x.(*ast.Field)
			g, areFields := y.(*ast.Field)
			if isField && areFields && f.Name == g.Name &&
				(choose.ArgumentsText(f.Arguments) != choose.ArgumentsText(g.Arguments) || setsConflict(f.SelectionSet, g.SelectionSet)) {
				return true
			}
		}
	}
	return false
}

// current is the fetch that a fetch has been merged into, itself if none.
func (f *Fetch) current() *Fetch {
	for f.merged != nil {
		f = f.merged
	}
	return f
}

func sameFetches(a, b []*Fetch) bool {
	return slices.Equal(currentFetches(a), currentFetches(b))
}

func currentFetches(list []*Fetch) []*Fetch {
	out := make([]*Fetch, len(list))
	for i, f := range list {
		out[i] = f.current()
	}
	slices.SortFunc(out, func(a, b *Fetch) int { return cmp.Compare(a.ID, b.ID) })
	return slices.Compact(out)
}

// rebuild drops the fetches that were merged into others and leads what pointed to them to those.
func (g *Graph) rebuild() error {
	g.Fetches = slices.DeleteFunc(g.Fetches, func(f *Fetch) bool { return f.merged != nil })
	for _, f := range g.Fetches {
		f.Dependents = nil
	}
	for _, f := range g.Fetches {
		f.DependsOn = slices.DeleteFunc(currentFetches(f.DependsOn), func(d *Fetch) bool { return d == f })
		for _, d := range f.DependsOn {
			d.Dependents = append(d.Dependents, f)
		}
	}
	for i, f := range g.byPresence {
		if f != nil {
			g.byPresence[i] = f.current()
		}
	}
	return g.order()
}

// mergeable finds two fetches to merge, those for the same objects first.
func (g *Graph) mergeable() (a, b *Fetch) {
	latest := g.latest()
	waits := g.waits()
	for _, same := range []bool{true, false} {
		for i, a := range g.Fetches {
			if !a.entities() {
				continue
			}
			for _, b := range g.Fetches[i+1:] {
				if !b.entities() || a.Subgraph != b.Subgraph || a.turn != b.turn || waits[b.ID].has(a.ID) {
					continue
				}
				// The merged fetch runs at the later level of the two; whatever waits for either must not be delayed beyond its own
				// latest level, but where a call for the same objects is saved. One for objects that should not come is never made.
				if same && sameFork(a, b) && a.Unexpected() == b.Unexpected() || !same && max(a.level, b.level) <= min(latest[a], latest[b]) {
					return a, b
				}
			}
		}
	}
	return nil, nil
}

// latest is, for each fetch, the last level at which it can run without making the whole longer. One that is not expected, and
// what waits for it alone, may run later than the others.
func (g *Graph) latest() map[*Fetch]int {
	depth, all := 0, 0
	unexpected := make([]bool, len(g.Fetches))
	for i, f := range g.Fetches {
		if unexpected[i] = f.Unexpected(); !unexpected[i] {
			depth = max(depth, f.level)
		}
		all = max(all, f.level)
	}
	latest := make(map[*Fetch]int, len(g.Fetches))
	for i := len(g.Fetches) - 1; i >= 0; i-- {
		f := g.Fetches[i]
		if latest[f] = depth; unexpected[i] {
			latest[f] = all
		}
		for _, d := range f.Dependents {
			latest[f] = min(latest[f], latest[d]-1)
		}
	}
	return latest
}

// entities reports whether all that the fetch asks is `_entities`.
func (f *Fetch) entities() bool {
	return f.Subgraph >= 0 && !f.Root && f.Groups[0].Targets[0].Presences[0].Entry.Key != nil
}

func sameFork(a, b *Fetch) bool {
	forks := map[*choose.Fork]bool{}
	for _, group := range a.Groups {
		forks[group.Targets[0].Fork] = true
	}
	return slices.ContainsFunc(b.Groups, func(group *Group) bool { return forks[group.Targets[0].Fork] })
}

// waits says for each fetch, by ID, which others it waits for, directly or not.
func (g *Graph) waits() []fetchSet {
	waits := make([]fetchSet, len(g.Fetches))
	words := (len(g.Fetches) + 63) / 64
	all := make(fetchSet, words*len(g.Fetches))
	for i, f := range g.Fetches { // each after those it depends on
		waits[i] = all[i*words : (i+1)*words]
		for _, d := range f.DependsOn {
			waits[i].add(d.ID)
			for w, bits := range waits[d.ID] {
				waits[i][w] |= bits
			}
		}
	}
	return waits
}

// fetchSet is a set of fetches by ID.
type fetchSet []uint64

func (s fetchSet) add(id int) { s[id/64] |= 1 << (id % 64) }

func (s fetchSet) has(id int) bool { return s[id/64]&(1<<(id%64)) != 0 }

// combine makes groups one where they can share a list of representations: those that select the same, and those at one
// fork whose representations are of different types, since their selections stand under type conditions.
func (g *Graph) combine(groups []*Group) []*Group {
	var distinct []*Group
	byText := map[string]*Group{}
	for _, group := range groups {
		g.numberContexts(group.Targets[0])
		text := g.writer.entity(group.Targets[0]).text + typesText(group.Targets[0])
		if have := byText[text]; have != nil {
			have.Targets = append(have.Targets, group.Targets...)
			continue
		}
		byText[text] = group
		distinct = append(distinct, group)
	}
	var out []*Group
	byFork := map[*choose.Fork]*Group{}
	types := map[*Group]map[string]bool{}
	for _, group := range distinct {
		own, ok := typesOf(group)
		if ok {
			if have := byFork[group.Targets[0].Fork]; have != nil && disjoint(types[have], own) {
				have.Targets = append(have.Targets, group.Targets...)
				for typ := range own {
					types[have][typ] = true
				}
				continue
			}
			byFork[group.Targets[0].Fork], types[group] = group, own
		}
		out = append(out, group)
	}
	return out
}

// typesOf are the types that representations of a group have; ok is false when they go by the name of an interface, or when
// their values from contexts are those of this group only.
func typesOf(group *Group) (types map[string]bool, ok bool) {
	types = map[string]bool{}
	for _, t := range group.Targets {
		if t.Place == nil || t.Presences[0].Entry.Typename != "" || len(ContextsOf(t)) > 0 {
			return nil, false
		}
		for _, typ := range t.Place.Types {
			types[typ] = true
		}
	}
	return types, true
}

func disjoint(a, b map[string]bool) bool {
	for typ := range b {
		if a[typ] {
			return false
		}
	}
	return true
}
