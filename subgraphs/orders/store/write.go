package store

import (
	"context"
	"errors"
	"time"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/failure"
	"github.com/weft-gateway/weft/subgraphs/serial"
)

// The bounds of an order.
const (
	MaxLines    = 50
	MaxQuantity = 100
)

// Line is one line of an order to be placed.
type Line struct {
	SKU      string
	Quantity int32
}

// Place adds an order of a customer, at the prices of this moment.
func (st *Store) Place(ctx context.Context, customer string, lines []Line) (*Order, error) {
	if err := checkLines(lines); err != nil {
		return nil, err
	}
	var placed *Order
	err := st.db.Transact(ctx, func(s database.Session) error {
		if _, err := database.One(ctx, s, database.Value[string], "SELECT id FROM customers WHERE id = ?", customer); err != nil {
			if errors.Is(err, database.ErrNoRow) {
				return failure.New(failure.Forbidden, "%q has no customer account, and so cannot order", customer)
			}
			return err
		}
		prices, err := pricesOf(ctx, s, lines)
		if err != nil {
			return err
		}
		order := Order{CustomerID: customer, PlacedAt: st.now().UTC().Truncate(time.Second), Status: Placed}
		order.Number, err = database.One(ctx, s, database.Value[int64],
			"INSERT INTO orders (customer_id, placed_at, status) VALUES (?, ?, ?) RETURNING id",
			customer, order.PlacedAt.Unix(), string(order.Status))
		if err != nil {
			return err
		}
		rows := make([][]any, len(lines))
		for i, line := range lines {
			rows[i] = []any{order.Number, i + 1, line.SKU, line.Quantity, prices[line.SKU].amount}
		}
		placed = &order
		return s.InsertAll(ctx, "order_items", []string{"order_id", "line", "sku", "quantity", "unit_price"}, rows)
	})
	if err != nil {
		return nil, err
	}
	return placed, nil
}

func checkLines(lines []Line) error {
	if len(lines) == 0 || len(lines) > MaxLines {
		return failure.New(failure.BadUserInput, "an order has 1 to %d lines, not %d", MaxLines, len(lines))
	}
	seen := make(map[string]bool, len(lines))
	for _, line := range lines {
		if line.Quantity < 1 || line.Quantity > MaxQuantity {
			return failure.New(failure.BadUserInput,
				"quantity of %q is %d: 1 to %d pieces can be ordered", line.SKU, line.Quantity, MaxQuantity)
		}
		if seen[line.SKU] {
			return failure.New(failure.BadUserInput, "%q is in two lines: order it in one", line.SKU)
		}
		seen[line.SKU] = true
	}
	return nil
}

// price is what a piece of a product costs, in cents.
type price struct {
	sku    string
	amount int64
}

func scanPrice(column func(...any) error) (price, error) {
	var p price
	err := column(&p.sku, &p.amount)
	return p, err
}

// pricesOf returns the price of each line's product, or an error that names the first product
// without one.
func pricesOf(ctx context.Context, s database.Session, lines []Line) (map[string]price, error) {
	skus := make([]string, len(lines))
	for i, line := range lines {
		skus[i] = line.SKU
	}
	prices, err := database.Find(ctx, s, scanPrice, func(p price) string { return p.sku },
		"SELECT sku, amount FROM prices WHERE sku IN (KEYS)", skus)
	if err != nil {
		return nil, err
	}
	for _, sku := range skus {
		if _, ok := prices[sku]; !ok {
			return nil, failure.New(failure.NotFound, "there is no product with SKU %q", sku)
		}
	}
	return prices, nil
}

// Cancel cancels the order of the given ID, unless it has been shipped. by is who asks for it: it must be the
// order's customer unless anyone may.
func (st *Store) Cancel(ctx context.Context, id, by string, anyone bool) (*Order, error) {
	number := serial.Parse(id)
	var cancelled *Order
	err := st.db.Transact(ctx, func(s database.Session) error {
		found, err := ordersIn(ctx, s, []int64{number})
		if err != nil {
			return err
		}
		order := found[number]
		if order == nil {
			return NoSuchOrder(id)
		}
		if order.CustomerID != by && !anyone {
			return failure.New(failure.Forbidden, "order %s is another customer's", id)
		}
		// The condition holds at the time of the write, whatever happened since the read.
		changed, err := s.Exec(ctx, "UPDATE orders SET status = ? WHERE id = ? AND status IN (?, ?)",
			string(Cancelled), number, string(Placed), string(Packed))
		if err != nil {
			return err
		}
		if changed == 0 {
			return failure.New(failure.Conflict,
				"order %s is %s: only an order that is %s or %s can be cancelled", id, order.Status, Placed, Packed)
		}
		order.Status = Cancelled
		cancelled = order
		return nil
	})
	if err != nil {
		return nil, err
	}
	return cancelled, nil
}

// NoSuchOrder is the error for a ID that no order has.
func NoSuchOrder(id string) error {
	return failure.New(failure.NotFound, "there is no order %q", id)
}
