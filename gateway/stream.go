package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/server"
)

// Exec answers an operation that came by one of gqlgen's transports. It implements graphql.ExecutableSchema.
func (s *Snapshot) Exec(ctx context.Context) graphql.ResponseHandler {
	oc := graphql.GetOperationContext(ctx)
	identity, _ := server.IdentityFrom(ctx).(*auth.Identity)
	if identity != nil && !identity.Expires.IsZero() && !time.Now().Before(identity.Expires) {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{endExpired}}) // the connection outlived its token
	}
	key := operation.CacheKey{Text: oc.RawQuery, Operation: oc.OperationName}
	p, err := s.operations.Get(ctx, key)
	if err != nil {
		return once(refused(err).Body)
	}
	if p.refusal != nil {
		return once(p.refusal.Body)
	}
	variables, extensions, err := encoded(oc)
	if err != nil {
		return once(refused(err).Body)
	}
	req := &server.Request{
		Query:         key.Text,
		OperationName: key.Operation,
		Variables:     variables,
		Extensions:    extensions,
		Identity:      identity,
		ID:            server.RequestIDFrom(ctx),
		Header:        oc.Headers,
	}
	if p.kind == ast.Subscription {
		return s.subscribe(ctx, p, key, req)
	}
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		answer := s.Execute(ctx, req)
		if answer.Release != nil {
			defer answer.Release()
		}
		if len(answer.Body) == 0 {
			return graphql.ErrorResponse(ctx, "the operation was not executed: %s", answer.Kind)
		}
		return decoded(ctx, answer.Body)
	}
}

// encoded writes what a transport has decoded as JSON again.
func encoded(oc *graphql.OperationContext) (variables, extensions []byte, err error) {
	if variables, err = json.Marshal(oc.Variables); err != nil || len(oc.Extensions) == 0 {
		return variables, nil, err
	}
	extensions, err = json.Marshal(oc.Extensions)
	return variables, extensions, err
}

// Complexity implements graphql.ExecutableSchema. What an operation may cost is bounded before it is planned.
func (s *Snapshot) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

// once is the handler of an operation with one response.
func once(body []byte) graphql.ResponseHandler {
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		return decoded(ctx, body)
	}
}

// decoded takes a response apart the way gqlgen's transports want it: extensions are not part of the response there but
// are registered with its context.
func decoded(ctx context.Context, body []byte) *graphql.Response {
	var parts struct {
		Data       json.RawMessage            `json:"data"`
		Errors     gqlerror.List              `json:"errors"`
		Extensions map[string]json.RawMessage `json:"extensions"`
	}
	if err := json.Unmarshal(body, &parts); err != nil {
		return &graphql.Response{Errors: gqlerror.List{gqlerror.Wrap(err)}}
	}
	for _, name := range slices.Sorted(maps.Keys(parts.Extensions)) {
		if graphql.GetExtension(ctx, name) == nil { // registering one twice panics
			graphql.RegisterExtension(ctx, name, parts.Extensions[name])
		}
	}
	return &graphql.Response{Data: parts.Data, Errors: parts.Errors}
}

// subscribe answers a subscription.
func (s *Snapshot) subscribe(ctx context.Context, p *prepared, key operation.CacheKey, req *server.Request) graphql.ResponseHandler {
	u, errs := s.open(ctx, p, key, req)
	switch {
	case errs != nil:
		return graphql.OneShot(&graphql.Response{Errors: errs})
	case u.stream == nil:
		return u.answerOnce
	}
	return u.next
}

// open starts a subscription: what a request must pass before it is executed, and the stream at the subgraph.
func (s *Snapshot) open(ctx context.Context, p *prepared, key operation.CacheKey, req *server.Request) (*running, gqlerror.List) {
	// Nothing of a subscription comes from a pool: fetches that were given up still read it.
	u := &running{snapshot: s, key: key, prepared: p, call: new(call)}
	u.call.callerOf = u.call.caller
	u.call.begin(s, req)
	// The coerced variables point into req.Variables, which was made for this operation alone.
	if errs := p.variables.Coerce(req.Variables, &u.call.variables); len(errs) > 0 {
		return nil, errs
	}
	var err error
	if u.program, err = p.programFor(ctx, u.call); err != nil {
		return nil, requestError(err)
	}
	if len(req.Extensions) > 0 {
		u.extension = s.planExtension(u.call.identity, req.Extensions, u.program)
	}
	u.begin(ctx)
	primary := primaryOf(u.program.Plan())
	if primary == nil { // the caller may not see the root field: one response says so
		return u, nil
	}
	if err := s.gateway.subscriptions.enter(u); err != nil {
		u.cancel(nil)
		return nil, gqlerror.List{err}
	}
	stream, err := s.source(primary).Subscribe(u.ctx, u.request(primary))
	if err != nil {
		end := u.end(err)
		u.cancel(nil)
		if end == nil {
			end = errors.Join(err, ctx.Err()) // the client is gone; nobody reads this
		}
		return nil, gqlerror.List{gqlerror.WrapIfUnwrapped(end)}
	}
	u.stream = stream
	return u, nil
}
