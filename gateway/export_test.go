package gateway

// Joined is how many requests wait for, or write, answers of queries that may still be joined.
func (g *Gateway) Joined() int {
	g.flights.mu.Lock()
	defer g.flights.mu.Unlock()
	n := 0
	for _, f := range g.flights.under {
		n += f.holders - 1 // the other is the goroutine that runs it
	}
	return n
}
