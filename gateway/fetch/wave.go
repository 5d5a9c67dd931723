package fetch

import "sync"

// Wave is a number of requests to one subgraph that are made at the same moment. Each of them calls Fetch with the same
// Wave, so whoever waits for Size requests does not wait in vain.
type Wave struct {
	Size int

	once  sync.Once
	state any
}

// State returns what the first caller's make returned: where the requests of the wave meet.
func (w *Wave) State(make func() any) any {
	w.once.Do(func() { w.state = make() })
	return w.state
}
