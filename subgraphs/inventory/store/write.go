package store

import (
	"context"
	"errors"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/failure"
)

// The bounds of stock.
const (
	// MaxDelta bounds one change of stock, either way.
	MaxDelta = 10_000
	// MaxQuantity bounds what a warehouse holds of one product.
	MaxQuantity = 100_000
)

// Adjust adds delta pieces to the stock of a product in one warehouse, or takes them away, and
// returns the product.
func (st *Store) Adjust(ctx context.Context, sku, warehouse string, delta int32) (*Product, error) {
	if delta == 0 || delta > MaxDelta || delta < -MaxDelta {
		return nil, failure.New(failure.BadUserInput,
			"delta is %d: add or take away 1 to %d pieces at once", delta, MaxDelta)
	}
	var adjusted *Product
	err := st.db.Transact(ctx, func(s database.Session) error {
		product, err := database.One(ctx, s, scanProduct, "SELECT "+productColumns+" FROM products WHERE sku = ?", sku)
		if errors.Is(err, database.ErrNoRow) {
			return failure.New(failure.NotFound, "there is no product with SKU %q", sku)
		}
		if err != nil {
			return err
		}
		// The condition holds at the time of the write, however many adjust at once.
		changed, err := s.Exec(ctx, "UPDATE stock SET quantity = quantity + ?"+
			" WHERE sku = ? AND warehouse_id = ? AND quantity + ? BETWEEN 0 AND ?",
			delta, sku, warehouse, delta, MaxQuantity)
		if err != nil {
			return err
		}
		if changed == 0 {
			return refusal(ctx, s, sku, warehouse, delta)
		}
		adjusted = product
		return nil
	})
	if err != nil {
		return nil, err
	}
	return adjusted, nil
}

// refusal says why no stock was changed.
func refusal(ctx context.Context, s database.Session, sku, warehouse string, delta int32) error {
	quantity, err := database.One(ctx, s, database.Value[int64],
		"SELECT quantity FROM stock WHERE sku = ? AND warehouse_id = ?", sku, warehouse)
	switch {
	case errors.Is(err, database.ErrNoRow):
		return failure.New(failure.NotFound, "there is no warehouse %q", warehouse)
	case err != nil:
		return err
	case delta < 0:
		return failure.New(failure.Conflict,
			"warehouse %q holds %d pieces of %q: %d cannot be taken away", warehouse, quantity, sku, -delta)
	}
	return failure.New(failure.Conflict,
		"warehouse %q holds %d pieces of %q and has room for %d at most", warehouse, quantity, sku, MaxQuantity)
}
