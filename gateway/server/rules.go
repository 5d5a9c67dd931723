package server

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// streamRules are what holds for operations that gqlgen's transports run, so that
// a stream is no way around what holds for POST and GET.
type streamRules struct{ server *Server }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
	graphql.OperationInterceptor
} = streamRules{}

// ExtensionName implements graphql.HandlerExtension.
func (streamRules) ExtensionName() string { return "StreamRules" }

// Validate implements graphql.HandlerExtension.
func (streamRules) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses a mutation that came by GET.
func (streamRules) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	x, ok := ctx.Value(exchangeKey{}).(*exchange)
	if !ok || !x.readOnly || op.Operation.Operation != ast.Mutation {
		return nil
	}
	return faultMutationByGET.graphQL()
}

// InterceptOperation bounds how many operations run at once on one connection,
// and how long one may run that is no subscription. The context it is given ends
// with the operation.
func (rules streamRules) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		most := rules.server.options.Limits.StreamOperations
		if x.operations.Add(1) > int64(most) {
			x.operations.Add(-1)
			f := &fault{code: CodeTooManyOperations,
				message: fmt.Sprintf("%d operations run on this connection, which is the limit here; end one first", most)}
			return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{f.graphQL()}})
		}
		context.AfterFunc(ctx, func() { x.operations.Add(-1) })
	}
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription {
		bounded, cancel := context.WithTimeout(ctx, rules.server.options.Timeouts.Request)
		context.AfterFunc(ctx, cancel)
		ctx = bounded
	}
	return next(ctx)
}

// graphQL is the fault as an error in a response of gqlgen's.
func (f *fault) graphQL() *gqlerror.Error {
	return &gqlerror.Error{Message: f.message, Extensions: map[string]any{"code": f.code}}
}
