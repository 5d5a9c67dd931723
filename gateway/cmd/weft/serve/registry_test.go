package serve

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/schema/registry"
)

// logged collects what is logged.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func openRegistry(t *testing.T, log *logged) *Registry {
	t.Helper()
	r, err := OpenRegistry(t.Context(), filepath.Join(t.TempDir(), "weft.db"), 0, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func publish(t *testing.T, r *Registry, name, field string) {
	t.Helper()
	out, err := r.Publish(t.Context(), registry.Publication{
		Name: name, URL: "http://" + name + "/graphql", SDL: "type Query { " + field + ": Int }",
	}, registry.Actor{Subject: "test"})
	if err != nil || out.Status != registry.Accepted {
		t.Fatalf("%+v, %v", out, err)
	}
}

func serves(g *gateway.Gateway) string {
	s := g.Snapshot()
	if s == nil {
		return ""
	}
	return strings.Join(names(s.Supergraph), " ")
}

// TestFeed holds that a version that the gateway cannot serve leaves it with the one before.
func TestFeed(t *testing.T) {
	var log logged
	r := openRegistry(t, &log)
	publish(t, r, "one", "a")
	// The gateway is told to call the subgraph bad at what is no address.
	g, err := gateway.New(gateway.Options{Subgraph: map[string]gateway.SubgraphOptions{"bad": {URL: "ftp://nowhere"}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var told []int
	wait, err := r.Feed(ctx, g, func(v registry.VersionInfo) { told = append(told, v.Number) })
	if err != nil {
		t.Fatal(err)
	}
	if serves(g) != "one" {
		t.Errorf("Feed returns before the gateway serves: %q", serves(g))
	}
	settle := func() {
		settled, end := context.WithTimeout(t.Context(), 10*time.Second)
		defer end()
		r.settle(settled)
	}
	publish(t, r, "bad", "b")
	settle()
	if serves(g) != "one" || !strings.Contains(log.String(), "a published supergraph cannot be served") {
		t.Errorf("the gateway serves %q; log:\n%s", serves(g), log.String())
	}
	if out, err := r.Remove(t.Context(), "bad", registry.Actor{}); err != nil || out.Status != registry.Accepted {
		t.Fatal(out, err)
	}
	publish(t, r, "two", "c")
	settle()
	if serves(g) != "one two" {
		t.Errorf("the gateway serves %q", serves(g))
	}
	cancel()
	wait()
	if len(told) == 0 || told[0] != 1 || told[len(told)-1] != 4 {
		t.Errorf("told of %v", told)
	}
}

func TestFeedOfNothing(t *testing.T) {
	var log logged
	r := openRegistry(t, &log)
	g, err := gateway.New(gateway.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	wait, err := r.Feed(ctx, g, nil)
	if err != nil {
		t.Fatal(err)
	}
	if serves(g) != "" || !strings.Contains(log.String(), "nothing is published yet") {
		t.Errorf("serves %q; log:\n%s", serves(g), log.String())
	}
	cancel()
	wait()
}

// TestSettling holds that an answer waits for the gateway, but not for ever.
func TestSettling(t *testing.T) {
	var log logged
	r := openRegistry(t, &log)
	answer := r.settling(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	ask := func(ctx context.Context) (int, time.Duration) {
		started, w := time.Now(), httptest.NewRecorder()
		answer.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/", nil))
		return w.Code, time.Since(started)
	}
	publish(t, r, "one", "a")
	if code, took := ask(t.Context()); code != http.StatusAccepted || took > time.Second {
		t.Errorf("a registry without a gateway answers %d after %s", code, took)
	}
	r.feed.begin()
	const soon = 50 * time.Millisecond
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	if code, took := ask(ctx); code != http.StatusAccepted || ctx.Err() == nil {
		t.Errorf("with a gateway that is busy it answers %d after %s, while there is time left", code, took)
	}
	time.AfterFunc(soon, func() { r.feed.handled(1) })
	if code, took := ask(t.Context()); code != http.StatusAccepted || took < soon/2 || took > settleTimeout {
		t.Errorf("with a gateway that comes it answers %d after %s", code, took)
	}
}
