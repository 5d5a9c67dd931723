package fetchgraph

import (
	"slices"

	"github.com/weft-gateway/weft/gateway/plan/choose"
)

// Where a fetch tells the runtime type of objects, what is fetched for others below them would have to wait for it: which of
// the shape's cases leads there depends on the type. But often the same is asked there whatever the type is, as when a client
// selects a field on an interface. Then it is asked before the types are known, of what lies below objects of all types.

// early is the search for targets that need not wait for the types of objects above them.
type early struct {
	*Graph
	// below are the targets by the selection that their objects come from: the same for all types of the objects above, as far as
	// these are asked for the same.
	below map[*Selection][]*Target
	// fetches are those of the targets, of which none has more than one yet.
	fetches map[*Target]*Fetch
}

// dependTypes makes fetches wait for what tells the types of their objects, and of those above them.
func (g *Graph) dependTypes() {
	e := &early{Graph: g}
	var some []*Target
	for _, fetch := range g.Fetches {
		for _, group := range fetch.Groups {
			for _, t := range group.Targets {
				if e.depend(fetch, t); len(t.early) > 0 {
					some = append(some, t)
				}
			}
		}
	}
	if len(some) == 0 {
		return
	}
	e.index()
	// What is asked below objects of one type goes out with what is asked below those of the others. So one can only be early
	// where all are, and wait for the same.
	for changed := true; changed; {
		changed = false
		for _, t := range some {
			t.early = slices.DeleteFunc(t.early, func(up *choose.Fork) bool {
				if e.agreed(t, up) {
					return false
				}
				e.fetches[t].dependOn(e.FetchOf(up.Typename))
				changed = true
				return true
			})
		}
	}
}

func (e *early) depend(fetch *Fetch, t *Target) {
	if t.Place != nil && t.Fork.Typename != nil {
		fetch.dependOn(e.FetchOf(t.Fork.Typename))
	}
	for f := t.Fork; f.Field != nil; f = f.Field.Place.Fork {
		place := f.Field.Place
		switch up := place.Fork; {
		case up.Typename == nil || place == up.Before: // what is read before the type is known is read whatever it is
		case up.Typename.Entry != nil && mayBeEarly(t, f.Field):
			t.early = append(t.early, up)
		default:
			fetch.dependOn(e.FetchOf(up.Typename))
		}
	}
}

// mayBeEarly reports whether a target may not need to wait for the types of the objects above that have a field: these
// objects came with the field.
func mayBeEarly(t *Target, f *choose.Field) bool {
	return !contextual(t) && !slices.ContainsFunc(f.By, func(p *choose.Presence) bool { return p.Entry != nil })
}

// agreed reports whether the same is fetched below the objects of a fork above a target whatever their type is, by targets
// that do not wait for it either, nor for anything that this one does not wait for.
func (e *early) agreed(t *Target, up *choose.Fork) bool {
	f := t.Fork.Field
	for f.Place.Fork != up {
		f = f.Place.Fork.Field
	}
	return !slices.ContainsFunc(up.Places, func(other *choose.Place) bool {
		return other != f.Place && !other.Absent && !e.alsoBelow(other, t, f)
	})
}

// contextual reports whether anything is asked with values of objects above.
func contextual(t *Target) bool {
	return slices.ContainsFunc(t.Presences, func(p *choose.Presence) bool { return len(p.Entry.Contexts) > 0 })
}

// alsoBelow reports whether what a target below a field asks is also asked below another place of the field's fork.
func (e *early) alsoBelow(other *choose.Place, t *Target, f *choose.Field) bool {
	return slices.ContainsFunc(e.below[e.selections[t.From.ID]], func(o *Target) bool {
		return e.sameEntry(t, o) && sameWay(t, o, f, other) && slices.Contains(o.early, other.Fork) && sameWaits(e.fetches[t], e.fetches[o])
	})
}

// sameWaits reports whether two fetches wait for the same.
func sameWaits(a, b *Fetch) bool {
	notIn := func(list []*Fetch) func(*Fetch) bool {
		return func(f *Fetch) bool { return !slices.Contains(list, f) }
	}
	return !slices.ContainsFunc(a.DependsOn, notIn(b.DependsOn)) && !slices.ContainsFunc(b.DependsOn, notIn(a.DependsOn))
}

// index finds the fetch of each target, and the targets below each selection.
func (e *early) index() {
	e.below, e.fetches = map[*Selection][]*Target{}, map[*Target]*Fetch{}
	for _, fetch := range e.Fetches {
		for _, group := range fetch.Groups {
			for _, t := range group.Targets {
				e.fetches[t] = fetch
				if t.From != nil {
					from := e.selections[t.From.ID]
					e.below[from] = append(e.below[from], t)
				}
			}
		}
	}
}

// sameEntry reports whether two targets enter a subgraph by the same key, and no more than it, for the same fields.
func (e *early) sameEntry(t, o *Target) bool {
	p, q := t.Presences[0], o.Presences[0]
	if p.Node != q.Node || p.Entry.Key != q.Entry.Key || p.Entry.Typename != q.Entry.Typename || contextual(o) {
		return false
	}
	if (t.Place == nil) != (o.Place == nil) || t.Place != nil && !slices.Equal(t.Place.Types, o.Place.Types) {
		return false
	}
	required := func(n *choose.Need) bool { return !n.Key }
	return !slices.ContainsFunc(p.Entry.Needs, required) && !slices.ContainsFunc(q.Entry.Needs, required) &&
		sameSelection(e.selections[p.ID], e.selections[q.ID])
}

// sameWay reports whether one target is below another place as another is below a field, under the same conditions.
func sameWay(t, o *Target, f *choose.Field, other *choose.Place) bool {
	a, b := t.Fork.Field, o.Fork.Field
	for ; a != nil && b != nil && a.Cond == b.Cond; a, b = a.Place.Fork.Field, b.Place.Fork.Field {
		if a == f {
			return b.Place == other
		}
	}
	return false
}

// sameSelection reports whether the same is asked in two selections.
func sameSelection(a, b *Selection) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Type == b.Type && a.Typename == b.Typename && slices.EqualFunc(a.Fragments, b.Fragments, func(x, y *Fragment) bool {
		return slices.Equal(x.Types, y.Types) && slices.EqualFunc(x.Members, y.Members, sameMember)
	})
}

func sameMember(a, b *Member) bool {
	return a.Response == b.Response && a.Name == b.Name && choose.ArgumentsText(a.Args) == choose.ArgumentsText(b.Args) &&
		slices.Equal(a.Conds, b.Conds) && len(a.contexts) == 0 && len(b.contexts) == 0 && len(a.applied) == 0 && len(b.applied) == 0 &&
		sameSelection(a.Child, b.Child)
}

// settleEarly takes back that targets do not wait for types where the fetch that they are part of does.
func (g *Graph) settleEarly() {
	var waits []fetchSet
	for _, f := range g.Fetches {
		for _, group := range f.Groups {
			for _, t := range group.Targets {
				if len(t.early) > 0 && waits == nil {
					waits = g.waits()
				}
				t.early = slices.DeleteFunc(t.early, func(up *choose.Fork) bool { return waits[f.ID].has(g.FetchOf(up.Typename).ID) })
			}
		}
	}
}

// Early reports whether the objects of a target are looked for before the type of those of a fork above them is known.
func (t *Target) Early(up *choose.Fork) bool { return slices.Contains(t.early, up) }
