// Package check proves that a plan is sound. It is meant for tests and `weft plan --check`.
//
// It takes nothing from the planner but the plan: what is asked is read in the documents of the fetches, what is wanted in
// the operation, and what a subgraph can answer in the supergraph. The checks, each in a file of its own: every fetch is a
// valid operation of its subgraph (fetch.go), whose named fragments are put in their place (fragments.go); the shape of the
// response fits the fetches, and each fetch waits for what it reads (shape.go); and, for values of the condition variables
// and every type that an object can have, the answers hold each field of the operation (answer.go, value.go) and the
// representations all that their subgraph asks for (representation.go). What arguments take from contexts is read where it
// should be (context.go), and the client's directives travel along (directives.go).
package check

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Checker checks plans over one supergraph. It is safe for concurrent use.
type Checker struct {
	graph   *querygraph.Graph
	schemas []*ast.Schema
	rules   *rules.Rules
}

// New prepares the schemas of all subgraphs.
func New(s *supergraph.Supergraph) (*Checker, error) {
	c := &Checker{rules: rules.NewDefaultRules(), graph: querygraph.New(s)}
	for _, g := range s.Graphs {
		schema, err := s.SubgraphSchema(g.ID)
		if err != nil {
			return nil, err
		}
		c.schemas = append(c.schemas, schema)
	}
	return c, nil
}

// Proof counts what was found to be right about a plan.
type Proof struct {
	Fetches         int // valid operations of their subgraphs
	Representations int // kinds of representations that carry their key and what is required
	Fields          int // of the response, on each type of object, that are answered when most are asked for
	Ways            int // in which the conditions can hold that were tried
}

// String says what was checked.
func (p Proof) String() string {
	return fmt.Sprintf("The plan is sound: %s, %s, %s, %s.",
		plan.Count(p.Fetches, "call is a valid operation of its subgraph", "calls are valid operations of their subgraphs"),
		plan.Count(p.Representations, "representation carries its key and what @requires asks for", "representations carry their keys and what @requires asks for"),
		plan.Count(p.Fields, "field of the response is answered as the operation asks", "fields of the response are answered as the operation asks"),
		plan.Count(p.Ways, "way for conditions to hold was tried", "ways for conditions to hold were tried"))
}

// Check reports what is unsound about a plan for an operation, made with options.
func (c *Checker) Check(p *plan.Plan, op *operation.Operation, opts plan.Options) (Proof, error) {
	k := &check{checker: c, plan: p, op: op, opts: opts}
	if err := k.fetches(); err != nil {
		return k.proof, err
	}
	if err := k.shape(); err != nil {
		return k.proof, err
	}
	if err := k.turns(); err != nil {
		return k.proof, err
	}
	if !slices.Equal(p.ConditionVariables, op.ConditionVariables) {
		return k.proof, fmt.Errorf("the conditions read the variables %v, those of the operation %v", p.ConditionVariables, op.ConditionVariables)
	}
	for _, values := range ways(len(p.ConditionVariables)) {
		k.proof.Ways++
		w, err := k.answers(values)
		if err != nil {
			return k.proof, err
		}
		k.proof.Fields, k.proof.Representations = max(k.proof.Fields, w.fieldsHeld), max(k.proof.Representations, w.carried)
	}
	return k.proof, nil
}

// check is one plan being checked.
type check struct {
	checker *Checker
	plan    *plan.Plan
	op      *operation.Operation
	opts    plan.Options
	docs    []*document // of the fetches
	waits   [][]bool    // waits[i][j]: fetch i runs after fetch j
	proof   Proof
}

// maxAllWays is up to how many variables every way for them to be is tried.
const maxAllWays = 6

// ways are values of n variables to try: all there are, or, for many variables, each alone, each but one, and some mixed.
func ways(n int) [][]bool {
	var out [][]bool
	if n <= maxAllWays {
		for bits := range 1 << n {
			way := make([]bool, n)
			for i := range way {
				way[i] = bits>>i&1 == 1
			}
			out = append(out, way)
		}
		return out
	}
	for _, most := range []bool{false, true} {
		out = append(out, slices.Repeat([]bool{most}, n))
		for i := range min(n, 64) {
			way := slices.Repeat([]bool{most}, n)
			way[i] = !most
			out = append(out, way)
		}
	}
	state := uint32(n)
	for range 32 {
		way := make([]bool, n)
		for i := range way {
			state = state*1664525 + 1013904223 // any mixture will do, if it is the same each time
			way[i] = state>>31 == 1
		}
		out = append(out, way)
	}
	return out
}
