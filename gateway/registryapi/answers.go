package registryapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	codeInternal   = "INTERNAL_SERVER_ERROR"
	codeTimeout    = "TIMEOUT"
	codeComplexity = "COMPLEXITY_LIMIT_EXCEEDED"

	internalMessage = "the registry failed; its log says why"
	timeoutMessage  = "the registry did not finish in time. The same request can be made again"
)

// answer is a GraphQL response. It has no data when nothing was executed (specification, 7.1).
type answer struct {
	Errors     gqlerror.List   `json:"errors,omitempty"`
	Data       json.RawMessage `json:"data,omitempty"`
	Extensions map[string]any  `json:"extensions,omitempty"`
}

// refuse answers a request that is not executed, as a GraphQL response without data.
func refuse(w http.ResponseWriter, status int, code, format string, args ...any) {
	send(w, status, answer{Errors: gqlerror.List{coded(code, format, args...)}})
}

func send(w http.ResponseWriter, status int, a answer) {
	body, err := json.Marshal(a)
	if err != nil { // data that is no JSON: a fault of this program
		status, body = http.StatusInternalServerError, []byte(`{"errors":[{"message":"`+internalMessage+`"}]}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone; there is nobody else to tell
}

// concealed lets through the errors of resolvers that are meant for clients, which have a code. The others
// are about the insides of the registry: they go to the log, and clients learn that there is something.
func concealed(log *slog.Logger) graphql.FieldMiddleware {
	return func(ctx context.Context, next graphql.Resolver) (any, error) {
		value, err := next(ctx)
		if err == nil {
			return value, nil
		}
		var shown *gqlerror.Error
		if errors.As(err, &shown) && shown.Extensions["code"] != nil {
			return value, err
		}
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			return nil, coded(codeTimeout, timeoutMessage)
		}
		log.ErrorContext(ctx, "registry API: a request failed", "path", graphql.GetPath(ctx).String(), "error", err)
		return nil, coded(codeInternal, internalMessage)
	}
}

// presenter gives a code to errors that have none: those of arguments that could not be read.
func presenter(ctx context.Context, err error) *gqlerror.Error {
	shown := graphql.DefaultErrorPresenter(ctx, err)
	if shown.Extensions["code"] == nil {
		shown.Extensions = map[string]any{"code": "BAD_USER_INPUT"}
	}
	return shown
}

// recovered answers a panic of a resolver.
func recovered(log *slog.Logger) graphql.RecoverFunc {
	return func(ctx context.Context, value any) error {
		log.ErrorContext(ctx, "registry API: panic", "value", fmt.Sprint(value), "stack", string(debug.Stack()))
		return coded(codeInternal, internalMessage)
	}
}

func coded(code, format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	err.Extensions = map[string]any{"code": code}
	return err
}
