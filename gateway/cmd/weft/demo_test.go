package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// query asks a gateway and returns the response.
func query(t *testing.T, endpoint, token, text string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": text})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// TestDemo runs the demo and every command that talks to it, as a person would in two terminals.
func TestDemo(t *testing.T) {
	data := filepath.Join(t.TempDir(), "shop")
	banner, stop := background(t, "demo", "--data", data, "--port", "0", "--orders-port", "0", "--inventory-port", "0",
		"--reviews-port", "0", "--issuer-port", "0", "--registry-port", "0")
	endpoint, registry, issuer := banner.field(t, "GraphQL"), strings.TrimSuffix(banner.field(t, "Registry"), "/graphql"), banner.field(t, "Issuer")
	reviews, _, _ := strings.Cut(banner.field(t, "reviews"), " ")
	schema := filepath.Join(data, "reviews.graphql")

	weft(t, "health", "--url", strings.TrimSuffix(endpoint, "/graphql")+"/health/ready").expect(t, 0, "ready\n", "")
	weft(t, "health", "--url", endpoint).expect(t, 1, "", "not as a gateway does")

	t.Run("token", func(t *testing.T) {
		alice := weft(t, "token", "--issuer", issuer)
		alice.expect(t, 0, ".", "")
		if got := query(t, endpoint, strings.TrimSpace(alice.stdout), "{ me { name } }"); !strings.Contains(got, "Alice") {
			t.Error(got)
		}
		weft(t, "token", "--issuer", issuer, "--scope", "inventory:write").expect(t, 0, ".", "")
		weft(t, "token", "--issuer", issuer, "--user", "alice", "--scope", "registry:write").
			expect(t, 1, "", "weft: the user alice may not have the scope registry:write; --user names another\n")
		weft(t, "token", "--issuer", issuer, "--user", "mallory").expect(t, 1, "", `has no user "mallory"`)
	})

	t.Run("subgraphs", func(t *testing.T) {
		weft(t, "subgraphs", "--registry", registry).expect(t, 0, "NAME        REVISION   URL", "")
		r := weft(t, "subgraphs", "--registry", registry, "--format", "json")
		var all []map[string]any
		if err := json.Unmarshal([]byte(r.stdout), &all); err != nil || len(all) != 2 || all[0]["name"] != "inventory" || all[1]["revision"] != 1.0 {
			t.Errorf("%+v, %v", r, err)
		}
	})

	t.Run("check", func(t *testing.T) {
		weft(t, "check", "reviews", "--registry", registry, "--url", reviews, "--schema", schema).
			expect(t, 0, "reviews is fine to register\n\nFor clients:\n  safe       ", "")
		weft(t, "subgraphs", "--registry", registry).expect(t, 0, "orders", "")
		if got := query(t, endpoint, "", "{ topProducts { name } }"); !strings.Contains(got, "GRAPHQL_VALIDATION_FAILED") {
			t.Errorf("a check registers: %s", got)
		}
	})

	t.Run("register", func(t *testing.T) {
		weft(t, "register", "reviews", "--registry", registry, "--url", reviews, "--schema", schema).
			expect(t, 0, "reviews is registered; the graph is version 2 of inventory, orders, reviews\n", "")
		if got := query(t, endpoint, "", "{ topProducts(first: 1) { name averageRating } }"); strings.Contains(got, "errors") {
			t.Error(got)
		}
		weft(t, "register", "reviews", "--registry", registry, "--url", reviews, "--schema", schema).
			expect(t, 0, "reviews is so already: nothing changes", "")
		if line := banner.field(t, "Ctrl-C"); line == "" {
			t.Error("no banner")
		}
		if !strings.Contains(banner.String(), "the gateway serves version 2: inventory, orders, reviews\n") {
			t.Errorf("the demo's terminal does not tell:\n%s", banner)
		}
	})

	t.Run("refused", func(t *testing.T) {
		good, err := os.ReadFile(schema)
		if err != nil {
			t.Fatal(err)
		}
		broken := strings.Replace(string(good), "averageRating: Float", "averageRating: Stars", 1)
		r := weftWith(t, broken, "register", "reviews", "--registry", registry, "--url", reviews, "--schema", "-")
		r.expect(t, 1, "", "<stdin>:29:3: error INVALID_GRAPHQL: ")
		r.expect(t, 1, "", "  29 |   averageRating: Stars\n     |   ^\n")
		r.expect(t, 1, "", "weft: reviews is refused, and the graph stays as it is\n")
		r = weftWith(t, broken, "check", "reviews", "--registry", registry, "--schema", "-", "--format", "json")
		r.expect(t, 1, `"status": "REFUSED"`, "")
		// Where two schemas do not fit, the place in the reader's own comes first.
		unfit := strings.Replace(string(good), "averageRating: Float", "averageRating: Float price: Int", 1)
		r = weftWith(t, unfit, "check", "reviews", "--registry", registry, "--schema", "-")
		r.expect(t, 1, "", "<stdin>:29:24: error FIELD_TYPE_MISMATCH: ")
		r.expect(t, 1, "", "  also inventory:37:3\n")
		r.expect(t, 1, "", "weft: reviews would be refused, and the graph stays as it is\n")
		if got := query(t, endpoint, "", "{ topProducts(first: 1) { averageRating } }"); strings.Contains(got, "errors") {
			t.Error(got)
		}
	})

	t.Run("tokens", func(t *testing.T) {
		alice := strings.TrimSpace(weft(t, "token", "--issuer", issuer, "--user", "alice").stdout)
		weft(t, "unregister", "reviews", "--registry", registry, "--token", alice).
			expect(t, 1, "", "Give an access token of "+issuer+" with the scope registry:write, with --token or WEFT_TOKEN\n")
		t.Setenv("WEFT_TOKEN", "nonsense")
		weft(t, "unregister", "reviews", "--registry", registry).expect(t, 1, "", "the registry does not know who you are")
		operator := strings.TrimSpace(weft(t, "token", "--issuer", issuer, "--scope", "registry:write").stdout)
		t.Setenv("WEFT_TOKEN", operator)
		t.Setenv("WEFT_REGISTRY", registry)
		weft(t, "unregister", "reviews").expect(t, 0, "reviews is unregistered; the graph is version 3 of inventory, orders\n", "")
		weft(t, "unregister", "reviews").expect(t, 1, "", "weft: the removal of reviews is refused, and the graph stays as it is\n")
	})

	r := stop()
	// The one thing worth a line was the user whom the issuer does not know.
	if r.code != 0 || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "invalid_client") {
		t.Errorf("exit code %d, log:\n%s", r.code, r.stderr)
	}
}

// TestDemoPortTaken holds that the message names the port and the flag.
func TestDemoPortTaken(t *testing.T) {
	banner, _ := background(t, "demo", "--data", t.TempDir(), "--port", "0", "--orders-port", "0", "--inventory-port", "0",
		"--reviews-port", "0", "--issuer-port", "0", "--registry-port", "0")
	port := strings.TrimPrefix(banner.field(t, "Issuer"), "http://localhost:")
	weft(t, "demo", "--data", t.TempDir(), "--port", "0", "--orders-port", "0", "--inventory-port", "0",
		"--reviews-port", "0", "--issuer-port", port, "--registry-port", "0").
		expect(t, 1, "", "weft: port "+port+" is taken, and the issuer wants it: stop what listens there, or choose another port with --issuer-port\n")
}
