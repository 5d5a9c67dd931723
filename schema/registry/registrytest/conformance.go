// Package registrytest holds the tests that every registry.Store must pass.
package registrytest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/registry"
)

// Store runs the tests over stores made by open: each an empty one, closed by the test's cleanup.
func Store(t *testing.T, open func(t *testing.T) registry.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, registry.Store)
	}{
		{"an empty store has nothing", empty},
		{"a version reads as it was committed", readsBack},
		{"revisions are numbered for each name", numbering},
		{"a removed subgraph's revisions stay, and its numbers go on", removal},
		{"a stale base is a conflict and stores nothing", conflict},
		{"a draft that cannot be stored whole is not stored at all", atomic},
		{"a cancelled commit stores nothing", cancelled},
		{"a commit cancelled on its way stores all or nothing", interrupted},
		{"of many committers on one base, one wins", race},
		{"listings are paged from the newest", paging},
		{"text is kept to the byte", text},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

var moment = time.Date(2026, 3, 14, 15, 9, 26, 535897000, time.UTC)

func draft(base int, keep []registry.RevisionRef, names ...string) registry.Draft {
	d := registry.Draft{
		Base: base, Keep: keep, SDL: fmt.Sprintf("supergraph %d", base+1), At: moment,
		Cause: registry.Cause{Kind: registry.Published, Subgraphs: names},
		By:    registry.Actor{Subject: "bob", Issuer: "http://localhost/issuer"},
	}
	for _, n := range names {
		d.New = append(d.New, registry.NewRevision{
			Name: n, URL: "http://" + n, SDL: fmt.Sprintf("schema of %s after %d", n, base), SHA256: "sum of " + n,
		})
	}
	return d
}

func commit(t *testing.T, s registry.Store, d registry.Draft) registry.Version {
	t.Helper()
	v, err := s.Commit(context.Background(), d)
	if err != nil {
		t.Fatalf("commit on %d: %v", d.Base, err)
	}
	return v
}

func wantHead(t *testing.T, s registry.Store, want int) {
	t.Helper()
	if head, err := s.Head(context.Background()); err != nil || head != want {
		t.Fatalf("head is %d, %v; want %d", head, err, want)
	}
}

func wantEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func wantNotFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("%s: %v; want ErrNotFound", what, err)
	}
}

func empty(t *testing.T, s registry.Store) {
	ctx := context.Background()
	wantHead(t, s, 0)
	_, err := s.Version(ctx, 0)
	wantNotFound(t, "version 0", err)
	_, err = s.Version(ctx, 1)
	wantNotFound(t, "version 1", err)
	_, err = s.Members(ctx, 1)
	wantNotFound(t, "members of 1", err)
	_, err = s.Revision(ctx, "a", 1)
	wantNotFound(t, "revision a 1", err)
	versions, err := s.Versions(ctx, 0, 10)
	if err != nil || len(versions) != 0 {
		t.Errorf("versions: %v, %v", versions, err)
	}
	revisions, err := s.Revisions(ctx, "a", 0, 10)
	if err != nil || len(revisions) != 0 {
		t.Errorf("revisions: %v, %v", revisions, err)
	}
}

func readsBack(t *testing.T, s registry.Store) {
	ctx := context.Background()
	d := draft(0, nil, "a", "b")
	d.Hints = []diagnostic.Diagnostic{
		{Code: "A_HINT", Severity: diagnostic.Warn, Message: "careful", Coordinate: "T.f", Locations: []diagnostic.Location{
			{Subgraph: "a", Line: 3, Column: 5}, {Subgraph: "b", File: "b.graphql"},
		}},
		{Code: "ANOTHER", Severity: diagnostic.Debug, Message: "well"},
	}
	committed := commit(t, s, d)
	wantHead(t, s, 1)

	want := registry.Version{
		VersionInfo: registry.VersionInfo{
			Number: 1, Cause: d.Cause, CreatedAt: moment, By: d.By,
			Members: []registry.RevisionRef{{Name: "a", Number: 1}, {Name: "b", Number: 1}},
		},
		SDL: d.SDL, Hints: d.Hints,
	}
	wantEqual(t, "committed", committed, want)
	read, err := s.Version(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "read", read, want)

	members, err := s.Members(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	var wantMembers []registry.Revision
	for _, n := range d.New {
		wantMembers = append(wantMembers, registry.Revision{
			RevisionInfo: registry.RevisionInfo{Name: n.Name, Number: 1, URL: n.URL, SHA256: n.SHA256, PublishedAt: moment, By: d.By},
			SDL:          n.SDL,
		})
	}
	wantEqual(t, "members", members, wantMembers)
	one, err := s.Revision(ctx, "b", 1)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "revision", one, wantMembers[1])
}

func numbering(t *testing.T, s registry.Store) {
	commit(t, s, draft(0, nil, "a", "c"))
	v := commit(t, s, draft(1, []registry.RevisionRef{{Name: "a", Number: 1}, {Name: "c", Number: 1}}, "b"))
	wantEqual(t, "members are ordered by name", v.Members, []registry.RevisionRef{{Name: "a", Number: 1}, {Name: "b", Number: 1}, {Name: "c", Number: 1}})
	v = commit(t, s, draft(2, []registry.RevisionRef{{Name: "b", Number: 1}, {Name: "c", Number: 1}}, "a"))
	wantEqual(t, "the second revision of a", v.Members, []registry.RevisionRef{{Name: "a", Number: 2}, {Name: "b", Number: 1}, {Name: "c", Number: 1}})
	members, err := s.Members(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "version 1 keeps its members", members[0].SDL, "schema of a after 0")
}

func removal(t *testing.T, s registry.Store) {
	ctx := context.Background()
	commit(t, s, draft(0, nil, "a", "b"))
	d := draft(1, []registry.RevisionRef{{Name: "a", Number: 1}})
	d.Cause = registry.Cause{Kind: registry.Removed, Subgraphs: []string{"b"}}
	v := commit(t, s, d)
	wantEqual(t, "cause", v.Cause, d.Cause)
	if _, err := s.Revision(ctx, "b", 1); err != nil {
		t.Errorf("revision b 1: %v", err)
	}
	v = commit(t, s, draft(2, []registry.RevisionRef{{Name: "a", Number: 1}}, "b"))
	wantEqual(t, "members", v.Members, []registry.RevisionRef{{Name: "a", Number: 1}, {Name: "b", Number: 2}})
}

func conflict(t *testing.T, s registry.Store) {
	ctx := context.Background()
	for _, base := range []int{1, 7} {
		if _, err := s.Commit(ctx, draft(base, nil, "a")); !errors.Is(err, registry.ErrConflict) {
			t.Errorf("base %d on an empty store: %v", base, err)
		}
	}
	commit(t, s, draft(0, nil, "a"))
	if _, err := s.Commit(ctx, draft(0, nil, "a", "b")); !errors.Is(err, registry.ErrConflict) {
		t.Errorf("a stale base: %v", err)
	}
	wantHead(t, s, 1)
	_, err := s.Revision(ctx, "a", 2)
	wantNotFound(t, "revision a 2", err)
	_, err = s.Revision(ctx, "b", 1)
	wantNotFound(t, "revision b 1", err)
}

func atomic(t *testing.T, s registry.Store) {
	ctx := context.Background()
	commit(t, s, draft(0, nil, "a"))
	if _, err := s.Commit(ctx, draft(1, []registry.RevisionRef{{Name: "ghost", Number: 1}}, "b")); err == nil {
		t.Fatal("a member that does not exist was stored")
	}
	wantHead(t, s, 1)
	_, err := s.Revision(ctx, "b", 1)
	wantNotFound(t, "revision b 1", err)
	_, err = s.Version(ctx, 2)
	wantNotFound(t, "version 2", err)
	commit(t, s, draft(1, []registry.RevisionRef{{Name: "a", Number: 1}}, "b"))
}

func cancelled(t *testing.T, s registry.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Commit(ctx, draft(0, nil, "a")); !errors.Is(err, context.Canceled) {
		t.Errorf("commit: %v", err)
	}
	wantHead(t, s, 0)
}

// interrupted cancels commits a little later each time, so that some end before they begin, some in the middle
// and some not at all. What a commit answers may be open, what it leaves may not.
func interrupted(t *testing.T, s registry.Store) {
	d := draft(0, nil, "a", "b")
	for i := range d.New {
		d.New[i].SDL = strings.Repeat("# a long schema\n", 5000)
	}
	wait := 20 * time.Microsecond
	stored, dropped := 0, 0
	for range 60 {
		before, err := s.Head(context.Background())
		if err != nil {
			t.Fatalf("after %d cancelled commits: %v", stored+dropped, err)
		}
		d.Base = before
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		_, commitErr := s.Commit(ctx, d)
		cancel()
		after, err := s.Head(context.Background())
		switch {
		case err != nil:
			t.Fatal(err)
		case after == before+1:
			stored++
			members, err := s.Members(context.Background(), after)
			if err != nil || len(members) != 2 || members[1].SDL != d.New[1].SDL {
				t.Fatalf("version %d is not whole (%v)", after, err)
			}
			wait /= 2
		case after == before && commitErr != nil:
			dropped++
			wait += wait/2 + time.Microsecond
		default:
			t.Fatalf("head went from %d to %d, commit answered %v", before, after, commitErr)
		}
	}
	t.Logf("%d stored, %d not", stored, dropped)
	head, err := s.Head(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	v := commit(t, s, draft(head, nil, "a", "b"))
	for _, m := range v.Members {
		if m.Number != v.Number {
			t.Errorf("revision %d of %s in version %d: a cancelled commit left one behind", m.Number, m.Name, v.Number)
		}
	}
}

func race(t *testing.T, s registry.Store) {
	const committers = 8
	errs := make([]error, committers)
	var wg sync.WaitGroup
	for i := range committers {
		wg.Go(func() { _, errs[i] = s.Commit(context.Background(), draft(0, nil, "a")) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, registry.ErrConflict) {
			t.Errorf("loser: %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d committers won", won)
	}
	wantHead(t, s, 1)
}

func paging(t *testing.T, s registry.Store) {
	ctx := context.Background()
	for base := range 5 {
		commit(t, s, draft(base, nil, "a"))
	}
	for _, test := range []struct {
		before, limit int
		want          []int
	}{
		{0, 2, []int{5, 4}}, {4, 2, []int{3, 2}}, {2, 2, []int{1}}, {1, 2, nil}, {0, 0, nil}, {0, 100, []int{5, 4, 3, 2, 1}}, {99, 1, []int{5}},
	} {
		versions, err := s.Versions(ctx, test.before, test.limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, v := range versions {
			got = append(got, v.Number)
			wantEqual(t, "members", v.Members, []registry.RevisionRef{{Name: "a", Number: v.Number}})
		}
		wantEqual(t, fmt.Sprintf("versions before %d", test.before), got, test.want)

		revisions, err := s.Revisions(ctx, "a", test.before, test.limit)
		if err != nil {
			t.Fatal(err)
		}
		got = nil
		for _, r := range revisions {
			got = append(got, r.Number)
		}
		wantEqual(t, fmt.Sprintf("revisions before %d", test.before), got, test.want)
	}
}

func text(t *testing.T, s registry.Store) {
	d := draft(0, nil, "a")
	d.New[0].SDL = "# Grüße, 世界 🧶\r\n\ttype Query { a: String }\n\n" + strings.Repeat("# long\n", 200_000)
	d.SDL = "'\";--\\ " + d.New[0].SDL
	commit(t, s, d)
	v, err := s.Version(context.Background(), 1)
	if err != nil || v.SDL != d.SDL {
		t.Errorf("the supergraph's text changed (%v)", err)
	}
	r, err := s.Revision(context.Background(), "a", 1)
	if err != nil || r.SDL != d.New[0].SDL {
		t.Errorf("the schema's text changed (%v)", err)
	}
}
