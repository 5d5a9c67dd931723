package registryapi

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/weft-gateway/weft/schema/diff"
	"github.com/weft-gateway/weft/schema/registry"
)

var ctx = context.Background()

// The client's answers are those of the registry itself: the same story told twice, once over the network.
func TestClientTellsWhatTheRegistrySays(t *testing.T) {
	there, _ := newRegistry(t)
	remote := client(t, serve(t, Options{Registry: there}), "bob")
	local, _ := newRegistry(t)
	bob := registry.Actor{Subject: "bob", Issuer: "http://issuer"}

	publication := func(name, sdl string) registry.Publication {
		return registry.Publication{Name: name, URL: "http://" + name, SDL: sdl}
	}
	for _, step := range []struct {
		name   string
		remote func() (registry.Outcome, error)
		local  func() (registry.Outcome, error)
		want   registry.Status
	}{
		{"refused at first",
			func() (registry.Outcome, error) { return remote.Publish(ctx, publication("a", "bad odd bad")) },
			func() (registry.Outcome, error) { return local.Publish(ctx, publication("a", "bad odd bad"), bob) }, registry.Refused},
		{"published",
			func() (registry.Outcome, error) { return remote.Publish(ctx, publication("a", "one odd")) },
			func() (registry.Outcome, error) { return local.Publish(ctx, publication("a", "one odd"), bob) }, registry.Accepted},
		{"published again",
			func() (registry.Outcome, error) { return remote.Publish(ctx, publication("a", "one odd")) },
			func() (registry.Outcome, error) { return local.Publish(ctx, publication("a", "one odd"), bob) }, registry.Unchanged},
		{"several published",
			func() (registry.Outcome, error) {
				return remote.PublishAll(ctx, []registry.Publication{publication("c", "three"), publication("b", "two")})
			},
			func() (registry.Outcome, error) {
				return local.PublishAll(ctx, []registry.Publication{publication("c", "three"), publication("b", "two")}, bob)
			}, registry.Accepted},
		{"checked",
			func() (registry.Outcome, error) {
				return remote.Check(ctx, registry.Publication{Name: "a", SDL: "other"})
			},
			func() (registry.Outcome, error) {
				return local.Check(ctx, registry.Publication{Name: "a", SDL: "other"})
			}, registry.Accepted},
		{"removed",
			func() (registry.Outcome, error) { return remote.Remove(ctx, "b") },
			func() (registry.Outcome, error) { return local.Remove(ctx, "b", bob) }, registry.Accepted},
		{"removed again",
			func() (registry.Outcome, error) { return remote.Remove(ctx, "b") },
			func() (registry.Outcome, error) { return local.Remove(ctx, "b", bob) }, registry.Refused},
		{"rolled back",
			func() (registry.Outcome, error) { return remote.Rollback(ctx, 1) },
			func() (registry.Outcome, error) { return local.Rollback(ctx, 1, bob) }, registry.Accepted},
	} {
		t.Run(step.name, func(t *testing.T) {
			got, err := step.remote()
			if err != nil {
				t.Fatal(err)
			}
			want, err := step.local()
			if err != nil {
				t.Fatal(err)
			}
			if want.Status != step.want {
				t.Errorf("status %s, want %s", want.Status, step.want)
			}
			same(&got)
			same(&want)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("over the network:\n%+v\nthe registry itself:\n%+v", got, want)
			}
		})
	}

	got, err := remote.Subgraphs(ctx)
	if err != nil || len(got) != 1 {
		t.Fatalf("subgraphs: %+v, %v", got, err)
	}
	members, err := there.Subgraphs(ctx)
	if err != nil || got[0] != members[0].RevisionInfo {
		t.Errorf("subgraphs:\n%+v\n%+v (%v)", got, members, err)
	}
	version, err := remote.Supergraph(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want, err := there.Current(ctx)
	if err != nil || version.SDL != want.SDL || !reflect.DeepEqual(version.Hints, want.Hints) || version.Number != 4 {
		t.Errorf("supergraph:\n%+v\n%+v (%v)", version, want, err)
	}
}

// same takes out what two registries cannot agree on, and what nil and empty cannot tell apart.
func same(o *registry.Outcome) {
	o.Version.CreatedAt = time.Time{}
	if len(o.Changes) == 0 {
		o.Changes = []diff.Change{}
	}
	if len(o.Version.Cause.Subgraphs) == 0 {
		o.Version.Cause.Subgraphs = nil
	}
}

func TestClientOfEmptyRegistry(t *testing.T) {
	c := client(t, serve(t, Options{}), "alice")
	if subgraphs, err := c.Subgraphs(ctx); err != nil || len(subgraphs) != 0 {
		t.Errorf("subgraphs: %v, %v", subgraphs, err)
	}
	if _, err := c.Supergraph(ctx); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("supergraph: %v", err)
	}
}

func TestClientIsRefused(t *testing.T) {
	url := serve(t, Options{})
	p := registry.Publication{Name: "a", URL: "http://a", SDL: "one"}
	for _, test := range []struct {
		token   string
		kind    error
		message string
	}{
		{"", ErrUnauthenticated, "send an access token"},
		{"eve", ErrUnauthenticated, "the access token is not accepted"},
		{"alice", ErrForbidden, "publishSubgraph needs an access token with scope registry:write"},
	} {
		_, err := client(t, url, test.token).Publish(ctx, p)
		if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.message) {
			t.Errorf("as %q: %v", test.token, err)
		}
	}
	c, err := NewClient(ClientOptions{URL: url, Token: func(context.Context) (string, error) { return "", errors.New("the issuer is away") }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Publish(ctx, p); err == nil || !strings.Contains(err.Error(), "no access token for the registry: the issuer is away") {
		t.Errorf("without a token: %v", err)
	}
	if _, err := client(t, serve(t, Options{MaxBodyBytes: 100}), "bob").Publish(ctx, p); err == nil || !strings.Contains(err.Error(), "larger than the 100 bytes") {
		t.Errorf("too large: %v", err)
	}
}

func TestClientFindsNoRegistry(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	answering := func(status int, header, body string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", header)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
	t.Cleanup(slow.Close)
	t.Cleanup(func() { close(release) })

	for _, test := range []struct {
		name, url string
		kind      error
		message   string
	}{
		{"nothing listens", closed, ErrUnreachable, "nothing listens there. Start the gateway (weft demo, weft serve)"},
		{"slow", slow.URL, ErrUnreachable, "in time"},
		{"another server", answering(404, "", "<html>not found</html>"), ErrNoRegistry, `answers "404 Not Found"`},
		{"a page", answering(200, "", "<html>welcome</html>"), ErrNoRegistry, "no GraphQL response"},
		{"empty object", answering(200, "", "{}"), ErrNoRegistry, "no GraphQL response"},
		{"other data", answering(200, "", `{"data":{"subgraphs":7}}`), ErrNoRegistry, "no GraphQL response"},
		{"a redirect", answering(307, "http://elsewhere/", ""), ErrNoRegistry, "redirects to http://elsewhere/"},
		{"another graph", answering(400, "", `{"errors":[{"message":"Cannot query field","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`),
			ErrNoRegistry, "does not understand the request (Cannot query field)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := NewClient(ClientOptions{URL: test.url, Timeout: 300 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Subgraphs(ctx)
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.message) || !strings.Contains(err.Error(), test.url) {
				t.Errorf("error: %v", err)
			}
		})
	}

	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := client(t, slow.URL, "").Subgraphs(cancelled); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnreachable) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestClientAddress(t *testing.T) {
	for _, test := range []struct{ url, want string }{
		{"http://127.0.0.1:4010", "http://127.0.0.1:4010/graphql"},
		{"https://registry.example/", "https://registry.example/graphql"},
		{"https://registry.example/weft/registry", "https://registry.example/weft/registry"},
		{"127.0.0.1:4010", ""},
		{"localhost", ""},
		{"", ""},
		{"ftp://x", ""},
		{"http://", ""},
	} {
		c, err := NewClient(ClientOptions{URL: test.url})
		switch {
		case err == nil && c.url != test.want:
			t.Errorf("%q becomes %q, want %q", test.url, c.url, test.want)
		case err != nil && (test.want != "" || !strings.Contains(err.Error(), "http://127.0.0.1:4010")):
			t.Errorf("%q: %v", test.url, err)
		}
	}
}

// The token is for the address it was given for.
func TestClientKeepsItsTokenToItself(t *testing.T) {
	asked := make(chan string, 1)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked <- r.Header.Get("Authorization") }))
	t.Cleanup(elsewhere.Close)
	here := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	t.Cleanup(here.Close)
	if _, err := client(t, here.URL, "bob").Subgraphs(ctx); !errors.Is(err, ErrNoRegistry) {
		t.Errorf("error: %v", err)
	}
	select {
	case token := <-asked:
		t.Errorf("the redirect was followed, with Authorization %q", token)
	default:
	}
}
