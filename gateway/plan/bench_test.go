//go:build unix

package plan_test

import (
	"syscall"
	"testing"

	"github.com/weft-gateway/weft/gateway/plan"
)

// BenchmarkPlan plans operations from their normal form. CPU time is that of the process, with what its memory costs to
// collect: it depends little on what else the machine does.
func BenchmarkPlan(b *testing.B) {
	for _, w := range append(ordinary(), hostile()...) {
		b.Run(w.name, func(b *testing.B) {
			planner, op, _ := w.ready(b)
			b.ReportAllocs()
			fetches, before := 0, processorTime(b)
			for b.Loop() {
				p, err := planner.Plan(op, plan.Options{})
				if err != nil {
					b.Fatal(err)
				}
				fetches = len(p.Fetches)
			}
			b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(float64(fetches), "fetches")
		})
	}
}

func processorTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
