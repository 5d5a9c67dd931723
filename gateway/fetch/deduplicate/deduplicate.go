// Package deduplicate makes one call of equal requests that are under way at the same time.
//
// A request joins a call only when the whole body is the same and the call is made for the same caller: the same identity
// and the same forwarded headers. A call that is shared belongs to nobody in particular: it runs under a context of its own
// for as long as anybody waits for it, so a client that goes away takes the answer from no other.
//
// The Deduplicator stands next to the transport, below what combines requests: what it passes on is a body and a caller.
//
// Mutations are never shared. Nor does a request join a call that began before the last mutation ended: whoever has seen
// a mutation done gets answers that know of it.
package deduplicate

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// Options say what is deduplicated.
type Options struct {
	// Subgraph is the subgraph's name, for errors.
	Subgraph string
	// Mutations are those of all subgraphs whose data may depend on each other; nil: only this subgraph's count.
	Mutations *Mutations
}

// Mutations counts the mutations that have ended. The Deduplicators of one gateway have it in common, since what a mutation
// of one subgraph does may show in the answers of another.
type Mutations struct{ ended atomic.Uint64 }

// Ended is how many mutations have ended.
func (m *Mutations) Ended() uint64 { return m.ended.Load() }

// Counted counts the mutations that pass to next.
func (m *Mutations) Counted(next fetch.Fetcher) fetch.Fetcher {
	return fetch.Func(func(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
		if req.Mutation {
			// However it ends, it may have changed something.
			defer m.ended.Add(1)
		}
		return next.Fetch(ctx, req)
	})
}

const (
	// maxBody is the longest request that is shared. A copy of it is held while the call runs; longer ones are rarely the
	// same.
	maxBody = 256 << 10
	// maxHeld bounds the copies that are held at the same time for one subgraph. Beyond it, each request makes its own call.
	maxHeld = 16 << 20
)

// Deduplicator is a Fetcher that lets equal requests share calls.
type Deduplicator struct {
	next      fetch.Fetcher
	subgraph  string
	mutations *Mutations
	seed      maphash.Seed

	mu    sync.Mutex
	calls map[uint64]*call // under way, by the hash of what they ask
	held  int              // bytes of their bodies
}

// New returns a Fetcher that deduplicates what it passes on to next.
func New(next fetch.Fetcher, o Options) *Deduplicator {
	if o.Mutations == nil {
		o.Mutations = new(Mutations)
	}
	return &Deduplicator{
		next: next, subgraph: o.Subgraph, mutations: o.Mutations,
		seed: maphash.MakeSeed(), calls: map[uint64]*call{},
	}
}

// Fetch implements fetch.Fetcher.
func (d *Deduplicator) Fetch(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	switch {
	case req.Mutation:
		// However it ends, it may have changed something.
		defer d.mutations.ended.Add(1)
		return d.next.Fetch(ctx, req)
	case req.Fresh || len(req.Body) > maxBody:
		return d.next.Fetch(ctx, req)
	}
	if err := ctx.Err(); err != nil {
		return nil, fetch.Failed(d.subgraph, err)
	}
	c, first := d.enter(req)
	if c == nil {
		return d.next.Fetch(ctx, req)
	}
	if first {
		go d.run(c)
	}
	select {
	case <-c.done:
		return c.share(first)
	case <-ctx.Done():
		d.leave(c)
		return nil, fetch.Failed(d.subgraph, ctx.Err())
	}
}

// enter returns the call that answers the request, and whether it is new and to be run. It returns nil when the request is
// to make a call of its own.
func (d *Deduplicator) enter(req *fetch.Request) (c *call, first bool) {
	hash := d.hash(req)
	d.mu.Lock()
	defer d.mu.Unlock()
	mutations := d.mutations.ended.Load()
	if have := d.calls[hash]; have != nil {
		switch {
		case have.request.Caller.Key() != req.Caller.Key() || !bytes.Equal(have.request.Body, req.Body):
			return nil, false // two requests of one hash
		case have.mutations == mutations:
			have.holders.Add(1)
			return have, false
		}
		// It began before a mutation ended: nobody joins it any more.
	}
	if d.held+len(req.Body) > maxHeld {
		return nil, false
	}
	c = newCall(hash, mutations, req)
	d.calls[hash] = c
	d.held += len(req.Body)
	return c, true
}

// hash says where to look. Whether a call is the same is found out by comparing everything.
func (d *Deduplicator) hash(req *fetch.Request) uint64 {
	return maphash.Bytes(d.seed, req.Body) ^ maphash.String(d.seed, req.Caller.Key())
}

// leave is for a request that does not wait any longer. A call that nobody waits for is cancelled.
func (d *Deduplicator) leave(c *call) {
	d.mu.Lock()
	// Counted under the lock that it takes to join: who finds that nobody waits any more can rely on it.
	left := c.holders.Add(-1)
	if left == 1 {
		d.forget(c)
	}
	d.mu.Unlock()
	switch left {
	case 1: // the goroutine that makes the call
		c.cancel()
	case 0:
		c.free()
	}
}

// forget makes sure that nobody joins the call any more.
func (d *Deduplicator) forget(c *call) {
	if d.calls[c.hash] == c {
		delete(d.calls, c.hash)
	}
}

// run makes the call.
func (d *Deduplicator) run(c *call) {
	c.answer, c.err = d.call(c)
	c.cancel()
	d.mu.Lock()
	d.forget(c)
	d.held -= len(c.request.Body)
	d.mu.Unlock()
	c.freeBody()
	close(c.done)
	c.drop()
}

// call asks the subgraph. It runs in a goroutine of its own, where a panic would end the process.
func (d *Deduplicator) call(c *call) (answer *fetch.Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, err = nil, &fetch.Error{Code: fetch.CodeInternal, Subgraph: d.subgraph,
				Message: fmt.Sprintf("The gateway failed to ask subgraph %q.", d.subgraph),
				Err:     fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	return d.next.Fetch(c.ctx, &c.request)
}
