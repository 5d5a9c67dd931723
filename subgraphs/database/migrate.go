package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// lockTries is how many seconds a replica waits for another that migrates the same database: it
// tries for the lock once a second.
const lockTries = 60

// How often a replica tries to migrate a file, and how much longer it waits after each time.
const (
	fileTries = 5
	fileWait  = 50 * time.Millisecond
)

// Migrate brings the tables of a service up to date. Migrations lie in files in the folders
// "sqlite" and "postgres"; service names the table that keeps account of them, so that services
// may share one database. Replicas of a service that start together wait for each other.
func (db *DB) Migrate(ctx context.Context, migrations fs.FS, service string) error {
	folder, err := fs.Sub(migrations, string(db.dialect))
	if err != nil {
		return fmt.Errorf("find migrations for %s: %w", db.dialect, err)
	}
	if db.dialect == Postgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, lockTries))
		if err != nil {
			return fmt.Errorf("prepare migrations: %w", err)
		}
		return db.migrate(ctx, goose.DialectPostgres, folder, service, goose.WithSessionLocker(locker))
	}
	// SQLite has no such lock. Of replicas that migrate at the same time one does it, and the others fail, since what they
	// would make is there: they look again.
	for try := 1; ; try++ {
		err := db.migrate(ctx, goose.DialectSQLite3, folder, service)
		if err == nil || try == fileTries {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(try) * fileWait):
		}
	}
}

func (db *DB) migrate(ctx context.Context, dialect goose.Dialect, folder fs.FS, service string, more ...goose.ProviderOption) error {
	options := []goose.ProviderOption{
		goose.WithTableName(service + "_migrations"),
		goose.WithDisableGlobalRegistry(true),
	}
	provider, err := goose.NewProvider(dialect, db.pool, folder, append(options, more...)...)
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	return nil
}

// Fill runs fill inside a transaction when the table is empty, so that a new database gets its
// first data and an old one keeps what it has. Replicas that start together fill it once.
func (db *DB) Fill(ctx context.Context, table string, fill func(Session) error) error {
	return db.Transact(ctx, func(s Session) error {
		if db.dialect == Postgres {
			// An SQLite transaction holds the whole database by itself.
			if _, err := s.Exec(ctx, "LOCK TABLE "+table+" IN EXCLUSIVE MODE"); err != nil {
				return err
			}
		}
		_, err := One(ctx, s, Value[int], "SELECT 1 FROM "+table+" LIMIT 1")
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrNoRow) {
			return err
		}
		return fill(s)
	})
}

// rowsPerInsert bounds the arguments of one statement: both databases allow some ten thousands.
const rowsPerInsert = 500

// InsertAll inserts rows, each with one value per column, in few statements. The names are not
// escaped: they come from code.
func (s Session) InsertAll(ctx context.Context, table string, columns []string, rows [][]any) error {
	names, row := "", "("+Placeholders(len(columns))+")"
	for i, column := range columns {
		if i > 0 {
			names += ", "
		}
		names += column
	}
	for len(rows) > 0 {
		n := min(len(rows), rowsPerInsert)
		query := "INSERT INTO " + table + " (" + names + ") VALUES " + row
		var args []any
		for i, values := range rows[:n] {
			if i > 0 {
				query += ", " + row
			}
			args = append(args, values...)
		}
		if _, err := s.Exec(ctx, query, args...); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		rows = rows[n:]
	}
	return nil
}

// ContinueNumbers lets the identity column of a table continue behind the highest number that
// rows with given numbers brought. SQLite does so by itself.
func (s Session) ContinueNumbers(ctx context.Context, table, column string) error {
	if s.dialect != Postgres {
		return nil
	}
	_, err := s.Exec(ctx, "SELECT setval(pg_get_serial_sequence('"+table+"', '"+column+"'), (SELECT MAX("+column+") FROM "+table+"))")
	return err
}
