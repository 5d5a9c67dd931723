package store

import (
	"context"
	"time"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/seed"
)

// The orders that a new database gets.
const (
	seededOrders = 1000
	firstNumber  = 1001
	seedStart    = 20251103
)

// fill writes the shop's customers, its prices, and a year of orders.
func fill(ctx context.Context, s database.Session) error {
	shop, err := seed.Load()
	if err != nil {
		return err
	}
	customers := make([][]any, len(shop.Customers))
	for i, c := range shop.Customers {
		customers[i] = []any{c.ID, c.Name}
	}
	prices := make([][]any, len(shop.Products))
	for i, p := range shop.Products {
		prices[i] = []any{p.SKU, p.Price}
	}
	orders, items := history(shop)
	for _, table := range []struct {
		name    string
		columns []string
		rows    [][]any
	}{
		{"customers", []string{"id", "name"}, customers},
		{"prices", []string{"sku", "amount"}, prices},
		{"orders", []string{"id", "customer_id", "placed_at", "status"}, orders},
		{"order_items", []string{"order_id", "line", "sku", "quantity", "unit_price"}, items},
	} {
		if err := s.InsertAll(ctx, table.name, table.columns, table.rows); err != nil {
			return err
		}
	}
	return s.ContinueNumbers(ctx, "orders", "id")
}

// history invents the orders and their lines, evenly spread over the shop's history.
func history(shop seed.Shop) (orders, items [][]any) {
	random := seed.NewRandom(seedStart)
	pace := seed.Last.Sub(seed.First) / seededOrders
	for i := range seededOrders {
		number := firstNumber + i
		customer := shop.Customers[random.Below(len(shop.Customers))]
		placedAt := seed.First.Add(time.Duration(i)*pace + time.Duration(random.Below(int(pace))))
		orders = append(orders, []any{number, customer.ID, placedAt.Unix(), string(statusAt(i, random))})

		lines := 1 + random.Weighted(38, 30, 18, 10, 4)
		used := map[int]bool{}
		for line := 1; line <= lines; {
			product := random.Below(len(shop.Products))
			if used[product] {
				continue
			}
			used[product] = true
			quantity := 1 + random.Weighted(62, 24, 9, 5)
			items = append(items, []any{number, line, shop.Products[product].SKU, quantity, priceAt(i, shop.Products[product].Price)})
			line++
		}
	}
	return orders, items
}

// statusAt returns the status of the order with this index: the last ones are still on their way.
func statusAt(index int, random *seed.Random) Status {
	if random.Chance(6) {
		return Cancelled
	}
	switch behind := seededOrders - index; {
	case behind <= 12:
		return Placed
	case behind <= 25:
		return Packed
	case behind <= 60:
		return Shipped
	}
	return Delivered
}

// priceAt returns what a product cost when the order with this index was placed: prices went up
// by about three percent halfway through the shop's history.
func priceAt(index int, today int64) int64 {
	if index < seededOrders/2 {
		return (today*97/100 + 5) / 10 * 10
	}
	return today
}
