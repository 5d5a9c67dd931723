package plan_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/execute"
	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/fetch/batch"
	"github.com/weft-gateway/weft/gateway/fetch/deduplicate"
	"github.com/weft-gateway/weft/gateway/introspection"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/check"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/internal/simulate"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// rig is a composed graph over simulated subgraphs, with all that answers operations on it.
type rig struct {
	super     *supergraph.Supergraph
	sdl       string
	graph     *simulate.Graph
	monolith  *simulate.Monolith
	schema    *operation.Schema
	validator *operation.Validator
	inputs    *operation.InputTypes
	planner   *plan.Planner
	checker   *check.Checker
	executor  *execute.Executor
}

// errNotComposed says that the subgraphs do not compose.
type errNotComposed struct{ message string }

func (e errNotComposed) Error() string { return e.message }

// compose composes sources; the URL of each ends with its name.
func compose(sources []simulate.Source, url string) (composition.Result, error) {
	var subgraphs []composition.Subgraph
	for _, s := range sources {
		subgraphs = append(subgraphs, composition.Subgraph{Name: s.Name, URL: url + "/" + s.Name, SDL: s.SDL})
	}
	result := composition.Compose(subgraphs)
	if len(result.Errors) > 0 {
		var messages []string
		for _, d := range result.Errors {
			messages = append(messages, fmt.Sprintf("%s: %s", d.Code, d.Message))
		}
		return result, errNotComposed{strings.Join(messages, "\n")}
	}
	return result, nil
}

func newRig(sources []simulate.Source, data []byte) (*rig, error) {
	result, err := compose(sources, "http://subgraph.invalid")
	if err != nil {
		return nil, err
	}
	return newRigOver(result.Supergraph, sources, data)
}

// newRigOver makes a rig over a supergraph that somebody composed of the sources.
func newRigOver(super *supergraph.Supergraph, sources []simulate.Source, data []byte) (*rig, error) {
	world, err := simulate.ParseWorld(data)
	if err != nil {
		return nil, err
	}
	graph, err := simulate.New(world, sources)
	if err != nil {
		return nil, err
	}
	r := &rig{
		super:     super,
		sdl:       super.SDL,
		graph:     graph,
		monolith:  simulate.NewMonolith(world, super.API),
		schema:    operation.NewSchema(super),
		validator: operation.NewValidator(super.API, operation.ValidatorOptions{Introspection: true}),
		inputs:    operation.NewInputTypes(super.API),
		planner:   plan.NewPlanner(querygraph.New(super)),
	}
	if r.checker, err = check.New(super); err != nil {
		return nil, err
	}
	fetchers := make([]fetch.Fetcher, len(super.Graphs))
	for i, g := range super.Graphs {
		fetchers[i] = fetch.Func(func(_ context.Context, req *fetch.Request) (*fetch.Response, error) {
			body := graph.Answer(g.Name, req.Body)
			if body == nil {
				return nil, errors.New("down")
			}
			return &fetch.Response{Status: 200, Body: body}, nil
		})
		// Equal calls share one, and those of one moment become one, as in a gateway.
		shared := deduplicate.New(fetchers[i], deduplicate.Options{Subgraph: g.Name})
		fetchers[i] = batch.New(shared, batch.Options{Subgraph: g.Name})
	}
	r.monolith.TakeContexts(graph)
	r.monolith.Deny(func(coordinate string) bool { return denied(super.Access(coordinate)) })
	introspector := introspection.New(super.API)
	limits := response.DefaultLimits()
	limits.Errors = 1 << 20
	r.executor = execute.New(execute.Options{
		MaxErrors: 1 << 20,
		Limits:    limits,
		Subgraphs: fetchers,
		Introspect: func(ctx context.Context, text string, variables execute.Variables) ([]byte, error) {
			return introspector.Execute(ctx, text, variables)
		},
	})
	return r, nil
}

// protected is a rig over the same subgraphs that keeps more from its callers.
func (r *rig) protected(more []protection, sources []simulate.Source, data []byte) (*rig, error) {
	super, err := protect(r.super, more)
	if err != nil {
		return nil, err
	}
	return newRigOver(super, sources, data)
}

// prepared is a planned operation.
type prepared struct {
	plan      *plan.Plan
	variables *operation.VariableProgram
}

// prepare plans an operation for the labels that are active, and checks the plan. It returns a gqlerror.List when the operation is not valid.
func (r *rig) prepare(text string) (*prepared, error) {
	doc, errs := operation.Parse(text, operation.DefaultLimits())
	if len(errs) > 0 {
		return nil, errs
	}
	if errs := r.validator.Validate(doc); len(errs) > 0 {
		return nil, errs
	}
	def, selected := operation.Select(doc, "")
	if selected != nil {
		return nil, gqlerror.List{selected}
	}
	p := &prepared{}
	if p.variables, errs = r.inputs.Compile(def); len(errs) > 0 {
		return nil, errs
	}
	op, err := operation.Normalise(r.schema, doc, def)
	if err != nil {
		return nil, err
	}
	opts := r.options(op)
	if p.plan, err = r.planner.Plan(op, opts); err != nil {
		return nil, err
	}
	if _, err := r.checker.Check(p.plan, op, opts); err != nil {
		return p, fmt.Errorf("the plan is unsound: %w", err)
	}
	return p, nil
}

// options are what the plan of an operation depends on besides, for a caller who is nobody.
func (r *rig) options(op *operation.Operation) plan.Options {
	opts := plan.Options{Options: choose.Options{Labels: r.graph.Labels}}
	for _, required := range op.Requirements {
		opts.Denied = append(opts.Denied, slices.ContainsFunc(required.Accesses, denied))
	}
	return opts
}

// run executes a planned operation.
func (r *rig) run(p *prepared, variables map[string]any) ([]byte, error) {
	raw, err := json.Marshal(variables)
	if err != nil {
		return nil, err
	}
	var coerced operation.Variables
	if errs := p.variables.Coerce(raw, &coerced); len(errs) > 0 {
		return nil, errs
	}
	request := &execute.Request{Variables: &coerced}
	for _, f := range p.plan.Fetches {
		if f.Kind == plan.Subscription {
			if request.Event, err = r.event(f, &coerced); err != nil {
				return nil, err
			}
		}
	}
	result := r.executor.Run(context.Background(), execute.Compile(p.plan), request)
	defer result.Release()
	return bytes.Clone(result.Body), nil
}

// event is an event of a subscription's primary fetch.
func (r *rig) event(f *plan.Fetch, variables *operation.Variables) ([]byte, error) {
	given := map[string]json.RawMessage{}
	for _, name := range f.Variables {
		if raw, ok := variables.Get(name); ok {
			given[name] = raw
		}
	}
	body, err := json.Marshal(map[string]any{"query": f.Operation, "variables": given})
	if err != nil {
		return nil, err
	}
	return r.graph.Answer(f.Name, body), nil
}
