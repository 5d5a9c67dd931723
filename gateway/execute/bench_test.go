package execute

import (
	"context"
	"math"
	"sync"
	"testing"

	"github.com/weft-gateway/weft/gateway/response"
)

func TestDeepOperation(t *testing.T) {
	s, e := newShop()
	program := Compile(shopPlan())
	want := shopWhole()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				result := e.Run(context.Background(), program, &Request{})
				if string(result.Body) != want {
					t.Errorf("got  %s\nwant %s", result.Body, want)
				}
				result.Release()
			}
		})
	}
	wg.Wait()
	if s.calls != 7*80 {
		t.Errorf("%d calls", s.calls)
	}
}

// TestDeepOperationAllocations holds the number of allocations of a warm request, subgraphs not counted: seven fetches
// and 90 kB must not need one per field or per entity. The bound leaves room for the race detector, under which pools
// forget things at random.
func TestDeepOperationAllocations(t *testing.T) {
	_, e := newShop()
	program := Compile(shopPlan())
	run := func() {
		result := e.Run(context.Background(), program, &Request{})
		result.Release()
	}
	run()
	if n := testing.AllocsPerRun(50, run); n > 90 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDeepOperation(b *testing.B) {
	_, e := newShop()
	program := Compile(shopPlan())
	b.ReportAllocs()
	for b.Loop() {
		result := e.Run(context.Background(), program, &Request{})
		b.SetBytes(int64(len(result.Body)))
		result.Release()
	}
}

// BenchmarkDecode decodes the largest answer of the deep operation.
func BenchmarkDecode(b *testing.B) {
	s, e := newShop()
	p := shopPlan()
	result := e.Run(context.Background(), Compile(p), &Request{})
	result.Release()
	var body []byte
	for _, a := range s.answers {
		if len(a) > len(body) {
			body = a
		}
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		part, err := response.Decode(body, p.Names, response.DefaultLimits())
		if err != nil {
			b.Fatal(err)
		}
		part.Release()
	}
}

// BenchmarkWrite writes the deep operation's response, with all parts there.
func BenchmarkWrite(b *testing.B) {
	r := settled()
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = r.answers.Write(dst[:0], r.program.plan.Root, &r.errors, nil)
		b.SetBytes(int64(len(dst)))
	}
}

// BenchmarkRender renders the requests of all entity fetches.
func BenchmarkRender(b *testing.B) {
	r := settled()
	b.ReportAllocs()
	for b.Loop() {
		parts := make([]*response.Part, 7)
		for i := range parts {
			parts[i] = r.answers.Part(i)
		}
		r.answers.Reset(r.program.layout, r.program.plan.Roots, r.conds, r.executor.options.Limits)
		for i := range r.tasks {
			r.tasks[i].reset()
			r.prepare(int32(i))
			requests.release(r.tasks[i].body)
			r.tasks[i].part, r.tasks[i].body = parts[i], nil
			r.settle(int32(i))
		}
	}
}

// settled is a run whose fetches have all ended, and which may be written any number of times.
func settled() *run {
	_, e := newShop()
	e.options.Limits.Objects = math.MaxInt
	r := new(run)
	r.reset(e, context.Background(), Compile(shopPlan()), &Request{})
	r.loop()
	return r
}
