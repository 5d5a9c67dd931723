package gateway

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/execute"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/server"
)

// maxVariants bounds the plans kept for one operation. Each set of requirements that some caller does not meet, and each
// choice among the labels of progressive @override that the operation depends on, has a plan of its own; callers' rights are
// few kinds, but an operation that touches many protected fields could see many.
//
// maxVariantBytes bounds what several of them may keep.
const (
	maxVariants     = 64
	maxVariantBytes = 16 << 20
)

// normalBytes is about how many bytes a byte of a document takes as its syntax tree and its normal form.
const normalBytes = 30

// prepared is an operation ready to run: one for each document and operation name, shared by all requests.
type prepared struct {
	refusal      *server.Response // the answer when the document cannot be run; then nothing else is set
	snapshot     *Snapshot
	name         string
	kind         ast.Operation
	operation    *operation.Operation // nil when the only plan there can be is made
	variables    *operation.VariableProgram
	requirements []auth.Requirements // of operation.Requirements[1:]
	policies     []string            // that the requirements name
	bytes        int                 // about what the operation takes

	planning sync.Mutex
	variants atomic.Pointer[[]*variant] // what it points to never changes
}

// variant is the plan for some requests of an operation. At most one variant fits a request: plans that depend on other labels
// differ already in a label that both depend on.
type variant struct {
	denied     string // a byte for each requirement; empty for callers who may see everything
	conditions []condition
	program    *execute.Program
	err        error // instead of the program
	bytes      int   // about what the program takes
}

// size is about how many bytes the operation keeps, with the plans that it has.
func (p *prepared) size() int {
	size := p.bytes
	if p.refusal != nil {
		size += len(p.refusal.Body)
	}
	if have := p.variants.Load(); have != nil {
		for _, v := range *have {
			size += v.bytes
		}
	}
	return size
}

// programFor returns the program for what a caller may see, and for the labels of the request.
func (p *prepared) programFor(ctx context.Context, c *call) (*execute.Program, error) {
	var policies auth.Policies
	if ask := p.snapshot.gateway.options.Policies; ask != nil && len(p.policies) > 0 {
		policies = ask(ctx, c.identity, slices.Clone(p.policies))
	}
	var denied []byte
	for i, r := range p.requirements {
		if r.Satisfied(c.identity, policies) {
			continue
		}
		if denied == nil {
			denied = make([]byte, len(p.requirements))
		}
		denied[i] = 1
	}
	return p.program(ctx, denied, &c.labels)
}

func (p *prepared) program(ctx context.Context, denied []byte, labels *labelChoice) (*execute.Program, error) {
	if v := p.find(denied, labels); v != nil {
		return v.program, v.err
	}
	p.planning.Lock() // one caller plans, the others wait
	defer p.planning.Unlock()
	if v := p.find(denied, labels); v != nil {
		return v.program, v.err
	}
	v, err := p.planInTurn(ctx, denied, labels)
	if err != nil {
		return nil, err
	}
	list := []*variant{v}
	if have := p.variants.Load(); have != nil && len(*have) < maxVariants && p.size()+v.bytes <= maxVariantBytes {
		list = slices.Concat(*have, list)
	}
	p.variants.Store(&list)
	return v.program, v.err
}

// forget lets go of what plans are made of, when one has been made that fits every request. It is called before anyone else
// knows the operation.
func (p *prepared) forget() {
	if have := p.variants.Load(); len(p.requirements) == 0 && have != nil && len((*have)[0].conditions) == 0 {
		p.operation = nil
	}
}

// find returns the variant for a request, nil when it is not there.
func (p *prepared) find(denied []byte, labels *labelChoice) *variant {
	have := p.variants.Load()
	if have == nil {
		return nil
	}
	for _, v := range *have {
		if v.denied == string(denied) && labels.meets(v.conditions) {
			return v
		}
	}
	return nil
}

// planInTurn makes the variant for a request when few enough others are made.
func (p *prepared) planInTurn(ctx context.Context, denied []byte, labels *labelChoice) (*variant, error) {
	select {
	case p.snapshot.planning <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-p.snapshot.planning }()
	return p.plan(denied, labels), nil
}

// plan makes the variant for a request.
func (p *prepared) plan(denied []byte, labels *labelChoice) *variant {
	options := plan.Options{Denial: func(requirement int, coordinate string) string {
		return auth.Denial(coordinate, p.requirements[requirement-1])
	}}
	options.Denied = make([]bool, len(p.requirements)+1)
	for i, d := range denied {
		options.Denied[i+1] = d != 0
	}
	options.Labels = labels.all()
	made, err := p.snapshot.planner.Plan(p.operation, options)
	if err != nil {
		// What it depends on was not found out, so it holds for these labels alone.
		return &variant{denied: string(denied), conditions: labels.every(), err: err}
	}
	return &variant{denied: string(denied), conditions: labels.assumed(made.Labels), program: execute.Compile(made), bytes: made.Size()}
}

// policiesOf are the policies that requirements name, sorted.
func policiesOf(requirements []auth.Requirements) []string {
	var names []string
	for _, all := range requirements {
		for _, r := range all {
			names = slices.Concat(names, slices.Concat(r.Policies...))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
