package inventory_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/weft-gateway/weft/subgraphs/inventory"
	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

const adjustStock = `mutation($sku: ID!, $warehouse: ID!, $delta: Int!) {
	adjustStock(input: {sku: $sku, warehouse: $warehouse, delta: $delta}) { sku stock { quantity warehouse { id } } } }`

func adjust(sku, warehouse string, delta int) map[string]any {
	return map[string]any{"sku": sku, "warehouse": warehouse, "delta": delta}
}

// held returns how many pieces of a product lie in a warehouse.
func held(stock []level, warehouse string) int {
	for _, l := range stock {
		if l.Warehouse.ID == warehouse {
			return l.Quantity
		}
	}
	return -1
}

func TestAdjustStock(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, inventory.New, databaseURL)
		type data struct{ AdjustStock productData }
		before := servicetest.Get[struct{ Product productData }](c, nobody,
			`{ product(sku: "TENT-2P") { stock { quantity warehouse { id } } } }`, nil).Product.Stock
		after := servicetest.Get[data](c, nobody, adjustStock, adjust("TENT-2P", "ham", 12)).AdjustStock.Stock
		for _, warehouse := range []string{"got", "ham", "lys", "prg"} {
			want := held(before, warehouse)
			if warehouse == "ham" {
				want += 12
			}
			if got := held(after, warehouse); got != want {
				t.Errorf("%s holds %d, want %d", warehouse, got, want)
			}
		}
		again := servicetest.Get[struct{ Product productData }](c, nobody,
			`{ product(sku: "TENT-2P") { stock { quantity warehouse { id } } } }`, nil).Product.Stock
		if held(again, "ham") != held(after, "ham") {
			t.Errorf("ham holds %d, the mutation said %d", held(again, "ham"), held(after, "ham"))
		}
	})
}

func TestAdjustStockRefuses(t *testing.T) {
	c := servicetest.Start(t, inventory.New, "")
	for _, test := range []struct {
		name      string
		variables map[string]any
		code      string
		says      string
	}{
		{"nothing", adjust("TENT-2P", "ham", 0), "BAD_USER_INPUT", "delta is 0"},
		{"too many", adjust("TENT-2P", "ham", 10_001), "BAD_USER_INPUT", "1 to 10000"},
		{"too few", adjust("TENT-2P", "ham", -10_001), "BAD_USER_INPUT", "1 to 10000"},
		{"unknown product", adjust("NO-SUCH", "ham", 1), "NOT_FOUND", `SKU "NO-SUCH"`},
		{"unknown warehouse", adjust("TENT-2P", "mars", 1), "NOT_FOUND", `warehouse "mars"`},
		{"more than there is", adjust("TENT-2P", "ham", -9_999), "CONFLICT", "9999 cannot be taken away"},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := c.Ask(nobody, adjustStock, test.variables)
			servicetest.Refused(t, answer, test.code)
			if !strings.Contains(answer.Errors[0].Message, test.says) {
				t.Errorf("message %q, want one that says %q", answer.Errors[0].Message, test.says)
			}
		})
	}
	for i := range 10 { // as many times as it takes to fill a warehouse
		if answer := c.Ask(nobody, adjustStock, adjust("TENT-2P", "ham", 10_000)); len(answer.Errors) > 0 {
			servicetest.Refused(t, answer, "CONFLICT")
			if i < 9 {
				t.Errorf("full after %d times 10,000 pieces, want 9", i)
			}
		}
	}
}

func TestStockIsNeverTakenTwice(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		c := servicetest.Start(t, inventory.New, databaseURL)
		stock := servicetest.Get[struct{ Product productData }](c, nobody,
			`{ product(sku: "TENT-2P") { stock { quantity warehouse { id } } } }`, nil).Product.Stock
		if n := held(stock, "ham"); n > 0 {
			c.Ask(nobody, adjustStock, adjust("TENT-2P", "ham", -n))
		}
		c.Ask(nobody, adjustStock, adjust("TENT-2P", "ham", 10))
		var taken atomic.Int32
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if answer := c.Ask(nobody, adjustStock, adjust("TENT-2P", "ham", -1)); len(answer.Errors) == 0 {
					taken.Add(1)
				}
			})
		}
		wg.Wait()
		if taken.Load() != 10 {
			t.Errorf("%d pieces were taken, 10 were there", taken.Load())
		}
	})
}
