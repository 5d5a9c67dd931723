package plan_test

import (
	"errors"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// A field whose argument comes from a context is refused rather than asked without the argument.
func TestContextualArgumentIsRefused(t *testing.T) {
	r := composition.Compose([]composition.Subgraph{{Name: "a", URL: "http://a", SDL: `
		extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@context", "@fromContext"])
		type Query { shop: Shop }
		type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String! product: Product }
		type Product @key(fields: "id") { id: ID! name: String price(in: String @fromContext(field: "$shop { currency }")): Int
			offer(in: String @fromContext(field: "$shop { currency }")): Offer }
		type Offer { until: String }`}})
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	ask := func(text string) error {
		doc, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil {
			t.Fatal(err)
		}
		op, err := operation.Normalise(operation.NewSchema(r.Supergraph), doc, doc.Operations[0])
		if err != nil {
			t.Fatal(err)
		}
		_, err = plan.NewPlanner(querygraph.New(r.Supergraph)).Plan(op, plan.Options{})
		return err
	}
	var unsupported choose.UnsupportedError
	if err := ask("{ shop { product { price } } }"); !errors.As(err, &unsupported) || unsupported.Field != "Product.price" {
		t.Errorf("got %v", err)
	}
	if err := ask("{ shop { product { offer { until } } } }"); !errors.As(err, &unsupported) || unsupported.Field != "Product.offer" {
		t.Errorf("got %v", err)
	}
	if err := ask("{ shop { product { name } } }"); err != nil {
		t.Errorf("the rest of the type: %v", err)
	}
}
