package fetchgraph

import (
	"slices"

	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/response"
)

// A field of the client's may be asked more often than the client wants it: what a key or @requires needs is asked always,
// and is the same member of the subgraph's answer. What the client selects under it is wanted only when the client wants the
// field. Its condition, which counts from there, has to say so then.

// guards works out under which conditions members are asked.
type guards struct {
	*Graph
	// asked are the fields that a member stands for.
	asked map[*Member][]member
	known map[member]response.ConditionID
}

// guard sets the conditions of all members.
func (g *Graph) guard() {
	for _, m := range g.members {
		m.Conds = nil
	}
	w := &guards{Graph: g, asked: map[*Member][]member{}, known: map[member]response.ConditionID{}}
	w.fork(g.Tree.Root)
}

// fork goes down the tree, so that whoever stands for a member is known before what is selected under it.
func (w *guards) fork(root *choose.Fork) {
	for level := []*choose.Fork{root}; len(level) > 0; {
		var next []*choose.Fork
		for _, f := range level {
			next = append(next, w.collect(f)...)
		}
		for _, f := range level {
			w.set(f)
		}
		level = next
	}
}

// collect notes what the fields of a fork stand for, and returns the forks under them.
func (w *guards) collect(f *choose.Fork) (forks []*choose.Fork) {
	for _, field := range fieldsOf(f) {
		for _, p := range field.By {
			if m := w.members[member{field, p}]; m != nil {
				w.asked[m] = append(w.asked[m], member{field, p})
			}
		}
		if field.Fork != nil {
			forks = append(forks, field.Fork)
		}
	}
	return forks
}

func (w *guards) set(f *choose.Fork) {
	for _, field := range fieldsOf(f) {
		for _, p := range field.By {
			if m := w.members[member{field, p}]; m != nil {
				m.Conds = append(m.Conds, w.condition(member{field, p}))
			}
		}
	}
}

func fieldsOf(f *choose.Fork) []*choose.Field {
	var out []*choose.Field
	if f.Before != nil {
		out = append(out, f.Before.Fields...)
	}
	for _, place := range f.Places {
		out = append(out, place.Fields...)
	}
	return out
}

// condition is when a field is wanted, counted from when the member that it is asked under is asked.
func (w *guards) condition(f member) response.ConditionID {
	if id, ok := w.known[f]; ok {
		return id
	}
	id := f.field.Cond
	if parent := f.field.Place.Fork.Field; parent != nil && f.presence.Entry == nil {
		above := member{parent, f.presence.Parent}
		own := w.condition(above)
		if slices.ContainsFunc(w.asked[w.members[above]], func(other member) bool { return w.condition(other) != own }) {
			id = w.both(own, id)
		}
	}
	w.known[f] = id
	return id
}

// maxBoth bounds the ways in which two conditions hold together. Beyond it a field is asked more often than it is wanted.
const maxBoth = 64

// both returns a condition that holds where two do.
func (g *Graph) both(a, b response.ConditionID) response.ConditionID {
	switch {
	case a == 0 || a == b:
		return b
	case b == 0:
		return a
	}
	var c response.Condition
	for _, x := range g.conditions[a].Terms {
		for _, y := range g.conditions[b].Terms {
			if term, ok := conjunction(x, y); ok && !slices.ContainsFunc(c.Terms, func(t []response.Literal) bool { return slices.Equal(t, term) }) {
				c.Terms = append(c.Terms, term)
			}
		}
		if len(c.Terms) > maxBoth {
			return b
		}
	}
	if len(c.Terms) == 0 {
		return b
	}
	for id := range g.conditions {
		if slices.EqualFunc(g.conditions[id].Terms, c.Terms, slices.Equal) && g.conditions[id].Or == 0 {
			return response.ConditionID(id)
		}
	}
	g.conditions = append(g.conditions, c)
	return response.ConditionID(len(g.conditions) - 1)
}

// conjunction joins two conjunctions; false when they contradict each other.
func conjunction(a, b []response.Literal) ([]response.Literal, bool) {
	out := slices.Clone(a)
	for _, l := range b {
		if slices.Contains(out, response.Literal{Variable: l.Variable, Want: !l.Want}) {
			return nil, false
		}
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(x, y response.Literal) int { return x.Variable - y.Variable })
	return out, true
}
