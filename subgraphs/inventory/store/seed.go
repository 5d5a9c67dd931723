package store

import (
	"context"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/seed"
)

// seedStart makes the stock of a new database the same everywhere.
const seedStart = 4711

// fill writes the shop's warehouses, its products, and what lies where.
func fill(ctx context.Context, s database.Session) error {
	shop, err := seed.Load()
	if err != nil {
		return err
	}
	warehouses := make([][]any, len(shop.Warehouses))
	for i, w := range shop.Warehouses {
		warehouses[i] = []any{w.ID, w.Name, w.City, w.Country}
	}
	products := make([][]any, len(shop.Products))
	for i, p := range shop.Products {
		products[i] = []any{p.SKU, p.Name, p.Price, p.Weight}
	}
	random := seed.NewRandom(seedStart)
	var stock [][]any
	for _, p := range shop.Products {
		soldOut := random.Chance(5)
		for _, w := range shop.Warehouses {
			stock = append(stock, []any{p.SKU, w.ID, quantity(random, soldOut)})
		}
	}
	if err := s.InsertAll(ctx, "warehouses", []string{"id", "name", "city", "country"}, warehouses); err != nil {
		return err
	}
	if err := s.InsertAll(ctx, "products", []string{"sku", "name", "price", "weight"}, products); err != nil {
		return err
	}
	return s.InsertAll(ctx, "stock", []string{"sku", "warehouse_id", "quantity"}, stock)
}

// quantity invents how many pieces of a product lie in a warehouse: often some, sometimes none.
func quantity(random *seed.Random, soldOut bool) int {
	if soldOut {
		return 0
	}
	switch random.Weighted(3, 5, 2) {
	case 0:
		return 0
	case 1:
		return 1 + random.Below(24)
	}
	return 25 + random.Below(120)
}
