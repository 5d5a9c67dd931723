-- +goose Up
CREATE TABLE warehouses (
    id      TEXT NOT NULL PRIMARY KEY,
    name    TEXT NOT NULL,
    city    TEXT NOT NULL,
    country TEXT NOT NULL
);

-- price is in cents, weight in grams.
CREATE TABLE products (
    sku    TEXT NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL,
    price  INTEGER NOT NULL CHECK (price >= 0),
    weight INTEGER NOT NULL CHECK (weight > 0)
);

-- Every product has a row for every warehouse.
CREATE TABLE stock (
    sku          TEXT NOT NULL REFERENCES products (sku),
    warehouse_id TEXT NOT NULL REFERENCES warehouses (id),
    quantity     INTEGER NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (sku, warehouse_id)
);

-- +goose Down
DROP TABLE stock;
DROP TABLE products;
DROP TABLE warehouses;
