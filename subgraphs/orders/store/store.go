package store

import (
	"context"
	"fmt"
	"time"

	"github.com/weft-gateway/weft/subgraphs/database"
	"github.com/weft-gateway/weft/subgraphs/money"
	"github.com/weft-gateway/weft/subgraphs/orders/migrations"
)

// Store reads and writes the service's database. It is safe for concurrent use.
type Store struct {
	db  *database.DB
	now func() time.Time
}

// Open brings the database up to date, fills it when it is new, and returns its Store. now tells
// the time at which orders are placed.
func Open(ctx context.Context, db *database.DB, now func() time.Time) (*Store, error) {
	if err := db.Migrate(ctx, migrations.Files, "orders"); err != nil {
		return nil, err
	}
	if err := db.Fill(ctx, "customers", func(s database.Session) error { return fill(ctx, s) }); err != nil {
		return nil, fmt.Errorf("fill database: %w", err)
	}
	return &Store{db: db, now: now}, nil
}

const orderColumns = "id, customer_id, placed_at, status"

func scanOrder(column func(...any) error) (*Order, error) {
	var o Order
	var placedAt int64
	if err := column(&o.Number, &o.CustomerID, &placedAt, &o.Status); err != nil {
		return nil, err
	}
	o.PlacedAt = time.Unix(placedAt, 0).UTC()
	return &o, nil
}

// Orders returns the orders of the given numbers; those that there are none of are left out.
func (st *Store) Orders(ctx context.Context, numbers []int64) (map[int64]*Order, error) {
	return ordersIn(ctx, st.db.Session(), numbers)
}

func ordersIn(ctx context.Context, s database.Session, numbers []int64) (map[int64]*Order, error) {
	return database.Find(ctx, s, scanOrder, func(o *Order) int64 { return o.Number },
		"SELECT "+orderColumns+" FROM orders WHERE id IN (KEYS)", numbers)
}

// List returns one page of all orders, or of those in one status, the newest first. before is
// the number of the order that the page follows, 0 for the first page.
func (st *Store) List(ctx context.Context, size int, before int64, status *Status) (*Page, error) {
	query, args := "SELECT "+orderColumns+" FROM orders WHERE 1 = 1", []any{}
	if before > 0 {
		query, args = query+" AND id < ?", append(args, before)
	}
	if status != nil {
		query, args = query+" AND status = ?", append(args, string(*status))
	}
	all, err := database.Select(ctx, st.db.Session(), scanOrder,
		query+" ORDER BY id DESC LIMIT ?", append(args, size+1)...)
	if err != nil {
		return nil, err
	}
	return NewPage(all, size, before > 0), nil
}

// PageOf names one page of one customer's orders.
type PageOf struct {
	Customer string
	Size     int
	Before   int64
}

// Pages returns pages of customers' orders, the newest first. It runs one statement for all
// pages of the same size and beginning, so one for a list of customers.
func (st *Store) Pages(ctx context.Context, wanted []PageOf) (map[PageOf]*Page, error) {
	type shape struct {
		size   int
		before int64
	}
	var shapes []shape
	customers := map[shape][]string{}
	for _, page := range wanted {
		sh := shape{page.Size, page.Before}
		if customers[sh] == nil {
			shapes = append(shapes, sh)
		}
		customers[sh] = append(customers[sh], page.Customer)
	}
	pages := make(map[PageOf]*Page, len(wanted))
	for _, sh := range shapes {
		ids := customers[sh]
		bound, args := "", database.Arguments(ids)
		if sh.before > 0 {
			bound, args = " AND id < ?", append(args, sh.before)
		}
		all, err := database.Select(ctx, st.db.Session(), scanOrder, "SELECT "+orderColumns+" FROM ("+
			"SELECT "+orderColumns+", ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY id DESC) AS nth"+
			" FROM orders WHERE customer_id IN ("+database.Placeholders(len(ids))+")"+bound+
			") AS numbered WHERE nth <= ? ORDER BY id DESC", append(args, sh.size+1)...)
		if err != nil {
			return nil, err
		}
		perCustomer := map[string][]*Order{}
		for _, o := range all {
			perCustomer[o.CustomerID] = append(perCustomer[o.CustomerID], o)
		}
		for _, id := range ids {
			pages[PageOf{id, sh.size, sh.before}] = NewPage(perCustomer[id], sh.size, sh.before > 0)
		}
	}
	return pages, nil
}

func scanItem(column func(...any) error) (*Item, error) {
	var i Item
	var unitPrice int64
	if err := column(&i.Order, &i.SKU, &i.Quantity, &unitPrice); err != nil {
		return nil, err
	}
	i.UnitPrice = money.Euros(unitPrice)
	return &i, nil
}

// Items returns the lines of orders, in the order of the lines.
func (st *Store) Items(ctx context.Context, numbers []int64) (map[int64][]*Item, error) {
	return database.FindAll(ctx, st.db.Session(), scanItem, func(i *Item) int64 { return i.Order },
		"SELECT order_id, sku, quantity, unit_price FROM order_items WHERE order_id IN (KEYS) ORDER BY order_id, line", numbers)
}

func scanCustomer(column func(...any) error) (*Customer, error) {
	var c Customer
	return &c, column(&c.ID, &c.Name)
}

// Customers returns the customers of the given ids; those that there are none of are left out.
func (st *Store) Customers(ctx context.Context, ids []string) (map[string]*Customer, error) {
	return database.Find(ctx, st.db.Session(), scanCustomer, func(c *Customer) string { return c.ID },
		"SELECT id, name FROM customers WHERE id IN (KEYS)", ids)
}
