package choose

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A fetch counts more than any number of steps, a step more than any number of fields.
func TestCostOrder(t *testing.T) {
	ordered := []Cost{
		{},
		{Fetches: 1, Depth: 1, Fields: 1},
		{Fetches: 1, Depth: 1, Fields: 900},
		{Fetches: 2, Depth: 1, Fields: 2},
		{Fetches: 2, Depth: 2},
		{Fetches: 3, Depth: 1, Fields: 40},
		{Fetches: 3, Depth: 3, Fields: 4},
		impossible,
	}
	for i, a := range ordered {
		for j, b := range ordered {
			if a.Less(b) != (i < j) {
				t.Errorf("%+v before %+v: %v", a, b, a.Less(b))
			}
		}
	}
}

// What is done besides or later makes nothing cheaper, and does not change which of two is cheaper.
func TestCostSums(t *testing.T) {
	cost := rapid.Custom(func(t *rapid.T) Cost {
		fetches := rapid.IntRange(0, 5).Draw(t, "fetches")
		return Cost{Fetches: fetches, Depth: rapid.IntRange(min(fetches, 1), fetches).Draw(t, "depth")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := cost.Draw(t, "a"), cost.Draw(t, "b"), cost.Draw(t, "c")
		if a.beside(b) != b.beside(a) || a.beside(b).beside(c) != a.beside(b.beside(c)) {
			t.Error("the order in which costs are added makes a difference")
		}
		if a.beside(b).Less(a) || a.after(2).Less(a) {
			t.Error("more is cheaper")
		}
		if a.Less(b) && b.beside(c).Less(a.beside(c)) || a.Less(b) && b.after(1).Less(a.after(1)) {
			t.Error("the dearer one is cheaper beside the same")
		}
		if a.beside(impossible).possible() || a.possible() == impossible.Less(a) {
			t.Error("the impossible is possible")
		}
	})
}

// The ways to resolve a field from some presences begin with the cheapest, repeat none, and hold those that must be.
func TestResolvingWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := make([]*Presence, rapid.IntRange(1, 7).Draw(t, "presences"))
		for i := range all {
			all[i] = &Presence{ID: i}
		}
		chosen := rapid.IntRange(0, len(all)).Draw(t, "chosen")
		cheapest := all[:max(chosen, 1)]
		ways := (&resolving{all: all, chosen: chosen}).ways(cheapest)
		if !slices.Equal(ways[0], cheapest) {
			t.Error("the cheapest is not the first")
		}
		for i, way := range ways {
			if len(way) == 0 || !slices.Equal(way[:min(chosen, len(way))], all[:chosen]) {
				t.Errorf("way %d leaves out what must be", i)
			}
			for _, other := range ways[:i] {
				if slices.Equal(way, other) {
					t.Errorf("way %d is there twice", i)
				}
			}
		}
	})
}
