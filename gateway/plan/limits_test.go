package plan_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/internal/simulate"
)

// What is hard to plan is planned, and soundly.
func TestHostileOperations(t *testing.T) {
	for _, w := range hostile() {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			planner, op, checker := w.ready(t)
			p, err := planner.Plan(op, plan.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := checker.Check(p, op, plan.Options{}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// What repeats itself is sent with fragments, or asked on an interface: documents grow as operations do.
func TestDocumentsStaySmall(t *testing.T) {
	for name, limit := range map[string]int{
		"union/100":                  9_000,
		"implementations/100":        3_000,
		"implementations_nested/100": 200,
		"fragments/1000":             15_000,
		"recursion/200":              40_000,
		"selections/10000":           60_000,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := hostile()
			w := all[slices.IndexFunc(all, func(w workload) bool { return w.name == name })]
			planner, op, _ := w.ready(t)
			p, err := planner.Plan(op, plan.Options{})
			if err != nil {
				t.Fatal(err)
			}
			size := 0
			for _, f := range p.Fetches {
				size += len(f.Operation)
			}
			if size > limit {
				t.Errorf("%d bytes are sent, and %d would do", size, limit)
			}
		})
	}
}

// A chain of @requires, each of which needs the two fields before it, must not be followed once for each way through it.
func TestRequiresChainIsLinear(t *testing.T) {
	const links = 60
	sources, text := requiresChain(links)
	planner, op, _ := workload{sources: sources, operation: text}.ready(t)
	p, err := planner.Plan(op, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e := p.Explain(); e.Fetches != links || e.Depth != links {
		t.Errorf("%d fetches, %d steps", e.Fetches, e.Depth)
	}
}

// Beyond the bounds there is an error that says what to do.
func TestTooHard(t *testing.T) {
	sources, text := implementationsUnlike(36)
	planner, op, _ := workload{sources: sources, operation: text}.ready(t)
	_, err := planner.Plan(op, plan.Options{})
	var hard choose.TooHardError
	if !errors.As(err, &hard) || !strings.Contains(err.Error(), "split the operation") {
		t.Errorf("the error is %v", err)
	}
}

// Fragments that use each other may stand for more fields than are planned.
func TestTooLarge(t *testing.T) {
	text := "{ t { ...F0 } } " + repeat(20, func(i int) string {
		return fmt.Sprintf("fragment F%d on T { x%d: next { ...F%d } y%d: next { ...F%d } } ", i, i, i+1, i, i+1)
	}) + "fragment F20 on T { a }"
	w := workload{sources: []simulate.Source{{Name: "a", SDL: federation + "type Query { t: T } type T { a: Int next: T }"}}, operation: text}
	if _, err := w.normal(t); !errors.As(err, &operation.TooLargeError{}) {
		t.Errorf("the error is %v", err)
	}
}
