package database

import (
	"context"
	"errors"
	"testing"
)

// A client that goes away in the middle of a request must not take the database in memory along:
// it lives in one connection.
func TestMemoryOutlivesACancelledRequest(t *testing.T) {
	db := open(t, "")
	if err := prepare(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Transact(ctx, func(s Session) error {
			if _, err := s.Exec(ctx, "DELETE FROM things"); err != nil {
				return err
			}
			cancel()
			_, err := Select(ctx, s, Value[int], "SELECT id FROM things")
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("error = %v, want the context's", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		go cancel()
		// Long enough to be interrupted while it runs, or over before that: both are fine.
		_, _ = Select(ctx, db.Session(), Value[int], "SELECT COUNT(*) FROM things a, things b, things c WHERE a.id + b.id > c.id AND a.id < 20")
		cancel()
	}
	if n, err := One(t.Context(), db.Session(), Value[int], "SELECT COUNT(*) FROM things"); n != 1000 || err != nil {
		t.Errorf("%d things, %v: want 1000", n, err)
	}
}
