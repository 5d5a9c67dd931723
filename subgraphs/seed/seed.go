// Package seed holds the invented shop that the demo services start with: what it sells, who
// buys, where its goods lie. Each service fills its own database from it, so that they agree on
// SKUs and people without asking each other. The data is the same on every machine.
package seed

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"sync"
	"time"
)

//go:embed products.csv
var productsCSV []byte

//go:embed customers.csv
var customersCSV []byte

//go:embed warehouses.csv
var warehousesCSV []byte

// Product is something the shop sells. Price is in cents, Weight in grams.
type Product struct {
	SKU    string
	Name   string
	Price  int64
	Weight int64
}

// Customer is a person who buys. ID is the account name.
type Customer struct {
	ID   string
	Name string
}

// Warehouse is a place where goods lie. Country is an ISO 3166-1 alpha-2 code.
type Warehouse struct {
	ID      string
	Name    string
	City    string
	Country string
}

// The shop's history begins at First and ends at Last, whatever the clock says.
var (
	First = time.Date(2025, time.November, 3, 7, 30, 0, 0, time.UTC)
	Last  = time.Date(2026, time.October, 30, 18, 0, 0, 0, time.UTC)
)

// Shop is all there is in the seed, in a fixed order.
type Shop struct {
	Products   []Product
	Customers  []Customer
	Warehouses []Warehouse
}

// Load returns the shop. The slices are shared: callers read them only.
var Load = sync.OnceValues(load)

func load() (Shop, error) {
	var shop Shop
	err := records("products.csv", productsCSV, 4, func(r []string) error {
		price, err := strconv.ParseInt(r[2], 10, 64)
		if err != nil {
			return err
		}
		weight, err := strconv.ParseInt(r[3], 10, 64)
		if err != nil {
			return err
		}
		shop.Products = append(shop.Products, Product{SKU: r[0], Name: r[1], Price: price, Weight: weight})
		return nil
	})
	if err != nil {
		return Shop{}, err
	}
	err = records("customers.csv", customersCSV, 2, func(r []string) error {
		shop.Customers = append(shop.Customers, Customer{ID: r[0], Name: r[1]})
		return nil
	})
	if err != nil {
		return Shop{}, err
	}
	err = records("warehouses.csv", warehousesCSV, 4, func(r []string) error {
		shop.Warehouses = append(shop.Warehouses, Warehouse{ID: r[0], Name: r[1], City: r[2], Country: r[3]})
		return nil
	})
	return shop, err
}

// records reads a CSV file with a header line.
func records(name string, file []byte, fields int, each func([]string) error) error {
	reader := csv.NewReader(bytes.NewReader(file))
	reader.FieldsPerRecord = fields
	all, err := reader.ReadAll()
	if err != nil {
		return fmt.Errorf("read seed %s: %w", name, err)
	}
	for i, r := range all {
		if i == 0 {
			continue
		}
		if err := each(r); err != nil {
			return fmt.Errorf("read seed %s, record %d: %w", name, i, err)
		}
	}
	return nil
}
