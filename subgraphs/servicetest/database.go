// Package servicetest is what the tests of the demo services share: the databases that they run
// on, a client, and a counter of SQL statements.
package servicetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// The environment of tests that need a PostgreSQL server.
const (
	// postgresVariable holds the URL of a server on which tests may create databases.
	postgresVariable = "WEFT_TEST_POSTGRES"
	// requireVariable, set to "all", turns tests that cannot run into failures.
	requireVariable = "WEFT_TEST_REQUIRE"
)

// EachDatabase runs a test on a new database of every kind: SQLite in memory, SQLite in a file,
// PostgreSQL.
func EachDatabase(t *testing.T, test func(t *testing.T, databaseURL string)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { test(t, "") })
	t.Run("file", func(t *testing.T) { test(t, File(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// File returns the path of an SQLite database that is not there yet.
func File(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "a name with spaces, 100% and #.db")
}

// Postgres returns the URL of a new, empty database, which the test's end drops.
func Postgres(t *testing.T) string {
	t.Helper()
	server := os.Getenv(postgresVariable)
	if server == "" {
		if os.Getenv(requireVariable) == "all" {
			t.Fatalf("needs a PostgreSQL server: set %s", postgresVariable)
		}
		t.Skipf("needs a PostgreSQL server: set %s", postgresVariable)
	}
	location, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", postgresVariable, err)
	}
	pool, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatalf("%s: %v", postgresVariable, err)
	}
	name := "weft_test_" + strings.ToLower(rand.Text())
	if _, err := pool.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatalf("create a database on %s: %v", postgresVariable, err)
	}
	t.Cleanup(func() {
		if _, err := pool.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop database: %v", err)
		}
		if err := pool.Close(); err != nil {
			t.Errorf("close connections: %v", err)
		}
	})
	location.Path = "/" + name
	return location.String()
}
