package server

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// currentExecutor is the executor of a WebSocket, which outlives Snapshots: each
// operation is validated and run by the Snapshot that is served when it begins, and
// keeps that one.
type currentExecutor struct {
	server *Server
	// began is the endpoint of the handshake, for when there is nothing newer.
	began *endpoint
}

var _ graphql.GraphExecutor = (*currentExecutor)(nil)

// endpointKey is the name under which an operation remembers its endpoint.
const endpointKey = "weft.endpoint"

// CreateOperationContext implements graphql.GraphExecutor.
func (c *currentExecutor) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	e := c.began
	if snapshot := c.server.options.Snapshot(); snapshot != nil {
		e = c.server.endpointOf(snapshot)
	}
	op, errs := e.executor.CreateOperationContext(ctx, params)
	op.Stats.SetExtension(endpointKey, e)
	return op, errs
}

// DispatchOperation implements graphql.GraphExecutor.
func (c *currentExecutor) DispatchOperation(ctx context.Context, op *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	if e, ok := op.Stats.GetExtension(endpointKey).(*endpoint); ok {
		return e.executor.DispatchOperation(ctx, op)
	}
	return c.began.executor.DispatchOperation(ctx, op)
}

// DispatchError implements graphql.GraphExecutor. What it does is the same for all
// Snapshots.
func (c *currentExecutor) DispatchError(ctx context.Context, list gqlerror.List) *graphql.Response {
	return c.began.executor.DispatchError(ctx, list)
}
