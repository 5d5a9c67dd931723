package orders_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/subgraphs/orders"
	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

var (
	nobody = servicetest.Caller{}
	alice  = servicetest.Caller{Subject: "alice"}
	bob    = servicetest.Caller{Subject: "bob", Scopes: "inventory:write orders:write"}
)

type orderData struct {
	ID       string
	Status   string
	PlacedAt string
	Customer struct{ ID, Name string }
	Total    struct {
		Amount   int
		Currency string
	}
	Items []struct {
		Quantity  int
		UnitPrice struct{ Amount int }
		Product   struct{ SKU string }
	}
}

type pageData struct {
	Nodes []orderData
	Edges []struct {
		Cursor string
		Node   orderData
	}
	PageInfo struct {
		HasNextPage     bool
		HasPreviousPage bool
		StartCursor     *string
		EndCursor       *string
	}
}

func TestPublishedSchema(t *testing.T) {
	servicetest.Start(t, orders.New, "").Published(orders.SDL())
}

func TestPagesHoldEveryOrderOnce(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, orders.New, databaseURL)
		const query = `query($after: String, $status: OrderStatus) {
			orders(first: 100, after: $after, status: $status) {
				nodes { id status } edges { cursor node { id } }
				pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
		read := func(status any) (ids []string) {
			var after any
			for {
				page := servicetest.Get[struct{ Orders pageData }](c, nobody, query,
					map[string]any{"after": after, "status": status}).Orders
				for i, node := range page.Nodes {
					ids = append(ids, node.ID)
					if page.Edges[i].Node.ID != node.ID {
						t.Fatalf("edge %d holds order %s, its node %s", i, page.Edges[i].Node.ID, node.ID)
					}
					if status != nil && node.Status != status {
						t.Fatalf("order %s is %s, asked for %s", node.ID, node.Status, status)
					}
				}
				if page.PageInfo.HasPreviousPage != (after != nil) {
					t.Fatalf("hasPreviousPage = %t after %v", page.PageInfo.HasPreviousPage, after)
				}
				if !page.PageInfo.HasNextPage {
					return ids
				}
				if last := page.Edges[len(page.Edges)-1].Cursor; *page.PageInfo.EndCursor != last {
					t.Fatalf("endCursor = %s, last edge has %s", *page.PageInfo.EndCursor, last)
				}
				after = *page.PageInfo.EndCursor
			}
		}
		all := read(nil)
		if len(all) != 1000 || !slices.IsSortedFunc(all, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Errorf("read %d orders, want 1000, the newest first", len(all))
		}
		var perStatus []string
		for _, status := range []string{"PLACED", "PACKED", "SHIPPED", "DELIVERED", "CANCELLED"} {
			ids := read(status)
			if len(ids) == 0 {
				t.Errorf("no order is %s", status)
			}
			perStatus = append(perStatus, ids...)
		}
		slices.Sort(perStatus)
		slices.Sort(all)
		if !slices.Equal(slices.Compact(perStatus), all) {
			t.Error("the orders of all statuses together are not all orders")
		}
	})
}

func TestStatementsDoNotGrowWithTheList(t *testing.T) {
	const query = `query($n: Int) { orders(first: $n) { nodes {
		id total { amount } items { quantity product { sku } }
		customer { name orders(first: 3) { nodes { id items { quantity } customer { id } } } } } } }`
	const entities = `query($r: [_Any!]!) { _entities(representations: $r) {
		... on Order { id total { amount } items { quantity } customer { name } }
		... on Customer { name orders(first: 2) { nodes { id } } } } }`
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, orders.New, databaseURL)
		for _, n := range []int{10, 100} {
			// The orders; their items; their customers; the customers' orders; those orders'
			// items. Their customers are known by then.
			c.AtMost(t, 5, func() {
				page := servicetest.Get[struct{ Orders pageData }](c, nobody, query, map[string]any{"n": n}).Orders
				if len(page.Nodes) != n {
					t.Fatalf("got %d orders, want %d", len(page.Nodes), n)
				}
			})
			var representations []any
			for i := range n {
				representations = append(representations,
					map[string]any{"__typename": "Order", "id": fmt.Sprint(1001 + i)},
					map[string]any{"__typename": "Customer", "id": []string{"alice", "bob"}[i%2]})
			}
			// Orders, items, customers by key, customers of orders, customers' orders.
			c.AtMost(t, 5, func() {
				servicetest.Get[any](c, nobody, entities, map[string]any{"r": representations})
			})
		}
	})
}

func TestEveryDatabaseGivesTheSameAnswers(t *testing.T) {
	const query = `{ orders(first: 100) { nodes { id placedAt status total { amount currency }
		customer { id name } items { quantity unitPrice { amount currency } product { sku } } } } }`
	want := servicetest.Start(t, orders.New, "").Ask(nobody, query, nil)
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		got := servicetest.Start(t, orders.New, databaseURL).Ask(nobody, query, nil)
		if string(got.Data) != string(want.Data) {
			t.Error("the seeded orders differ from those of the database in memory")
		}
	})
	var data struct{ Orders pageData }
	if err := json.Unmarshal(want.Data, &data); err != nil {
		t.Fatal(err)
	}
	for _, order := range data.Orders.Nodes {
		sum := 0
		for _, item := range order.Items {
			sum += item.Quantity * item.UnitPrice.Amount
		}
		if sum != order.Total.Amount || sum == 0 || order.Total.Currency != "EUR" {
			t.Errorf("order %s: total %+v, its lines sum up to %d", order.ID, order.Total, sum)
		}
	}
}

func TestIdentity(t *testing.T) {
	c := servicetest.Start(t, orders.New, "")
	const query = `{ me { id name orders(first: 100) { nodes { customer { id } } } } }`
	type data struct {
		Me *struct {
			ID, Name string
			Orders   pageData
		}
	}
	if me := servicetest.Get[data](c, nobody, query, nil).Me; me != nil {
		t.Errorf("nobody is %+v, want null", me)
	}
	if me := servicetest.Get[data](c, servicetest.Caller{Subject: "eve"}, query, nil).Me; me != nil {
		t.Errorf("a subject without account is %+v, want null", me)
	}
	if me := servicetest.Get[data](c, servicetest.Caller{Scopes: "orders:write"}, query, nil).Me; me != nil {
		t.Errorf("scopes alone make %+v, want null", me)
	}
	for _, caller := range []servicetest.Caller{alice, bob} {
		me := servicetest.Get[data](c, caller, query, nil).Me
		if me == nil || me.ID != caller.Subject || len(me.Orders.Nodes) == 0 {
			t.Fatalf("%s is %+v, want a customer with orders", caller.Subject, me)
		}
		for _, order := range me.Orders.Nodes {
			if order.Customer.ID != caller.Subject {
				t.Errorf("%s sees an order of %s as their own", caller.Subject, order.Customer.ID)
			}
		}
	}
}

func TestUnknownKeysAreNull(t *testing.T) {
	c := servicetest.Start(t, orders.New, "")
	answer := c.Ask(nobody, `query($r: [_Any!]!) {
		one: order(id: "9999") { id } two: order(id: "01001") { id } three: order(id: "x") { id }
		_entities(representations: $r) { ... on Order { id } ... on Customer { id } } }`,
		map[string]any{"r": []any{
			map[string]any{"__typename": "Order", "id": "1001"},
			map[string]any{"__typename": "Order", "id": "9999"},
			map[string]any{"__typename": "Customer", "id": "eve"},
			map[string]any{"__typename": "Order", "id": "one"},
			map[string]any{"__typename": "Order", "id": 1002},
		}})
	const want = `{"one":null,"two":null,"three":null,"_entities":[{"id":"1001"},null,null,null,{"id":"1002"}]}`
	if string(answer.Data) != want || len(answer.Errors) != 0 {
		t.Errorf("got %s %+v, want %s", answer.Data, answer.Errors, want)
	}
}

func TestDataOutlivesARestart(t *testing.T) {
	path := servicetest.File(t)
	first := servicetest.Start(t, orders.New, path)
	placed := servicetest.Get[struct{ PlaceOrder orderData }](first, alice,
		`mutation { placeOrder(input: {items: [{sku: "TENT-2P"}]}) { id } }`, nil).PlaceOrder
	second := servicetest.Start(t, orders.New, path)
	again := servicetest.Get[struct{ Orders pageData }](second, nobody,
		`{ orders(first: 1) { nodes { id customer { id } items { quantity } } } }`, nil).Orders.Nodes[0]
	if again.ID != placed.ID || again.Customer.ID != "alice" || again.Items[0].Quantity != 1 {
		t.Errorf("after a restart the newest order is %+v, want %s", again, placed.ID)
	}
}
