-- +goose Up
-- Keys compare byte by byte, whatever the database's language, so that pages have one order
-- everywhere.
CREATE TABLE warehouses (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name    TEXT NOT NULL,
    city    TEXT NOT NULL,
    country TEXT NOT NULL
);

-- price is in cents, weight in grams.
CREATE TABLE products (
    sku    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL,
    price  BIGINT NOT NULL CHECK (price >= 0),
    weight BIGINT NOT NULL CHECK (weight > 0)
);

-- Every product has a row for every warehouse.
CREATE TABLE stock (
    sku          TEXT COLLATE "C" NOT NULL REFERENCES products (sku),
    warehouse_id TEXT COLLATE "C" NOT NULL REFERENCES warehouses (id),
    quantity     BIGINT NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (sku, warehouse_id)
);

-- +goose Down
DROP TABLE stock;
DROP TABLE products;
DROP TABLE warehouses;
