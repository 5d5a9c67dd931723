package gateway

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/weft-gateway/weft/gateway/execute"
	"github.com/weft-gateway/weft/gateway/server"
)

// flights are the queries under way that equal requests may join, where Options.DeduplicateOperations is set.
//
// A request joins a flight only if nothing that its answer depends on differs: the program, which stands for the Snapshot,
// the document, the operation, what the caller may see and the labels of progressive @override; the caller's identity; all
// that is forwarded to the subgraphs of the plan; and the variables, byte for byte. Nor does it join one that began before
// the last mutation ended: whoever has seen a mutation done gets answers that know of it.
//
// A flight belongs to nobody in particular. It runs for as long as anybody waits for it, so a client that goes away takes
// the answer from no other.
type flights struct {
	mu    sync.Mutex
	under map[flightKey]*flight
}

// flightKey is compared as a whole. caller holds the identity, what is forwarded, and the variables; see call.flightKey.
type flightKey struct {
	program *execute.Program
	caller  string
}

// flight is one run of a query with the requests that wait for its answer, or write it.
type flight struct {
	key       flightKey
	mutations uint64 // that had ended when it began
	// call is the flight's own: nothing of a request is read once that request may be gone.
	call   *call
	ctx    context.Context
	cancel context.CancelFunc
	// holders counts the requests, and the goroutine that runs the program; guarded by flights.mu. Who lets go last gives the
	// answer's memory back.
	holders int

	done chan struct{} // closed when what follows is there
	kind server.Kind
	body []byte
	// cut says that the deadline of the request which began the flight ended it: the answer tells of that, and is for that
	// request alone.
	cut bool
}

// flightKey appends to the call's buffer all that distinguishes its answer from those of other requests for the program.
// Every part is preceded by its length, so that equal texts have equal parts.
func (c *call) flightKey(program *execute.Program, variables []byte) []byte {
	b := c.key[:0]
	identity := c.identity.Key()
	b = append(binary.AppendUvarint(b, uint64(len(identity))), identity...)
	for _, subgraph := range program.Subgraphs() {
		key := c.caller(subgraph).Key()
		b = append(binary.AppendUvarint(b, uint64(len(key))), key...)
	}
	c.key = append(b, variables...)
	return c.key
}

// shared answers a query together with the equal ones that are under way.
func (s *Snapshot) shared(ctx context.Context, c *call, program *execute.Program, p *prepared, req *server.Request) *server.Response {
	all := &s.gateway.flights
	key := c.flightKey(program, req.Variables)
	for {
		f, first := all.enter(ctx, program, key, s.gateway.mutations.Ended())
		if first {
			f.prepare(c, p, req)
			go all.run(f)
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			if !first || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				all.leave(f)
				c.end()
				return &server.Response{Kind: server.TimedOut}
			}
			<-f.done // the flight has the same deadline: it ends now, and tells what there is
		}
		if f.cut && !first && ctx.Err() == nil {
			all.leave(f) // somebody else's time was over
			continue
		}
		c.flight = f
		c.response = server.Response{Kind: f.kind, Body: f.body, Release: c.land}
		return &c.response
	}
}

// landed is the end of a request that took its answer from a flight.
func (c *call) landed() {
	c.snapshot.gateway.flights.leave(c.flight)
	c.end()
}

// enter returns the flight that answers a request, and whether it is new and to be run.
func (a *flights) enter(ctx context.Context, program *execute.Program, key []byte, mutations uint64) (f *flight, first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if f = a.under[flightKey{program, string(key)}]; f != nil && f.mutations == mutations {
		f.holders++
		return f, false
	}
	f = &flight{key: flightKey{program, string(key)}, mutations: mutations, holders: 2, done: make(chan struct{})}
	if deadline, ok := ctx.Deadline(); ok {
		f.ctx, f.cancel = context.WithDeadline(context.Background(), deadline)
	} else {
		f.ctx, f.cancel = context.WithCancel(context.Background())
	}
	if a.under == nil {
		a.under = map[flightKey]*flight{}
	}
	a.under[f.key] = f // in the place of one that began before a mutation ended: nobody joins that any more
	return f, true
}

// prepare gives the flight what it needs of the request that it begins with.
func (f *flight) prepare(c *call, p *prepared, req *server.Request) {
	own := newCall()
	own.snapshot, own.identity = c.snapshot, c.identity
	own.callers = append(own.callers[:0], c.callers...)
	// They were found to be right, and are read once more out of memory that stays when the request is gone.
	_ = p.variables.Coerce(bytes.Clone(req.Variables), &own.variables)
	own.run = execute.Request{Variables: &own.variables, Caller: own.callerOf}
	f.call = own
}

// run makes the flight's answer.
func (a *flights) run(f *flight) {
	f.execute()
	// Connections have the deadline, too, and may see it before the context does.
	deadline, limited := f.ctx.Deadline()
	f.cut = f.ctx.Err() != nil || limited && !time.Now().Before(deadline)
	a.mu.Lock()
	a.forget(f)
	a.mu.Unlock()
	f.cancel()
	close(f.done)
	a.leave(f)
}

// execute runs the program. It does so in a goroutine of its own, where a panic would end the process.
func (f *flight) execute() {
	s := f.call.snapshot
	defer func() {
		if p := recover(); p != nil {
			s.gateway.options.Logger.LogAttrs(f.ctx, slog.LevelError, "panic while answering a query",
				slog.String("panic", fmt.Sprint(p)), slog.String("stack", string(debug.Stack())))
			f.kind, f.body = server.Failed, nil
		}
	}()
	f.call.result = s.executor.Run(f.ctx, f.key.program, &f.call.run)
	f.kind, f.body = server.Executed, f.call.result.Body
}

// leave lets go of a flight. One that nobody waits for is cancelled.
func (a *flights) leave(f *flight) {
	a.mu.Lock()
	// Counted under the lock that it takes to join: who finds that nobody waits any more can rely on it.
	f.holders--
	left := f.holders
	if left == 1 {
		a.forget(f)
	}
	a.mu.Unlock()
	switch left {
	case 1: // the goroutine that runs it, or one that still writes the answer; then this changes nothing
		f.cancel()
	case 0:
		f.call.done()
	}
}

// forget makes sure that nobody joins the flight any more.
func (a *flights) forget(f *flight) {
	if a.under[f.key] == f {
		delete(a.under, f.key)
	}
}
