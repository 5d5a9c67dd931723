package deduplicate

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// call is one call of a subgraph with all the requests that wait for its answer or use it.
type call struct {
	hash      uint64
	mutations uint64 // that had ended when it began
	// request is the call's own: the one that it was made for may be gone while others still wait.
	request fetch.Request
	body    *[]byte // pooled
	ctx     context.Context
	cancel  context.CancelFunc
	// holders counts who waits for the answer or uses it, and the goroutine that makes the call. Who lets go last releases
	// the answer.
	holders atomic.Int32

	done   chan struct{} // closed when what follows is there
	answer *fetch.Response
	err    error
	memo   fetch.Memo // of all that use the answer

	header sync.Mutex
	own    shared // of the request that the call was made for
}

// bodies holds the copies of requests' bodies. None is longer than maxBody.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

// newCall returns a call that is held by the goroutine that will make it and by whoever asked for it.
func newCall(hash, mutations uint64, req *fetch.Request) *call {
	c := &call{hash: hash, mutations: mutations, done: make(chan struct{}), body: bodies.Get().(*[]byte)}
	*c.body = append((*c.body)[:0], req.Body...)
	c.request = fetch.Request{Body: *c.body, Caller: req.Caller}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.holders.Store(2)
	return c
}

// freeBody gives the copy of the body back: the call is made, and nobody compares with it any more.
func (c *call) freeBody() {
	bodies.Put(c.body)
	c.body, c.request.Body = nil, nil
}

// drop lets go of the answer.
func (c *call) drop() {
	if c.holders.Add(-1) == 0 {
		c.free()
	}
}

// free gives the answer back, and what was made of it.
func (c *call) free() {
	c.memo.Free()
	c.answer.Release()
}

// share returns the answer for one of those that waited.
func (c *call) share(first bool) (*fetch.Response, error) {
	if c.err != nil {
		c.drop()
		return nil, c.err
	}
	s := &c.own
	if !first {
		s = new(shared)
	}
	s.call = c
	s.Response = fetch.Response{Status: c.answer.Status, Body: c.answer.Body, Memo: &c.memo, Free: s}
	if c.answer.Header != nil {
		s.Header = c.lookup
	}
	return &s.Response, nil
}

// lookup looks a header of the answer up. What is below may use a buffer for that.
func (c *call) lookup(name string) string {
	c.header.Lock()
	defer c.header.Unlock()
	return c.answer.Header(name)
}

// shared is one share of an answer.
type shared struct {
	fetch.Response
	call *call
}

// Free implements the release of a fetch.Response.
func (s *shared) Free() { s.call.drop() }
