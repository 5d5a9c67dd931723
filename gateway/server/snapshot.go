package server

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
)

// Snapshot answers requests over one supergraph. It never changes: a new
// supergraph is a new Snapshot, and a request keeps the one that it began with.
//
// It is gqlgen's ExecutableSchema for the transports that gqlgen brings
// (WebSocket, server-sent events), where Exec finds the caller with
// [IdentityFrom], and has Execute for the hot path, POST and GET. Implement it on
// a pointer: Snapshots are told apart by comparing them.
type Snapshot interface {
	graphql.ExecutableSchema

	// Execute answers one request and never returns nil. It gives up when ctx is
	// done, and says so with the kind TimedOut or with errors in an Executed
	// response.
	Execute(ctx context.Context, req *Request) *Response
}

// Request is one well-formed GraphQL request.
type Request struct {
	// Query is the document's text. The string is the request's own and may be
	// kept.
	Query string
	// OperationName is empty when the client named none.
	OperationName string
	// Variables is a JSON object as the client wrote it, checked for syntax and
	// nesting, or nil. Its memory is reused once the Response is released: copy
	// what has to live longer.
	Variables []byte
	// Extensions is as Variables is.
	Extensions []byte
	// Identity is what Options.Authenticate returned; nil for an anonymous caller.
	Identity any
	// ID names the request in logs, and in calls made on its behalf.
	ID string
	// Header holds the client's headers; they must not be changed.
	Header http.Header
	// ReadOnly says that the request came by a method that must change nothing
	// (GET): answer a mutation with the kind MutationRefused.
	ReadOnly bool
}

// Kind says what became of a request. Together with the media type that the
// client asked for it decides the HTTP status.
type Kind uint8

const (
	// Executed: execution began, so there is a data entry, perhaps null. 200.
	Executed Kind = iota
	// RequestError: the document did not parse or validate, the operation was not
	// found, or a variable did not fit. 400; 200 as application/json.
	RequestError
	// MutationRefused: a mutation in a ReadOnly request. 405. Body may be empty.
	MutationRefused
	// NeedsStream: the operation is a subscription. Body stays empty: the server
	// hands the request to a streaming transport or says how to ask for one.
	NeedsStream
	// TimedOut: the request's deadline passed before there was an answer. 504.
	// Body may be empty.
	TimedOut
	// Unavailable: the request was turned away for now. 503.
	Unavailable
	// Failed: a defect of the gateway. 500. Body may be empty.
	Failed
)

var kindNames = [...]string{
	Executed:        "executed",
	RequestError:    "request_error",
	MutationRefused: "mutation_refused",
	NeedsStream:     "needs_stream",
	TimedOut:        "timed_out",
	Unavailable:     "unavailable",
	Failed:          "failed",
}

// String returns the name that the access log uses.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Response is the answer to one Request.
type Response struct {
	Kind Kind
	// Body is the complete JSON of the GraphQL response. It goes to the client as
	// it is.
	Body []byte
	// Header is added to the HTTP response; nil for none.
	Header http.Header
	// Release, when it is set, is called once, after Body has been written and
	// before the Request's memory is reused. The server does not touch Body again.
	Release func()
}
