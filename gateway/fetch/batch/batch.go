// Package batch makes one call of several entity fetches of one subgraph.
//
// Every fetch that may share a call becomes one Load of a dataloader; a load is a whole fetch with all its
// representations, never a single entity. Fetches share a call only when they are made for the same caller: the same
// identity and the same forwarded headers. A fetch that is alone is passed on as it is and waits for nobody.
package batch

import (
	"context"
	"sync"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// Options say what is batched.
type Options struct {
	// Subgraph is the subgraph's name, for errors.
	Subgraph string
	// Window is how long a fetch waits for others of its caller, from other client requests, while one is under way. 0: only
	// fetches of one client request that start at the same moment are batched; they wait for nothing.
	Window time.Duration
	// Max is how many fetches one call may hold, 500 by default.
	Max int
}

// Batcher is a Fetcher that combines entity fetches. Other requests it passes on.
type Batcher struct {
	next      fetch.Fetcher
	options   Options
	documents documents

	mu      sync.Mutex
	callers map[string]*caller
}

// caller is what is under way for one caller. It exists only as long as something is.
type caller struct {
	active int // fetches under way
	loader *loader
}

type loader = dataloader.Loader[*load, *fetch.Response]

// New returns a Fetcher that batches what it passes on to next.
func New(next fetch.Fetcher, o Options) *Batcher {
	if o.Max <= 0 {
		o.Max = 500
	}
	return &Batcher{next: next, options: o, callers: map[string]*caller{}}
}

// Fetch implements fetch.Fetcher.
func (b *Batcher) Fetch(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	if req.Entities == nil || req.Mutation || b.options.Window <= 0 && req.Wave == nil {
		return b.next.Fetch(ctx, req)
	}
	var l *loader
	if b.options.Window > 0 {
		l = b.enter(req)
		defer b.leave(req)
	}
	if req.Wave != nil {
		l = b.wave(req.Wave)
	}
	if l == nil {
		return b.next.Fetch(ctx, req)
	}
	return b.load(ctx, l, req)
}

// enter counts a fetch in. It returns the loader that the fetch is to use, nil when no other fetch of its caller is
// under way.
func (b *Batcher) enter(req *fetch.Request) *loader {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.callers[req.Caller.Key()]
	if c == nil {
		c = &caller{}
		b.callers[req.Caller.Key()] = c
	} else if c.loader == nil {
		c.loader = b.loader(b.options.Window, b.options.Max)
	}
	c.active++
	return c.loader
}

// leave counts a fetch out.
func (b *Batcher) leave(req *fetch.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.callers[req.Caller.Key()]
	if c.active--; c.active == 0 {
		delete(b.callers, req.Caller.Key())
	}
}

// waveWait bounds the wait for the rest of a wave. All of a wave's fetches are on their way when the first arrives, so
// it passes only when the machine is too busy to run them.
const waveWait = 5 * time.Millisecond

// wave returns the loader of the fetches that start together; they are of one client request, so of one caller.
func (b *Batcher) wave(w *fetch.Wave) *loader {
	return w.State(func() any { return b.loader(waveWait, min(w.Size, b.options.Max)) }).(*loader)
}

// loader makes a loader that sends after wait or when it holds so many loads.
func (b *Batcher) loader(wait time.Duration, capacity int) *loader {
	return dataloader.NewBatchedLoader(b.send,
		dataloader.WithWait[*load, *fetch.Response](wait),
		dataloader.WithBatchCapacity[*load, *fetch.Response](capacity),
		dataloader.WithInputCapacity[*load, *fetch.Response](capacity),
		// Nothing is remembered: every load is answered by a call that was made for it.
		dataloader.WithCache[*load, *fetch.Response](&dataloader.NoCache[*load, *fetch.Response]{}),
	)
}

// load puts a fetch into a loader and waits for its answer.
func (b *Batcher) load(ctx context.Context, l *loader, req *fetch.Request) (*fetch.Response, error) {
	one := newLoad(ctx, req)
	thunk := l.Load(context.Background(), one)
	select {
	case <-one.done:
		return thunk()
	case <-ctx.Done():
		one.leave()
		return nil, fetch.Failed(b.options.Subgraph, ctx.Err())
	}
}
