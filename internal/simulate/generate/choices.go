package generate

import "math/rand/v2"

// Choices are the decisions that a generator makes. The same seed gives the same ones.
type Choices struct{ random *rand.Rand }

// Seeded makes choices at random.
func Seeded(seed uint64) *Choices { return &Choices{random: rand.New(rand.NewPCG(seed, 0))} }

// Below chooses a number below n.
func (c *Choices) Below(n int) int { return c.random.IntN(n) }

// chance is true in so many of a hundred cases.
func (c *Choices) chance(percent int) bool { return c.Below(100) >= 100-percent }

func pick[T any](c *Choices, from []T) T { return from[c.Below(len(from))] }
