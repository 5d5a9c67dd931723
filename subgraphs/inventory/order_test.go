package inventory_test

import (
	"strings"
	"testing"

	"github.com/weft-gateway/weft/subgraphs/inventory"
	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

const aboutOrders = `query($r: [_Any!]!) { _entities(representations: $r) { ... on Order {
	id fulfillable shippingEstimate { weight parcels days cost { amount currency } } } } }`

func TestOrdersAreJudgedByTheLinesThatComeAlong(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, inventory.New, databaseURL)
		total := 0
		for _, level := range servicetest.Get[struct{ Product productData }](c, nobody,
			`{ product(sku: "TENT-2P") { stock { quantity } } }`, nil).Product.Stock {
			total += level.Quantity
		}
		if total == 0 {
			t.Fatal("the test needs a product in stock")
		}
		answer := c.Ask(nobody, aboutOrders, map[string]any{"r": []any{
			order("all there is", "TENT-2P", total),
			order("one too many", "TENT-2P", total+1),
			order("too many in two lines", "TENT-2P", total, "TENT-2P", 1),
			order("nothing"),
			order("unknown", "NO-SUCH", 1),
			order("heavy", "TABL-L", 5),
		}})
		const sent = `"parcels":1,"days":2,"cost":{"amount":`
		for i, want := range []string{
			`"id":"all there is","fulfillable":true`,
			`"id":"one too many","fulfillable":false`,
			`"id":"too many in two lines","fulfillable":false`,
			`"id":"nothing","fulfillable":true,"shippingEstimate":{"weight":150,` + sent + `475,"currency":"EUR"}}`,
			`"id":"unknown","fulfillable":false,"shippingEstimate":{"weight":150,`,
			`"shippingEstimate":{"weight":24300,"parcels":2,"days":4,"cost":{"amount":2905,`,
		} {
			if !strings.Contains(string(answer.Data), want) {
				t.Errorf("order %d: want %s in %s", i, want, answer.Data)
			}
		}
		if len(answer.Errors) > 0 {
			t.Errorf("errors: %+v", answer.Errors)
		}
	})
}

func TestRepresentationsThatLackWhatIsRequired(t *testing.T) {
	c := servicetest.Start(t, inventory.New, "")
	item := func(fields map[string]any) map[string]any {
		return map[string]any{"__typename": "Order", "id": "7", "items": []any{fields}}
	}
	for name, representation := range map[string]map[string]any{
		"no lines":      {"__typename": "Order", "id": "7"},
		"null lines":    {"__typename": "Order", "id": "7", "items": nil},
		"a null line":   {"__typename": "Order", "id": "7", "items": []any{nil}},
		"no quantity":   item(map[string]any{"product": map[string]any{"sku": "TENT-2P"}}),
		"no product":    item(map[string]any{"quantity": 1}),
		"a null SKU":    item(map[string]any{"quantity": 1, "product": map[string]any{"sku": nil}}),
		"a null amount": item(map[string]any{"quantity": nil, "product": map[string]any{"sku": "TENT-2P"}}),
	} {
		t.Run(name, func(t *testing.T) {
			answer := c.Ask(nobody, `query($r: [_Any!]!) { _entities(representations: $r) { ... on Order { fulfillable } } }`,
				map[string]any{"r": []any{order("1", "TENT-2P", 1), representation}})
			servicetest.Refused(t, answer, "BAD_USER_INPUT")
			if want := `{"_entities":[{"fulfillable":true},null]}`; string(answer.Data) != want {
				t.Errorf("data = %s, want %s", answer.Data, want)
			}
		})
	}
	// A field that requires nothing is answered without the lines.
	answer := c.Ask(nobody, `query($r: [_Any!]!) { _entities(representations: $r) { ... on Order { id } } }`,
		map[string]any{"r": []any{map[string]any{"__typename": "Order", "id": "7"}}})
	if want := `{"_entities":[{"id":"7"}]}`; string(answer.Data) != want || len(answer.Errors) > 0 {
		t.Errorf("got %s %+v, want %s", answer.Data, answer.Errors, want)
	}
}

func TestBadRepresentations(t *testing.T) {
	c := servicetest.Start(t, inventory.New, "")
	for name, representation := range map[string]any{
		"unknown type": map[string]any{"__typename": "Customer", "id": "alice"},
		"no key":       map[string]any{"__typename": "Product"},
		"null key":     map[string]any{"__typename": "Product", "sku": nil},
	} {
		t.Run(name, func(t *testing.T) {
			answer := c.Ask(nobody, `query($r: [_Any!]!) { _entities(representations: $r) { __typename } }`,
				map[string]any{"r": []any{representation}})
			servicetest.Refused(t, answer, "BAD_USER_INPUT")
		})
	}
}
