// Package store keeps the orders service's data: customers, prices, orders and their lines.
// Its types are what the GraphQL schema shows of them.
package store

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/weft-gateway/weft/subgraphs/money"
	"github.com/weft-gateway/weft/subgraphs/paging"
	"github.com/weft-gateway/weft/subgraphs/serial"
)

// Status says how far an order has come.
type Status string

// The states of an order, in the order in which it goes through them; Cancelled ends it early.
const (
	Placed    Status = "PLACED"
	Packed    Status = "PACKED"
	Shipped   Status = "SHIPPED"
	Delivered Status = "DELIVERED"
	Cancelled Status = "CANCELLED"
)

// UnmarshalGQL reads a value of the GraphQL enum OrderStatus.
func (s *Status) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("an OrderStatus is a name, not %T", v)
	}
	switch status := Status(text); status {
	case Placed, Packed, Shipped, Delivered, Cancelled:
		*s = status
		return nil
	}
	return fmt.Errorf("%q is no OrderStatus", text)
}

// MarshalGQL writes the status as a value of the GraphQL enum OrderStatus.
func (s Status) MarshalGQL(w io.Writer) {
	_, _ = io.WriteString(w, strconv.Quote(string(s))) // w is a buffer
}

// Order is what a customer bought in one go, without its lines.
type Order struct {
	Number     int64
	CustomerID string
	PlacedAt   time.Time
	Status     Status
}

// ID returns the order's number as the schema shows it.
func (o *Order) ID() string { return serial.ID(o.Number) }

// Item is one line of an order.
type Item struct {
	Order     int64
	SKU       string
	Quantity  int32
	UnitPrice money.Money
}

// Product returns the reference to what the line is about; who owns products knows more.
func (i *Item) Product() *Product { return &Product{SKU: i.SKU} }

// Product is a reference to a product.
type Product struct{ SKU string }

// Customer is a person who buys.
type Customer struct {
	ID   string
	Name string
}

// Page is one page of a list of orders.
type Page struct {
	Nodes    []*Order
	PageInfo paging.Info
}

// Edges returns the page's orders with their cursors.
func (p *Page) Edges() []*Edge {
	edges := make([]*Edge, len(p.Nodes))
	for i, order := range p.Nodes {
		edges[i] = &Edge{Cursor: Cursor(order), Node: order}
	}
	return edges
}

// Edge is an order in a page.
type Edge struct {
	Cursor string
	Node   *Order
}

// CursorKind tells cursors of order lists from those of others.
const CursorKind = "orders"

// Cursor returns the cursor of an order in a list of orders.
func Cursor(o *Order) string { return paging.Cursor(CursorKind, o.ID()) }

// NewPage makes a page of orders that were read with one more than size.
func NewPage(orders []*Order, size int, continued bool) *Page {
	nodes, info := paging.Cut(orders, size, continued, Cursor)
	return &Page{Nodes: nodes, PageInfo: info}
}

// IsEntity marks an order as one of the types that the gateway asks for by key.
func (*Order) IsEntity() {}

// IsEntity marks a customer as one of the types that the gateway asks for by key.
func (*Customer) IsEntity() {}

// IsEntity marks a product as one of the types that have a key.
func (*Product) IsEntity() {}
