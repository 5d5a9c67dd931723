package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/registrytest"
)

func openAt(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStoreInFile(t *testing.T) {
	registrytest.Store(t, func(t *testing.T) registry.Store { return openAt(t, filepath.Join(t.TempDir(), "weft.db")) })
}

func TestStoreInMemory(t *testing.T) {
	registrytest.Store(t, func(t *testing.T) registry.Store { return openAt(t, Memory) })
}

func firstDraft() registry.Draft {
	return registry.Draft{New: []registry.NewRevision{{Name: "a", URL: "http://a", SDL: "type Query { a: Int }"}}, SDL: "s"}
}

func TestMemoriesAreApart(t *testing.T) {
	one, other := openAt(t, Memory), openAt(t, Memory)
	if _, err := one.Commit(context.Background(), firstDraft()); err != nil {
		t.Fatal(err)
	}
	if head, err := other.Head(context.Background()); err != nil || head != 0 {
		t.Errorf("the other has version %d (%v)", head, err)
	}
}

func TestFileIsTheOwners(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder with ? # and % in it")
	s := openAt(t, filepath.Join(dir, "weft.db"))
	if _, err := s.Commit(context.Background(), firstDraft()); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) == 0 {
		t.Fatal("no file where it was asked for")
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o", e.Name(), mode)
		}
	}
}

func TestReopenedFileKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weft.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	before, err := s.Commit(context.Background(), firstDraft())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	after, err := openAt(t, path).Version(context.Background(), 1)
	if err != nil || after.SDL != before.SDL || len(after.Members) != 1 {
		t.Errorf("after reopening: %+v, %v", after, err)
	}
}

// Several openings of one new file, as by gateways started together, each with a pool of its own.
func TestOpenedByManyAtOnce(t *testing.T) {
	for range 2 {
		path := filepath.Join(t.TempDir(), "weft.db")
		stores := make([]*Store, 6)
		errs := make([]error, len(stores))
		var wg sync.WaitGroup
		for i := range stores {
			wg.Go(func() { stores[i], errs[i] = Open(context.Background(), path) })
		}
		wg.Wait()
		for i, err := range errs {
			if err != nil {
				t.Fatalf("opening %d: %v", i, err)
			}
			defer stores[i].Close()
		}
		base := 0
		for i, s := range stores {
			d := firstDraft()
			d.Base = base
			v, err := s.Commit(context.Background(), d)
			if err != nil {
				t.Fatalf("store %d: %v", i, err)
			}
			base = v.Number
		}
	}
}

func TestNewerFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weft.db")
	s := openAt(t, path)
	if _, err := s.db.Exec(`INSERT INTO weft_registry_migrations (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	_, err := Open(context.Background(), path)
	if !errors.Is(err, errNewer) || !strings.Contains(err.Error(), path) {
		t.Errorf("opening a newer file: %v", err)
	}
}

func TestForeignFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weft.db")
	text := strings.Repeat("this is no database\n", 100)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(context.Background(), path); err == nil {
		s.Close()
		t.Error("a text file was opened as a database")
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != text {
		t.Errorf("the file was changed (%v)", err)
	}
}

// A failure in the middle of the transaction: the third of four writes is refused by the database.
func TestFailureInTheMiddleStoresNothing(t *testing.T) {
	ctx := context.Background()
	s := openAt(t, filepath.Join(t.TempDir(), "weft.db"))
	if _, err := s.Commit(ctx, firstDraft()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.Exec(`CREATE TRIGGER full BEFORE INSERT ON supergraph_members WHEN new.name = 'b'
		BEGIN SELECT raise(ABORT, 'disk full'); END`); err != nil {
		t.Fatal(err)
	}
	d := registry.Draft{
		Base: 1, SDL: "s2", Keep: []registry.RevisionRef{{Name: "a", Number: 1}},
		New: []registry.NewRevision{{Name: "b", URL: "http://b", SDL: "type Query { b: Int }"}},
	}
	if _, err := s.Commit(ctx, d); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Fatalf("commit: %v", err)
	}
	if head, err := s.Head(ctx); err != nil || head != 1 {
		t.Errorf("head is %d (%v)", head, err)
	}
	for _, table := range []string{"subgraph_revisions", "supergraph_versions", "supergraph_members"} {
		var rows int
		if err := s.db.QueryRow(fmt.Sprintf("SELECT count(*) FROM %s", table)).Scan(&rows); err != nil || rows != 1 {
			t.Errorf("%s has %d rows (%v)", table, rows, err)
		}
	}
}
