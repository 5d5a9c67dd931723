package service_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/subgraphs/inventory"
	"github.com/weft-gateway/weft/subgraphs/orders"
	"github.com/weft-gateway/weft/subgraphs/reviews"
	"github.com/weft-gateway/weft/subgraphs/service"
	"github.com/weft-gateway/weft/subgraphs/servicetest"
)

// start returns a running inventory service, its base URL and its log.
func start(t *testing.T) (*service.Service, string, *strings.Builder) {
	t.Helper()
	var log strings.Builder
	running, err := inventory.New(t.Context(), service.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(running)
	t.Cleanup(func() {
		server.Close()
		_ = running.Close() // a test may have closed it before
	})
	return running, server.URL, &log
}

// send sends a request and returns the answer's status and body.
func send(t *testing.T, method, target, contentType, accept, body string) (int, string, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if accept != "" {
		request.Header.Set("Accept", accept)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer), response.Header
}

func post(t *testing.T, base, query string, variables map[string]any) (int, string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	status, answer, _ := send(t, http.MethodPost, base+"/graphql", "application/json", "", string(body))
	return status, answer
}

func TestTransports(t *testing.T) {
	_, base, _ := start(t)
	query := "?query=" + url.QueryEscape(`{ product(sku: "TENT-2P") { weight } }`)
	mutation := "?query=" + url.QueryEscape(`mutation { adjustStock(input: {sku: "TENT-2P", warehouse: "ham", delta: 1}) { sku } }`)
	const json, graphql = "application/json", "application/graphql-response+json"
	const weight = `{"data":{"product":{"weight":2450}}}`
	for _, test := range []struct {
		name, method, target, contentType, accept, body string
		status                                          int
		answer, answerType                              string
	}{
		{"POST", "POST", "", json, "", `{"query":"{ product(sku: \"TENT-2P\") { weight } }"}`, 200, weight, json},
		{"POST, new media type", "POST", "", json, graphql, `{"query":"{ product(sku: \"TENT-2P\") { weight } }"}`, 200, weight, graphql},
		{"GET", "GET", query, "", "", "", 200, weight, json},
		{"GET with a mutation", "GET", mutation, "", "", "", 406, "GET requests only allow query operations", json},
		{"no JSON", "POST", "", json, "", `{`, 400, "BAD_USER_INPUT", json},
		{"no GraphQL, old media type", "POST", "", json, "", `{"query":"{"}`, 422, "GRAPHQL_PARSE_FAILED", json},
		{"no such field, new media type", "POST", "", json, graphql, `{"query":"{ nothing }"}`, 400, "GRAPHQL_VALIDATION_FAILED", graphql},
		{"no such media type", "POST", "", "text/plain", "", `{"query":"{ product(sku: \"TENT-2P\") { weight } }"}`, 400, "transport not supported", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, answer, header := send(t, test.method, base+"/graphql"+test.target, test.contentType, test.accept, test.body)
			if status != test.status || !strings.Contains(answer, test.answer) {
				t.Errorf("got %d %s, want %d %s", status, answer, test.status, test.answer)
			}
			if got := header.Get("Content-Type"); test.answerType != "" && !strings.HasPrefix(got, test.answerType) {
				t.Errorf("content type %q, want %q", got, test.answerType)
			}
		})
	}
	if status, _, _ := send(t, http.MethodGet, base+"/elsewhere", "", "", ""); status != http.StatusNotFound {
		t.Errorf("elsewhere answers %d", status)
	}
}

func TestLimits(t *testing.T) {
	_, base, _ := start(t)
	representations := func(n int) map[string]any {
		list := make([]any, n)
		for i := range list {
			list[i] = map[string]any{"__typename": "Product", "sku": "TENT-2P"}
		}
		return map[string]any{"r": list}
	}
	const entities = `query($r: [_Any!]!) { _entities(representations: $r) { __typename } }`
	var wide strings.Builder
	for i := range 70 {
		wide.WriteString(" a" + strings.Repeat("a", i) + `: products(first: 100) { nodes { stock { warehouse { id name city } quantity } } }`)
	}
	for _, test := range []struct {
		name, query string
		variables   map[string]any
		want        string
	}{
		{"many representations", entities, representations(10_000), `{"__typename":"Product"}`},
		{"too many representations", entities, representations(10_001), "variable $r has 10001 entries: send at most 10000"},
		{"too complex", "{" + wide.String() + "}", nil, "COMPLEXITY_LIMIT_EXCEEDED"},
		{"too many tokens", "{" + strings.Repeat(" __typename", 20_000) + "}", nil, "token limit"},
		{"too deep for a stack", "{" + strings.Repeat(" a {", 5_000), nil, "errors"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, answer := post(t, base, test.query, test.variables)
			if !strings.Contains(answer, test.want) {
				t.Errorf("got %.300s, want %s", answer, test.want)
			}
		})
	}
	status, answer := post(t, base, "{ __typename }", map[string]any{"padding": strings.Repeat("a", 9<<20)})
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(answer, "send at most 8388608") {
		t.Errorf("a body of 9 MiB: got %d %.300s", status, answer)
	}
	// The same without telling the size in advance.
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/graphql",
		io.MultiReader(strings.NewReader(`{"query":"`), strings.NewReader(strings.Repeat("a", 8<<20)), strings.NewReader(`"}`)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if body, err := io.ReadAll(response.Body); err != nil || !strings.Contains(string(body), "too large") || !strings.Contains(string(body), "BAD_USER_INPUT") {
		t.Errorf("a streamed body of more than 8 MiB: got %.300s, %v", body, err)
	}
}

func TestNestedListsCostTheirProduct(t *testing.T) {
	running, err := orders.New(t.Context(), service.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := running.Close(); err != nil {
			t.Error(err)
		}
	}()
	server := httptest.NewServer(running)
	defer server.Close()
	nested := "{ orders(first: 100) { nodes { customer { orders(first: 100) { nodes { customer { orders(first: 100) { nodes { id } } } } } } } } }"
	if _, answer := post(t, server.URL, nested, nil); !strings.Contains(answer, "COMPLEXITY_LIMIT_EXCEEDED") {
		t.Errorf("got %.300s", answer)
	}
}

func TestTroubleIsLoggedAndNotTold(t *testing.T) {
	running, base, log := start(t)
	if err := running.Close(); err != nil {
		t.Fatal(err)
	}
	status, answer := post(t, base, `{ product(sku: "TENT-2P") { name } }`, nil)
	const want = `{"errors":[{"message":"The service failed to answer; its log says why.","path":["product"],` +
		`"locations":[{"line":1,"column":3}],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}],"data":{"product":null}}`
	if status != http.StatusOK || answer != want {
		t.Errorf("got %d %s, want %s", status, answer, want)
	}
	if !strings.Contains(log.String(), "database is closed") {
		t.Errorf("the log does not say why: %s", log)
	}
}

func TestHealth(t *testing.T) {
	running, base, _ := start(t)
	if status, answer, _ := send(t, http.MethodGet, base+"/health", "", "", ""); status != http.StatusOK || answer != "{\"status\":\"ok\"}\n" {
		t.Errorf("got %d %s", status, answer)
	}
	if err := running.Close(); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := send(t, http.MethodGet, base+"/health", "", "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("without a database: got %d", status)
	}
}

func TestOpenFailsWithItsDatabase(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := orders.New(ctx, service.Options{}); err == nil {
		t.Error("a service opened after its context had ended")
	}
	if _, err := orders.New(t.Context(), service.Options{DatabaseURL: "mongodb://host"}); err == nil {
		t.Error("a service opened on a database that it does not know")
	}
}

func TestServicesShareADatabase(t *testing.T) {
	servicetest.EachDatabase(t, func(t *testing.T, databaseURL string) {
		for _, one := range []struct {
			open  func(context.Context, service.Options) (*service.Service, error)
			query string
		}{
			{orders.New, `{ order(id: "1001") { id } }`},
			{inventory.New, `{ product(sku: "TENT-2P") { sku } }`},
			{reviews.New, `{ topProducts(first: 1) { sku } }`},
		} {
			c := servicetest.Start(t, one.open, databaseURL)
			if answer := c.Ask(servicetest.Caller{}, one.query, nil); len(answer.Errors) > 0 {
				t.Errorf("%s: %+v", one.query, answer.Errors)
			}
		}
	})
}
