package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/gateway/cmd/weft/report"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/check"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// planGraph is a graph with all that makes plans over it, the way the gateway makes them for a caller who may see
// everything.
type planGraph struct {
	super     *supergraph.Supergraph
	validator *operation.Validator
	schema    *operation.Schema
	planner   *plan.Planner
	options   plan.Options
	checker   *check.Checker // nil: plans are not checked
}

// graph reads or composes the graph that the flags name.
func (f planFlags) graph(cmd *cobra.Command) (*planGraph, error) {
	var args []string
	if f.subgraphs != "" {
		args = []string{f.subgraphs}
	}
	composed, source, err := compose(cmd, args, f.supergraph)
	if err != nil {
		return nil, err
	}
	if len(composed.Errors) > 0 {
		report.Printer{W: cmd.ErrOrStderr(), Source: source}.Diagnostics(composed.Errors)
		return nil, errReported
	}
	super := composed.Supergraph
	g := &planGraph{
		super:     super,
		validator: operation.NewValidator(super.API, operation.ValidatorOptions{Suggestions: true, Introspection: true}),
		schema:    operation.NewSchema(super),
		planner:   plan.NewPlanner(querygraph.New(super)),
	}
	if g.options.Labels, err = f.activeLabels(super); err != nil {
		return nil, err
	}
	if f.check {
		g.checker, err = check.New(super)
	}
	return g, err
}

// activeLabels are the @override labels that the flags activate.
func (f planFlags) activeLabels(s *supergraph.Supergraph) (map[string]bool, error) {
	known := s.Labels()
	active := map[string]bool{}
	for _, name := range known {
		active[name] = f.allLabels
	}
	for _, given := range []struct {
		flag  string
		names []string
		state bool
	}{{"label", f.labels, true}, {"no-label", f.noLabels, false}} {
		for _, name := range given.names {
			if !slices.Contains(known, name) {
				return nil, usagef("--%s %s: the graph's labels are %s", given.flag, name, cmp.Or(strings.Join(known, ", "), "none at all"))
			}
			active[name] = given.state
		}
	}
	return active, nil
}

func readSupergraph(cmd *cobra.Command, file string) (*supergraph.Supergraph, error) {
	text, name, err := readInput(cmd, file)
	if err != nil {
		return nil, err
	}
	s, err := supergraph.Read(text)
	if err != nil {
		return nil, fmt.Errorf("%s is no supergraph that can be read: %w", name, err)
	}
	return s, nil
}

// read takes a document the way that the gateway takes one.
func (g *planGraph) read(text string) (*ast.QueryDocument, error) {
	doc, errs := operation.Parse(text, operation.DefaultLimits())
	if len(errs) > 0 {
		return nil, errs
	}
	if errs := g.validator.Validate(doc); len(errs) > 0 {
		return nil, errs
	}
	return doc, nil
}

// selectOperation finds the operation that --operation-name names, or the only one.
func selectOperation(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, error) {
	selected, fail := operation.Select(doc, name)
	if fail == nil {
		return selected, nil
	}
	var names []string
	for _, op := range doc.Operations {
		if op.Name != "" {
			names = append(names, op.Name)
		}
	}
	switch {
	case len(names) == 0:
	case name == "":
		fail.Message = fmt.Sprintf("The document has %d operations: say with --operation-name which one is meant, of %s.", len(doc.Operations), strings.Join(names, ", "))
	default:
		fail.Message = fmt.Sprintf("The document has no operation named %q: --operation-name may be %s.", name, strings.Join(names, ", "))
	}
	return nil, fail
}

func (g *planGraph) normalise(doc *ast.QueryDocument, selected *ast.OperationDefinition) (*operation.Operation, error) {
	op, err := operation.Normalise(g.schema, doc, selected)
	if err != nil {
		return nil, at(selected, err)
	}
	return op, nil
}

// at gives an error of an operation as a whole the operation's place.
func at(op *ast.OperationDefinition, err error) error {
	out := gqlerror.Wrap(err)
	if op.Position != nil {
		out.Locations = []gqlerror.Location{{Line: op.Position.Line, Column: op.Position.Column}}
	}
	return out
}

// operationErrors are errors as what is wrong with an operation.
func operationErrors(errs []error) gqlerror.List {
	var out gqlerror.List
	for _, err := range errs {
		var list gqlerror.List
		var one *gqlerror.Error
		switch {
		case errors.As(err, &list):
			out = append(out, list...)
		case errors.As(err, &one):
			out = append(out, one)
		default:
			out = append(out, gqlerror.Wrap(err))
		}
	}
	return out
}

// conditions are the values of the variables that a plan's conditions read; nil when no variables are given.
func (g *planGraph) conditions(selected *ast.OperationDefinition, p *plan.Plan, text string) ([]bool, error) {
	if text == "" {
		return nil, nil
	}
	if file, ok := strings.CutPrefix(text, "@"); ok {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		text = string(raw)
	}
	program, errs := operation.NewInputTypes(g.super.API).Compile(selected)
	if len(errs) > 0 {
		return nil, errs
	}
	var variables operation.Variables
	if errs := program.Coerce([]byte(text), &variables); len(errs) > 0 {
		for _, e := range errs {
			e.Locations = nil // they are in the document, not in the variables
		}
		return nil, errs
	}
	values := make([]bool, len(p.ConditionVariables))
	for i, name := range p.ConditionVariables {
		values[i] = variables.Bool(name)
	}
	return values, nil
}

// prove checks a plan and says what was checked.
func (g *planGraph) prove(p *plan.Plan, op *operation.Operation) (string, error) {
	proof, err := g.checker.Check(p, op, g.options)
	if err != nil {
		return "", fmt.Errorf("the plan is not sound, which is a defect of weft: %w", err)
	}
	return proof.String(), nil
}
