package gateway

import (
	"sync"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/execute"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/server"
)

// maxVariants bounds the plans kept for one operation. Each set of requirements that some caller does not meet has a plan of
// its own; callers' rights are few kinds, but an operation that touches many protected fields could see many.
const maxVariants = 64

// prepared is an operation ready to run: one for each document and operation name, shared by all requests.
type prepared struct {
	refusal      *server.Response // the answer when the document cannot be run; then nothing else is set
	snapshot     *Snapshot
	name         string
	kind         ast.Operation
	operation    *operation.Operation
	variables    *operation.VariableProgram
	requirements []auth.Requirements // of operation.Requirements[1:]

	// all is the program for callers who may see everything.
	all      atomic.Pointer[execute.Program]
	mu       sync.Mutex
	variants map[string]*execute.Program // by what is denied, a byte for each requirement
}

// programFor returns the program for what a caller may see.
func (p *prepared) programFor(id *auth.Identity) (*execute.Program, error) {
	var denied []byte
	for i, r := range p.requirements {
		if r.Satisfied(id, nil) {
			continue
		}
		if denied == nil {
			denied = make([]byte, len(p.requirements))
		}
		denied[i] = 1
	}
	return p.program(denied)
}

func (p *prepared) program(denied []byte) (*execute.Program, error) {
	if denied == nil {
		if have := p.all.Load(); have != nil {
			return have, nil
		}
	}
	p.mu.Lock() // one caller plans, the others wait
	defer p.mu.Unlock()
	if denied == nil {
		if have := p.all.Load(); have != nil {
			return have, nil
		}
	} else if have := p.variants[string(denied)]; have != nil {
		return have, nil
	}
	options := plan.Options{Denial: func(requirement int, coordinate string) string {
		return auth.Denial(coordinate, p.requirements[requirement-1])
	}}
	options.Denied = make([]bool, len(p.requirements)+1)
	for i, d := range denied {
		options.Denied[i+1] = d != 0
	}
	made, err := p.snapshot.planner.Plan(p.operation, options)
	if err != nil {
		return nil, err
	}
	program := execute.Compile(made)
	if denied == nil {
		p.all.Store(program)
		return program, nil
	}
	if p.variants == nil || len(p.variants) >= maxVariants {
		p.variants = map[string]*execute.Program{}
	}
	p.variants[string(denied)] = program
	return program, nil
}
