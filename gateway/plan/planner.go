package plan

import (
	"fmt"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// Planner plans the operations of one supergraph. It is immutable, but for the words that its plans share, and safe for
// concurrent use.
type Planner struct {
	Graph *querygraph.Graph
	// Terse lets the documents of fetches have named fragments and other shorter forms however little they save.
	Terse bool
	words *vocabulary
}

// NewPlanner returns a planner over a query graph.
func NewPlanner(graph *querygraph.Graph) *Planner {
	return &Planner{Graph: graph, words: newVocabulary()}
}

// Options are what a plan depends on besides the operation.
type Options struct {
	choose.Options
	// Denial words the error in the place of a field that Denied takes away, by the requirement and the field's coordinate.
	Denial func(requirement int, coordinate string) string
}

// Plan plans a normalised operation. It fails only where the supergraph cannot answer the operation at all, or beyond the
// bounds of an operation's size.
func (p *Planner) Plan(op *operation.Operation, opts Options) (*Plan, error) {
	graph, labels, err := p.cheapest(op, opts.Options)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	return p.finish(graph, labels, op, opts)
}

func (p *Planner) finish(graph *fetchgraph.Graph, labels []string, op *operation.Operation, opts Options) (*Plan, error) {
	if p.Terse {
		graph.Terse()
	}
	if err := graph.Print(); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	plan, err := p.compile(graph, op, opts)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	plan.Labels = labels
	return plan, nil
}

// Stages are what planning makes of an operation, step by step.
type Stages struct {
	Operation *operation.Operation
	Tree      *choose.Tree      // who resolves each field, and the ways there
	Separate  *fetchgraph.Graph // the fetches before any of them are merged
	Merged    *fetchgraph.Graph
	Plan      *Plan
}

// Stages plans a normalised operation as Plan does, and keeps what is made on the way.
func (p *Planner) Stages(op *operation.Operation, opts Options) (*Stages, error) {
	graph, labels, err := p.cheapest(op, opts.Options)
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	s := &Stages{Operation: op, Tree: graph.Tree, Merged: graph}
	if s.Separate, err = fetchgraph.Separate(graph.Tree, op); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	s.Plan, err = p.finish(graph, labels, op, opts)
	return s, err
}
