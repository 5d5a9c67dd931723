package seed

// Random is a source of repeatable choices. It is written out here, as SplitMix64, because the
// standard library promises the same numbers only for its sources, not for what it derives from
// them, and the demo's data must not change with the Go version.
type Random struct{ state uint64 }

// NewRandom returns a source whose choices follow from start alone.
func NewRandom(start uint64) *Random { return &Random{state: start} }

func (r *Random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// Below returns a number from 0 to n-1; n must be positive. For the small n of a seed, the
// remainder's bias is far below what anyone could see.
func (r *Random) Below(n int) int { return int(r.next() % uint64(n)) }

// Chance reports true in about percent of a hundred calls.
func (r *Random) Chance(percent int) bool { return r.Below(100) < percent }

// Weighted returns an index of weights, each as likely as its weight says; the weights must be
// positive.
func (r *Random) Weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := r.Below(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}
