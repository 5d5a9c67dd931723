// Package store keeps the inventory service's data: products, warehouses, and how many pieces
// lie where. Its types are what the GraphQL schema shows of them.
package store

import (
	"github.com/weft-gateway/weft/subgraphs/money"
	"github.com/weft-gateway/weft/subgraphs/paging"
)

// Product is something the shop sells. Weight is in grams.
type Product struct {
	SKU    string
	Name   string
	Price  money.Money
	Weight int32
}

// IsEntity marks a product as one of the types that the gateway asks for by key.
func (*Product) IsEntity() {}

// Level is how many pieces of a product lie in one warehouse.
type Level struct {
	SKU         string
	WarehouseID string
	Quantity    int32
}

// Warehouse is a place where products are kept. Country is an ISO 3166-1 alpha-2 code.
type Warehouse struct {
	ID      string
	Name    string
	City    string
	Country string
}

// Page is one page of a list of products.
type Page struct {
	Nodes    []*Product
	PageInfo paging.Info
}

// Edges returns the page's products with their cursors.
func (p *Page) Edges() []*Edge {
	edges := make([]*Edge, len(p.Nodes))
	for i, product := range p.Nodes {
		edges[i] = &Edge{Cursor: Cursor(product), Node: product}
	}
	return edges
}

// Edge is a product in a page.
type Edge struct {
	Cursor string
	Node   *Product
}

// CursorKind tells cursors of product lists from those of others.
const CursorKind = "products"

// Cursor returns the cursor of a product in a list of products.
func Cursor(p *Product) string { return paging.Cursor(CursorKind, p.SKU) }
