package resolver

import (
	"context"

	"github.com/weft-gateway/weft/subgraphs/failure"
	"github.com/weft-gateway/weft/subgraphs/inventory/shipping"
)

type order struct{}

func (order) Fulfillable(ctx context.Context, o *shipping.Order) (bool, error) {
	if err := needItems(o, "fulfillable"); err != nil {
		return false, err
	}
	stock, err := loadersOf(ctx).stock.LoadAll(ctx, o.SKUs())
	if err != nil {
		return false, err
	}
	return o.Fulfillable(stock), nil
}

func (order) ShippingEstimate(ctx context.Context, o *shipping.Order) (*shipping.Estimate, error) {
	if err := needItems(o, "shippingEstimate"); err != nil {
		return nil, err
	}
	products, err := loadersOf(ctx).products.LoadAll(ctx, o.SKUs())
	if err != nil {
		return nil, err
	}
	return o.Estimate(products), nil
}

// needItems refuses a field whose @requires the caller did not honour.
func needItems(o *shipping.Order, field string) error {
	if o.Items == nil {
		return failure.New(failure.BadUserInput,
			"Order.%s requires items { quantity product { sku } }: the representation of order %q does not hold them",
			field, o.ID)
	}
	return nil
}
