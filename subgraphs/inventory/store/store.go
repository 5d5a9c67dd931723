package store

import (
	"context"
	"fmt"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/inventory/migrations"
	"github.com/weft-gateway/weft/subgraphs/money"
	"github.com/weft-gateway/weft/subgraphs/paging"
)

// Store reads and writes the service's database. It is safe for concurrent use.
type Store struct{ db *database.DB }

// Open brings the database up to date, fills it when it is new, and returns its Store.
func Open(ctx context.Context, db *database.DB) (*Store, error) {
	if err := db.Migrate(ctx, migrations.Files, "inventory"); err != nil {
		return nil, err
	}
	if err := db.Fill(ctx, "warehouses", func(s database.Session) error { return fill(ctx, s) }); err != nil {
		return nil, fmt.Errorf("fill database: %w", err)
	}
	return &Store{db: db}, nil
}

const productColumns = "sku, name, price, weight"

func scanProduct(column func(...any) error) (*Product, error) {
	var p Product
	var price int64
	if err := column(&p.SKU, &p.Name, &price, &p.Weight); err != nil {
		return nil, err
	}
	p.Price = money.Euros(price)
	return &p, nil
}

// Products returns the products of the given SKUs; those that there are none of are left out.
func (st *Store) Products(ctx context.Context, skus []string) (map[string]*Product, error) {
	return database.Find(ctx, st.db.Session(), scanProduct, func(p *Product) string { return p.SKU },
		"SELECT "+productColumns+" FROM products WHERE sku IN (KEYS)", skus)
}

// List returns one page of the products whose name contains search, in the order of their SKUs.
// after is the SKU of the product that the page follows, "" for the first page.
func (st *Store) List(ctx context.Context, search string, size int, after string) (*Page, error) {
	query, args := "SELECT "+productColumns+" FROM products WHERE sku > ?", []any{after}
	if search != "" {
		query, args = query+` AND LOWER(name) LIKE LOWER(?) ESCAPE '\'`, append(args, "%"+database.EscapeLike(search)+"%")
	}
	all, err := database.Select(ctx, st.db.Session(), scanProduct,
		query+" ORDER BY sku LIMIT ?", append(args, size+1)...)
	if err != nil {
		return nil, err
	}
	nodes, info := paging.Cut(all, size, after != "", Cursor)
	return &Page{Nodes: nodes, PageInfo: info}, nil
}

func scanLevel(column func(...any) error) (*Level, error) {
	var l Level
	return &l, column(&l.SKU, &l.WarehouseID, &l.Quantity)
}

// Stock returns how many pieces of each product lie where, in the order of the warehouses' ids.
func (st *Store) Stock(ctx context.Context, skus []string) (map[string][]*Level, error) {
	return database.FindAll(ctx, st.db.Session(), scanLevel, func(l *Level) string { return l.SKU },
		"SELECT sku, warehouse_id, quantity FROM stock WHERE sku IN (KEYS) ORDER BY sku, warehouse_id", skus)
}

const warehouseColumns = "id, name, city, country"

func scanWarehouse(column func(...any) error) (*Warehouse, error) {
	var w Warehouse
	return &w, column(&w.ID, &w.Name, &w.City, &w.Country)
}

// Warehouses returns all warehouses, in the order of their ids.
func (st *Store) Warehouses(ctx context.Context) ([]*Warehouse, error) {
	return database.Select(ctx, st.db.Session(), scanWarehouse,
		"SELECT "+warehouseColumns+" FROM warehouses ORDER BY id")
}

// WarehousesByID returns the warehouses of the given ids.
func (st *Store) WarehousesByID(ctx context.Context, ids []string) (map[string]*Warehouse, error) {
	return database.Find(ctx, st.db.Session(), scanWarehouse, func(w *Warehouse) string { return w.ID },
		"SELECT "+warehouseColumns+" FROM warehouses WHERE id IN (KEYS)", ids)
}
