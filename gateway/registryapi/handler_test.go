package registryapi

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const (
	publishOne = `{"query":"mutation { publishSubgraph(input: {name: \"a\", url: \"http://a\", sdl: \"one\"}) { status } }"}`
	checkOne   = `{"query":"mutation { checkSubgraph(input: {name: \"a\", url: \"http://a\", sdl: \"one\"}) { status } }"}`
	readAll    = `{"query":"{ subgraphs { name } }"}`
)

func TestWhoMayDoWhat(t *testing.T) {
	both := `{"query":"mutation { checkSubgraph(input: {name: \"a\", url: \"http://a\", sdl: \"x\"}) { status } removeSubgraph(input: {name: \"a\"}) { status } }"}`
	hidden := `{"query":"mutation($no: Boolean = false) { ...F } fragment F on Mutation { ... { removeSubgraph(input: {name: \"a\"}) @include(if: $no) { status } } }"}`
	const invalid = `Bearer error="invalid_token"`
	const writeScope = `Bearer error="insufficient_scope", scope="registry:write"`
	for _, test := range []struct {
		name      string
		anonymous bool // may read
		token     string
		body      string
		status    int
		challenge string
		answer    string
	}{
		{"nobody reads", false, "", readAll, 401, "Bearer", "to use the registry, send an access token"},
		{"nobody reads where anyone may", true, "", readAll, 200, "", `{"data":{"subgraphs":[]}}`},
		{"nobody introspects where anyone may", true, "", `{"query":"{ __schema { queryType { name } } }"}`, 200, "", `"Query"`},
		{"nobody publishes", false, "", publishOne, 401, "Bearer", "UNAUTHENTICATED"},
		{"nobody publishes where anyone may read", true, "", publishOne, 401, "Bearer", "to change what is published, send an access token"},
		{"nobody checks", true, "", checkOne, 401, "Bearer", "UNAUTHENTICATED"},
		{"a wrong token", false, "eve", readAll, 401, invalid, "the access token is not accepted"},
		{"a wrong token where anyone may read", true, "eve", readAll, 401, invalid, "not accepted"},
		{"a refusal with an answer of its own", true, "teapot", readAll, 418, "", "short and stout"},
		{"a reader reads", false, "alice", readAll, 200, "", `{"data":{"subgraphs":[]}}`},
		{"a reader publishes", false, "alice", publishOne, 403, writeScope, "publishSubgraph needs an access token with scope registry:write"},
		{"a reader checks", false, "alice", checkOne, 403, writeScope, "scope registry:check or registry:write"},
		{"a checker checks", false, "ci", checkOne, 200, "", "ACCEPTED"},
		{"a checker publishes", false, "ci", publishOne, 403, writeScope, "FORBIDDEN"},
		{"a checker does both", false, "ci", both, 403, writeScope, "removeSubgraph needs"},
		{"a reader hides it in fragments and conditions", false, "alice", hidden, 403, writeScope, "removeSubgraph needs"},
		{"a reader asks what a mutation is", false, "alice", `{"query":"mutation { __typename }"}`, 200, "", "Mutation"},
		{"a writer publishes", false, "bob", publishOne, 200, "", `{"data":{"publishSubgraph":{"status":"ACCEPTED"}}}`},
		{"a writer checks", false, "bob", checkOne, 200, "", "ACCEPTED"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, _ := newRegistry(t)
			url := serve(t, Options{Registry: r, AllowAnonymousRead: test.anonymous})
			response, answer := post(t, url, test.token, "", test.body)
			if response.StatusCode != test.status || !strings.Contains(answer, test.answer) {
				t.Errorf("%s %s\nwant %d … %s", response.Status, answer, test.status, test.answer)
			}
			if got := response.Header.Get("WWW-Authenticate"); got != test.challenge {
				t.Errorf("WWW-Authenticate: %q, want %q", got, test.challenge)
			}
			if strings.Contains(answer, "signature") {
				t.Errorf("the reason of a refused token was sent to its sender: %s", answer)
			}
			if executed := strings.Contains(answer, `"data"`); !json.Valid([]byte(answer)) || executed != (test.status == 200) {
				t.Errorf("status %d: %s", test.status, answer)
			}
			subgraphs, err := r.Subgraphs(t.Context())
			if published := len(subgraphs) > 0; err != nil || published != (test.name == "a writer publishes") {
				t.Errorf("published: %v (%v)", subgraphs, err)
			}
		})
	}
}

func TestHandlerWithoutAuthenticate(t *testing.T) {
	r, _ := newRegistry(t)
	handler := Handler(Options{Registry: r, Log: slog.New(slog.DiscardHandler)})
	request, err := http.NewRequest(http.MethodPost, "/", strings.NewReader(readAll))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	if recorder.Code != http.StatusUnauthorized {
		t.Errorf("status %d", recorder.Code)
	}
}

func TestHTTP(t *testing.T) {
	url := serve(t, Options{MaxBodyBytes: 500})
	for _, test := range []struct {
		name, method, media, accept, body string
		status                            int
		answer                            string
	}{
		{"GET", "GET", "", "", "", 405, "takes POST"},
		{"OPTIONS", "OPTIONS", "", "", "", 405, "takes POST"},
		{"a form", "POST", "application/x-www-form-urlencoded", "", "query={}", 415, "send a JSON body"},
		{"text, which browsers send anywhere", "POST", "text/plain", "", readAll, 415, "send a JSON body"},
		{"no type", "POST", "", "", readAll, 415, "send a JSON body"},
		{"with charset", "POST", "application/json; charset=utf-8", "", readAll, 200, `"subgraphs":[]`},
		{"no JSON", "POST", "application/json", "", "{", 400, "not a JSON object"},
		{"a batch", "POST", "application/json", "", "[" + readAll + "]", 400, "not a JSON object"},
		{"no query", "POST", "application/json", "", "{}", 400, `has no \"query\"`},
		{"empty query", "POST", "application/json", "", `{"query":" "}`, 400, `has no \"query\"`},
		{"too large", "POST", "application/json", "", `{"query":"` + strings.Repeat(" ", 500) + `"}`, 413, "larger than the 500 bytes"},
		{"syntax", "POST", "application/json", typeGraphQL, `{"query":"{"}`, 400, "GRAPHQL_PARSE_FAILED"},
		{"syntax, older media type", "POST", "application/json", "", `{"query":"{"}`, 200, "GRAPHQL_PARSE_FAILED"},
		{"unknown field", "POST", "application/json", typeGraphQL, `{"query":"{ nothing }"}`, 400, "GRAPHQL_VALIDATION_FAILED"},
		{"unknown operation", "POST", "application/json", typeGraphQL, `{"query":"query A { subgraphs { name } }","operationName":"B"}`, 400, "operation B not found"},
		{"missing variable", "POST", "application/json", typeGraphQL, `{"query":"query($n: String!) { subgraph(name: $n) { url } }"}`, 400, "must be defined"},
		{"a number that is too large", "POST", "application/json", "", `{"query":"query($n: Int!) { versions(first: $n) { edges { cursor } } }","variables":{"n":12345678901234567890}}`, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a literal that is too large", "POST", "application/json", "", `{"query":"{ versions(first: 99999999999999999999) { edges { cursor } } }"}`, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"several accepted", "POST", "application/json", "text/html, application/graphql-response+json;q=0.9, */*", readAll, 200, `"subgraphs":[]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequest(test.method, url, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer alice")
			if test.media != "" {
				r.Header.Set("Content-Type", test.media)
			}
			if test.accept != "" {
				r.Header.Set("Accept", test.accept)
			}
			response, answer := do(t, r)
			if response.StatusCode != test.status || !strings.Contains(answer, test.answer) {
				t.Errorf("%s %s\nwant %d … %s", response.Status, answer, test.status, test.answer)
			}
			want := "application/json; charset=utf-8"
			if strings.Contains(test.accept, typeGraphQL) {
				want = typeGraphQL + "; charset=utf-8"
			}
			if got := response.Header.Get("Content-Type"); got != want {
				t.Errorf("Content-Type: %s, want %s", got, want)
			}
			if got := response.Header.Get("Allow"); (got == "POST") != (test.status == 405) {
				t.Errorf("Allow: %s", got)
			}
			if got := response.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control: %s", got)
			}
		})
	}
}

// doubling is a document of n fragments that each spread the next one twice.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query { ...F%d ...F%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Query { subgraphs { name } }", n)
	return b.String()
}

func TestCostlyOperations(t *testing.T) {
	url := serve(t, Options{})
	nested := strings.Repeat("{ fields { type ", 8) + "{ name }" + strings.Repeat(" } }", 8)
	for _, test := range []struct{ name, query, answer string }{
		{"all pages with members", `{ versions(first: 100) { edges { node { number subgraphs { subgraph number } createdBy { subject } } } } }`, `"edges":[]`},
		{"a page with supergraphs", `{ versions(first: 40) { edges { node { number sdl } } } }`, `"edges":[]`},
		{"too many schemas", `{ versions(first: 100) { edges { node { sdl } } } }`, "Ask for smaller pages"},
		{"a page of any size", `{ versions(first: 2147483647) { edges { node { number } } } }`, "it may be 1 to 100"},
		{"all schemas of all versions", `{ versions { edges { node { subgraphs { sdl } } } } }`, "COMPLEXITY_LIMIT_EXCEEDED"},
		{"doubling fragments", doubling(60), "fragments written out"},
		{"nested introspection", "{ __schema { types " + nested + " } }", "errors"},
		{"many tokens", "{" + strings.Repeat(" subgraphs { name }", 3000) + " }", "token limit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			body, err := json.Marshal(map[string]string{"query": test.query})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, answer := post(t, url, "alice", "", string(body))
			if !strings.Contains(answer, test.answer) {
				t.Errorf("%.500s\nwant … %s", answer, test.answer)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestAnonymousBodies(t *testing.T) {
	url := serve(t, Options{AllowAnonymousRead: true})
	body := `{"query":"{ subgraphs { name } }` + strings.Repeat(" ", maxAnonymousBytes) + `"}`
	if response, answer := post(t, url, "", "", body); response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("nobody sends %d bytes: %s %s", len(body), response.Status, answer)
	}
	if response, answer := post(t, url, "alice", "", body); response.StatusCode != http.StatusOK {
		t.Errorf("alice sends %d bytes: %s %s", len(body), response.Status, answer)
	}
}

// What goes wrong inside is for the log, not for the client.
func TestInternalErrors(t *testing.T) {
	r, store := newRegistry(t)
	var log strings.Builder
	handler := Handler(Options{Registry: r, Authenticate: authenticate, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(publishOne))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer bob")
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	answer := recorder.Body.String()
	if !strings.Contains(answer, "the registry failed; its log says why") || strings.Contains(answer, "sql") {
		t.Errorf("answer: %s", answer)
	}
	if !strings.Contains(log.String(), "sql: database is closed") {
		t.Errorf("log: %s", log.String())
	}
}

func TestTimeout(t *testing.T) {
	url := serve(t, Options{Timeout: time.Nanosecond})
	_, answer := post(t, url, "bob", "", publishOne)
	if !strings.Contains(answer, "did not finish in time") || !strings.Contains(answer, "TIMEOUT") {
		t.Errorf("answer: %s", answer)
	}
}
