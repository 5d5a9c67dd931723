package orders_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/weft-gateway/weft/subgraphs/orders"
	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

const placeOrder = `mutation($items: [OrderItemInput!]!) { placeOrder(input: {items: $items}) {
	id status placedAt customer { id } total { amount } items { quantity unitPrice { amount } product { sku } } } }`

func lines(lines ...any) map[string]any {
	var items []any
	for i := 0; i < len(lines); i += 2 {
		items = append(items, map[string]any{"sku": lines[i], "quantity": lines[i+1]})
	}
	return map[string]any{"items": items}
}

func TestPlaceOrder(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, orders.New, databaseURL)
		placed := servicetest.Get[struct{ PlaceOrder orderData }](c, alice, placeOrder,
			lines("TENT-2P", 2, "MUGS-RED", 1)).PlaceOrder
		if placed.ID != "2001" || placed.Status != "PLACED" || placed.Customer.ID != "alice" ||
			placed.PlacedAt != "2026-11-02T09:30:15Z" || placed.Total.Amount != 2*18900+1190 ||
			len(placed.Items) != 2 || placed.Items[0].Product.SKU != "TENT-2P" || placed.Items[1].UnitPrice.Amount != 1190 {
			t.Errorf("placed %+v", placed)
		}
		read := servicetest.Get[struct{ Order orderData }](c, nobody,
			`{ order(id: "2001") { placedAt status total { amount } } }`, nil).Order
		if read.PlacedAt != placed.PlacedAt || read.Total != placed.Total {
			t.Errorf("read %+v, placed %+v", read, placed)
		}
	})
}

func TestPlaceOrderRefuses(t *testing.T) {
	c := servicetest.Start(t, orders.New, "")
	var many []any
	for range 51 {
		many = append(many, "TENT-2P", 1)
	}
	for _, test := range []struct {
		name   string
		caller servicetest.Caller
		lines  map[string]any
		code   string
		says   string
	}{
		{"nobody", nobody, lines("TENT-2P", 1), "UNAUTHENTICATED", "log in"},
		{"no account", servicetest.Caller{Subject: "eve"}, lines("TENT-2P", 1), "FORBIDDEN", `"eve" has no customer account`},
		{"no lines", alice, map[string]any{"items": []any{}}, "BAD_USER_INPUT", "1 to 50 lines, not 0"},
		{"too many lines", alice, lines(many...), "BAD_USER_INPUT", "1 to 50 lines, not 51"},
		{"no pieces", alice, lines("TENT-2P", 0), "BAD_USER_INPUT", "quantity of \"TENT-2P\" is 0"},
		{"too many pieces", alice, lines("TENT-2P", 101), "BAD_USER_INPUT", "1 to 100"},
		{"beyond an Int", alice, lines("TENT-2P", 1<<33), "", ""},
		{"twice the same", alice, lines("TENT-2P", 1, "TENT-2P", 1), "BAD_USER_INPUT", "two lines"},
		{"unknown product", alice, lines("TENT-2P", 1, "NO-SUCH", 1), "NOT_FOUND", `"NO-SUCH"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := c.Ask(test.caller, placeOrder, test.lines)
			if len(answer.Errors) != 1 || !strings.Contains(answer.Errors[0].Message, test.says) {
				t.Fatalf("errors = %+v, want one that says %q", answer.Errors, test.says)
			}
			if code := answer.Errors[0].Extensions.Code; test.code != "" && code != test.code {
				t.Errorf("code = %s, want %s", code, test.code)
			}
		})
	}
	newest := servicetest.Get[struct{ Orders pageData }](c, nobody, `{ orders(first: 1) { nodes { id } } }`, nil)
	if id := newest.Orders.Nodes[0].ID; id != "2000" {
		t.Errorf("a refused order left order %s", id)
	}
}

const cancelOrder = `mutation($id: ID!) { cancelOrder(id: $id) { id status } }`

func TestCancelOrder(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, orders.New, databaseURL)
		place := func() string {
			return servicetest.Get[struct{ PlaceOrder orderData }](c, alice, placeOrder, lines("TENT-2P", 1)).PlaceOrder.ID
		}
		id := place()
		variables := map[string]any{"id": id}
		servicetest.Refused(t, c.Ask(nobody, cancelOrder, variables), "UNAUTHENTICATED")
		servicetest.Refused(t, c.Ask(servicetest.Caller{Subject: "bob"}, cancelOrder, variables), "FORBIDDEN")
		if got := servicetest.Get[struct{ CancelOrder orderData }](c, alice, cancelOrder, variables).CancelOrder; got.Status != "CANCELLED" {
			t.Errorf("alice's order is %+v", got)
		}
		servicetest.Refused(t, c.Ask(alice, cancelOrder, variables), "CONFLICT")
		if got := servicetest.Get[struct{ CancelOrder orderData }](c, bob, cancelOrder, map[string]any{"id": place()}).CancelOrder; got.Status != "CANCELLED" {
			t.Errorf("bob, who may write orders, left it at %+v", got)
		}
		servicetest.Refused(t, c.Ask(bob, cancelOrder, map[string]any{"id": "1001"}), "CONFLICT") // delivered long ago
		servicetest.Refused(t, c.Ask(bob, cancelOrder, map[string]any{"id": "9999"}), "NOT_FOUND")
		servicetest.Refused(t, c.Ask(bob, cancelOrder, map[string]any{"id": "-1"}), "NOT_FOUND")
	})
}

func TestAMutationSeesWhatTheOneBeforeItDid(t *testing.T) {
	c := servicetest.Start(t, orders.New, "")
	type data struct {
		A, B struct{ Customer struct{ Orders pageData } }
	}
	got := servicetest.Get[data](c, alice, `mutation {
		a: placeOrder(input: {items: [{sku: "TENT-2P"}]}) { customer { orders(first: 1) { nodes { id } } } }
		b: placeOrder(input: {items: [{sku: "TENT-2P"}]}) { customer { orders(first: 1) { nodes { id } } } } }`, nil)
	if a, b := got.A.Customer.Orders.Nodes[0].ID, got.B.Customer.Orders.Nodes[0].ID; a != "2001" || b != "2002" {
		t.Errorf("alice's newest orders were %s and then %s, want 2001 and 2002", a, b)
	}
}

func TestOrdersPlacedAtOnceAllCount(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, orders.New, databaseURL)
		const n = 20
		ids := make([]string, n)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				answer := c.Ask(alice, placeOrder, lines("TENT-2P", 1))
				ids[i] = fmt.Sprint(string(answer.Data), answer.Errors)
			})
		}
		wg.Wait()
		seen := map[string]bool{}
		for _, id := range ids {
			if seen[id] || !strings.Contains(id, `"status":"PLACED"`) {
				t.Errorf("placed %s", id)
			}
			seen[id] = true
		}
	})
}
