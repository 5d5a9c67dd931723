// Package failure holds the errors that the demo services show to their clients: a message
// written for the reader, and a code for programs. Any other error is the service's own trouble;
// the service logs it and tells the client no more than that it happened.
package failure

import "fmt"

// Code is what a program finds in an error's extensions.code.
type Code string

// The codes of the demo services.
const (
	BadUserInput    Code = "BAD_USER_INPUT"
	NotFound        Code = "NOT_FOUND"
	Conflict        Code = "CONFLICT"
	Unauthenticated Code = "UNAUTHENTICATED"
	Forbidden       Code = "FORBIDDEN"
	Internal        Code = "INTERNAL_SERVER_ERROR"
)

// Error is an error that a client may read.
type Error struct {
	Code    Code
	Message string
}

func (e *Error) Error() string { return e.Message }

// New returns an Error whose message is built as fmt.Sprintf builds it.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
