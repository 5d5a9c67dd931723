package plan_test

import (
	"runtime"
	"slices"
	"testing"

	"github.com/weft-gateway/weft/gateway/plan"
)

// What a plan is said to take is about what it takes.
func TestSize(t *testing.T) {
	for _, name := range []string{"implementations_unlike/10", "union/100", "selections/10000", "recursion/200", "fragments/1000"} {
		t.Run(name, func(t *testing.T) {
			all := hostile()
			planner, op, _ := all[slices.IndexFunc(all, func(w workload) bool { return w.name == name })].ready(t)
			const plans = 4
			kept := make([]*plan.Plan, plans)
			before := held()
			for i := range kept {
				var err error
				if kept[i], err = planner.Plan(op, plan.Options{}); err != nil {
					t.Fatal(err)
				}
			}
			takes, said := int(held()-before)/plans, kept[0].Size()
			if said < takes/2 || said > takes*3 {
				t.Errorf("a plan is said to take %d bytes, and takes %d", said, takes)
			}
			runtime.KeepAlive(kept)
		})
	}
}

// held is what the heap holds.
func held() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
