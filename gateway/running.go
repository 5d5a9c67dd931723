package gateway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/execute"
	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/jsonstring"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/subscription"
)

// running is one subscription of a client. The stream at the subgraph gives its events; each is the answer of the plan's
// first fetch, and the rest of the plan runs for it as for a query. Events are answered one after the other, in the client's
// own pace: what comes faster waits at the stream, which has bounds.
//
// It keeps the Snapshot that it began with. It ends with the client's operation, with the caller's token, with the stream,
// or when the gateway says so; however it ends, ending its context is what frees everything.
type running struct {
	snapshot  *Snapshot
	key       operation.CacheKey
	prepared  *prepared
	program   *execute.Program
	call      *call
	extension func(*execute.Trace) []byte
	stream    subscription.Stream // nil when there is nothing to stream
	over      bool

	// ctx ends with the subscription; its cause is an error for the client when the gateway had a reason.
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// begin bounds the life of the subscription.
func (u *running) begin(ctx context.Context) {
	u.ctx, u.cancel = context.WithCancelCause(ctx)
	if id := u.call.identity; id != nil && !id.Expires.IsZero() {
		timer := time.AfterFunc(time.Until(id.Expires), func() { u.cancel(endExpired) })
		context.AfterFunc(u.ctx, func() { timer.Stop() })
	}
}

// primaryOf is the fetch whose answers the events are.
func primaryOf(p *plan.Plan) *plan.Fetch {
	for _, f := range p.Fetches {
		if f.Kind == plan.Subscription {
			return f
		}
	}
	return nil
}

// source is where a fetch's subgraph serves subscriptions.
func (s *Snapshot) source(f *plan.Fetch) *subscription.Source { return s.clients[f.Name].source }

// request renders what the primary fetch asks the subgraph.
func (u *running) request(f *plan.Fetch) *subscription.Request {
	b := jsonstring.Append([]byte(`{"query":`), f.Operation)
	if f.OperationName != "" {
		b = jsonstring.Append(append(b, `,"operationName":`...), f.OperationName)
	}
	separator := `,"variables":{`
	for _, name := range f.Variables {
		if raw, present := u.call.variables.Get(name); present {
			b = jsonstring.Append(append(b, separator...), name)
			b = append(append(b, ':'), raw...)
			separator = ","
		}
	}
	if separator == "," {
		b = append(b, '}')
	}
	return &subscription.Request{Body: append(b, '}'), Caller: u.call.caller(f.Subgraph)}
}

// next is the subscription's graphql.ResponseHandler: the answer to the next event, and nil at the end.
func (u *running) next(ctx context.Context) *graphql.Response {
	if u.over {
		return nil
	}
	event, err := u.stream.Next(u.ctx)
	if err == nil {
		answer := u.answer(ctx, event)
		if u.ctx.Err() == nil {
			return answer
		}
		err = u.ctx.Err() // the answer is cut short, or came when nothing may come any more
	}
	u.over = true
	end := u.end(err)
	u.stream.Close()
	u.cancel(nil)
	if end == nil {
		return nil
	}
	return &graphql.Response{Errors: gqlerror.List{gqlerror.WrapIfUnwrapped(end)}}
}

// answerOnce is the handler of a subscription without a stream.
func (u *running) answerOnce(ctx context.Context) *graphql.Response {
	if u.over {
		return nil
	}
	u.over = true
	defer u.cancel(nil)
	return u.answer(ctx, nil)
}

// answer runs the plan for one event.
func (u *running) answer(ctx context.Context, event []byte) *graphql.Response {
	limited, cancel := context.WithTimeout(u.ctx, u.snapshot.gateway.eventTimeout)
	defer cancel()
	// A request of its own for each event: fetches of the last one that were given up may still read theirs.
	result := u.snapshot.executor.Run(limited, u.program, &execute.Request{
		Variables: &u.call.variables, Caller: u.call.callerOf, Event: event, Extensions: u.extension,
	})
	defer result.Release()
	return decoded(ctx, result.Body)
}

// end makes the subscription's last response of what its stream ended with; nil where there is nothing to say.
func (u *running) end(err error) error {
	var own *gqlerror.Error
	var failed *fetch.Error
	switch {
	case err == io.EOF:
		return nil
	case errors.As(context.Cause(u.ctx), &own):
		return own
	case u.ctx.Err() != nil: // the client is gone
		return nil
	case !errors.As(err, &failed):
		failed = &fetch.Error{Code: fetch.CodeInternal, Err: err, Message: "The gateway failed to go on with the subscription."}
	}
	u.snapshot.gateway.options.Logger.LogAttrs(u.ctx, slog.LevelWarn, "subscription failed",
		slog.String("subgraph", failed.Subgraph), slog.String("code", failed.Code), slog.Int("status", failed.Status),
		slog.Any("error", failed))
	extensions := map[string]any{"code": failed.Code}
	if failed.Subgraph != "" {
		extensions["service"] = failed.Subgraph
	}
	return &gqlerror.Error{Message: failed.Message, Extensions: extensions}
}
