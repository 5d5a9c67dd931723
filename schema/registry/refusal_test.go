package registry_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/registry"
)

// forbid is a Check that refuses a word, and warns of "doubtful".
type forbid string

func (f forbid) Name() string { return "forbidden words" }

func (f forbid) Run(_ context.Context, c registry.Candidate) ([]diagnostic.Diagnostic, error) {
	var found []diagnostic.Diagnostic
	for _, change := range c.Changes {
		if change.Coordinate == "Query."+string(f) {
			found = append(found, diagnostic.Diagnostic{Code: "FORBIDDEN", Severity: diagnostic.Error, Message: "forbidden"})
		}
	}
	for _, s := range c.Subgraphs {
		if strings.Contains(s.SDL, "doubtful") {
			found = append(found, diagnostic.Diagnostic{Code: "DOUBTFUL", Severity: diagnostic.Info, Message: "doubtful"})
		}
		if strings.Contains(s.SDL, "unknowable") {
			return nil, errors.New("the record of operations is away")
		}
	}
	return found, nil
}

func TestChecks(t *testing.T) {
	r := newRegistry(t, registry.Options{Checks: []registry.Check{forbid("x"), forbid("y")}})
	publish(t, r, registry.Accepted, pub("a", "one"))
	out := publish(t, r, registry.Refused, pub("a", "x y doubtful odd"))
	if codes(out.Errors) != "FORBIDDEN FORBIDDEN" || codes(out.Hints) != "ODD DOUBTFUL DOUBTFUL" || len(out.Changes) != 4 {
		t.Errorf("refused by both: %+v", out)
	}
	out = publish(t, r, registry.Accepted, pub("a", "doubtful"))
	v, err := r.Current(ctx)
	if err != nil || codes(v.Hints) != "DOUBTFUL DOUBTFUL" || codes(out.Hints) != codes(v.Hints) {
		t.Errorf("warned of: %+v, %v", v.Hints, err)
	}
	_, err = r.Publish(ctx, pub("a", "unknowable"), alice)
	if err == nil || !strings.Contains(err.Error(), `"forbidden words"`) || !strings.Contains(err.Error(), "away") {
		t.Errorf("a check that cannot be made: %v", err)
	}
	if v, err := r.Current(ctx); err != nil || v.Number != 2 {
		t.Errorf("afterwards: %+v, %v", v, err)
	}
}

func TestRefusals(t *testing.T) {
	r := newRegistry(t, registry.Options{Limits: registry.Limits{MaxSDLBytes: 40, MaxSubgraphs: 2}})
	publish(t, r, registry.Accepted, pub("a", "one"))
	with := func(url, sdl string) []registry.Publication {
		return []registry.Publication{{Name: "b", URL: url, SDL: sdl}}
	}
	const url = "http://b/graphql"
	for _, test := range []struct {
		name    string
		ps      []registry.Publication
		code    diagnostic.Code
		message string
	}{
		{"empty name", []registry.Publication{pub("", "x")}, "INVALID_SUBGRAPH_NAME", `"" is no subgraph name`},
		{"spaces", []registry.Publication{pub("a b", "x")}, "INVALID_SUBGRAPH_NAME", "1 to 64 letters"},
		{"a path", []registry.Publication{pub("../a", "x")}, "INVALID_SUBGRAPH_NAME", "beginning with a letter"},
		{"long name", []registry.Publication{pub(strings.Repeat("ü", 5000), "x")}, "INVALID_SUBGRAPH_NAME", "…"},
		{"no URL", with("", "x"), "INVALID_ROUTING_URL", "is missing"},
		{"no scheme", with("localhost:4004", "x"), "INVALID_ROUTING_URL", "http:// or https://"},
		{"a file", with("file:///etc/passwd", "x"), "INVALID_ROUTING_URL", "http:// or https://"},
		{"no host", with("http:///graphql", "x"), "INVALID_ROUTING_URL", "names no host"},
		{"credentials", with("http://me:secret@b/", "x"), "INVALID_ROUTING_URL", "credentials"},
		{"fragment", with("http://b/#x", "x"), "INVALID_ROUTING_URL", "fragment"},
		{"unreadable URL", with("http://b/%zz", "x"), "INVALID_ROUTING_URL", "cannot be read"},
		{"long URL", with("http://b/"+strings.Repeat("x", 3000), "x"), "INVALID_ROUTING_URL", "longer than"},
		{"empty schema", with(url, " \n"), "INVALID_GRAPHQL", "is empty"},
		{"large schema", with(url, strings.Repeat("x ", 21)), "SCHEMA_TOO_LARGE", "has 42 bytes; at most 40"},
		{"not UTF-8", with(url, "one\ntü\xff"), "INVALID_GRAPHQL", "not UTF-8"},
		{"zero byte", with(url, "one\ntw\x00"), "INVALID_GRAPHQL", "is zero"},
		{"twice", []registry.Publication{pub("b", "x"), pub("b", "y")}, "DUPLICATE_SUBGRAPH", "more than once"},
		{"too many at once", []registry.Publication{pub("b", "x"), pub("c", "y"), pub("d", "y")}, "TOO_MANY_SUBGRAPHS", "3 subgraphs at once"},
		{"too many", []registry.Publication{pub("b", "x"), pub("c", "y")}, "TOO_MANY_SUBGRAPHS", "would have 3 subgraphs; it may have 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := publish(t, r, registry.Refused, test.ps...)
			if len(out.Errors) != 1 || out.Errors[0].Code != test.code || !strings.Contains(out.Errors[0].Message, test.message) {
				t.Errorf("errors: %+v", out.Errors)
			}
			if strings.Contains(out.Errors[0].Message, "secret") || len(out.Errors[0].Message) > 400 {
				t.Errorf("message: %s", out.Errors[0].Message)
			}
		})
	}
	out := publish(t, r, registry.Refused, with(url, "one\ntü\xff")...)
	if at := out.Errors[0].Locations; len(at) != 1 || at[0] != (diagnostic.Location{Subgraph: "b", Line: 2, Column: 3}) {
		t.Errorf("location: %+v", at)
	}
	out = publish(t, r, registry.Refused, registry.Publication{Name: "b"})
	if codes(out.Errors) != "INVALID_ROUTING_URL INVALID_GRAPHQL" {
		t.Errorf("all that is wrong: %s", codes(out.Errors))
	}
}

// A version that this build cannot read must not stand in the way of the next.
func TestUnreadableCurrentVersion(t *testing.T) {
	var unreadable atomic.Bool
	r := newRegistry(t, registry.Options{APISchema: func(sdl string) (*ast.Schema, error) {
		if unreadable.Load() && strings.Contains(sdl, "one") {
			return nil, errors.New("from the future")
		}
		return apiSchema(sdl)
	}})
	publish(t, r, registry.Accepted, pub("a", "one"))
	unreadable.Store(true)
	out := publish(t, r, registry.Accepted, pub("a", "two"))
	if codes(out.Hints) != "CHANGES_UNKNOWN" || out.Version.Number != 2 {
		t.Errorf("outcome: %+v", out)
	}
	if v, err := r.Current(ctx); err != nil || len(v.Hints) != 0 {
		t.Errorf("hints stored: %+v, %v", v.Hints, err)
	}
	out = publish(t, r, registry.Refused, pub("a", "one"))
	if codes(out.Errors) != "INVALID_FEDERATION_SUPERGRAPH" || !strings.Contains(out.Errors[0].Message, "from the future") {
		t.Errorf("a supergraph that cannot be read: %+v", out.Errors)
	}
	if out, err := r.Rollback(ctx, 1, bob); err != nil || codes(out.Errors) != "INVALID_FEDERATION_SUPERGRAPH" || out.Version.Number != 2 {
		t.Errorf("the way back to it: %+v, %v", out, err)
	}
}

// What composes and cannot be served, such as a subgraph of connectors, is refused before gateways learn of it.
func TestUnservable(t *testing.T) {
	r, err := registry.New(registry.Options{Store: memory(t), Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	const service = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12")
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect"])
type Query { n: Int %s }`
	connector := fmt.Sprintf(service, `@connect(http: {GET: "http://b/n"}, selection: "$")`)
	publish(t, r, registry.Accepted, pub("a", fmt.Sprintf(service, "")))
	out := publish(t, r, registry.Refused, pub("a", connector))
	if codes(out.Errors) != "UNSUPPORTED_FEATURE" || !strings.Contains(out.Errors[0].Message, `the subgraph "a" is made of connectors`) {
		t.Errorf("errors: %+v", out.Errors)
	}
}

func TestCancelledPublication(t *testing.T) {
	composing, release := make(chan struct{}), make(chan struct{})
	r := newRegistry(t, registry.Options{Compose: func(s []composition.Subgraph) composition.Result {
		composing <- struct{}{}
		<-release
		return compose(s)
	}})
	slow, cancel := context.WithCancel(ctx)
	done := make(chan error)
	go func() {
		_, err := r.Publish(slow, pub("a", "one"), alice)
		done <- err
	}()
	<-composing

	// Another waits for its turn no longer than it wants to.
	impatient, stop := context.WithTimeout(ctx, 10*time.Millisecond)
	defer stop()
	if _, err := r.Publish(impatient, pub("b", "two"), alice); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for a turn: %v", err)
	}
	cancel()
	close(release)
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled while composing: %v", err)
	}
	if _, err := r.Current(ctx); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("something was stored: %v", err)
	}
	go func() { <-composing }()
	publish(t, r, registry.Accepted, pub("a", "one"))
}

func TestNewWithoutStore(t *testing.T) {
	if _, err := registry.New(registry.Options{}); err == nil {
		t.Error("a registry without a store was made")
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
