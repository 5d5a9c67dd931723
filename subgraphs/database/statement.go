package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/weft-gateway/weft/subgraphs/failure"
)

// runner is what a pool and a transaction have in common.
type runner interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Session runs statements, inside a transaction or outside.
type Session struct {
	runner  runner
	dialect Dialect
	observe Observer
}

// Session returns a session outside of any transaction.
func (db *DB) Session() Session {
	return Session{runner: db.pool, dialect: db.dialect, observe: db.observe}
}

// Transact runs do inside a transaction, which it commits when do returns nil and rolls back
// otherwise.
func (db *DB) Transact(ctx context.Context, do func(Session) error) error {
	tx, err := db.pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	if err := do(Session{runner: tx, dialect: db.dialect, observe: db.observe}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

// Exec runs a statement that returns no rows, and tells how many rows it changed.
func (s Session) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := checkText(args); err != nil {
		return 0, err
	}
	query = s.dialect.rebind(query)
	s.observe(query)
	result, err := s.runner.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("run statement: %w", err)
	}
	return result.RowsAffected()
}

// Scan reads one row: it calls column with a pointer for each of the row's columns.
type Scan[T any] func(column func(...any) error) (T, error)

// Select runs a query and reads all its rows. The rows are closed before
// it returns, so that a database with one connection is free for the next statement.
func Select[T any](ctx context.Context, s Session, scan Scan[T], query string, args ...any) ([]T, error) {
	if err := checkText(args); err != nil {
		return nil, err
	}
	query = s.dialect.rebind(query)
	s.observe(query)
	rows, err := s.runner.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("run query: %w", err)
	}
	defer func() { _ = rows.Close() }() // what reading them met, rows.Err tells
	var all []T
	for rows.Next() {
		one, err := scan(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	return all, nil
}

// ErrNoRow says that a query that must return a row returned none.
var ErrNoRow = errors.New("no such row")

// One runs a query and reads its first row, or returns ErrNoRow.
func One[T any](ctx context.Context, s Session, scan Scan[T], query string, args ...any) (T, error) {
	all, err := Select(ctx, s, scan, query, args...)
	if err != nil {
		var none T
		return none, err
	}
	if len(all) == 0 {
		var none T
		return none, ErrNoRow
	}
	return all[0], nil
}

// Value reads a row of one column.
func Value[T any](column func(...any) error) (T, error) {
	var v T
	err := column(&v)
	return v, err
}

// checkText refuses text that PostgreSQL cannot hold, on every database alike.
func checkText(args []any) error {
	for _, arg := range args {
		if text, ok := arg.(string); ok && (strings.ContainsRune(text, 0) || !utf8.ValidString(text)) {
			return failure.New(failure.BadUserInput, "a text holds a NUL character or is no UTF-8: %.40q", text)
		}
	}
	return nil
}
