package gateway

import (
	"context"
	"errors"
	"runtime"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/execute"
	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/introspection"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Snapshot is everything that follows from one supergraph. It is immutable but for its caches.
type Snapshot struct {
	gateway    *Gateway
	Supergraph *supergraph.Supergraph
	schema     *operation.Schema
	validator  *operation.Validator
	inputs     *operation.InputTypes
	planner    *plan.Planner
	labels     []label
	executor   *execute.Executor
	forward    []*auth.SubgraphForwarder // by subgraph
	operations *operation.Cache[*prepared]
	clients    map[string]*client // by subgraph
	planning   chan struct{}      // a place for each planning that may run
}

var _ server.Snapshot = (*Snapshot)(nil)

func (g *Gateway) build(s *supergraph.Supergraph) (*Snapshot, map[string]*client, error) {
	if unsupported := s.Unsupported(); len(unsupported) > 0 {
		var all []error
		for _, d := range unsupported {
			all = append(all, d)
		}
		return nil, nil, errors.Join(all...)
	}
	out := &Snapshot{
		gateway:    g,
		Supergraph: s,
		schema:     operation.NewSchema(s),
		validator: operation.NewValidator(s.API, operation.ValidatorOptions{
			Suggestions:   !g.options.NoIntrospection,
			Introspection: !g.options.NoIntrospection,
		}),
		inputs:  operation.NewInputTypes(s.API),
		planner: plan.NewPlanner(querygraph.New(s)),
		labels:  labelsOf(s),
		// What a planning takes is bounded; that so few run at a time bounds what all of them take.
		planning: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	clients := make(map[string]*client, len(s.Graphs))
	out.clients = clients
	fetchers := make([]fetch.Fetcher, len(s.Graphs))
	for i, sub := range s.Graphs {
		c, err := g.client(sub)
		if err != nil {
			return nil, nil, err
		}
		clients[sub.Name], fetchers[i] = c, c
		out.forward = append(out.forward, g.forward.For(sub.Name))
	}
	introspector := introspection.New(s.API)
	out.executor = execute.New(execute.Options{
		Subgraphs: fetchers,
		Introspect: func(ctx context.Context, text string, variables execute.Variables) ([]byte, error) {
			if variables == nil {
				return introspector.Execute(ctx, text, nil)
			}
			return introspector.Execute(ctx, text, variables)
		},
		HideErrors: g.options.HideErrors,
		Limits:     g.options.Answers,
		MaxErrors:  g.options.MaxErrors,
		Logger:     g.options.Logger,
	})
	out.operations = operation.NewCache(operation.CacheOptions{
		Entries: g.options.CacheOperations,
		Bytes:   g.options.CacheBytes,
	}, (*prepared).size, out.prepare)
	return out, clients, nil
}

// prepare makes a document ready to run. What is wrong with it is part of the result, so that it is found out once.
func (s *Snapshot) prepare(ctx context.Context, key operation.CacheKey) (*prepared, error) {
	p, err := s.compile(ctx, key)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx) // which says nothing of the document
	}
	if err != nil {
		return &prepared{refusal: refused(err)}, nil
	}
	return p, nil
}

// compile parses, validates, normalises and plans a document.
func (s *Snapshot) compile(ctx context.Context, key operation.CacheKey) (*prepared, error) {
	doc, errs := operation.Parse(key.Text, s.gateway.options.Operations)
	if len(errs) > 0 {
		return nil, errs
	}
	if errs := s.validator.Validate(doc); len(errs) > 0 {
		return nil, errs
	}
	def, err := operation.Select(doc, key.Operation)
	if err != nil {
		return nil, gqlerror.List{err}
	}
	p := &prepared{snapshot: s, name: def.Name, kind: def.Operation}
	if p.variables, errs = s.inputs.Compile(def); len(errs) > 0 {
		return nil, errs
	}
	var normal error
	if p.operation, normal = operation.Normalise(s.schema, doc, def); normal != nil {
		return nil, requestError(normal)
	}
	for _, r := range p.operation.Requirements[1:] {
		var all []auth.Requirement
		for _, a := range r.Accesses {
			all = append(all, auth.Requirement{Authenticated: a.Authenticated, Scopes: a.Scopes, Policies: a.Policies})
		}
		p.requirements = append(p.requirements, auth.All(all...))
	}
	p.policies = policiesOf(p.requirements)
	// The plan that most callers will need is made at once, so that a document that cannot be planned is refused like one
	// that does not validate.
	if len(p.requirements) == 0 {
		var labels labelChoice
		labels.beginInactive(s)
		if _, err := p.program(ctx, nil, &labels); err != nil {
			return nil, requestError(err)
		}
		p.forget()
	}
	if p.operation != nil {
		p.bytes = normalBytes * len(key.Text)
	}
	return p, nil
}

// requestError makes an error of planning one of the request.
func requestError(err error) gqlerror.List {
	code := "QUERY_PLANNING_FAILED"
	if tooLarge(err) {
		code = "OPERATION_TOO_LARGE"
	}
	return gqlerror.List{{Message: err.Error(), Extensions: map[string]any{"code": code}}}
}

// tooLarge reports whether an operation asks for more than is planned.
func tooLarge(err error) bool {
	return errors.As(err, &operation.TooLargeError{}) || errors.As(err, &operation.TooConditionalError{}) ||
		errors.As(err, &choose.TooHardError{}) || errors.Is(err, fetchgraph.ErrTooLarge)
}

// Schema is the API schema.
func (s *Snapshot) Schema() *ast.Schema { return s.Supergraph.API }
