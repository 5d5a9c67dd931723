// Package database opens the database of a demo service, SQLite or PostgreSQL, and lets the
// service speak to both with the same statements. What differs between the two is in this
// package: placeholders, connection settings, migrations' dialects, identity columns.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// connectTimeout bounds the first contact with the database.
const connectTimeout = 10 * time.Second

// maxConnections bounds what one service takes of a database server.
const maxConnections = 16

// Observer is told each statement that is run, before it runs.
type Observer func(statement string)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	pool    *sql.DB
	dialect Dialect
	observe Observer
}

// Open connects to the database that location names:
//
//   - "postgres://…" or "postgresql://…" is a PostgreSQL server,
//   - "" is an SQLite database in memory, gone with Close,
//   - anything else is the file of an SQLite database, as a path or as a "file:" URI.
//
// observe may be nil.
func Open(ctx context.Context, location string, observe Observer) (*DB, error) {
	driver, source, dialect, err := resolve(location)
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open(driver, source)
	if err != nil {
		return nil, fmt.Errorf("open %s database: %w", dialect, err)
	}
	pool.SetMaxOpenConns(maxConnections)
	pool.SetMaxIdleConns(maxConnections)
	if location == "" {
		// Each connection to ":memory:" is a database of its own, so there must be one alone,
		// and it must stay.
		pool.SetMaxOpenConns(1)
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", describe(location, dialect), err), pool.Close())
	}
	if observe == nil {
		observe = func(string) {}
	}
	return &DB{pool: pool, dialect: dialect, observe: observe}, nil
}

func resolve(location string) (driver, source string, dialect Dialect, err error) {
	switch {
	case strings.HasPrefix(location, "postgres://"), strings.HasPrefix(location, "postgresql://"):
		return "pgx", location, Postgres, nil
	case location == "":
		return "sqlite", ":memory:?" + sqliteSettings(false), SQLite, nil
	case strings.HasPrefix(location, "file:"):
		separator := "?"
		if strings.Contains(location, "?") {
			separator = "&"
		}
		return "sqlite", location + separator + sqliteSettings(true), SQLite, nil
	case strings.Contains(location, "://"):
		scheme, _, _ := strings.Cut(location, "://")
		return "", "", "", fmt.Errorf(
			"database URL has scheme %q: want postgres://…, or the path of an SQLite file", scheme)
	}
	path, err := filepath.Abs(location)
	if err != nil {
		return "", "", "", fmt.Errorf("open SQLite database: %w", err)
	}
	uri := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: sqliteSettings(true)}
	return "sqlite", uri.String(), SQLite, nil
}

// sqliteSettings returns the driver's parameters. Writers take the lock when their transaction
// begins and wait for each other: a lock taken later could fail without a chance to wait.
func sqliteSettings(file bool) string {
	settings := url.Values{"_txlock": {"immediate"}}
	settings.Add("_pragma", "busy_timeout(5000)")
	settings.Add("_pragma", "foreign_keys(1)")
	if file {
		settings.Add("_pragma", "journal_mode(WAL)")
		settings.Add("_pragma", "synchronous(NORMAL)")
	}
	return settings.Encode()
}

// describe names a database in an error without what a URL may hold of secrets.
func describe(location string, dialect Dialect) string {
	if dialect == SQLite {
		return fmt.Sprintf("SQLite database %q", location)
	}
	if u, err := url.Parse(location); err == nil {
		return fmt.Sprintf("PostgreSQL database %q", u.Redacted())
	}
	return "PostgreSQL database"
}

// Close closes the connections.
func (db *DB) Close() error { return db.pool.Close() }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.pool.PingContext(ctx) }
