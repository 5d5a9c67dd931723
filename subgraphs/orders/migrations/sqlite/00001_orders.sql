-- +goose Up
CREATE TABLE customers (
    id   TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);

-- What a piece costs, in cents. An order keeps the price that it was placed at.
CREATE TABLE prices (
    sku    TEXT    NOT NULL PRIMARY KEY,
    amount INTEGER NOT NULL CHECK (amount >= 0)
);

-- placed_at counts seconds since 1970.
CREATE TABLE orders (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    customer_id TEXT    NOT NULL REFERENCES customers (id),
    placed_at   INTEGER NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('PLACED', 'PACKED', 'SHIPPED', 'DELIVERED', 'CANCELLED'))
);
CREATE INDEX orders_by_customer ON orders (customer_id, id);
CREATE INDEX orders_by_status ON orders (status, id);

CREATE TABLE order_items (
    order_id   INTEGER NOT NULL REFERENCES orders (id),
    line       INTEGER NOT NULL,
    sku        TEXT    NOT NULL,
    quantity   INTEGER NOT NULL CHECK (quantity > 0),
    unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (order_id, line)
);

-- +goose Down
DROP TABLE order_items;
DROP TABLE orders;
DROP TABLE prices;
DROP TABLE customers;
