-- +goose Up
-- The products that can be reviewed.
CREATE TABLE reviewables (
    sku TEXT NOT NULL PRIMARY KEY
);

-- created_at counts seconds since 1970.
CREATE TABLE reviews (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    sku        TEXT NOT NULL REFERENCES reviewables (sku),
    author_id  TEXT NOT NULL,
    rating     INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX reviews_by_sku ON reviews (sku, id);
CREATE INDEX reviews_by_author ON reviews (author_id, id);

-- +goose Down
DROP TABLE reviews;
DROP TABLE reviewables;
