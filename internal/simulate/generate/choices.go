package generate

import "math/rand/v2"

// Choices are the decisions that a generator makes. They can be made again: the same choices give the same case, and
// fewer or lower ones a simpler case.
type Choices struct {
	random *rand.Rand
	replay []int
	// Taken are the choices made so far.
	Taken []int
}

// Seeded makes choices at random.
func Seeded(seed uint64) *Choices { return &Choices{random: rand.New(rand.NewPCG(seed, 0))} }

// Replay makes the choices given, and the simplest ones after them.
func Replay(choices []int) *Choices { return &Choices{replay: choices} }

// Below chooses a number below n; 0 is the simplest.
func (c *Choices) Below(n int) int {
	v := 0
	switch {
	case c.random != nil:
		v = c.random.IntN(n)
	case len(c.Taken) < len(c.replay):
		v = min(c.replay[len(c.Taken)], n-1)
	}
	c.Taken = append(c.Taken, v)
	return v
}

// chance is true in so many of a hundred cases.
func (c *Choices) chance(percent int) bool { return c.Below(100) >= 100-percent }

func pick[T any](c *Choices, from []T) T { return from[c.Below(len(from))] }

// Shrink looks for fewer and lower choices that still fail, for as long as the budget of attempts lasts.
func Shrink(choices []int, budget int, fails func([]int) bool) []int {
	try := func(next []int) bool {
		if budget <= 0 {
			return false
		}
		budget--
		if !fails(next) {
			return false
		}
		choices = next
		return true
	}
	for progress := true; progress && budget > 0; {
		progress = false
		for size := max(len(choices)/2, 1); size > 0; size /= 2 {
			for at := len(choices) - size; at >= 0; at -= size {
				if at+size > len(choices) {
					continue
				}
				next := append(append([]int{}, choices[:at]...), choices[at+size:]...)
				if try(next) {
					progress = true
					continue
				}
				zero := append([]int{}, choices...)
				changed := false
				for i := at; i < at+size; i++ {
					changed = changed || zero[i] != 0
					zero[i] = 0
				}
				if changed && try(zero) {
					progress = true
				}
			}
		}
	}
	return choices
}
