package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/subgraphs/failure"
)

func TestPresenter(t *testing.T) {
	known := errors.New("unknown type")
	coded := gqlerror.Errorf("no such field")
	coded.Extensions = map[string]any{"code": "GRAPHQL_VALIDATION_FAILED"}
	overflow := func() error { _, err := graphql.UnmarshalInt32(int64(1) << 40); return err }()
	for _, test := range []struct {
		name            string
		err             error
		message, code   string
		logged, foreign bool
	}{
		{name: "told", err: failure.New(failure.NotFound, "there is no %s", "tent"), message: "there is no tent", code: "NOT_FOUND"},
		{name: "told, wrapped", err: fmt.Errorf("stage: %w", failure.New(failure.Conflict, "taken")), message: "taken", code: "CONFLICT"},
		{name: "the server's own", err: coded, message: "no such field", code: "GRAPHQL_VALIDATION_FAILED"},
		{name: "the caller's fault", err: fmt.Errorf("%w: Tent", known), message: "unknown type: Tent", code: "BAD_USER_INPUT"},
		{name: "beyond an Int", err: overflow, message: overflow.Error(), code: "BAD_USER_INPUT"},
		{name: "given up", err: fmt.Errorf("run query: %w", context.Canceled), message: "The request was given up before its answer was complete.", code: "INTERNAL_SERVER_ERROR"},
		{name: "ours", err: errors.New("SELECT secret"), message: internalMessage, code: "INTERNAL_SERVER_ERROR", logged: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log strings.Builder
			present := presenter(slog.New(slog.NewTextHandler(&log, nil)), []error{known})
			got := present(t.Context(), graphql.ErrorOnPath(t.Context(), test.err))
			if got.Message != test.message || got.Extensions["code"] != test.code {
				t.Errorf("got %q, %v, want %q, %s", got.Message, got.Extensions, test.message, test.code)
			}
			if logged := strings.Contains(log.String(), test.err.Error()); logged != test.logged {
				t.Errorf("logged = %t, want %t: %s", logged, test.logged, log.String())
			}
		})
	}
}

func TestPanicsAreLoggedAndNotTold(t *testing.T) {
	var log strings.Builder
	err := recovery(slog.New(slog.NewTextHandler(&log, nil)))(t.Context(), "secret")
	if told, ok := errors.AsType[*failure.Error](err); !ok || told.Code != failure.Internal || strings.Contains(told.Message, "secret") {
		t.Errorf("error = %v", err)
	}
	if !strings.Contains(log.String(), "secret") || !strings.Contains(log.String(), "errors_test.go") {
		t.Errorf("the log lacks the panic or where it came from: %s", log.String())
	}
}

func TestComplexity(t *testing.T) {
	first := func(n int32) *int32 { return &n }
	for _, test := range []struct{ got, want int }{
		{Repeated(5, 3), 16},
		{Repeated(5, 0), 6},
		{Repeated(-5, 3), 1},
		{Page(nil, 20, 2), 41},
		{Page(first(50), 20, 2), 101},
		{Page(first(-1), 20, 2), 201},
		{Page(first(1<<31-1), 20, 2), 201},
		{Repeated(1<<40, 1<<40), 1 << 30},
		{Repeated(100, 1<<30), 1 << 30},
	} {
		if test.got != test.want {
			t.Errorf("got %d, want %d", test.got, test.want)
		}
	}
}
