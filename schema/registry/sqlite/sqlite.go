// Package sqlite keeps a registry in one SQLite file, which several processes of one machine may share: a
// write waits for its turn, readers never wait, and a process that dies in the middle of a publication
// leaves the file as it was before.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/weft-gateway/weft/schema/registry"
)

// Memory is the path of a registry that is not stored: it lives as long as its Store.
const Memory = ":memory:"

// busyTimeout is how long a write waits for those of other processes. A publication's transaction takes
// milliseconds.
const busyTimeout = 10 * time.Second

// Store is a registry.Store in a SQLite file. Close it when done.
type Store struct{ db *sql.DB }

var _ registry.Store = (*Store)(nil)

// Open opens the registry at path and brings its tables up to date. A file that does not exist is created,
// its folder too, readable by the owner alone.
func Open(ctx context.Context, path string) (*Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("registry database %s: %w", path, err)
	}
	return s, nil
}

func open(ctx context.Context, path string) (*Store, error) {
	dsn := url.URL{Scheme: "file", Opaque: Memory}
	if path != Memory {
		absolute, err := create(path)
		if err != nil {
			return nil, err
		}
		dsn = url.URL{Scheme: "file", Path: absolute}
	}
	dsn.RawQuery = url.Values{
		"_pragma": {
			fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
			"journal_mode(WAL)",
			"synchronous(FULL)", // a publication that was acknowledged survives a power failure
			"foreign_keys(1)",
		},
		"_txlock": {"immediate"}, // a transaction that reads and then writes must not meet a writer in between
	}.Encode()
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	if path == Memory {
		db.SetMaxOpenConns(1) // a second connection would see a database of its own
	}
	if err := migrate(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Store{db: db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// create makes sure that the file exists before SQLite would create it with the umask's mode. SQLite gives
// the files it keeps beside it the same mode.
func create(path string) (absolute string, err error) {
	if absolute, err = filepath.Abs(path); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(absolute), 0o700); err != nil {
		return "", err
	}
	f, err := os.OpenFile(absolute, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", err
	}
	return absolute, f.Close()
}

//go:embed migrations/*.sql
var migrations embed.FS

// migrate applies the migrations that are missing. Two processes that start at once on a new file may both
// try: each migration is one transaction, so one of them fails whole, and finds nothing left to do when it
// looks again.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := migrateOnce(ctx, db, files)
		if err == nil || attempt == 5 || ctx.Err() != nil || errors.Is(err, errNewer) {
			return err
		}
		select {
		case <-time.After(time.Duration(attempt) * 50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

var errNewer = errors.New("it was written by a newer weft, whose tables this one does not know; run that one, or give another file")

func migrateOnce(ctx context.Context, db *sql.DB, files fs.FS) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithTableName("weft_registry_migrations"), // the file may hold other things of the gateway
		goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return errNewer
	}
	_, err = provider.Up(ctx)
	return err
}
