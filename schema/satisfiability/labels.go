package satisfiability

import (
	"slices"

	"github.com/weft-gateway/weft/schema/supergraph"
)

// labels is what a client's operation has decided about each override label on its way: nothing yet, or that it is active
// or not. It must be right for both, but the same label does not change within an operation.
type labels string

const (
	open     = '?'
	inactive = '0'
	active   = '1'
)

// readLabels returns the override labels of a supergraph, sorted.
func readLabels(s *supergraph.Supergraph) []string {
	var all []string
	for _, g := range s.Graphs {
		for _, name := range g.TypeNames {
			for _, f := range g.Types[name].Fields {
				if f.OverrideLabel != "" {
					all = append(all, f.OverrideLabel)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func undecided(names []string) labels {
	return labels(slices.Repeat([]byte{open}, len(names)))
}

func (l labels) of(names []string, label string) (isActive, known bool) {
	i, _ := slices.BinarySearch(names, label)
	return l[i] == active, l[i] != open
}

func (l labels) with(names []string, label string, isActive bool) labels {
	i, _ := slices.BinarySearch(names, label)
	decided := []byte(l)
	decided[i] = inactive
	if isActive {
		decided[i] = active
	}
	return labels(decided)
}

// covers reports whether l leaves open, or decides likewise, all that o decides.
func (l labels) covers(o labels) bool {
	for i := range len(l) {
		if l[i] != open && l[i] != o[i] {
			return false
		}
	}
	return true
}
