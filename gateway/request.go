package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/execute"
	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/server"
)

// Execute answers one request. It implements server.Snapshot.
func (s *Snapshot) Execute(ctx context.Context, req *server.Request) *server.Response {
	p, err := s.operations.Get(ctx, operation.CacheKey{Text: req.Query, Operation: req.OperationName})
	if err != nil {
		if ctx.Err() != nil {
			return &server.Response{Kind: server.TimedOut}
		}
		return refused(err)
	}
	switch {
	case p.refusal != nil:
		return p.refusal
	case p.kind == ast.Subscription:
		return &server.Response{Kind: server.NeedsStream}
	case p.kind == ast.Mutation && req.ReadOnly:
		return &server.Response{Kind: server.MutationRefused}
	}
	c := newCall()
	c.begin(s, req)
	if errs := p.variables.Coerce(req.Variables, &c.variables); len(errs) > 0 {
		c.end()
		return refused(errs)
	}
	program, err := p.programFor(ctx, c)
	if err != nil {
		c.end()
		if ctx.Err() != nil {
			return &server.Response{Kind: server.TimedOut}
		}
		return refused(requestError(err))
	}
	run := &c.run
	run.Variables = &c.variables
	run.Caller = c.callerOf
	if len(req.Extensions) > 0 {
		run.Extensions = s.planExtension(c.identity, req.Extensions, program)
	}
	// Who asks for the plan wants to know how this very request went.
	if s.gateway.options.DeduplicateOperations && p.kind == ast.Query && run.Extensions == nil {
		return s.shared(ctx, c, program, p, req)
	}
	c.result = s.executor.Run(ctx, program, run)
	c.response = server.Response{Kind: server.Executed, Body: c.result.Body, Release: c.release}
	return &c.response
}

// call is the state of one request, reused for others.
type call struct {
	snapshot  *Snapshot
	identity  *auth.Identity
	header    http.Header
	labels    labelChoice
	variables operation.Variables
	run       execute.Request
	result    execute.Result
	response  server.Response
	callers   []*fetch.Caller // by subgraph
	callerOf  func(int) *fetch.Caller
	release   func()
	// flight is where the answer comes from when it is shared; land lets go of it. key is memory for what tells flights apart.
	flight *flight
	land   func()
	key    []byte
}

var calls sync.Pool

func newCall() *call {
	if c, ok := calls.Get().(*call); ok {
		return c
	}
	c := &call{}
	c.callerOf, c.release, c.land = c.caller, c.done, c.landed
	return c
}

func (c *call) begin(s *Snapshot, req *server.Request) {
	c.snapshot, c.header = s, req.Header
	c.identity, _ = req.Identity.(*auth.Identity)
	c.labels.begin(s, c.identity, req.Header)
	if cap(c.callers) < len(s.forward) {
		c.callers = make([]*fetch.Caller, len(s.forward))
	}
	c.callers = c.callers[:len(s.forward)]
	clear(c.callers)
}

func (c *call) done() {
	c.result.Release()
	c.end()
}

func (c *call) end() {
	c.snapshot, c.identity, c.header, c.flight = nil, nil, nil, nil
	c.labels.begin(nil, nil, nil)
	c.run, c.result, c.response = execute.Request{}, execute.Result{}, server.Response{}
	calls.Put(c)
}

// caller is on whose behalf a subgraph is called. Only the request's owner goroutine asks.
func (c *call) caller(subgraph int) *fetch.Caller {
	if have := c.callers[subgraph]; have != nil {
		return have
	}
	var headers []fetch.Header
	for _, h := range c.snapshot.forward[subgraph].Forward(c.identity, c.header) {
		headers = append(headers, fetch.Header{Name: h.Name, Value: h.Value})
	}
	caller := fetch.Nobody
	if c.identity != nil || len(headers) > 0 {
		key := ""
		if c.identity != nil {
			key = c.identity.Key()
		}
		caller = fetch.NewCaller(key, headers)
	}
	c.callers[subgraph] = caller
	return caller
}

// refused is the answer to a request that is not executed.
func refused(err error) *server.Response {
	list, ok := err.(gqlerror.List)
	if !ok {
		list = gqlerror.List{gqlerror.WrapIfUnwrapped(err)}
	}
	body, marshal := json.Marshal(struct {
		Errors gqlerror.List `json:"errors"`
	}{list})
	if marshal != nil {
		return &server.Response{Kind: server.Failed}
	}
	return &server.Response{Kind: server.RequestError, Body: body}
}
