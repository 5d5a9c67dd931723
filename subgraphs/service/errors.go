package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/subgraphs/failure"
)

// presenter returns what turns an error into what the client reads. An error that was not
// written for clients may hold anything, such as a statement with its data: it is logged, and
// the client learns only that it happened.
func presenter(logger *slog.Logger, badRequests []error) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := *graphql.DefaultErrorPresenter(ctx, err)
		if shown.Extensions["code"] != nil {
			return &shown // the GraphQL server's own: syntax, validation, limits
		}
		if len(shown.Path) == 0 && shown.Unwrap() == nil {
			// The transport's own, about a request that it could not read: no resolver ran, as
			// their errors have a path.
			shown.Extensions = map[string]any{"code": string(failure.BadUserInput)}
			return &shown
		}
		code, message := classify(err, shown.Message, badRequests)
		if code == failure.Internal {
			level := slog.LevelError
			if givenUp(err) {
				level = slog.LevelDebug // the caller went away; nothing is wrong here
			}
			logger.Log(ctx, level, "request failed", "path", shown.Path.String(), "error", err)
		}
		shown.Message = message
		shown.Extensions = map[string]any{"code": string(code)}
		return &shown
	}
}

const internalMessage = "The service failed to answer; its log says why."

// classify returns the code of an error and what the client reads of it; message is the error's
// own.
func classify(err error, message string, badRequests []error) (failure.Code, string) {
	if told, ok := errors.AsType[*failure.Error](err); ok {
		return told.Code, told.Message
	}
	if overflow, ok := errors.AsType[*graphql.NumberOverflowError](err); ok {
		return failure.BadUserInput, overflow.Error()
	}
	for _, bad := range badRequests {
		if errors.Is(err, bad) {
			return failure.BadUserInput, message
		}
	}
	if givenUp(err) {
		return failure.Internal, "The request was given up before its answer was complete."
	}
	return failure.Internal, internalMessage
}

// givenUp reports whether the request ended before its answer was there.
func givenUp(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// recovery returns what turns a panic in a resolver into an error of the field alone.
func recovery(logger *slog.Logger) graphql.RecoverFunc {
	return func(ctx context.Context, thrown any) error {
		logger.ErrorContext(ctx, "resolver panicked", "panic", fmt.Sprint(thrown), "stack", string(debug.Stack()))
		return failure.New(failure.Internal, internalMessage)
	}
}
