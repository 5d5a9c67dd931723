package plan

import (
	"fmt"
	"slices"
	"strings"
)

// Outline is the plan as a tree: each fetch stands below the one that it waits for longest. Others that it waits for are
// named beside it, for a plan is a graph and not every graph is a tree; not those that all above it has waited for already.
func (e Explanation) Outline() string {
	var b strings.Builder
	directly := e.directly()
	level := make([]int, len(e.Plan))
	below := make([][]int, len(e.Plan))
	var roots []int
	for i, n := range e.Plan {
		parent := -1
		for _, d := range n.DependsOn {
			level[i] = max(level[i], level[d]+1)
			if parent < 0 || level[d] >= level[parent] {
				parent = d
			}
		}
		if parent < 0 {
			roots = append(roots, i)
			continue
		}
		below[parent] = append(below[parent], i)
	}
	var write func(i, parent int, first, rest string)
	write = func(i, parent int, first, rest string) {
		also := slices.DeleteFunc(slices.Clone(directly[i]), func(d int) bool { return d == parent })
		b.WriteString(first + e.Plan[i].line(also) + "\n")
		for k, child := range below[i] {
			if k == len(below[i])-1 {
				write(child, i, rest+"└─ ", rest+"   ")
			} else {
				write(child, i, rest+"├─ ", rest+"│  ")
			}
		}
	}
	for _, i := range roots {
		write(i, -1, "", "")
	}
	return b.String()
}

// directly are the fetches that each waits for, without those that one of them waits for in turn: the arrows of a picture.
func (e Explanation) directly() [][]int {
	before := make([][]bool, len(e.Plan)) // before[i][j]: i waits for j, directly or not
	out := make([][]int, len(e.Plan))
	for i, n := range e.Plan {
		before[i] = make([]bool, len(e.Plan))
		for _, d := range slices.Backward(n.DependsOn) { // each comes after those that it waits for
			if before[i][d] {
				continue
			}
			out[i] = append(out[i], d)
			before[i][d] = true
			for j, on := range before[d] {
				before[i][j] = before[i][j] || on
			}
		}
		slices.Reverse(out[i])
	}
	return out
}

// line is a fetch in one line of an outline; also are the fetches that it waits for besides the one that it stands below.
func (n Node) line(also []int) string {
	parts := []string{fmt.Sprintf("[%d] %s", n.ID, n.who())}
	if n.Kind != "entities" {
		parts[0] += " · " + n.Kind
	}
	parts = append(parts, n.Places()...)
	if len(also) > 0 {
		parts = append(parts, "also after "+numbers(also))
	}
	switch {
	case n.NotMade:
		parts = append(parts, "not made: it is made when "+n.Condition)
	case n.Condition != "":
		parts = append(parts, "when "+n.Condition)
	}
	if n.Unexpected {
		parts = append(parts, "not expected")
	}
	return strings.Join(parts, " · ")
}
