package execute

import (
	"context"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// run is the state of one request. It belongs to the owner; a task belongs to its fetch's goroutine from start until its
// number comes out of done. A fetch's goroutine may outlive Run: it reads nothing that belongs to the caller of Run.
type run struct {
	executor *Executor
	program  *Program
	request  *Request
	ctx      context.Context
	began    time.Time

	answers response.Answers
	errors  response.Errors
	values  []bool  // of the condition variables
	conds   []bool  // of the conditions
	waiting []int32 // by fetch: how many of those that it depends on have not ended
	ready   []int32 // fetches to be prepared
	made    []int32 // prepared fetches to be started
	tasks   []task  // by fetch
	done    chan int32
	running int
	// underway are the running fetches, as a set, where the plan is small enough for that (maxOwn).
	underway uint64
	// copy is the result when it was copied from the only answer there is; see pass.
	copy Result
	// abandoned: the client is gone while fetches are still running; their goroutines keep what they use.
	abandoned bool
}

// Run answers a request. It returns when the response is complete or ctx has ended; then what is missing is null, with an
// error. It never fails: whatever goes wrong is in the response.
func (e *Executor) Run(ctx context.Context, program *Program, req *Request) Result {
	r := e.runs.Get().(*run)
	r.reset(e, ctx, program, req)
	r.loop()
	if r.copy.Body != nil {
		result := r.copy
		r.release()
		return result
	}
	r.report()
	var extensions []byte
	if req.Extensions != nil {
		extensions = req.Extensions(r.trace())
	}
	out := responses.acquire()
	body := r.answers.Write(out.b, program.plan.Root, &r.errors, extensions)
	result := Result{Body: body, Errors: r.errors.Len(), buffer: out}
	r.release()
	return result
}

func (r *run) reset(e *Executor, ctx context.Context, program *Program, req *Request) {
	p := program.plan
	r.executor, r.program, r.request, r.ctx, r.began = e, program, req, ctx, time.Now()
	r.copy = Result{}
	r.values = resized(r.values, len(p.ConditionVariables))
	for i, name := range p.ConditionVariables {
		r.values[i] = req.Variables != nil && req.Variables.Bool(name)
	}
	r.conds = resized(r.conds, max(1, len(p.Conditions)))
	r.conds[0] = true
	for i := range p.Conditions {
		r.conds[i] = p.Conditions[i].Eval(r.values, r.conds)
	}
	r.answers.Reset(program.layout, p.Roots, r.conds, e.options.Limits)
	r.errors.Reset(e.options.MaxErrors)
	r.tasks = resized(r.tasks, len(p.Fetches))
	r.waiting = resized(r.waiting, len(p.Fetches))
	r.ready, r.made, r.running, r.underway, r.abandoned = r.ready[:0], r.made[:0], 0, 0, false
	if cap(r.done) < len(p.Fetches) {
		// A goroutine must never wait for its owner, who may have left.
		r.done = make(chan int32, len(p.Fetches))
	}
	for i, f := range p.Fetches {
		r.tasks[i].reset()
		r.waiting[i] = int32(len(f.DependsOn))
		if len(f.DependsOn) == 0 {
			r.ready = append(r.ready, int32(i))
		}
	}
}

// resized returns a slice of length n that keeps the elements of s up to its capacity.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return append(s[:cap(s)], make([]T, n-cap(s))...)
	}
	return s[:n]
}

// loop runs the fetches.
func (r *run) loop() {
	for {
		r.prepareReady()
		if len(r.made) == 0 && r.running == 0 {
			return
		}
		if own := r.startMade(); own >= 0 {
			r.perform(own)
			r.settle(own)
			r.collect()
			continue
		}
		if len(r.ready) > 0 || r.running == 0 {
			continue
		}
		select {
		case i := <-r.done:
			r.returned(i)
		case <-r.ctx.Done():
			r.abandon()
			return
		}
	}
}

// prepareReady prepares the fetches whose dependencies have ended; those that need not be made end at once.
func (r *run) prepareReady() {
	for k := 0; k < len(r.ready); k++ {
		i := r.ready[k]
		if r.prepare(i) {
			r.made = append(r.made, i)
		} else {
			r.ended(i)
		}
	}
	r.ready = r.ready[:0]
}

// startMade starts the prepared fetches, but for the one that the owner is to perform itself, which it returns; -1: there is
// none. Those that are answered within the gateway are performed at once, after the others are on their way: they read what
// belongs to the caller of Run, so they must have ended when it returns.
func (r *run) startMade() (own int32) {
	if len(r.made) > 1 {
		r.joinWaves()
	}
	own = r.own()
	for _, i := range r.made {
		if i != own && !r.program.calls[i].local() {
			r.running++
			r.underway |= member(i)
			go r.work(i)
		}
	}
	for _, i := range r.made {
		if r.program.calls[i].local() {
			r.perform(i)
			r.settle(i)
		}
	}
	r.made = r.made[:0]
	return own
}

// own is the prepared fetch that the owner performs itself: one without which nothing can become ready, whichever other
// ends. -1: there is none.
func (r *run) own() int32 {
	others := r.underway
	for _, i := range r.made {
		if r.program.calls[i].local() {
			return -1
		}
		others |= member(i)
	}
	if len(r.made) == 1 && r.running == 0 {
		return r.made[0]
	}
	if len(r.program.calls) > maxOwn {
		return -1
	}
	for _, i := range r.made {
		if others&^member(i)&^r.program.calls[i].covers == 0 {
			return i
		}
	}
	return -1
}

// joinWaves tells entity fetches of one subgraph that start together of each other.
func (r *run) joinWaves() {
	for k, i := range r.made {
		t := &r.tasks[i]
		if t.request.Entities == nil || t.request.Wave != nil {
			continue
		}
		var wave *fetch.Wave
		for _, j := range r.made[k+1:] {
			u := &r.tasks[j]
			if u.request.Entities != nil && r.program.calls[j].Subgraph == r.program.calls[i].Subgraph {
				if wave == nil {
					wave = &fetch.Wave{Size: 1}
				}
				wave.Size++
				u.request.Wave = wave
			}
		}
		t.request.Wave = wave
	}
}

// ended counts down the fetches that depend on i.
func (r *run) ended(i int32) {
	for _, d := range r.program.plan.Fetches[i].Dependents {
		if r.waiting[d]--; r.waiting[d] == 0 {
			r.ready = append(r.ready, int32(d))
		}
	}
}

// abandon gives up on the fetches that have not ended.
func (r *run) abandon() {
	r.collect() // what has ended meanwhile counts
	r.abandoned = r.running > 0
}

// collect takes over what has ended, without waiting.
func (r *run) collect() {
	for {
		select {
		case i := <-r.done:
			r.returned(i)
		default:
			return
		}
	}
}

// returned takes over what a fetch has got in its own goroutine.
func (r *run) returned(i int32) {
	r.running--
	r.underway &^= member(i)
	r.settle(i)
}

// settle takes over what a fetch has got.
func (r *run) settle(i int32) {
	t, c := &r.tasks[i], &r.program.calls[i]
	t.ended = true
	if t.part != nil {
		switch {
		case c.nested:
			r.answers.SetNested(int(i), t.part)
		case c.Kind == plan.Entities:
			if err := r.answers.SetEntities(int(i), t.part, t.aliases(c)); err != nil && t.err == nil {
				t.err = malformed(c.Name, t.status, err)
			}
		default:
			r.answers.SetPart(int(i), t.part)
		}
	}
	r.ended(i)
}

// release gives the memory of the run back.
func (r *run) release() {
	if r.abandoned {
		return
	}
	r.answers.Release()
	for i := range r.tasks {
		r.tasks[i].release()
	}
	r.ctx, r.request, r.program, r.copy = nil, nil, nil, Result{}
	r.executor.runs.Put(r)
}
