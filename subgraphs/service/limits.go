package service

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/subgraphs/failure"
)

// bounded refuses requests whose body is too large: at once where they tell its size, else when
// that much of it was read.
func bounded(next http.Handler) http.Handler {
	next = http.MaxBytesHandler(next, maxBody)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= maxBody {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		// A caller that has gone needs no answer.
		_, _ = fmt.Fprintf(w, `{"errors":[{"message":"the request body has %d bytes: send at most %d","extensions":{"code":%q}}]}`,
			r.ContentLength, maxBody, failure.BadUserInput)
	})
}

// listLimit bounds the lists that an operation's variables hold. The complexity limit knows what
// each entity costs, and not how many of them the representations are.
type listLimit struct{}

var _ graphql.OperationContextMutator = listLimit{}

// ExtensionName names the limit among the server's extensions.
func (listLimit) ExtensionName() string { return "ListLimit" }

// Validate accepts every schema.
func (listLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation with a list that is too long; it changes nothing.
func (listLimit) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	for _, name := range slices.Sorted(maps.Keys(op.Variables)) {
		if list, ok := op.Variables[name].([]any); ok && len(list) > maxListed {
			return &gqlerror.Error{
				Message:    fmt.Sprintf("variable $%s has %d entries: send at most %d at once", name, len(list), maxListed),
				Extensions: map[string]any{"code": string(failure.BadUserInput)},
			}
		}
	}
	return nil
}
