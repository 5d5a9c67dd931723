package fetchgraph

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// call is an entity fetch to be laid out: the subgraph, and the calls before it that it waits for.
type call struct {
	subgraph int
	after    []int
	turn     int
}

// graphOf makes a graph of calls, each for other objects.
func graphOf(t interface{ Fatal(...any) }, calls []call) *Graph {
	g := &Graph{Operation: &operation.Operation{}, Tree: &choose.Tree{}}
	for _, c := range calls {
		p := &choose.Presence{Entry: &choose.Entry{Key: &supergraph.Key{}}}
		f := &Fetch{Subgraph: c.subgraph, turn: c.turn}
		f.Groups = []*Group{{Targets: []*Target{{Fork: &choose.Fork{}, Presences: []*choose.Presence{p}}}}}
		for _, i := range c.after {
			f.dependOn(g.Fetches[i])
		}
		g.Fetches = append(g.Fetches, f)
	}
	if err := g.order(); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestMerge(t *testing.T) {
	for _, c := range []struct {
		name           string
		calls          []call
		fetches, steps int
	}{
		{"at the same time", []call{{subgraph: 1}, {subgraph: 1}, {subgraph: 2}}, 2, 1},
		{"one waits for the other", []call{{subgraph: 1}, {subgraph: 1, after: []int{0}}}, 2, 2},
		{"one waits for the other by way of a third", []call{{subgraph: 1}, {subgraph: 2, after: []int{0}}, {subgraph: 1, after: []int{1}}}, 3, 3},
		{"one has time to wait", []call{{subgraph: 1}, {subgraph: 2}, {subgraph: 1, after: []int{1}}}, 2, 2},
		{"one that others wait for has no time", []call{{subgraph: 1}, {subgraph: 3, after: []int{0}}, {subgraph: 2}, {subgraph: 1, after: []int{2}}}, 4, 2},
		{"one that others wait for has time", []call{{subgraph: 1}, {subgraph: 3, after: []int{0}}, {subgraph: 2}, {subgraph: 1, after: []int{2}}, {subgraph: 4, after: []int{3}}}, 4, 3},
		{"turns of mutations stay apart", []call{{subgraph: 1}, {subgraph: 1, turn: 1}}, 2, 1},
		{"all of a level", []call{{subgraph: 1}, {subgraph: 2, after: []int{0}}, {subgraph: 2, after: []int{0}}, {subgraph: 2, after: []int{0}}}, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graphOf(t, c.calls)
			if err := g.merge(); err != nil {
				t.Fatal(err)
			}
			if cost := g.Cost(); cost.Fetches != c.fetches || cost.Depth != c.steps {
				t.Errorf("%d fetches in %d steps, want %d in %d", cost.Fetches, cost.Depth, c.fetches, c.steps)
			}
		})
	}
}

// Fetches for the same objects share a call even where that takes longer, but never one that waits for itself.
func TestMergeSameObjects(t *testing.T) {
	g := graphOf(t, []call{{subgraph: 1}, {subgraph: 3, after: []int{0}}, {subgraph: 2}, {subgraph: 1, after: []int{2}}})
	var ones []*Fetch
	for _, f := range g.Fetches {
		if f.Subgraph == 1 {
			ones = append(ones, f)
		}
	}
	ones[0].Groups[0].Targets[0].Fork = ones[1].Groups[0].Targets[0].Fork
	if err := g.merge(); err != nil {
		t.Fatal(err)
	}
	if cost := g.Cost(); cost.Fetches != 3 || cost.Depth != 3 {
		t.Errorf("%d fetches in %d steps", cost.Fetches, cost.Depth)
	}
}

// Merging loses no call, keeps what waits for what, and makes the whole no longer.
func TestMergeKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calls := make([]call, rapid.IntRange(1, 14).Draw(t, "calls"))
		for i := range calls {
			calls[i].subgraph = rapid.IntRange(0, 3).Draw(t, "subgraph")
			for j := range i {
				if rapid.IntRange(0, 3).Draw(t, "waits") == 0 {
					calls[i].after = append(calls[i].after, j)
				}
			}
		}
		g := graphOf(t, calls)
		before := g.Cost()
		waits := map[*Group][]*Group{}
		for i, f := range g.Fetches {
			for j, o := range g.Fetches {
				if reaches(o, f) != g.waits()[i].has(j) {
					t.Fatalf("fetch %d waits for fetch %d: %v", i, j, !reaches(o, f))
				}
				if reaches(o, f) {
					waits[f.Groups[0]] = append(waits[f.Groups[0]], o.Groups[0])
				}
			}
		}
		if err := g.merge(); err != nil {
			t.Fatal(err)
		}
		if after := g.Cost(); after.Depth > before.Depth || after.Fetches > before.Fetches {
			t.Errorf("%+v became %+v", before, after)
		}
		at := map[*Group]*Fetch{}
		for _, f := range g.Fetches {
			for _, group := range f.Groups {
				at[group] = f
			}
		}
		if len(at) != len(calls) {
			t.Errorf("%d calls of %d are left", len(at), len(calls))
		}
		for group, others := range waits {
			for _, o := range others {
				if !reaches(at[o], at[group]) {
					t.Error("a call waits no longer for another")
				}
			}
		}
	})
}

// reaches reports whether a fetch waits for another, by following what waits for what.
func reaches(from, to *Fetch) bool {
	for _, d := range from.Dependents {
		if d == to || reaches(d, to) {
			return true
		}
	}
	return false
}
