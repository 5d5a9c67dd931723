package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway/auth/devissuer"
	"github.com/weft-gateway/weft/gateway/registryapi"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/subgraphs/reviews"
)

// start runs the demo over a data folder until the test ends, or stop is called.
func start(t *testing.T, data string, ports Ports, swapped func(registry.VersionInfo)) (d *Demo, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	d, err := Start(ctx, Options{Data: data, Ports: ports, Command: "weft", Swapped: swapped})
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
	t.Cleanup(stop)
	return d, stop
}

// ask sends a query and returns the response; token may be empty.
func ask(t *testing.T, d *Demo, token, query string) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := post(t.Context(), d.Addresses().Gateway+"/graphql", token, body)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func post(ctx context.Context, address, token string, body []byte) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

func token(t *testing.T, d *Demo, user string) string {
	t.Helper()
	grant, err := devissuer.Token(t.Context(), d.Addresses().Issuer, user)
	if err != nil {
		t.Fatal(err)
	}
	return grant.AccessToken
}

func client(t *testing.T, d *Demo, token string) *registryapi.Client {
	t.Helper()
	c, err := registryapi.NewClient(registryapi.ClientOptions{
		URL: d.Addresses().Registry, Token: func(context.Context) (string, error) { return token, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func expect(t *testing.T, got string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwithout\n%s", got, want)
		}
	}
}

// portsOf are the ports that a demo got, to be asked for again.
func portsOf(t *testing.T, a Addresses) Ports {
	t.Helper()
	port := func(address string) int {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(u.Port())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return Ports{
		Gateway: port(a.Gateway), Orders: port(a.Orders), Inventory: port(a.Inventory),
		Reviews: port(a.Reviews), Issuer: port(a.Issuer), Registry: port(a.Registry),
	}
}

const (
	joined  = `{ orders(first: 3) { nodes { id items { quantity product { name inStock } } fulfillable } } }`
	restock = `mutation { adjustStock(input: {sku: "TENT-2P", warehouse: "ham", delta: 5}) { name stock { quantity warehouse { id } } } }`
	rated   = `{ product(sku: "TENT-2P") { name averageRating reviews(first: 1) { rating author { id name } } } }`
)

func TestTour(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	var versions atomic.Int32
	d, stop := start(t, data, Ports{}, func(registry.VersionInfo) { versions.Add(1) })
	alice, bob, operator := token(t, d, "alice"), token(t, d, "bob"), token(t, d, "operator")

	t.Run("two services in one query", func(t *testing.T) {
		got := ask(t, d, "", joined)
		expect(t, got, `"fulfillable":`, `"product":{"name":"`)
		if strings.Contains(got, "errors") {
			t.Error(got)
		}
		if as := ask(t, d, alice, joined); as != got {
			t.Errorf("alice gets another answer: %s", as)
		}
	})
	t.Run("who is logged in", func(t *testing.T) {
		expect(t, ask(t, d, "", `{ me { name } }`), `{"data":{"me":null}}`)
		expect(t, ask(t, d, alice, `{ me { name } }`), `{"data":{"me":{"name":"Alice Moreau"}}}`)
		expect(t, ask(t, d, "nonsense", `{ me { name } }`), "UNAUTHENTICATED")
	})
	t.Run("who may change the stock", func(t *testing.T) {
		for _, refused := range []string{"", alice} {
			expect(t, ask(t, d, refused, restock), "UNAUTHORIZED_FIELD_OR_TYPE", `"path":["adjustStock"]`)
		}
		got := ask(t, d, bob, restock)
		expect(t, got, `"adjustStock":{"name":"Lerka Dome Tent`)
		if strings.Contains(got, "errors") {
			t.Error(got)
		}
	})
	t.Run("plans", func(t *testing.T) {
		body, err := json.Marshal(map[string]any{"query": joined, "extensions": map[string]any{"plan": true}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := post(t.Context(), d.Addresses().Gateway+"/graphql", "", body)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, got, `"extensions":{"plan":{"text":`, `"subgraph":"inventory"`)
	})
	t.Run("Playground", func(t *testing.T) {
		response, err := http.Get(d.Addresses().Gateway + "/playground/config.json")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		settings, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, string(settings), `"issuer":"`+d.Addresses().Issuer+`"`, "weft register reviews --url "+d.Addresses().Reviews)
	})
	t.Run("every example of the Playground is valid", func(t *testing.T) {
		for _, e := range d.playground().Examples {
			if e.Name == "Reviews" || strings.HasPrefix(e.Query, "subscription") {
				continue // the one fits once reviews is registered, the other is not sent by POST
			}
			body, err := json.Marshal(map[string]any{"query": e.Query, "variables": json.RawMessage(orNull(e.Variables))})
			if err != nil {
				t.Fatal(err)
			}
			got, err := post(t.Context(), d.Addresses().Gateway+"/graphql", bob, body)
			if err != nil || strings.Contains(got, `"errors"`) {
				t.Errorf("%s: %s, %v", e.Name, got, err)
			}
		}
	})

	t.Run("reviews come while queries run", func(t *testing.T) {
		running := queries(d, joined)
		out, err := client(t, d, operator).Publish(t.Context(), registry.Publication{
			Name: "reviews", URL: d.Addresses().Reviews + "/graphql", SDL: reviews.SDL(),
		})
		if err != nil || out.Status != registry.Accepted {
			t.Fatalf("%+v, %v", out, err)
		}
		// It is served as soon as it is acknowledged.
		got := ask(t, d, "", rated)
		expect(t, got, `"averageRating":`)
		if strings.Contains(got, "errors") {
			t.Error(got)
		}
		time.Sleep(100 * time.Millisecond)
		if failed, all := running(); failed != "" || all < 5 {
			t.Errorf("of %d queries, one failed: %s", all, failed)
		}
		if versions.Load() != 1 {
			t.Errorf("told of %d versions", versions.Load())
		}
	})
	t.Run("who may not register", func(t *testing.T) {
		for _, who := range []string{"", alice} {
			if _, err := client(t, d, who).Remove(t.Context(), "reviews"); err == nil {
				t.Error("removed")
			}
		}
	})
	t.Run("a broken schema", func(t *testing.T) {
		broken := strings.Replace(reviews.SDL(), "averageRating: Float", "averageRating: Stars", 1)
		out, err := client(t, d, operator).Publish(t.Context(), registry.Publication{
			Name: "reviews", URL: d.Addresses().Reviews + "/graphql", SDL: broken,
		})
		if err != nil || out.Status != registry.Refused || len(out.Errors) == 0 || out.Errors[0].Locations[0].Line == 0 {
			t.Fatalf("%+v, %v", out, err)
		}
		expect(t, ask(t, d, "", rated), `"averageRating":`)
	})

	before := ask(t, d, "", rated)
	ports := portsOf(t, d.Addresses())
	stop()
	t.Run("a restart keeps it", func(t *testing.T) {
		d, stop := start(t, data, ports, nil)
		defer stop()
		if got := ask(t, d, "", rated); got != before {
			t.Errorf("got %s, before %s", got, before)
		}
		if got := ask(t, d, alice, `{ me { name } }`); !strings.Contains(got, "Alice") {
			t.Errorf("alice's token does not outlive the restart: %s", got)
		}
	})
	t.Run("other ports", func(t *testing.T) {
		d, stop := start(t, data, Ports{}, nil)
		defer stop()
		expect(t, ask(t, d, "", joined), `"fulfillable":`)
		all, err := client(t, d, "").Subgraphs(t.Context())
		if err != nil || len(all) != 3 || all[1].URL != d.Addresses().Orders+"/graphql" || !strings.HasPrefix(all[2].By.Subject, "operator") {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func orNull(s string) string {
	if s == "" {
		return "null"
	}
	return s
}

// queries asks one query again and again. The function returned ends that, and returns an answer that is not as the first
// one was, and how many there were.
func queries(d *Demo, query string) (end func() (failed string, all int)) {
	ctx, cancel := context.WithCancel(context.Background())
	body := []byte(`{"query":"` + query + `"}`)
	var wrong string
	count := 0
	var running sync.WaitGroup
	running.Go(func() {
		first := ""
		for ctx.Err() == nil {
			got, err := post(context.Background(), d.Addresses().Gateway+"/graphql", "", body)
			count++
			switch {
			case err != nil:
				wrong = err.Error()
			case first == "":
				first = got
			case got != first:
				wrong = got
			}
			if strings.Contains(got, "errors") {
				wrong = got
			}
		}
	})
	return func() (string, int) {
		cancel()
		running.Wait()
		return wrong, count
	}
}

func TestTakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().(*net.TCPAddr).Port
	_, err = Start(t.Context(), Options{Data: t.TempDir(), Ports: Ports{Inventory: taken}})
	want := "port " + strconv.Itoa(taken) + " is taken, and the inventory service wants it: stop what listens there, or choose another port with --inventory-port"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestBanner(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "my shop")
	d, err := Start(t.Context(), Options{Data: folder, Command: "bin/weft"})
	if err != nil {
		t.Fatal(err)
	}
	a := d.Addresses()
	expect(t, d.Banner(), a.Gateway+"/\n", a.Registry, a.Issuer, "alice", "bob", folder,
		"bin/weft token --user alice --issuer "+a.Issuer,
		"bin/weft register reviews --url "+a.Reviews+"/graphql --schema '"+folder+"/reviews.graphql' --registry "+a.Registry)
	if err := d.Close(); err != nil {
		t.Error(err)
	}

	usual := &Demo{options: Options{Data: ".weft", Command: "weft"}, addresses: Addresses{
		Gateway: "http://localhost:4000", Orders: "http://localhost:4001", Inventory: "http://localhost:4002",
		Issuer: "http://localhost:4003", Reviews: "http://localhost:4004", Registry: "http://localhost:4010",
	}}
	banner := usual.Banner()
	expect(t, banner, "\n  weft register reviews --url http://localhost:4004/graphql --schema .weft/reviews.graphql\n", "$(weft token --user alice)")
}
