package inventory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/subgraphs/inventory"
	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

var nobody = servicetest.Caller{}

type level struct {
	Quantity  int
	Warehouse struct{ ID string }
}

type productData struct {
	SKU     string
	Name    string
	Weight  int
	Price   struct{ Amount int }
	InStock bool
	Stock   []level
}

type pageData struct {
	Nodes    []productData
	Edges    []struct{ Cursor string }
	PageInfo struct {
		HasNextPage     bool
		HasPreviousPage bool
		EndCursor       *string
	}
}

func TestPublishedSchema(t *testing.T) {
	servicetest.Start(t, inventory.New, "").Published(inventory.SDL())
}

func TestPagesHoldEveryProductOnce(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, inventory.New, databaseURL)
		var skus []string
		var after any
		for {
			page := servicetest.Get[struct{ Products pageData }](c, nobody, `query($after: String) {
				products(first: 33, after: $after) { nodes { sku } edges { cursor } pageInfo { hasNextPage endCursor } } }`,
				map[string]any{"after": after}).Products
			for _, node := range page.Nodes {
				skus = append(skus, node.SKU)
			}
			if !page.PageInfo.HasNextPage {
				break
			}
			after = *page.PageInfo.EndCursor
		}
		if len(skus) != 200 || !slices.IsSorted(skus) || len(slices.Compact(skus)) != 200 {
			t.Errorf("read %d products, want 200, each once, in the order of their SKUs", len(skus))
		}
	})
}

func TestSearch(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, inventory.New, databaseURL)
		search := func(text string) (names []string) {
			for _, node := range servicetest.Get[struct{ Products pageData }](c, nobody,
				`query($s: String) { products(search: $s, first: 100) { nodes { name } } }`, map[string]any{"s": text}).Products.Nodes {
				names = append(names, node.Name)
			}
			return names
		}
		for text, want := range map[string]int{
			"dome tent": 4, "DOME TENT": 4, "Vindskar": 4, "": 100,
			// What LIKE would read as wildcards is text here.
			"%": 0, "_": 0, `\`: 0, "dome%tent": 0, "'": 0, "?": 0,
		} {
			names := search(text)
			if len(names) != want {
				t.Errorf("search %q found %d products %v, want %d", text, len(names), names, want)
			}
			for _, name := range names {
				if !strings.Contains(strings.ToLower(name), strings.ToLower(text)) {
					t.Errorf("search %q found %q", text, name)
				}
			}
		}
		servicetest.Refused(t, c.Ask(nobody, `query($s: String) { products(search: $s) { nodes { name } } }`,
			map[string]any{"s": strings.Repeat("a", 101)}), "BAD_USER_INPUT")
	})
}

func TestArgumentsOfPages(t *testing.T) {
	c := servicetest.Start(t, inventory.New, "")
	for _, arguments := range []string{
		"first: 0", "first: -1", "first: 101", `after: "x"`, `after: "b3JkZXJzOjE"`, // a cursor of orders
	} {
		servicetest.Refused(t, c.Ask(nobody, "{ products("+arguments+") { nodes { sku } } }", nil), "BAD_USER_INPUT")
	}
	page := servicetest.Get[struct{ Products pageData }](c, nobody, `{ products(first: null, search: null, after: null) { nodes { sku } } }`, nil)
	if n := len(page.Products.Nodes); n != 20 {
		t.Errorf("a page without arguments has %d products, want 20", n)
	}
}

func TestWarehousesAndStock(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, inventory.New, databaseURL)
		got := servicetest.Get[struct {
			Warehouses []struct{ ID, Name, City, Country string }
			Products   pageData
		}](c, nobody, `{ warehouses { id name city country }
			products(first: 100) { nodes { sku inStock stock { quantity warehouse { id } } } } }`, nil)
		if len(got.Warehouses) != 4 {
			t.Fatalf("got %d warehouses, want 4", len(got.Warehouses))
		}
		soldOut := 0
		for _, product := range got.Products.Nodes {
			total := 0
			for i, level := range product.Stock {
				total += level.Quantity
				if level.Warehouse.ID != got.Warehouses[i].ID {
					t.Errorf("%s: level %d is of warehouse %s", product.SKU, i, level.Warehouse.ID)
				}
			}
			if len(product.Stock) != 4 || product.InStock != (total > 0) {
				t.Errorf("%+v", product)
			}
			if total == 0 {
				soldOut++
			}
		}
		if soldOut == 0 || soldOut > 20 {
			t.Errorf("%d of 100 products are sold out: that is not believable", soldOut)
		}
	})
}

func TestStatementsDoNotGrowWithTheList(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, inventory.New, databaseURL)
		skus := servicetest.Get[struct{ Products pageData }](c, nobody, `{ products(first: 100) { nodes { sku } } }`, nil).Products.Nodes
		for _, n := range []int{10, 100} {
			c.AtMost(t, 3, func() {
				servicetest.Get[any](c, nobody, `query($n: Int) { products(first: $n) { nodes {
					name inStock stock { quantity warehouse { city } } } } }`, map[string]any{"n": n})
			})
			var representations []any
			for i := range n {
				representations = append(representations,
					map[string]any{"__typename": "Product", "sku": skus[i].SKU},
					order(fmt.Sprint(i), skus[i].SKU, 2, skus[(i+1)%n].SKU, 1))
			}
			// Products by key, products of orders where they come later, and stock likewise.
			c.AtMost(t, 4, func() {
				servicetest.Get[any](c, nobody, `query($r: [_Any!]!) { _entities(representations: $r) {
					... on Product { name inStock } ... on Order { fulfillable shippingEstimate { weight } } } }`,
					map[string]any{"r": representations})
			})
		}
	})
}

func TestEveryDatabaseGivesTheSameAnswers(t *testing.T) {
	const query = `{ products(first: 100) { nodes { sku name weight price { amount currency } inStock stock { quantity } } } }`
	want := servicetest.Start(t, inventory.New, "").Ask(nobody, query, nil)
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		got := servicetest.Start(t, inventory.New, databaseURL).Ask(nobody, query, nil)
		if string(got.Data) != string(want.Data) {
			t.Error("the seeded products differ from those of the database in memory")
		}
	})
}

// order returns a representation of an order as the gateway sends it, with its lines given as
// SKUs and quantities.
func order(id string, lines ...any) map[string]any {
	items := []any{}
	for i := 0; i < len(lines); i += 2 {
		items = append(items, map[string]any{
			"quantity": lines[i+1], "product": map[string]any{"sku": lines[i]},
		})
	}
	return map[string]any{"__typename": "Order", "id": id, "items": items}
}
