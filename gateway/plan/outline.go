package plan

import (
	"fmt"
	"strings"
)

// Outline is the plan as a tree: each fetch stands below the one that it waits for longest. Others that it waits for are
// named beside it, for a plan is a graph and not every graph is a tree.
func (e Explanation) Outline() string {
	var b strings.Builder
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
		b.WriteString(first + e.Plan[i].line(parent) + "\n")
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

// line is a fetch in one line of an outline, where it stands below parent.
func (n Node) line(parent int) string {
	parts := []string{fmt.Sprintf("[%d] %s", n.ID, n.who())}
	if n.Kind != "entities" {
		parts[0] += " · " + n.Kind
	}
	parts = append(parts, n.Places()...)
	var also []string
	for _, d := range n.DependsOn {
		if d != parent {
			also = append(also, fmt.Sprintf("[%d]", d))
		}
	}
	if len(also) > 0 {
		parts = append(parts, "also after "+strings.Join(also, " "))
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
