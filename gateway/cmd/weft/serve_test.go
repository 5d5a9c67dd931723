package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway/auth/devissuer"
)

// subgraph answers every query with the same data.
func subgraph(t *testing.T, data string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"data":%s}`, data)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// get is what stands at an address.
func get(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", address, response.Status, err)
	}
	return string(body)
}

// eventually asks until the answer is the one wanted.
func eventually(t *testing.T, endpoint, text, want string) {
	t.Helper()
	got := ""
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if got = query(t, endpoint, "", text); got == want {
			return
		}
	}
	t.Errorf("got %s, want %s", got, want)
}

func TestReachable(t *testing.T) {
	for address, want := range map[string]string{
		"[::]:4000": "localhost:4000", "0.0.0.0:80": "localhost:80", "127.0.0.1:4000": "127.0.0.1:4000", "10.1.2.3:1": "10.1.2.3:1",
	} {
		if got := reachable(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestServeSupergraph(t *testing.T) {
	address := subgraph(t, `{"hello":"world","bye":"moon"}`)
	folder := files(t, map[string]string{
		"one.graphql":     "type Query { hello: String }\n",
		"supergraph.yaml": "subgraphs:\n  one: {routing_url: '" + address + "', schema: {file: one.graphql}}\n",
	})
	in := func(name string) string { return filepath.Join(folder, name) }
	weft(t, "compose", "-o", in("s.graphql"), in("supergraph.yaml")).expect(t, 0, "", "")

	stdout, stop := background(t, "serve", "--supergraph", in("s.graphql"), "--listen", "127.0.0.1:0", "--watch", "--log-level", "error")
	endpoint := stdout.field(t, "GraphQL")
	eventually(t, endpoint, "{ hello }", `{"data":{"hello":"world"}}`)

	// A file that is no supergraph changes nothing; the next good one does.
	if err := os.WriteFile(in("s.graphql"), []byte("type Query {"), 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1200 * time.Millisecond)
	eventually(t, endpoint, "{ hello }", `{"data":{"hello":"world"}}`)
	if err := os.WriteFile(in("one.graphql"), []byte("type Query { hello: String bye: String }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	weft(t, "compose", "-o", in("s.graphql"), in("supergraph.yaml")).expect(t, 0, "", "")
	eventually(t, endpoint, "{ bye }", `{"data":{"bye":"moon"}}`)

	r := stop()
	if r.code != 0 || strings.Count(r.stderr, "the changed supergraph cannot be served; the one before it is served on") != 1 {
		t.Errorf("%+v", r)
	}
}

func TestServeSubgraphs(t *testing.T) {
	address := subgraph(t, `{"hello":"world","bye":"moon"}`)
	folder := files(t, map[string]string{
		"one.graphql":     "type Query { hello: String }\n",
		"supergraph.yaml": "subgraphs:\n  one: {routing_url: '" + address + "', schema: {file: one.graphql}}\n",
		"weft.yaml":       "listen: 127.0.0.1:0\nsupergraph: {subgraphs: supergraph.yaml, watch: true}\nlog: {level: error}\ndebug: {listen: '127.0.0.1:0'}\n",
		"wrong.yaml":      "listen: 127.0.0.1:0\nsupergraph: {subgraphs: supergraph.yaml}\nsubgraphs: {named: {won: {timeout: 1s}}}\n",
	})
	in := func(name string) string { return filepath.Join(folder, name) }
	weft(t, "serve", "--config", in("wrong.yaml")).expect(t, 1, "", "weft: the configuration names won, and the supergraph has only one\n")

	stdout, stop := background(t, "serve", "--config", in("weft.yaml"))
	endpoint := stdout.field(t, "GraphQL")
	eventually(t, endpoint, "{ hello }", `{"data":{"hello":"world"}}`)
	if err := os.WriteFile(in("one.graphql"), []byte("type Query { hello: String bye: String }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, endpoint, "{ bye }", `{"data":{"bye":"moon"}}`)
	debug := stdout.field(t, "Debug")
	for page, want := range map[string]string{"": "goroutine", "../runtime": `"/gc/heap/allocs:objects":`} {
		if got := get(t, debug+page); !strings.Contains(got, want) {
			t.Errorf("%s has no %s", debug+page, want)
		}
	}
	if r := stop(); r.code != 0 || r.stderr != "" {
		t.Errorf("%+v", r)
	}

	if err := os.WriteFile(in("one.graphql"), []byte("type Query { hello: Strin }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	weft(t, "serve", "--subgraphs", in("supergraph.yaml"), "--listen", "127.0.0.1:0").
		expect(t, 1, "", "one.graphql:1:14: error INVALID_GRAPHQL: ")
}

func TestServeRegistry(t *testing.T) {
	address := subgraph(t, `{"hello":"world"}`)
	var issuer http.Handler
	issuing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { issuer.ServeHTTP(w, r) }))
	defer issuing.Close()
	made, err := devissuer.New(devissuer.Options{Issuer: issuing.URL})
	if err != nil {
		t.Fatal(err)
	}
	issuer = made
	folder := files(t, map[string]string{
		"one.graphql": "type Query { hello: String }\n",
		"weft.yaml": `listen: 127.0.0.1:0
supergraph:
  registry: {data: data, listen: "127.0.0.1:0"}
auth:
  mode: optional
  issuers: [{url: "` + issuing.URL + `", audiences: weft}]
subgraphs: {named: {two: {timeout: 1s}}}
log: {level: warn}
`,
	})
	config := filepath.Join(folder, "weft.yaml")
	stdout, stop := background(t, "serve", "--config", config)
	endpoint, registry := stdout.field(t, "GraphQL"), stdout.field(t, "Registry")
	if got := query(t, endpoint, "", "{ hello }"); !strings.Contains(got, "SERVICE_NOT_READY") {
		t.Error(got)
	}
	weft(t, "health", "--url", strings.TrimSuffix(endpoint, "/graphql")+"/health/ready").expect(t, 1, "", "the gateway is not ready: there is no supergraph yet")
	weft(t, "register", "one", "--registry", registry, "--url", address, "--schema", filepath.Join(folder, "one.graphql")).
		expect(t, 0, "one is registered; the graph is version 1 of one\n", "")
	if got := query(t, endpoint, "", "{ hello }"); got != `{"data":{"hello":"world"}}` {
		t.Error(got)
	}
	r := stop()
	if r.code != 0 || !strings.Contains(r.stderr, "nothing is published yet") || !strings.Contains(r.stderr, "subgraphs that are not in the graph") {
		t.Errorf("%+v", r)
	}

	// What is registered is there after a restart.
	stdout, stop = background(t, "serve", "--config", config)
	if got := query(t, stdout.field(t, "GraphQL"), "", "{ hello }"); got != `{"data":{"hello":"world"}}` {
		t.Error(got)
	}
	weft(t, "serve", "--config", config, "--watch").expect(t, 2, "", "a registry is always watched")
	busy := strings.TrimPrefix(strings.TrimSuffix(stdout.field(t, "GraphQL"), "/graphql"), "http://")
	weft(t, "serve", "--config", config, "--listen", busy).expect(t, 1, "", "weft: the gateway cannot listen on "+busy)
	stop()
}
