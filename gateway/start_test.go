package gateway

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/weft-gateway/weft/internal/largegraph"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// What it takes to begin serving a large supergraph, from its text to a Snapshot that can plan, and what memory that
// Snapshot holds on to.
func BenchmarkStart(b *testing.B) {
	for _, n := range []int{10, 30, 100} {
		b.Run(fmt.Sprintf("subgraphs=%d", n), func(b *testing.B) {
			var subgraphs []composition.Subgraph
			for _, s := range largegraph.Write(n) {
				subgraphs = append(subgraphs, composition.Subgraph{Name: s.Name, URL: s.URL, SDL: s.SDL})
			}
			sdl := composition.Compose(subgraphs).SDL
			g, err := New(Options{})
			if err != nil {
				b.Fatal(err)
			}
			start := func() *Snapshot {
				s, err := supergraph.Read(sdl)
				if err != nil {
					b.Fatal(err)
				}
				snapshot, _, err := g.build(s)
				if err != nil {
					b.Fatal(err)
				}
				return snapshot
			}
			before := liveBytes()
			kept := start()
			held := liveBytes() - before
			b.ReportAllocs()
			for b.Loop() {
				start()
			}
			b.ReportMetric(float64(held), "held-B")
			runtime.KeepAlive(kept)
		})
	}
}

func liveBytes() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
