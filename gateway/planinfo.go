package gateway

import (
	"encoding/json"
	"strings"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/execute"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/queryplan"
)

// planAnswer is extensions.plan of a response.
type planAnswer struct {
	Text    string     `json:"text"`
	Fetches int        `json:"fetches"`
	Depth   int        `json:"depth"`
	Nodes   []planNode `json:"nodes"`
	// QueryPlan is the same in the shape that tools around Apollo's gateways read.
	QueryPlan queryplan.Plan `json:"queryPlan"`
}

type planNode struct {
	ID              int     `json:"id"`
	Subgraph        string  `json:"subgraph"`
	Label           string  `json:"label"`
	DependsOn       []int   `json:"dependsOn"`
	Operation       string  `json:"operation"`
	Path            string  `json:"path"`
	Made            bool    `json:"made"`
	StartMS         float64 `json:"startMs"`
	DurationMS      float64 `json:"durationMs"`
	Representations int     `json:"representations"`
}

// planExtension returns what adds the plan to the response, when the caller asks for it and may; else nil.
func (s *Snapshot) planExtension(id *auth.Identity, extensions []byte, program *execute.Program) func(*execute.Trace) []byte {
	if s.gateway.options.Plans == nil || !s.gateway.options.Plans(id) {
		return nil
	}
	var asked struct {
		Plan bool `json:"plan"`
	}
	if json.Unmarshal(extensions, &asked) != nil || !asked.Plan {
		return nil
	}
	return func(t *execute.Trace) []byte {
		e := program.Plan().Explain()
		answer := planAnswer{Text: e.Text(), Fetches: e.Fetches, Depth: e.Depth, Nodes: []planNode{}, QueryPlan: queryplan.Of(program.Plan())}
		for i, n := range e.Plan {
			node := planNode{
				ID:        n.ID,
				Subgraph:  n.Subgraph,
				Label:     n.Kind,
				DependsOn: n.DependsOn,
				Operation: plan.Pretty(n.Operation),
				Path:      strings.Join(n.Places(), ", "),
			}
			if i < len(t.Fetches) {
				f := t.Fetches[i]
				node.Made, node.Representations = f.Made, f.Representations
				node.StartMS = float64(f.Start.Microseconds()) / 1000
				node.DurationMS = float64(f.Duration.Microseconds()) / 1000
			}
			answer.Nodes = append(answer.Nodes, node)
		}
		body, err := json.Marshal(struct {
			Plan planAnswer `json:"plan"`
		}{answer})
		if err != nil {
			return nil
		}
		return body
	}
}
