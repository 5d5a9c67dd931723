package shipping

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/subgraphs/inventory/store"
)

// drawn returns an order of few products, with what lies where of each line's.
func drawn(t *rapid.T) (*Order, [][]*store.Level) {
	skus := []string{"A", "B", "C"}
	levels := map[string][]*store.Level{}
	for _, sku := range skus {
		for _, warehouse := range []string{"w1", "w2"} {
			quantity := int32(rapid.IntRange(0, 6).Draw(t, "held"))
			levels[sku] = append(levels[sku], &store.Level{SKU: sku, WarehouseID: warehouse, Quantity: quantity})
		}
	}
	order := &Order{ID: "1"}
	var stock [][]*store.Level
	for range rapid.IntRange(0, 5).Draw(t, "lines") {
		sku := rapid.SampledFrom(skus).Draw(t, "sku")
		quantity := int32(rapid.IntRange(1, 6).Draw(t, "quantity"))
		order.Items = append(order.Items, &Item{Product: &store.Product{SKU: sku}, Quantity: quantity})
		stock = append(stock, levels[sku])
	}
	return order, stock
}

func TestFulfillableMeansThatAllPiecesCanBeTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order, stock := drawn(t)
		// Take the pieces one by one, as a packer would.
		left := map[string]int64{}
		for i, item := range order.Items {
			left[item.Product.SKU] = Total(stock[i])
		}
		want := true
		for _, item := range order.Items {
			for range item.Quantity {
				left[item.Product.SKU]--
				want = want && left[item.Product.SKU] >= 0
			}
		}
		if got := order.Fulfillable(stock); got != want {
			t.Fatalf("fulfillable = %t, want %t", got, want)
		}
	})
}

func TestEstimateGrowsWithTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order, _ := drawn(t)
		products := make([]*store.Product, len(order.Items))
		for i := range products {
			products[i] = &store.Product{Weight: int32(rapid.IntRange(1, 30_000).Draw(t, "weight"))}
		}
		whole := order.Estimate(products)
		if whole.Weight < packagingGram || whole.Parcels < 1 || whole.Days < 1 || whole.Cost.Amount < baseCents {
			t.Fatalf("estimate = %+v", whole)
		}
		if len(order.Items) == 0 {
			return
		}
		last := len(order.Items) - 1
		part := (&Order{Items: order.Items[:last]}).Estimate(products[:last])
		if part.Weight >= whole.Weight || part.Parcels > whole.Parcels || part.Cost.Amount > whole.Cost.Amount || part.Days > whole.Days {
			t.Fatalf("without its last line the order takes %+v, with it %+v", part, whole)
		}
	})
}

func TestEstimateHoldsAtTheBoundsOfAnInt(t *testing.T) {
	order := &Order{Items: []*Item{{Quantity: 1<<31 - 1, Product: &store.Product{}}}}
	estimate := order.Estimate([]*store.Product{{Weight: 1<<31 - 1}})
	if estimate.Weight != 1<<31-1 || estimate.Cost.Amount != 1<<31-1 || estimate.Parcels != 1<<31-1 {
		t.Errorf("estimate = %+v, want the greatest Int for each", estimate)
	}
}
