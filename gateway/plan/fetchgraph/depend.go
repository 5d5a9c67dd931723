package fetchgraph

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/choose"
)

// depend finds what each fetch waits for: the fetches whose answers hold the objects it is for, the fields of its
// representations, and the types of the objects above.
func (g *Graph) depend() {
	for _, fetch := range g.Fetches {
		for _, group := range fetch.Groups {
			for _, t := range group.Targets {
				g.dependTarget(fetch, t)
			}
		}
	}
	g.dependTypes()
	for _, fetch := range g.Fetches {
		for _, group := range fetch.Groups {
			group.dependsOn = slices.Clone(fetch.DependsOn)
		}
	}
	if g.Operation.Kind == ast.Mutation {
		g.dependTurns()
	}
}

func (g *Graph) dependTarget(fetch *Fetch, t *Target) {
	if t.Fork.Field == nil {
		return // a root
	}
	for _, p := range t.Presences {
		for _, n := range p.Entry.Needs {
			g.dependNeed(fetch, n.Field, n.Set)
		}
		for _, c := range p.Entry.Contexts {
			if c.Need != nil {
				g.dependNeed(fetch, c.Need.Field, c.Need.Set)
			}
		}
	}
	// The answers are linked to the objects as one of their subgraphs gave them; one that is waited for anyway, if any.
	t.From = t.Fork.Inherited[0]
	for _, p := range t.Fork.Inherited {
		if slices.Contains(fetch.DependsOn, g.FetchOf(p)) {
			t.From = p
			break
		}
	}
	fetch.dependOn(g.FetchOf(t.From))
}

func (g *Graph) dependNeed(fetch *Fetch, f *choose.Field, set ast.SelectionSet) {
	if f.Fork == nil {
		for _, p := range f.By {
			fetch.dependOn(g.FetchOf(p))
		}
		return
	}
	if f.Fork.Typename != nil {
		fetch.dependOn(g.FetchOf(f.Fork.Typename))
	}
	needs := false
	for _, place := range f.Fork.Places {
		EachNeed(g, place, set, func(f *choose.Field, set ast.SelectionSet) {
			needs = true
			g.dependNeed(fetch, f, set)
		})
	}
	// Something of the composite itself must be there even where its types have none of the fields.
	if !needs && len(f.By) > 0 {
		fetch.dependOn(g.FetchOf(f.By[0]))
	}
}

// EachNeed calls do for each field of a place that a field set of a representation selects, in the field set's order.
func EachNeed(g *Graph, place *choose.Place, set ast.SelectionSet, do func(*choose.Field, ast.SelectionSet)) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			if sel.TypeCondition == "" || slices.Contains(g.query().PossibleTypes(sel.TypeCondition), place.Types[0]) {
				EachNeed(g, place, sel.SelectionSet, do)
			}
		case *ast.Field:
			if sel.Name == "__typename" {
				continue // no field of the place: the representation says it
			}
			for _, f := range place.Fields {
				if f.Name == sel.Name && f.Plain() && choose.ArgumentsText(f.Arguments) == choose.ArgumentsText(sel.Arguments) {
					do(f, sel.SelectionSet)
					break
				}
			}
		}
	}
}

func (f *Fetch) dependOn(o *Fetch) {
	if o == nil || o == f || slices.Contains(f.DependsOn, o) {
		return
	}
	f.DependsOn = append(f.DependsOn, o)
	o.Dependents = append(o.Dependents, f)
}

// dependTurns makes a mutation's root fetches run one after another, each after everything that belongs to those before.
func (g *Graph) dependTurns() {
	for _, f := range g.Fetches {
		f.turn = g.turnOf(f, map[*Fetch]bool{})
	}
	for _, f := range g.Fetches {
		if !f.Root || f.Subgraph < 0 {
			continue
		}
		for _, o := range g.Fetches {
			if o.turn < f.Turn {
				f.dependOn(o)
			}
		}
	}
}

func (g *Graph) turnOf(f *Fetch, seen map[*Fetch]bool) int {
	if f.Root {
		return f.Turn
	}
	turn := 0
	for _, d := range f.DependsOn {
		if !seen[d] {
			seen[d] = true
			turn = max(turn, g.turnOf(d, seen))
		}
	}
	return turn
}

// order sorts the fetches so that each comes after those it depends on, by level, and numbers them.
func (g *Graph) order() error {
	waiting := make(map[*Fetch]int, len(g.Fetches))
	var ready, sorted []*Fetch
	for _, f := range g.Fetches {
		f.level = 0
		waiting[f] = len(f.DependsOn)
		if len(f.DependsOn) == 0 {
			ready = append(ready, f)
		}
	}
	for len(ready) > 0 {
		var next []*Fetch
		for _, f := range ready {
			sorted = append(sorted, f)
			for _, d := range f.Dependents {
				d.level = max(d.level, f.level+1)
				if waiting[d]--; waiting[d] == 0 {
					next = append(next, d)
				}
			}
		}
		ready = next
	}
	if len(sorted) != len(g.Fetches) {
		return fmt.Errorf("the fetches for the operation wait for each other")
	}
	for i, f := range sorted {
		f.ID = i
	}
	g.Fetches = sorted
	return nil
}
