package serve

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestStamps(t *testing.T) {
	folder := t.TempDir()
	a, b := filepath.Join(folder, "a"), filepath.Join(folder, "b")
	touch := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	touch(a, "1")
	before := stamps([]string{a, b})
	if !equal(before, stamps([]string{a, b})) {
		t.Error("nothing changed, and it does not look so")
	}
	touch(b, "")
	if equal(before, stamps([]string{a, b})) {
		t.Error("a file that came is not seen")
	}
	before = stamps([]string{a, b})
	touch(a, "12")
	if equal(before, stamps([]string{a, b})) {
		t.Error("a file that grew is not seen")
	}
	before = stamps([]string{a})
	if err := os.Chtimes(a, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if equal(before, stamps([]string{a})) {
		t.Error("a file of the same size that was written again is not seen")
	}
	// What was known of a from before counts, b is looked at now.
	if got := restamp([]string{a}, before, []string{b, a}); !equal(got, []stamp{stamps([]string{b})[0], before[0]}) {
		t.Errorf("%+v", got)
	}
}

func TestLoadErrors(t *testing.T) {
	folder := t.TempDir()
	list := filepath.Join(folder, "supergraph.yaml")
	if err := os.WriteFile(list, []byte("subgraphs: {a: {routing_url: 'http://a', schema: {sdl: 'type Query {'}}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.DiscardHandler)
	_, depends, err := files{list: list, logger: logger}.load(t.Context())
	var refused *CompositionError
	if !errors.As(err, &refused) || len(refused.Errors) == 0 || len(depends) != 1 {
		t.Errorf("%v, %v", depends, err)
	}
	missing := filepath.Join(folder, "missing.graphql")
	if _, depends, err = (files{composed: missing, logger: logger}).load(t.Context()); err == nil || len(depends) != 1 || depends[0] != missing {
		t.Errorf("%v, %v", depends, err)
	}
}
