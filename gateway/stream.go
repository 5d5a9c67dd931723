package gateway

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/server"
)

// Exec answers an operation that came by one of gqlgen's transports. It implements graphql.ExecutableSchema.
func (s *Snapshot) Exec(ctx context.Context) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	variables, err := json.Marshal(oc.Variables)
	if err != nil {
		return graphql.OneShot(graphql.ErrorResponse(ctx, "variables: %s", err))
	}
	p, err := s.operations.Get(ctx, operation.CacheKey{Text: oc.RawQuery, Operation: oc.OperationName})
	if err != nil {
		return graphql.OneShot(decoded(refused(err).Body))
	}
	if p.refusal != nil {
		return graphql.OneShot(decoded(p.refusal.Body))
	}
	if p.kind == ast.Subscription {
		return s.subscribe(ctx, p, oc, variables)
	}
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		answer := s.Execute(ctx, &server.Request{
			Query:         oc.RawQuery,
			OperationName: oc.OperationName,
			Variables:     variables,
			Identity:      server.IdentityFrom(ctx),
			ID:            server.RequestIDFrom(ctx),
			Header:        oc.Headers,
		})
		if answer.Release != nil {
			defer answer.Release()
		}
		if len(answer.Body) == 0 {
			return graphql.ErrorResponse(ctx, "the operation was not executed: %s", answer.Kind)
		}
		return decoded(answer.Body)
	}
}

// Complexity implements graphql.ExecutableSchema. What an operation may cost is bounded before it is planned.
func (s *Snapshot) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

// decoded takes a response apart the way gqlgen's transports want it.
func decoded(body []byte) *graphql.Response {
	var parts struct {
		Data       json.RawMessage `json:"data"`
		Errors     gqlerror.List   `json:"errors"`
		Extensions map[string]any  `json:"extensions"`
	}
	if err := json.Unmarshal(body, &parts); err != nil {
		return &graphql.Response{Errors: gqlerror.List{gqlerror.Wrap(err)}}
	}
	return &graphql.Response{Data: parts.Data, Errors: parts.Errors, Extensions: parts.Extensions}
}

// subscribe answers a subscription.
func (s *Snapshot) subscribe(ctx context.Context, _ *prepared, _ *graphql.OperationContext, _ []byte) graphql.ResponseHandler {
	return graphql.OneShot(graphql.ErrorResponse(ctx, "subscriptions are not offered by this gateway"))
}
