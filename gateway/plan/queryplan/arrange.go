package queryplan

import (
	"slices"
	"strconv"

	"github.com/weft-gateway/weft/gateway/plan"
)

func id(f *plan.Fetch) string { return strconv.Itoa(f.ID) }

// arrange writes some fetches (ids, ascending: each after those it waits for) as a tree. Those that have nothing to do with
// each other run at the same time; where all of some come before all of the others there is a sequence. What is left is no
// series of parallel parts: its first fetches go before all of the rest, some of which would not have to wait.
func (w *writer) arrange(fetches []int) Node {
	if len(fetches) == 1 {
		return w.call(w.plan.Fetches[fetches[0]])
	}
	var nodes []Node
	if parts := w.components(fetches); len(parts) != 1 {
		for _, part := range parts {
			nodes = append(nodes, w.arrange(part))
		}
		return parallel(nodes)
	}
	for len(fetches) > 0 {
		var part []int
		part, fetches = w.split(fetches)
		nodes = append(nodes, w.arrange(part))
		if len(fetches) > 0 && len(w.components(fetches)) > 1 {
			nodes = append(nodes, w.arrange(fetches))
			break
		}
	}
	return sequence(nodes)
}

// sequence runs nodes one after another; nil ones are none.
func sequence(nodes []Node) Node {
	var flat []Node
	for _, n := range nodes {
		if inner, ok := n.(*Sequence); ok {
			flat = append(flat, inner.Nodes...)
		} else if n != nil {
			flat = append(flat, n)
		}
	}
	if flat = joined(flat, sequence); len(flat) > 1 {
		return &Sequence{Kind: "Sequence", Nodes: flat}
	}
	return only(flat)
}

// parallel runs nodes at the same time; nil ones are none.
func parallel(nodes []Node) Node {
	var flat []Node
	for _, n := range nodes {
		if inner, ok := n.(*Parallel); ok {
			flat = append(flat, inner.Nodes...)
		} else if n != nil {
			flat = append(flat, n)
		}
	}
	if flat = joined(flat, parallel); len(flat) > 1 {
		return &Parallel{Kind: "Parallel", Nodes: flat}
	}
	return only(flat)
}

func only(nodes []Node) Node {
	if len(nodes) == 0 {
		return nil
	}
	return nodes[0]
}

// components are the parts of a graph of fetches between which nobody waits for anybody, in the order of their first fetch.
func (w *writer) components(fetches []int) [][]int {
	part := map[int]int{} // fetch → the least fetch of its part
	for _, i := range fetches {
		part[i] = i
		for _, d := range w.plan.Fetches[i].DependsOn {
			have, ok := part[d]
			if !ok || have == part[i] {
				continue
			}
			from, to := max(have, part[i]), min(have, part[i])
			for j, p := range part {
				if p == from {
					part[j] = to
				}
			}
		}
	}
	var out [][]int
	at := map[int]int{}
	for _, i := range fetches {
		k, ok := at[part[i]]
		if !ok {
			k = len(out)
			at[part[i]] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], i)
	}
	return out
}

// split cuts a connected graph of fetches where all of the first part come before all of the second; the smallest first part
// there is. When there is no such cut the first part is the fetches that wait for no other.
func (w *writer) split(fetches []int) (first, rest []int) {
	// The order is one in which each comes after those it waits for, so that a cut is a place in it.
	for n := 1; n < len(fetches); n++ {
		if !slices.ContainsFunc(fetches[n:], func(i int) bool {
			return slices.ContainsFunc(fetches[:n], func(j int) bool { return !w.before[i][j] })
		}) {
			return fetches[:n], fetches[n:]
		}
	}
	for _, i := range fetches {
		if !slices.ContainsFunc(fetches, func(j int) bool { return j < i && w.before[i][j] }) {
			first = append(first, i)
		} else {
			rest = append(rest, i)
		}
	}
	return first, rest
}

// closure says of each fetch which others it waits for, directly or not.
func closure(fetches []*plan.Fetch) [][]bool {
	before := make([][]bool, len(fetches))
	for i, f := range fetches {
		before[i] = make([]bool, i)
		for _, d := range f.DependsOn {
			before[i][d] = true
			for j, on := range before[d] {
				before[i][j] = before[i][j] || on
			}
		}
	}
	return before
}
