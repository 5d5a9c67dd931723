package choose

// Cost is what planning minimises, in this order: the number of fetches, how many of them run one after another, and how
// many fields they select. It is the one measure by which paths at a place and whole plans are compared; at a place the
// fields are not counted, for which path a field is taken on makes no difference to how many there are.
type Cost struct {
	Fetches, Depth, Fields int
}

// impossible is the cost of what cannot be had.
var impossible = Cost{Fetches: 1 << 20}

func (c Cost) possible() bool { return c.Fetches < impossible.Fetches }

// Less reports whether a cost is lower than another.
func (c Cost) Less(o Cost) bool {
	switch {
	case c.Fetches != o.Fetches:
		return c.Fetches < o.Fetches
	case c.Depth != o.Depth:
		return c.Depth < o.Depth
	}
	return c.Fields < o.Fields
}

// beside adds what runs at the same time.
func (c Cost) beside(o Cost) Cost {
	return Cost{Fetches: c.Fetches + o.Fetches, Depth: max(c.Depth, o.Depth)}
}

// after is the cost of what starts only after some steps.
func (c Cost) after(steps int) Cost {
	if c.Fetches > 0 {
		c.Depth += steps
	}
	return c
}
