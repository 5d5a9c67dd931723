package registry_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/diff"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/sqlite"
)

// The composition of these tests: every subgraph's schema is a list of words, the supergraph has a field for
// each, and "bad" and "needs-x" are the ways not to compose. What the registry does with a composition does
// not depend on how the real one decides.
func compose(subgraphs []composition.Subgraph) composition.Result {
	var result composition.Result
	var lines, names []string
	for _, s := range subgraphs {
		names = append(names, s.Name)
	}
	for _, s := range subgraphs {
		for i, word := range strings.Fields(s.SDL) {
			at := []diagnostic.Location{{Subgraph: s.Name, Line: 1, Column: i + 1}}
			needed, needs := strings.CutPrefix(word, "needs-")
			switch {
			case word == "bad":
				result.Errors = append(result.Errors, diagnostic.Diagnostic{
					Code: "INVALID_GRAPHQL", Severity: diagnostic.Error, Message: "a bad word", Locations: at,
				})
			case needs && !slices.Contains(names, needed):
				result.Errors = append(result.Errors, diagnostic.Diagnostic{
					Code: "SATISFIABILITY_ERROR", Severity: diagnostic.Error, Message: "nobody has " + needed, Locations: at,
				})
			case word == "odd":
				result.Hints = append(result.Hints, diagnostic.Diagnostic{
					Code: "ODD", Severity: diagnostic.Warn, Message: "an odd word", Coordinate: "Query." + s.Name, Locations: at,
				})
			case !needs:
				lines = append(lines, word+": String # "+s.Name+" at "+s.URL)
			}
		}
	}
	if len(result.Errors) == 0 {
		result.SDL = "type Query {\n" + strings.Join(lines, "\n") + "\n}\n"
	}
	return result
}

func apiSchema(sdl string) (*ast.Schema, error) {
	return gqlparser.LoadSchema(&ast.Source{Input: sdl})
}

var (
	ctx   = context.Background()
	alice = registry.Actor{Subject: "alice", Issuer: "http://issuer"}
	bob   = registry.Actor{Subject: "bob", Issuer: "http://issuer"}
)

func memory(t *testing.T) *sqlite.Store { return openStore(t, sqlite.Memory) }

func openStore(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newRegistry(t *testing.T, o registry.Options) *registry.Registry {
	t.Helper()
	if o.Store == nil {
		o.Store = memory(t)
	}
	if o.Compose == nil {
		o.Compose = compose
	}
	if o.APISchema == nil {
		o.APISchema = apiSchema
	}
	r, err := registry.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func pub(name, sdl string) registry.Publication {
	return registry.Publication{Name: name, URL: "http://" + name, SDL: sdl}
}

// publish publishes and wants a status.
func publish(t *testing.T, r *registry.Registry, want registry.Status, ps ...registry.Publication) registry.Outcome {
	t.Helper()
	out, err := r.PublishAll(ctx, ps, alice)
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != want {
		t.Fatalf("publication is %s (%v), want %s", out.Status, out.Errors, want)
	}
	return out
}

// state is everything that can be read of a registry, to show that something changed nothing.
func state(t *testing.T, r *registry.Registry) string {
	t.Helper()
	var b strings.Builder
	versions, err := r.Versions(ctx, 0, registry.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range versions {
		v, err := r.Version(ctx, info.Number)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%+v\n", v)
		members, err := r.Members(ctx, info.Number)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "  %+v\n", members)
	}
	for _, name := range []string{"a", "b", "c"} {
		revisions, err := r.Revisions(ctx, name, 0, registry.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %+v\n", name, revisions)
	}
	return b.String()
}

func memberNames(v registry.VersionInfo) string {
	var names []string
	for _, m := range v.Members {
		names = append(names, fmt.Sprintf("%s:%d", m.Name, m.Number))
	}
	return strings.Join(names, " ")
}

func codes(ds []diagnostic.Diagnostic) string {
	var all []string
	for _, d := range ds {
		all = append(all, string(d.Code))
	}
	return strings.Join(all, " ")
}

func TestPublish(t *testing.T) {
	at := time.Date(2026, 5, 1, 12, 0, 0, 123456789, time.FixedZone("", 7200))
	r := newRegistry(t, registry.Options{Now: func() time.Time { return at }})
	if _, err := r.Current(ctx); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("before anything is published: %v", err)
	}
	if subgraphs, err := r.Subgraphs(ctx); err != nil || len(subgraphs) != 0 {
		t.Errorf("before anything is published: %v, %v", subgraphs, err)
	}

	out := publish(t, r, registry.Accepted, pub("b", "two odd"))
	if out.Version.Number != 1 || codes(out.Hints) != "ODD" || out.Changes != nil {
		t.Errorf("first publication: %+v", out)
	}
	out = publish(t, r, registry.Accepted, pub("a", "one"))
	if out.Version.Number != 2 || memberNames(out.Version) != "a:1 b:1" {
		t.Errorf("second publication: %+v", out)
	}
	if len(out.Changes) != 1 || out.Changes[0].Kind != diff.FieldAdded || out.Changes[0].Coordinate != "Query.one" {
		t.Errorf("changes of the second: %+v", out.Changes)
	}

	v, err := r.Current(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if want := "type Query {\none: String # a at http://a\ntwo: String # b at http://b\n}\n"; v.SDL != want {
		t.Errorf("supergraph:\n%s\nwant\n%s", v.SDL, want)
	}
	if v.By != alice || !v.CreatedAt.Equal(at.Truncate(time.Microsecond)) || codes(v.Hints) != "ODD" {
		t.Errorf("version: %+v", v)
	}
	if v.Cause.Kind != registry.Published || !slices.Equal(v.Cause.Subgraphs, []string{"a"}) {
		t.Errorf("cause: %+v", v.Cause)
	}
	subgraphs, err := r.Subgraphs(ctx)
	if err != nil || len(subgraphs) != 2 {
		t.Fatalf("subgraphs: %v, %v", subgraphs, err)
	}
	if a := subgraphs[0]; a.Name != "a" || a.URL != "http://a" || a.SDL != "one" || a.Number != 1 || a.By != alice ||
		a.SHA256 != "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed" {
		t.Errorf("subgraph a: %+v", a)
	}
}

func TestPublishAgain(t *testing.T) {
	r := newRegistry(t, registry.Options{})
	publish(t, r, registry.Accepted, pub("a", "one odd"), pub("b", "two"))
	before := state(t, r)

	out := publish(t, r, registry.Unchanged, pub("a", "one odd"))
	if out.Version.Number != 1 || codes(out.Hints) != "ODD" {
		t.Errorf("the same again: %+v", out)
	}
	publish(t, r, registry.Unchanged, pub("b", "two"), pub("a", "one odd"))
	if after := state(t, r); after != before {
		t.Errorf("publishing the same changed the registry:\n%s\n→\n%s", before, after)
	}

	elsewhere := pub("a", "one odd")
	elsewhere.URL = "https://elsewhere/graphql"
	if out := publish(t, r, registry.Accepted, elsewhere); memberNames(out.Version) != "a:2 b:1" {
		t.Errorf("another URL: %+v", out)
	}
	// Of two, one as it is: only the other gets a revision.
	if out := publish(t, r, registry.Accepted, elsewhere, pub("b", "three")); memberNames(out.Version) != "a:2 b:2" {
		t.Errorf("one of two: %+v", out)
	}
	// Back to what was: a new revision of the old content.
	if out := publish(t, r, registry.Accepted, pub("b", "two")); memberNames(out.Version) != "a:2 b:3" {
		t.Errorf("back: %+v", out)
	}
}

func TestPublishTogether(t *testing.T) {
	r := newRegistry(t, registry.Options{})
	out := publish(t, r, registry.Refused, pub("a", "one needs-b"))
	if codes(out.Errors) != "SATISFIABILITY_ERROR" || out.Version.Number != 0 {
		t.Errorf("alone: %+v", out)
	}
	out = publish(t, r, registry.Accepted, pub("b", "two needs-a"), pub("a", "one needs-b"))
	if out.Version.Number != 1 || memberNames(out.Version) != "a:1 b:1" || !slices.Equal(out.Version.Cause.Subgraphs, []string{"a", "b"}) {
		t.Errorf("together: %+v", out)
	}
}

func TestRefusedPublicationChangesNothing(t *testing.T) {
	r := newRegistry(t, registry.Options{Checks: []registry.Check{forbid("forbidden")}})
	publish(t, r, registry.Accepted, pub("a", "one"), pub("b", "two needs-a"))
	watch, cancel := context.WithCancel(ctx)
	defer cancel()
	versions := r.Watch(watch, 1)
	before := state(t, r)

	for _, test := range []struct {
		name string
		do   func() (registry.Outcome, error)
		want string
	}{
		{"does not compose", func() (registry.Outcome, error) { return r.Publish(ctx, pub("c", "three bad"), bob) }, "INVALID_GRAPHQL"},
		{"breaks another", func() (registry.Outcome, error) { return r.Remove(ctx, "a", bob) }, "SATISFIABILITY_ERROR"},
		{"a check refuses", func() (registry.Outcome, error) { return r.Publish(ctx, pub("c", "forbidden"), bob) }, "FORBIDDEN"},
		{"one of two is bad", func() (registry.Outcome, error) {
			return r.PublishAll(ctx, []registry.Publication{pub("b", "new"), pub("c", "bad")}, bob)
		}, "INVALID_GRAPHQL"},
		{"unknown", func() (registry.Outcome, error) { return r.Remove(ctx, "z", bob) }, "UNKNOWN_SUBGRAPH"},
		{"no name", func() (registry.Outcome, error) { return r.Publish(ctx, registry.Publication{}, bob) }, "INVALID_SUBGRAPH_NAME"},
		{"nothing", func() (registry.Outcome, error) { return r.PublishAll(ctx, nil, bob) }, "NOTHING_TO_PUBLISH"},
		{"dry run", func() (registry.Outcome, error) { return r.Check(ctx, pub("c", "bad bad")) }, "INVALID_GRAPHQL INVALID_GRAPHQL"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, err := test.do()
			if err != nil {
				t.Fatal(err)
			}
			if out.Status != registry.Refused || codes(out.Errors) != test.want || out.Version.Number != 1 {
				t.Errorf("outcome: %+v", out)
			}
			if after := state(t, r); after != before {
				t.Errorf("it changed the registry:\n%s\n→\n%s", before, after)
			}
		})
	}
	select {
	case v := <-versions:
		t.Errorf("a watcher was told of version %d", v.Number)
	case <-time.After(20 * time.Millisecond):
	}
}

func TestDryRun(t *testing.T) {
	r := newRegistry(t, registry.Options{})
	publish(t, r, registry.Accepted, pub("a", "one two"))
	before := state(t, r)
	out, err := r.Check(ctx, pub("a", "one odd"))
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != registry.Accepted || out.Version.Number != 1 || codes(out.Hints) != "ODD" ||
		len(out.Changes) != 1 || out.Changes[0].Level != diff.Breaking {
		t.Errorf("dry run: %+v", out)
	}
	if after := state(t, r); after != before {
		t.Error("a dry run changed the registry")
	}
	if out, err := r.Check(ctx, pub("a", "one two")); err != nil || out.Status != registry.Unchanged {
		t.Errorf("dry run of the same: %+v, %v", out, err)
	}
}

func TestRemove(t *testing.T) {
	r := newRegistry(t, registry.Options{})
	if out, err := r.Remove(ctx, "a", bob); err != nil || codes(out.Errors) != "UNKNOWN_SUBGRAPH" {
		t.Errorf("from an empty registry: %+v, %v", out, err)
	}
	publish(t, r, registry.Accepted, pub("a", "one"), pub("b", "two"))
	out, err := r.Remove(ctx, "b", bob)
	if err != nil || out.Status != registry.Accepted || memberNames(out.Version) != "a:1" || out.Version.By != bob ||
		out.Version.Cause.Kind != registry.Removed {
		t.Fatalf("removal: %+v, %v", out, err)
	}
	if len(out.Changes) != 1 || out.Changes[0].Kind != diff.FieldRemoved {
		t.Errorf("changes: %+v", out.Changes)
	}
	if out, err = r.Remove(ctx, "a", bob); err != nil || codes(out.Errors) != "LAST_SUBGRAPH" {
		t.Errorf("the last: %+v, %v", out, err)
	}
	// The revisions of what is removed can be read, and its numbers go on.
	if revision, err := r.Revision(ctx, "b", 1); err != nil || revision.SDL != "two" {
		t.Errorf("revision of the removed: %+v, %v", revision, err)
	}
	if out := publish(t, r, registry.Accepted, pub("b", "two")); memberNames(out.Version) != "a:1 b:2" {
		t.Errorf("published again: %+v", out)
	}
}

func TestRollback(t *testing.T) {
	r := newRegistry(t, registry.Options{})
	publish(t, r, registry.Accepted, pub("a", "one"))
	publish(t, r, registry.Accepted, pub("a", "two"), pub("b", "three"))
	out, err := r.Rollback(ctx, 1, bob)
	if err != nil || out.Status != registry.Accepted || out.Version.Number != 3 || memberNames(out.Version) != "a:1" {
		t.Fatalf("rollback: %+v, %v", out, err)
	}
	if len(out.Changes) != 3 || out.Version.Cause.Kind != registry.RolledBack || out.Version.Cause.Version != 1 {
		t.Errorf("rollback: %+v", out)
	}
	first, _ := r.Version(ctx, 1)
	third, err := r.Current(ctx)
	if err != nil || third.SDL != first.SDL {
		t.Errorf("after the rollback: %q, %v", third.SDL, err)
	}
	if out, err := r.Rollback(ctx, 1, bob); err != nil || out.Status != registry.Unchanged {
		t.Errorf("again: %+v, %v", out, err)
	}
	if _, err := r.Rollback(ctx, 9, bob); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("to what is not there: %v", err)
	}
	// What is published now builds on the members returned to.
	if out := publish(t, r, registry.Accepted, pub("c", "four")); memberNames(out.Version) != "a:1 c:1" {
		t.Errorf("afterwards: %+v", out)
	}
}

func TestRestartKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weft.db")
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	r := newRegistry(t, registry.Options{Store: store})
	publish(t, r, registry.Accepted, pub("a", "one odd"))
	publish(t, r, registry.Accepted, pub("b", "two"))
	before := state(t, r)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	r = newRegistry(t, registry.Options{Store: openStore(t, path)})
	if after := state(t, r); after != before {
		t.Errorf("after the restart:\n%s\nbefore:\n%s", after, before)
	}
	publish(t, r, registry.Unchanged, pub("b", "two"))
	publish(t, r, registry.Accepted, pub("b", "three"))
}

// Publishers in two processes (two registries over one file): nobody's publication is lost, each is composed
// with all that came before it.
func TestConcurrentPublishers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weft.db")
	var rounds atomic.Int64
	counting := func(s []composition.Subgraph) composition.Result {
		rounds.Add(1)
		return compose(s)
	}
	const each = 8
	var wg sync.WaitGroup
	for process := range 2 {
		r := newRegistry(t, registry.Options{Store: openStore(t, path), Compose: counting})
		for i := range each {
			wg.Go(func() {
				name := fmt.Sprintf("p%d-%d", process, i)
				out, err := r.Publish(ctx, pub(name, fmt.Sprintf("w%d_%d", process, i)), alice)
				if err != nil || out.Status != registry.Accepted {
					t.Errorf("%s: %+v, %v", name, out, err)
				}
			})
		}
	}
	wg.Wait()
	r := newRegistry(t, registry.Options{Store: openStore(t, path)})
	current, err := r.Current(ctx)
	if err != nil || current.Number != 2*each || len(current.Members) != 2*each || strings.Count(current.SDL, ": String") != 2*each {
		t.Errorf("after %d publications: %+v, %v", 2*each, current, err)
	}
	for number := 1; number <= current.Number; number++ {
		if members, err := r.Members(ctx, number); err != nil || len(members) != number {
			t.Errorf("version %d has %d members (%v)", number, len(members), err)
		}
	}
	t.Logf("%d compositions for %d publications", rounds.Load(), 2*each)
}
