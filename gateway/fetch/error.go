package fetch

import (
	"context"
	"errors"
	"fmt"
)

// The codes of failed requests: extensions.code of the errors that the client sees.
const (
	CodeHTTP      = "SUBREQUEST_HTTP_ERROR"         // no connection, or a status other than 2xx without a GraphQL response
	CodeMalformed = "SUBREQUEST_MALFORMED_RESPONSE" // an answer that is no GraphQL response to the request
	CodeTimeout   = "SUBREQUEST_TIMEOUT"            // no answer in time
	CodeCancelled = "SUBREQUEST_CANCELLED"          // the client went away
	CodeTooLarge  = "SUBREQUEST_RESPONSE_TOO_LARGE" // an answer beyond the limit
	CodeOverload  = "SUBREQUEST_OVERLOAD"           // too many requests to the subgraph are under way
	CodeInternal  = "SUBREQUEST_INTERNAL_ERROR"     // a fault in the gateway
)

// Error is why a request to a subgraph failed.
type Error struct {
	Code     string
	Subgraph string
	// Message is for the client: it names the subgraph and nothing else of what is behind the gateway.
	Message string
	// Status is the HTTP status of the answer, 0 when there was none.
	Status int
	// Err is the cause, for the log; nil when Message says all.
	Err error
}

// Error implements error. It tells all that is known, for the log.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + " (" + e.Err.Error() + ")"
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Failed makes an *Error of the error of a request to a subgraph; one that is an *Error already stays as it is.
func Failed(subgraph string, err error) *Error {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Code: CodeTimeout, Subgraph: subgraph, Err: err,
			Message: fmt.Sprintf("Subgraph %q did not answer in time.", subgraph)}
	case errors.Is(err, context.Canceled):
		return &Error{Code: CodeCancelled, Subgraph: subgraph, Err: err,
			Message: fmt.Sprintf("The request to subgraph %q was cancelled.", subgraph)}
	}
	return &Error{Code: CodeHTTP, Subgraph: subgraph, Err: err,
		Message: fmt.Sprintf("Subgraph %q could not be reached.", subgraph)}
}
