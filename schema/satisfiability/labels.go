package satisfiability

import "slices"

// labels is what a client's operation has decided about each override label on its way: nothing yet, or that it is active
// or not. It must be right for both, but the same label does not change within an operation.
type labels string

const (
	open     = '?'
	inactive = '0'
	active   = '1'
)

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
