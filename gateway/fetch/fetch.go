// Package fetch calls subgraphs. A Fetcher sends one request to one subgraph; what else is wanted of a call (batching,
// deduplication) is a Fetcher around a Fetcher, in a package of its own.
//
// A Request belongs to its caller and stays unchanged while Fetch runs; when Fetch has returned, no Fetcher may read it
// any more. A Response belongs to whoever got it, and is given back with Release.
package fetch

import (
	"context"
	"strconv"
	"strings"
)

// Fetcher sends requests to one subgraph. It is safe for concurrent use. The error it returns is an *Error.
type Fetcher interface {
	Fetch(ctx context.Context, req *Request) (*Response, error)
}

// Untimed is a context that tells apart what ends it. Who keeps the deadline by other means, as a connection does, has only
// to watch for the rest.
type Untimed interface {
	context.Context
	// Untimed is the context without its deadline.
	Untimed() context.Context
}

// Func is a function as a Fetcher.
type Func func(ctx context.Context, req *Request) (*Response, error)

// Fetch implements Fetcher.
func (f Func) Fetch(ctx context.Context, req *Request) (*Response, error) { return f(ctx, req) }

// Header is one HTTP header that travels with a request.
type Header struct {
	Name, Value string
}

// Caller is on whose behalf a request is made. Requests of callers whose Keys differ share nothing: no call, no batch.
// It is immutable and may be used by any number of requests.
type Caller struct {
	headers []Header
	key     string
}

// NewCaller returns the caller with an identity's key ("" for nobody) and the headers that are forwarded for it.
func NewCaller(identity string, headers []Header) *Caller {
	// Every part is preceded by its length, so that two callers have the same key only when they are the same.
	var b strings.Builder
	part := func(s string) {
		b.WriteString(strconv.Itoa(len(s)))
		b.WriteByte(':')
		b.WriteString(s)
	}
	part(identity)
	for _, h := range headers {
		part(strings.ToLower(h.Name))
		part(h.Value)
	}
	return &Caller{headers: headers, key: b.String()}
}

// Nobody is a caller without identity and headers.
var Nobody = NewCaller("", nil)

// Headers returns the headers that are sent for the caller.
func (c *Caller) Headers() []Header { return c.headers }

// Key is the same for two callers only if identity and headers are.
func (c *Caller) Key() string { return c.key }

// Request is one GraphQL request to a subgraph.
type Request struct {
	// Body is the JSON that is sent: query, operationName, variables.
	Body []byte
	// Caller is never nil.
	Caller *Caller
	// Mutation marks a request that must not be made twice.
	Mutation bool
	// Fresh marks a request that follows from something that has just happened: no call that is under way already may answer
	// it.
	Fresh bool
	// Entities describes the parts of Body when the request asks for entities only; nil otherwise.
	Entities *Entities
	// Wave, when not nil, is shared by requests to this subgraph that are made at the same moment for one client request.
	Wave *Wave
}

// Entities describes a request that consists of `_entities` fields, so that several can be made one.
type Entities struct {
	// Operation is the document in Body; OperationName the name of its operation.
	Operation     string
	OperationName string
	Groups        []EntityGroup
	// Variables are the other variables that have a value.
	Variables []Variable
}

// Variable is one variable of a request; Value is JSON.
type Variable struct {
	Name  string
	Value []byte
}

// EntityGroup is one `_entities` field of a request.
type EntityGroup struct {
	// Name is the field's response name, Variable the name of the variable with its representations.
	Name, Variable string
	// Representations are the items of the list that is the variable's value: `{…},{…}`.
	Representations []byte
	Count           int
}

// Response is a subgraph's answer.
type Response struct {
	// Status is the HTTP status, 200 where there is none. A status beyond 2xx may come with a GraphQL response all the same.
	Status int
	// Body is valid until Release.
	Body []byte
	// Header looks a header of the answer up; nil when there are none.
	Header func(name string) string
	// Memo is where receivers of one answer share what they make of it; nil when the answer is for one alone.
	Memo *Memo
	// Free is called by Release to give Body back; nil when there is nothing to give back.
	Free interface{ Free() }
}

// Release gives the response's memory back.
func (r *Response) Release() {
	if r == nil || r.Free == nil {
		return
	}
	free := r.Free
	r.Free, r.Body, r.Memo = nil, nil, nil
	free.Free()
}
