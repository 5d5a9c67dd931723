// Package shipping works out whether orders can be fulfilled and what sending them takes.
//
// The orders belong to another service. What this one needs of them, their lines, comes along
// with the gateway's request, as the schema's @requires says.
package shipping

import (
	"github.com/weft-gateway/weft/subgraphs/inventory/store"
	"github.com/weft-gateway/weft/subgraphs/money"
)

// Order is what the gateway tells of an order.
type Order struct {
	ID string
	// Items are the order's lines; nil where the gateway did not send them, as it does for fields
	// that need none.
	Items []*Item
}

// IsEntity marks an order as one of the types that the gateway asks for by key.
func (*Order) IsEntity() {}

// Item is one line of an order.
type Item struct {
	Product  *store.Product
	Quantity int32
}

// SKUs returns the SKUs of the lines, in their order.
func (o *Order) SKUs() []string {
	skus := make([]string, len(o.Items))
	for i, item := range o.Items {
		skus[i] = item.Product.SKU
	}
	return skus
}

// Fulfillable reports whether the stock of all warehouses together covers every line. stock
// holds the levels of each line's product, in the order of the lines; a product that this
// service does not know has none.
func (o *Order) Fulfillable(stock [][]*store.Level) bool {
	wanted, held := map[string]int64{}, map[string]int64{}
	for i, item := range o.Items {
		sku := item.Product.SKU
		wanted[sku] += int64(item.Quantity)
		held[sku] = Total(stock[i])
		if wanted[sku] > held[sku] {
			return false
		}
	}
	return true
}

// Total returns how many pieces lie in all warehouses together.
func Total(levels []*store.Level) int64 {
	var total int64
	for _, level := range levels {
		total += int64(level.Quantity)
	}
	return total
}

// Estimate is what shipping an order would weigh, cost and take. Weight is in grams, Days are
// working days.
type Estimate struct {
	Weight  int32
	Cost    money.Money
	Parcels int32
	Days    int32
}

// The carrier's terms.
const (
	parcelLimit   = 20_000 // grams
	baseCents     = 390    // per parcel
	perKiloCents  = 85     // per kilogram begun
	usualDays     = 2
	heavyDays     = 4 // for more than one parcel
	packagingGram = 150
)

// Estimate returns what shipping the order would take. products holds each line's product, in
// the order of the lines, nil where this service does not know it: such a line weighs nothing.
func (o *Order) Estimate(products []*store.Product) *Estimate {
	var grams int64
	for i, item := range o.Items {
		if products[i] != nil {
			grams += int64(item.Quantity) * int64(products[i].Weight)
		}
	}
	parcels := max(1, (grams+parcelLimit-1)/parcelLimit)
	grams += parcels * packagingGram
	estimate := &Estimate{
		Weight:  int32(min(grams, 1<<31-1)),
		Cost:    money.Euros(parcels*baseCents + (grams+999)/1000*perKiloCents),
		Parcels: int32(min(parcels, 1<<31-1)),
		Days:    usualDays,
	}
	if parcels > 1 {
		estimate.Days = heavyDays
	}
	return estimate
}
