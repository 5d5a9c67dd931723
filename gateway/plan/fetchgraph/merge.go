package fetchgraph

import (
	"slices"

	"github.com/weft-gateway/weft/gateway/plan/choose"
)

// merge makes entity fetches of one subgraph one call: those for the same objects wherever neither waits for the other;
// others where no fetch has to run later than it would otherwise have to for the whole to take its time.
func (g *Graph) merge() error {
	for {
		a, b := g.mergeable()
		if a == nil {
			break
		}
		g.mergeInto(a, b)
		if err := g.order(); err != nil {
			return err
		}
	}
	for _, f := range g.Fetches {
		g.combineTargets(f)
	}
	return nil
}

// mergeable finds two fetches to merge, those for the same objects first.
func (g *Graph) mergeable() (a, b *Fetch) {
	latest := g.latest()
	for _, same := range []bool{true, false} {
		for i, a := range g.Fetches {
			if !a.entities() {
				continue
			}
			for _, b := range g.Fetches[i+1:] {
				if !b.entities() || a.Subgraph != b.Subgraph || a.turn != b.turn || b.reaches(a) || a.reaches(b) {
					continue
				}
				if same {
					if sameFork(a, b) {
						return a, b
					}
					continue
				}
				// The merged fetch runs at the later level of the two; whatever waits for either must not be delayed beyond its own
				// latest level.
				if level := max(a.level, b.level); level <= latest[a] && level <= latest[b] {
					return a, b
				}
			}
		}
	}
	return nil, nil
}

// latest is, for each fetch, the last level at which it can run without making the whole longer.
func (g *Graph) latest() map[*Fetch]int {
	depth := 0
	for _, f := range g.Fetches {
		depth = max(depth, f.level)
	}
	latest := make(map[*Fetch]int, len(g.Fetches))
	for i := len(g.Fetches) - 1; i >= 0; i-- {
		f := g.Fetches[i]
		latest[f] = depth
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
	for _, ga := range a.Groups {
		for _, gb := range b.Groups {
			if ga.Targets[0].Fork == gb.Targets[0].Fork {
				return true
			}
		}
	}
	return false
}

// reaches reports whether f runs before o since o waits for it, directly or not.
func (f *Fetch) reaches(o *Fetch) bool {
	seen := map[*Fetch]bool{}
	var visit func(x *Fetch) bool
	visit = func(x *Fetch) bool {
		if x == o {
			return true
		}
		if seen[x] || x.level >= o.level {
			return false
		}
		seen[x] = true
		return slices.ContainsFunc(x.Dependents, visit)
	}
	return visit(f)
}

// mergeInto moves all of b into a.
func (g *Graph) mergeInto(a, b *Fetch) {
	own := slices.Clone(a.DependsOn)
	for _, group := range b.Groups {
		// Entries for @requires at a place that is entered anyway join that entry when they wait for nothing more than it does:
		// what is null when one of their inputs fails is then null anyway.
		if i := slices.IndexFunc(a.Groups, func(o *Group) bool { return joins(o.Targets[0], group.Targets[0]) }); i >= 0 && sameFetches(own, b.DependsOn) {
			a.Groups[i].Targets[0].Presences = append(a.Groups[i].Targets[0].Presences, group.Targets[0].Presences...)
		} else {
			a.Groups = append(a.Groups, group)
		}
	}
	for _, d := range b.DependsOn {
		d.Dependents = slices.DeleteFunc(d.Dependents, func(x *Fetch) bool { return x == b })
		a.dependOn(d)
	}
	for _, d := range b.Dependents {
		d.DependsOn = slices.DeleteFunc(d.DependsOn, func(x *Fetch) bool { return x == b })
		d.dependOn(a)
	}
	for i, f := range g.byPresence {
		if f == b {
			g.byPresence[i] = a
		}
	}
	g.Fetches = slices.DeleteFunc(g.Fetches, func(f *Fetch) bool { return f == b })
}

// joins reports whether two targets are for the same objects by the same key.
func joins(a, b *Target) bool {
	return a.Place == b.Place && a.Fork == b.Fork && a.From == b.From &&
		a.Presences[0].Entry.Key == b.Presences[0].Entry.Key && a.Presences[0].Node == b.Presences[0].Node
}

func sameFetches(a, b []*Fetch) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(f *Fetch) bool { return !slices.Contains(b, f) })
}

// combineTargets makes groups of a fetch one where they can share a list of representations: those at one fork, whose
// selections stand under type conditions of their own, and those that select the same.
func (g *Graph) combineTargets(f *Fetch) {
	if !f.entities() {
		return
	}
	var out []*Group
	for _, group := range f.Groups {
		group.text = g.entityText(group)
		i := slices.IndexFunc(out, func(o *Group) bool {
			return o.text == group.text || o.Targets[0].Fork == group.Targets[0].Fork && disjoint(o.Targets, group.Targets)
		})
		if i < 0 {
			out = append(out, group)
			continue
		}
		same := out[i].text == group.text
		out[i].Targets = append(out[i].Targets, group.Targets...)
		if !same {
			out[i].text = g.entityText(out[i])
		}
	}
	f.Groups = out
}

// disjoint reports whether no two targets are for the same place: then their representations are of different types.
func disjoint(a, b []*Target) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Fork != y.Fork || x.Place == y.Place || x.Place == nil || y.Place == nil || sameType(x.Presences[0], y.Presences[0]) {
				return false
			}
		}
	}
	return true
}

// sameType reports whether representations of two entries may have the same __typename.
func sameType(a, b *choose.Presence) bool { return a.Entry.Typename != "" || b.Entry.Typename != "" }
