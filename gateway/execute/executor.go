// Package execute runs plans.
//
// Each request has one owner, the goroutine that calls Run. It alone reads and writes the request's answers: it renders
// what a fetch sends and links what a fetch got. The call itself and the decoding of its answer happen in a goroutine of
// the fetch, or in the owner's own when nothing can become ready before the fetch has ended: goroutines that hand over to
// each other cost more than what most of them do. A fetch starts as soon as those that it depends on have ended, however
// they ended; there are no waves to wait for.
package execute

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/response"
)

// Options say how plans are run.
type Options struct {
	// Subgraphs are the fetchers by number of the subgraph (plan.Fetch.Subgraph).
	Subgraphs []fetch.Fetcher
	// Introspect answers the operation of an introspection fetch as a subgraph would. variables may be nil.
	Introspect func(ctx context.Context, operation string, variables Variables) ([]byte, error)
	// Limits bound the answers of subgraphs. The zero value stands for response.DefaultLimits.
	Limits response.Limits
	// MaxErrors bounds the errors of one response; 0 stands for 100.
	MaxErrors int
	// HideErrors replaces the messages and extensions of subgraphs' errors with a general message.
	HideErrors bool
	// Logger is told of failed fetches, with their causes. nil: nobody is.
	Logger *slog.Logger
}

// Executor runs the plans of one supergraph. It is safe for concurrent use.
type Executor struct {
	options Options
	runs    sync.Pool
}

// New returns an executor.
func New(o Options) *Executor {
	if o.Limits == (response.Limits{}) {
		o.Limits = response.DefaultLimits()
	}
	if o.MaxErrors == 0 {
		o.MaxErrors = 100
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Executor{options: o, runs: sync.Pool{New: func() any { return new(run) }}}
}

// Variables are the coerced variables of a request.
type Variables interface {
	// Get returns the JSON of a variable; false when it is absent, which is not the same as null.
	Get(name string) (raw []byte, present bool)
	// Bool returns the value of a variable of type Boolean, false when it has none.
	Bool(name string) bool
}

// Request is one request for a plan.
type Request struct {
	// Variables may be nil when the operation has none.
	Variables Variables
	// Caller returns on whose behalf a subgraph is called; nil: nobody's.
	Caller func(subgraph int) *fetch.Caller
	// Event is the body of the primary fetch of a subscription: the event that is answered, as the subgraph sent it. It
	// must stay unchanged until Run returns.
	Event []byte
	// Extensions, when not nil, is called when all fetches have ended; what it returns, a JSON object or nil, becomes the
	// response's extensions.
	Extensions func(*Trace) []byte
}

// Trace tells how a plan ran.
type Trace struct {
	Fetches []FetchTrace // by fetch
}

// FetchTrace tells how a fetch ran.
type FetchTrace struct {
	// Made is false when the fetch was not made: its condition does not hold, or there was nothing to ask for.
	Made bool
	// Start is when the fetch began, counted from the start of the run; Duration is how long the call took, with decoding.
	Start, Duration time.Duration
	// Representations is how many entities were asked for.
	Representations int
	// Status is the HTTP status, 0 when there was no answer; Bytes the length of the answer.
	Status, Bytes int
	// Err is why the fetch failed.
	Err error
}

// Result is the answer to a request.
type Result struct {
	// Body is the complete response. It is valid until Release.
	Body []byte
	// Errors is the number of errors in the response.
	Errors int

	buffer *buffer         // that Body stands in; nil when it stands elsewhere
	answer *fetch.Response // that Body is a part of; nil when it is not
}

// Release gives the result's memory back.
func (r *Result) Release() {
	if r.buffer != nil {
		r.buffer.b = r.Body
		responses.release(r.buffer)
	}
	r.answer.Release()
	*r = Result{}
}

// buffer is a pooled byte slice.
type buffer struct{ b []byte }

// maxPooledBuffer bounds the memory that an idle buffer keeps.
const maxPooledBuffer = 1 << 20

// bufferPool pools buffers of one use. Requests to subgraphs are usually much shorter than responses: in one pool for
// both every buffer would grow, in time, to the size of a response.
type bufferPool struct{ pool sync.Pool }

var requests, responses bufferPool

func (p *bufferPool) acquire() *buffer {
	b, ok := p.pool.Get().(*buffer)
	if !ok {
		b = &buffer{b: make([]byte, 0, 2048)}
	}
	b.b = b.b[:0]
	return b
}

func (p *bufferPool) release(b *buffer) {
	if b != nil && cap(b.b) <= maxPooledBuffer {
		p.pool.Put(b)
	}
}
