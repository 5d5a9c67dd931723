package registry_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/weft-gateway/weft/schema/diff"
	"github.com/weft-gateway/weft/schema/registry"
)

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
	if out, err := r.Check(ctx, registry.Publication{Name: "a", SDL: "one two three"}); err != nil || out.Status != registry.Accepted {
		t.Errorf("dry run without a URL: %+v, %v", out, err)
	}
	if out, err := r.Check(ctx, registry.Publication{Name: "new", SDL: "three"}); err != nil || codes(out.Errors) != "INVALID_ROUTING_URL" {
		t.Errorf("dry run of a new subgraph without a URL: %+v, %v", out, err)
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
	if out, err := r.Rollback(ctx, 9, bob); err != nil || codes(out.Errors) != "UNKNOWN_VERSION" || out.Version.Number != 3 {
		t.Errorf("to what is not there: %+v, %v", out, err)
	}
	// What is published now builds on the members returned to.
	if out := publish(t, r, registry.Accepted, pub("c", "four")); memberNames(out.Version) != "a:1 c:1" {
		t.Errorf("afterwards: %+v", out)
	}
}
