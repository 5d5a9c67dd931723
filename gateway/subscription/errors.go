package subscription

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime/debug"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// The codes of subscriptions that failed, beside those of package fetch.
const (
	// CodeRefused: the subgraph did not accept the connection or the caller.
	CodeRefused = "SUBSCRIPTION_REFUSED"
	// CodeLost: the connection ended, or showed no life, before the subscription was complete.
	CodeLost = "SUBSCRIPTION_LOST"
	// CodeTooSlow: the client did not take events as fast as they came.
	CodeTooSlow = "SUBSCRIPTION_CLIENT_TOO_SLOW"
)

// errNoWebSocket is the cause of a failure to open a WebSocket at a subgraph that answered, but not as one that knows
// WebSockets.
var errNoWebSocket = errors.New("the subgraph did not answer the handshake of a WebSocket")

func (s *Source) fail(code string, cause error, message string) *fetch.Error {
	return &fetch.Error{Code: code, Subgraph: s.Subgraph, Err: cause, Message: fmt.Sprintf(message, s.Subgraph)}
}

func (s *Source) refused(cause error) *fetch.Error {
	return s.fail(CodeRefused, cause, "Subgraph %q refused the subscription.")
}

func (s *Source) lost(cause error) *fetch.Error {
	return s.fail(CodeLost, cause, "The connection to subgraph %q ended before the subscription was complete.")
}

func (s *Source) malformed(cause error) *fetch.Error {
	return s.fail(fetch.CodeMalformed, cause, "Subgraph %q did not keep to the protocol of subscriptions.")
}

// broken is the error of a panic, which ends its subscription and nothing else.
func (s *Source) broken(thrown any) *fetch.Error {
	return s.fail(fetch.CodeInternal, fmt.Errorf("panic: %v\n%s", thrown, debug.Stack()),
		"The gateway failed to read the subscription at subgraph %q.")
}

func (s *Source) tooSlow() *fetch.Error {
	return s.fail(CodeTooSlow, nil,
		"The subscription at subgraph %q was ended, because its events were not taken as fast as they came.")
}

func (s *Source) tooLarge() *fetch.Error {
	e := s.fail(fetch.CodeTooLarge, nil, "")
	e.Message = fmt.Sprintf("Subgraph %q sent an event of more than %d bytes.", s.Subgraph, s.MaxMessage)
	return e
}

func (s *Source) status(status int, cause error) *fetch.Error {
	if status == 401 || status == 403 {
		e := s.refused(cause)
		e.Status = status
		return e
	}
	return &fetch.Error{Code: fetch.CodeHTTP, Subgraph: s.Subgraph, Status: status, Err: cause,
		Message: fmt.Sprintf("Subgraph %q answered with HTTP status %d.", s.Subgraph, status)}
}

// unanswered is the error of a connection that was not opened. ctx is the caller's: when it has not ended, a deadline that
// passed was one of the Options.
func (s *Source) unanswered(ctx context.Context, err error) *fetch.Error {
	var e *url.Error // it tells the address, which is no client's business
	if errors.As(err, &e) {
		err = e.Err
	}
	if cause := ctx.Err(); cause != nil {
		return fetch.Failed(s.Subgraph, fmt.Errorf("%w: %w", cause, err))
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, context.Canceled) {
		return s.fail(fetch.CodeTimeout, err, "Subgraph %q did not accept the subscription in time.")
	}
	return fetch.Failed(s.Subgraph, err)
}
