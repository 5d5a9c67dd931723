// Package store keeps the reviews service's data: what customers say about products. Its types
// are what the GraphQL schema shows of them.
package store

import (
	"math"
	"time"

	"github.com/weft-gateway/weft/subgraphs/serial"
)

// Review is what one customer says about one product.
type Review struct {
	Number    int64
	SKU       string
	AuthorID  string
	Rating    int32
	Body      string
	CreatedAt time.Time
}

// ID returns the review's number as the schema shows it.
func (r *Review) ID() string { return serial.ID(r.Number) }

// Product returns the reference to what the review is about.
func (r *Review) Product() *Product { return &Product{SKU: r.SKU} }

// Author returns the reference to who wrote the review.
func (r *Review) Author() *Customer { return &Customer{ID: r.AuthorID} }

// Product is a reference to a product; who owns products knows more.
type Product struct{ SKU string }

// Customer is a reference to a customer; who owns customers knows more.
type Customer struct{ ID string }

// IsEntity marks a review as one of the types that the gateway asks for by key.
func (*Review) IsEntity() {}

// IsEntity marks a product as one of the types that the gateway asks for by key.
func (*Product) IsEntity() {}

// IsEntity marks a customer as one of the types that the gateway asks for by key.
func (*Customer) IsEntity() {}

// Rating sums up a product's reviews.
type Rating struct {
	SKU   string
	Count int64
	Sum   int64
}

// Average returns the mean of the ratings with two decimals, nil without any.
func (r Rating) Average() *float64 {
	if r.Count == 0 {
		return nil
	}
	return new(math.Round(float64(r.Sum)/float64(r.Count)*100) / 100)
}
