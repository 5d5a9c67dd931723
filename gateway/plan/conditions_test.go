package plan_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/check"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// Fields in fields, each selected under two conditions, must not double the document at every level.
func TestNestedConditionsStaySmall(t *testing.T) {
	r := composition.Compose([]composition.Subgraph{{Name: "a", URL: "http://a", SDL: "type Query { t: T } type T { t: T x: Int }"}})
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	const depth = 60
	text := "query($a: Boolean!, $b: Boolean!) {" +
		strings.Repeat("t @include(if: $a) { x } t @include(if: $b) {", depth) + "x" + strings.Repeat("}", depth) + "}"
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(err)
	}
	op, err := operation.Normalise(operation.NewSchema(r.Supergraph), doc, doc.Operations[0])
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.NewPlanner(querygraph.New(r.Supergraph)).Plan(op, plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	checker, err := check.New(r.Supergraph)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checker.Check(p, op, plan.Options{}); err != nil {
		t.Error(err)
	}
	if n := len(p.Fetches[0].Operation); n > 16<<10 {
		t.Errorf("the subgraph's operation has %d bytes", n)
	}
}
