package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/schema/composition"
)

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7",
  import: ["@key", "@shareable", "@external", "@requires", "@authenticated", "@requiresScopes"])
`

// service is a subgraph whose answers are written by hand: it gets the operation and the representations.
type service struct {
	name, sdl string
	url       string // where it runs, once it does
	answer    func(r *http.Request, operation string, representations []map[string]any) string

	mu    sync.Mutex
	asked []string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Query     string
		Variables map[string]json.RawMessage
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.asked = append(s.asked, body.Query)
	s.mu.Unlock()
	var representations []map[string]any
	_ = json.Unmarshal(body.Variables["representations"], &representations)
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, s.answer(r, body.Query, representations))
}

func (s *service) operations() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.asked, "\n")
}

// compose starts the services and composes their supergraph.
func compose(t *testing.T, services ...*service) string {
	t.Helper()
	var subgraphs []composition.Subgraph
	for _, s := range services {
		srv := httptest.NewServer(s)
		t.Cleanup(srv.Close)
		subgraphs = append(subgraphs, composition.Subgraph{Name: s.name, URL: srv.URL, SDL: link + s.sdl})
	}
	result := composition.Compose(subgraphs)
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	return result.SDL
}

func start(t *testing.T, o gateway.Options, sdl string) (*gateway.Gateway, *httptest.Server) {
	t.Helper()
	g, err := gateway.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.SwapSDL(sdl); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(g)
	t.Cleanup(srv.Close)
	return g, srv
}

func query(url, text string, header http.Header) (int, string, error) {
	body, _ := json.Marshal(map[string]any{"query": text})
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		return 0, "", err
	}
	req.Header = header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(all), err
}

// data is the response's data, compact, and the codes and paths of its errors.
func data(t *testing.T, body string) (string, []string) {
	t.Helper()
	var r struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Path       []any
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	var errs []string
	for _, e := range r.Errors {
		var path []string
		for _, p := range e.Path {
			path = append(path, fmt.Sprint(p))
		}
		errs = append(errs, e.Extensions.Code+" "+strings.Join(path, "."))
	}
	return string(r.Data), errs
}

// products and stock are two services around one entity; secret may be read by auditors only.
func shop() (products, stock *service) {
	products = &service{name: "products", sdl: `
		type Query { products: [Product!]! }
		type Mutation { rename(id: ID!): Product @requiresScopes(scopes: [["products:write"]]) }
		type Product @key(fields: "id") { id: ID! name: String }`,
		answer: func(*http.Request, string, []map[string]any) string {
			return `{"data":{"products":[{"id":"1","name":"Tent"},{"id":"2","name":"Mug"}]}}`
		}}
	stock = &service{name: "stock", sdl: `
		type Product @key(fields: "id") { id: ID! left: Int secret: Int @requiresScopes(scopes: [["audit"]]) mine: String @authenticated }`,
		answer: func(r *http.Request, operation string, representations []map[string]any) string {
			var b strings.Builder
			for i, rep := range representations {
				if i > 0 {
					b.WriteByte(',')
				}
				fmt.Fprintf(&b, `{"left":%s,"secret":7,"mine":"%s of %s"}`, rep["id"], rep["id"], r.Header.Get("X-User"))
			}
			return `{"data":{"_entities":[` + b.String() + `]}}`
		}}
	return products, stock
}

// callers reads the caller's name and scopes from headers, as an embedding program with authentication of its own would.
func callers(r *http.Request) (any, *server.Denied) {
	name := r.Header.Get("Test-User")
	if name == "" {
		return nil, nil
	}
	id, err := auth.NewIdentity(auth.IdentityFields{Issuer: "test", Subject: name, Scopes: strings.Fields(r.Header.Get("Test-Scopes"))})
	if err != nil {
		return nil, &server.Denied{Status: http.StatusUnauthorized}
	}
	return id, nil
}

func as(user, scopes string) http.Header {
	return http.Header{"Test-User": {user}, "Test-Scopes": {scopes}}
}

func TestUnauthorizedFieldIsNullAndNeverAsked(t *testing.T) {
	products, stock := shop()
	_, srv := start(t, gateway.Options{Server: server.Options{Authenticate: callers}}, compose(t, products, stock))

	for _, c := range []struct {
		name   string
		header http.Header
		query  string
		data   string
		errors string
		asked  bool
	}{
		{"anonymous", nil, `{products{name left secret}}`,
			`{"products":[{"name":"Tent","left":1,"secret":null},{"name":"Mug","left":2,"secret":null}]}`,
			"UNAUTHORIZED_FIELD_OR_TYPE products.0.secret, UNAUTHORIZED_FIELD_OR_TYPE products.1.secret", false},
		{"without the scope", as("ann", "other"), `{products{name left secret}}`,
			`{"products":[{"name":"Tent","left":1,"secret":null},{"name":"Mug","left":2,"secret":null}]}`,
			"UNAUTHORIZED_FIELD_OR_TYPE products.0.secret, UNAUTHORIZED_FIELD_OR_TYPE products.1.secret", false},
		{"with the scope", as("ann", "audit"), `{products{name left secret}}`,
			`{"products":[{"name":"Tent","left":1,"secret":7},{"name":"Mug","left":2,"secret":7}]}`, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			stock.asked = nil
			_, body, err := query(srv.URL, c.query, c.header)
			if err != nil {
				t.Fatal(err)
			}
			got, errs := data(t, body)
			if got != c.data || strings.Join(errs, ", ") != c.errors {
				t.Errorf("got %s\nerrors %v", got, errs)
			}
			if asked := strings.Contains(stock.operations(), "secret"); asked != c.asked {
				t.Errorf("asked for secret: %v\n%s", asked, stock.operations())
			}
		})
	}

	t.Run("a mutation is not made at all", func(t *testing.T) {
		products.asked = nil
		_, body, err := query(srv.URL, `mutation{rename(id:"1"){name}}`, as("ann", "audit"))
		if err != nil {
			t.Fatal(err)
		}
		got, errs := data(t, body)
		if got != `{"rename":null}` || strings.Join(errs, ", ") != "UNAUTHORIZED_FIELD_OR_TYPE rename" || products.operations() != "" {
			t.Errorf("got %s, errors %v, asked %q", got, errs, products.operations())
		}
	})
}

func TestSubgraphThatIsDownNullsWhatItOwns(t *testing.T) {
	products, stock := shop()
	sdl := compose(t, products, stock)
	_, srv := start(t, gateway.Options{Subgraph: map[string]gateway.SubgraphOptions{
		"stock": {URL: "http://127.0.0.1:1/", ConnectTimeout: time.Second},
	}}, sdl)
	status, body, err := query(srv.URL, `{products{name left}}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, errs := data(t, body)
	if status != 200 || got != `{"products":[{"name":"Tent","left":null},{"name":"Mug","left":null}]}` || len(errs) == 0 {
		t.Errorf("got %d %s, errors %v", status, got, errs)
	}
	for _, e := range errs {
		if !strings.HasPrefix(e, "SUBREQUEST_HTTP_ERROR products") {
			t.Errorf("error %q", e)
		}
	}
	if strings.Contains(body, "127.0.0.1") {
		t.Errorf("the client learns the subgraph's address: %s", body)
	}
}

func TestSwapDropsNoRequest(t *testing.T) {
	products, stock := shop()
	both, one := compose(t, products, stock), compose(t, products)
	g, srv := start(t, gateway.Options{}, both)
	var stop atomic.Bool
	var served atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !stop.Load() {
				_, body, err := query(srv.URL, `{products{name}}`, nil)
				if err != nil || body != `{"data":{"products":[{"name":"Tent"},{"name":"Mug"}]}}` {
					t.Errorf("%s %v", body, err)
					return
				}
				served.Add(1)
			}
		})
	}
	for i := range 100 {
		sdl := both
		if i%2 == 0 {
			sdl = one
		}
		if err := g.SwapSDL(sdl); err != nil {
			t.Fatal(err)
		}
	}
	for served.Load() < 100 && !t.Failed() {
		time.Sleep(time.Millisecond)
	}
	stop.Store(true)
	wg.Wait()
	if err := g.SwapSDL("type Query { nothing: Int }"); err == nil {
		t.Error("a schema that is no supergraph was taken")
	}
	if _, body, _ := query(srv.URL, `{products{name left}}`, nil); !strings.Contains(body, `"left":1`) {
		t.Errorf("after a failed swap: %s", body)
	}
}

// A supergraph that asks for what the gateway cannot do is refused, and what was served is served on.
func TestSwapRefusesUnsupported(t *testing.T) {
	products, _ := shop()
	sdl := compose(t, products)
	g, srv := start(t, gateway.Options{}, sdl)
	audit := strings.Replace(sdl, "\n{", "\n  @link(url: \"https://example.com/audit/v1.0\", for: SECURITY)\n{", 1)
	connectors := composition.Compose([]composition.Subgraph{{Name: "weather", SDL: `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12")
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect"])
type Query { rain: Int @connect(http: {GET: "http://weather/rain"}, selection: "$.mm") }`}}).SDL
	for sdl, want := range map[string]string{
		audit:      "https://example.com/audit/v1.0 for SECURITY",
		connectors: `the subgraph "weather" is made of connectors`,
	} {
		if err := g.SwapSDL(sdl); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error that says %q", err, want)
		}
	}
	if _, body, _ := query(srv.URL, `{products{name}}`, nil); !strings.Contains(body, "Tent") {
		t.Errorf("after a refused swap: %s", body)
	}
}

// Callers whose requests are batched never see each other's answers.
func TestCallersNeverMix(t *testing.T) {
	products, stock := shop()
	_, srv := start(t, gateway.Options{
		Server:    server.Options{Authenticate: callers},
		Subgraphs: gateway.SubgraphOptions{Batch: gateway.BatchOptions{Window: 2 * time.Millisecond}},
		Forward:   auth.ForwardOptions{All: auth.ForwardRules{Claims: []auth.ClaimHeader{{Header: "X-User", Claim: "sub"}}}},
	}, compose(t, products, stock))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			user := fmt.Sprintf("user%d", i%4)
			// What a client sends under the header's name is not passed on.
			header := as(user, "")
			header.Set("X-User", "root")
			want := fmt.Sprintf(`{"data":{"products":[{"mine":"1 of %s"},{"mine":"2 of %s"}]}}`, user, user)
			for range 25 {
				_, body, err := query(srv.URL, `{products{mine}}`, header)
				if err != nil || body != want {
					t.Errorf("%s got %s %v", user, body, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestPlanOnRequest(t *testing.T) {
	products, stock := shop()
	sdl := compose(t, products, stock)
	ask := func(o gateway.Options) string {
		_, srv := start(t, o, sdl)
		resp, err := http.Post(srv.URL+"/graphql", "application/json",
			strings.NewReader(`{"query":"{products{left}}","extensions":{"plan":true}}`))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return string(body)
	}
	if body := ask(gateway.Options{}); strings.Contains(body, "extensions") {
		t.Errorf("a plan was given to somebody who may not ask: %s", body)
	}
	body := ask(gateway.Options{Plans: func(*auth.Identity) bool { return true }})
	var got struct {
		Data       json.RawMessage
		Extensions struct {
			Plan struct {
				Text           string
				Fetches, Depth int
				Nodes          []struct {
					ID, Representations              int
					Subgraph, Label, Operation, Path string
					DependsOn                        []int
					Made                             bool
					StartMS, DurationMS              *float64
				}
				QueryPlan struct {
					Kind string
					Node struct {
						Kind  string
						Nodes []struct {
							Kind, ServiceName string
							Path              []string
							Node              struct{ ServiceName string }
						}
					}
				}
			}
		}
	}
	decoder := json.NewDecoder(strings.NewReader(body))
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err, body)
	}
	p := got.Extensions.Plan
	if p.Fetches != 2 || p.Depth != 2 || len(p.Nodes) != 2 || !strings.HasPrefix(p.Text, "2 fetches, 2 steps\n") {
		t.Fatalf("no plan: %s", body)
	}
	if n := p.Nodes[1]; n.Subgraph != "stock" || n.Label != "entities" || len(n.DependsOn) != 1 || n.Path != "products[]" || !n.Made ||
		n.StartMS == nil || n.DurationMS == nil || n.Representations != 2 || !strings.Contains(n.Operation, "_entities") {
		t.Errorf("a node: %s", body)
	}
	if q := p.QueryPlan; q.Kind != "QueryPlan" || q.Node.Kind != "Sequence" || len(q.Node.Nodes) != 2 || q.Node.Nodes[0].ServiceName != "products" ||
		q.Node.Nodes[1].Kind != "Flatten" || q.Node.Nodes[1].Node.ServiceName != "stock" || strings.Join(q.Node.Nodes[1].Path, " ") != "products @" {
		t.Errorf("the tree: %s", body)
	}
}

func TestNotReadyBeforeTheFirstSupergraph(t *testing.T) {
	g, err := gateway.New(gateway.Options{})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(g)
	defer srv.Close()
	if status, body, err := query(srv.URL, `{a}`, nil); err != nil || status != http.StatusServiceUnavailable {
		t.Errorf("%d %s %v", status, body, err)
	}
}
