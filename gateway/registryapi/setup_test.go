package registryapi

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/sqlite"
)

// compose gives the supergraph a field for every word of the subgraphs' schemas; "bad" does not compose, and
// "odd" gives a hint.
func compose(subgraphs []composition.Subgraph) composition.Result {
	var result composition.Result
	result.SDL = "type Query {"
	for _, s := range subgraphs {
		for i, word := range strings.Fields(s.SDL) {
			d := diagnostic.Diagnostic{
				Code: "A_CODE", Severity: diagnostic.Error, Message: "a " + word + " word", Coordinate: "Query." + word,
				Locations: []diagnostic.Location{{Subgraph: s.Name, Line: 1, Column: i + 1}, {Subgraph: s.Name}},
			}
			switch word {
			case "bad":
				result.Errors = append(result.Errors, d)
			case "odd":
				d.Severity = diagnostic.Warn
				result.Hints = append(result.Hints, d)
			default:
				result.SDL += " " + word + ": Int"
			}
		}
	}
	result.SDL += " }"
	if len(result.Errors) > 0 {
		result.SDL = ""
	}
	return result
}

// authenticate knows the tokens of these tests: "alice" reads, "bob" writes, "ci" checks.
func authenticate(r *http.Request) (Identity, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return Identity{}, ErrNoCredentials
	}
	id := Identity{Subject: strings.TrimPrefix(header, "Bearer "), Issuer: "http://issuer"}
	switch id.Subject {
	case "alice":
		id.Scopes = []string{"openid"}
	case "bob":
		id.Scopes = []string{"openid", ScopeWrite}
	case "ci":
		id.Scopes = []string{ScopeCheck}
	case "teapot":
		return Identity{}, teapot{}
	default:
		return Identity{}, errors.New("signature of " + id.Subject + " is wrong")
	}
	return id, nil
}

// teapot is a Refusal.
type teapot struct{}

func (teapot) Error() string { return "teapot" }

func (teapot) Write(w http.ResponseWriter) {
	w.WriteHeader(http.StatusTeapot)
	_, _ = io.WriteString(w, `{"errors":[{"message":"short and stout"}]}`)
}

func newRegistry(t *testing.T) (*registry.Registry, *sqlite.Store) {
	t.Helper()
	store, err := sqlite.Open(context.Background(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	r, err := registry.New(registry.Options{Store: store, Compose: compose, APISchema: func(sdl string) (*ast.Schema, error) {
		return gqlparser.LoadSchema(&ast.Source{Input: sdl})
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r, store
}

// serve serves a registry, an empty one unless the options bring theirs.
func serve(t *testing.T, o Options) string {
	t.Helper()
	if o.Registry == nil {
		o.Registry, _ = newRegistry(t)
	}
	if o.Authenticate == nil {
		o.Authenticate = authenticate
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	server := httptest.NewServer(Handler(o))
	t.Cleanup(server.Close)
	return server.URL
}

// post posts a body as somebody ("" for nobody).
func post(t *testing.T, url, token, accept, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return do(t, r)
}

func do(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(answer)
}

func client(t *testing.T, url, token string) *Client {
	t.Helper()
	c, err := NewClient(ClientOptions{URL: url, Token: func(context.Context) (string, error) { return token, nil }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
