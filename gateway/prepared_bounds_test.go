package gateway

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/schema/composition"
)

func bounded(t *testing.T, o Options, sdl string) *Snapshot {
	t.Helper()
	composed := composition.Compose([]composition.Subgraph{{Name: "a", URL: "http://a.invalid", SDL: sdl}})
	if len(composed.Errors) > 0 {
		t.Fatal(composed.Errors)
	}
	g, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	if err := g.Swap(composed.Supergraph); err != nil {
		t.Fatal(err)
	}
	return g.Snapshot()
}

// TestPreparedOperationsAreCounted holds that what is kept is bounded by what it takes, not by how long the documents are: a
// short document can stand for much.
func TestPreparedOperationsAreCounted(t *testing.T) {
	const bytes = 512 << 10
	s := bounded(t, Options{CacheBytes: bytes, CacheOperations: 10}, "type Query { t: T } type T { id: ID t: T }")
	get := func(text string) {
		t.Helper()
		if p, err := s.operations.Get(t.Context(), operation.CacheKey{Text: text}); err != nil || p.refusal != nil {
			t.Fatal(err)
		}
	}
	get("{t{id}}")
	small := s.operations.Stats()
	if small.Entries != 1 || small.Bytes < 500 || small.Bytes > 5_000 {
		t.Errorf("a small operation: %+v", small)
	}
	const large = "{t{...A ...B}} fragment A on T {a:t{...B} b:t{...B} c:t{...B}} fragment B on T {d:t{...C} e:t{...C} f:t{...C}} " +
		"fragment C on T {g:t{...D} h:t{...D} i:t{...D}} fragment D on T {j:t{id} k:t{id} l:t{id} m:t{id} n:t{id} o:t{id}}"
	get(large)
	if with := s.operations.Stats(); with.Bytes < small.Bytes+50*len(large) || with.Entries != 2 {
		t.Errorf("a short document that stands for much: %+v", with)
	}
	get("{t{...E}} fragment E on T {p:t{...A} q:t{...A} r:t{...A} s:t{...A} u:t{...A} v:t{...A}} " + large[strings.Index(large, "fragment A"):])
	if after := s.operations.Stats(); after.Bytes > bytes || after.Entries != 2 {
		t.Errorf("more than may be kept: %+v", after)
	}
}

// TestPlanningTakesTurns holds that no more plannings run at a time than the snapshot has places for, whoever asks, and that
// a request that cannot wait for its turn gives up without harm to others.
func TestPlanningTakesTurns(t *testing.T) {
	s := bounded(t, Options{}, `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@authenticated"])
		type Query { open: Int closed: Int @authenticated }`)
	p, err := s.operations.Get(t.Context(), operation.CacheKey{Text: "{open closed}"})
	if err != nil || p.refusal != nil {
		t.Fatal(err)
	}
	for range cap(s.planning) {
		s.planning <- struct{}{}
	}
	c := newCall()
	defer c.end()
	c.begin(s, &server.Request{})
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	if _, err := p.programFor(ctx, c); !errors.Is(err, gone) {
		t.Errorf("planning without a place for it: %v", err)
	}
	for range cap(s.planning) {
		<-s.planning
	}
	if program, err := p.programFor(t.Context(), c); err != nil || program == nil {
		t.Errorf("planning once there is a place: %v", err)
	}
	if len(s.planning) != 0 {
		t.Errorf("%d places are taken by nobody", len(s.planning))
	}
}
