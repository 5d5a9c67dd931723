package plan

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// However fetches wait for each other, the arrows of a picture say the same with as few arrows as can say it.
func TestArrows(t *testing.T) {
	// closed are all fetches that each waits for, directly or not.
	closed := func(arrows [][]int) [][]int {
		out := make([][]int, len(arrows))
		for i, on := range arrows {
			for _, d := range on {
				out[i] = append(append(out[i], d), out[d]...)
			}
			slices.Sort(out[i])
			out[i] = slices.Compact(out[i])
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		var e Explanation
		var all [][]int
		for i := range rapid.IntRange(0, 10).Draw(t, "fetches") {
			n := Node{ID: i}
			for d := range i {
				if rapid.Bool().Draw(t, "waits") {
					n.DependsOn = append(n.DependsOn, d)
				}
			}
			e.Plan, all = append(e.Plan, n), append(all, n.DependsOn)
		}
		directly := e.directly()
		got, want := closed(directly), closed(all)
		for i := range want {
			if !slices.Equal(got[i], want[i]) {
				t.Fatalf("%d waits for %v by the arrows, and for %v", i, got[i], want[i])
			}
			for _, d := range directly[i] {
				if slices.ContainsFunc(directly[i], func(other int) bool { return slices.Contains(want[other], d) }) {
					t.Fatalf("the arrow from %d to %d is said by others: %v", d, i, directly[i])
				}
			}
		}
	})
}
