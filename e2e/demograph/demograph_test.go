// Package demograph_test holds the gateway over the real demo services against one server that has all their data.
package demograph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/internal/simulate"
	"github.com/weft-gateway/weft/internal/simulate/generate"
	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/supergraph"
	"github.com/weft-gateway/weft/subgraphs/inventory"
	"github.com/weft-gateway/weft/subgraphs/orders"
	"github.com/weft-gateway/weft/subgraphs/reviews"
	"github.com/weft-gateway/weft/subgraphs/service"
)

var (
	seed       = flag.Uint64("demograph.seed", 1, "the first random operation")
	operations = flag.Int("demograph.operations", 300, "how many random operations are tried")
)

// services are the running demo services.
type services struct {
	orders, inventory, reviews string // URLs
}

var started = struct {
	sync.Mutex
	*services
	world []byte
}{}

// start starts the services, once for all tests, and reads what they hold.
func start(t *testing.T) (*services, []byte) {
	started.Lock()
	defer started.Unlock()
	if started.services != nil {
		return started.services, started.world
	}
	open := func(open func(context.Context, service.Options) (*service.Service, error)) string {
		s, err := open(context.Background(), service.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return httptest.NewServer(s).URL + "/graphql"
	}
	s := &services{orders: open(orders.New), inventory: open(inventory.New), reviews: open(reviews.New)}
	started.world = crawl(t, s.orders, s.inventory, s.reviews)
	started.services = s
	var objects map[string]any
	if err := json.Unmarshal(started.world, &objects); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		if sku, ok := strings.CutPrefix(name, "Product:"); ok && len(skus) < 20 {
			skus = append(skus, sku)
		}
		if id, ok := strings.CutPrefix(name, "Order:"); ok && len(orderIDs) < 20 {
			orderIDs = append(orderIDs, id)
		}
	}
	return s, started.world
}

// own is our composition's supergraph of the services.
func (s *services) own(t *testing.T) *supergraph.Supergraph {
	result := composition.Compose([]composition.Subgraph{
		{Name: "orders", URL: s.orders, SDL: orders.SDL()},
		{Name: "inventory", URL: s.inventory, SDL: inventory.SDL()},
		{Name: "reviews", URL: s.reviews, SDL: reviews.SDL()},
	})
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	return result.Supergraph
}

func newGateway(t *testing.T, super *supergraph.Supergraph, options gateway.Options) *gateway.Gateway {
	g, err := gateway.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	if err := g.Swap(super); err != nil {
		t.Fatal(err)
	}
	return g
}

// answer is what a gateway answers, decoded.
func answer(t *testing.T, g http.Handler, req simulate.Request) (status int, body []byte) {
	raw, err := json.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(raw))
	r.Header.Set("Content-Type", "application/json")
	g.ServeHTTP(rec, r)
	return rec.Code, rec.Body.Bytes()
}

// response is a decoded response.
type response struct {
	Data   any
	Errors []any
}

func decoded(t *testing.T, body []byte) response {
	var r response
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatalf("the response is no JSON: %v\n%s", err, body)
	}
	return r
}

// operation makes the i-th random operation.
func operation(schema *ast.Schema, i int) simulate.Request {
	text, variables := generate.Operation(generate.Seeded(*seed+uint64(i)), schema, generate.Options{Arguments: arguments, Queries: true, Fields: 30})
	return simulate.Request{Query: text, Variables: variables}
}

// arguments chooses among those that the crawler asked for.
func arguments(c *generate.Choices, typeName string, f *ast.FieldDefinition) []generate.Argument {
	one := func(name, typ string, values ...any) []generate.Argument {
		return []generate.Argument{{Name: name, Type: typ, Value: values[c.Below(len(values))]}}
	}
	switch typeName + "." + f.Name {
	case "Query.order":
		return one("id", "ID!", orderIDs[c.Below(len(orderIDs))])
	case "Query.product":
		return one("sku", "ID!", skus[c.Below(len(skus))])
	case "Query.orders":
		if c.Below(3) == 1 {
			return append(one("first", "Int", 2), one("status", "OrderStatus", statuses[c.Below(len(statuses))])...)
		}
	case "Query.products":
		if c.Below(3) == 1 {
			return append(one("search", "String", searches[c.Below(len(searches))]), one("first", "Int", 3)...)
		}
	}
	if c.Below(10) == 9 {
		return nil
	}
	return one("first", "Int", pageSizes[c.Below(len(pageSizes))])
}

// skus and orderIDs are some of the data's.
var skus, orderIDs = []string{"none"}, []string{"none"}

// TestSameAsMonolith asks random operations of a gateway over the services, and of one server with the same data.
func TestSameAsMonolith(t *testing.T) {
	s, data := start(t)
	super := s.own(t)
	world, err := simulate.ParseWorld(data)
	if err != nil {
		t.Fatal(err)
	}
	monolith := simulate.NewMonolith(world, super.API)
	g := newGateway(t, super, gateway.Options{})
	valid, failures := 0, 0
	for i := range *operations {
		req := operation(super.API, i)
		status, body := answer(t, g, req)
		if bytes.Contains(body, []byte("GRAPHQL_VALIDATION_FAILED")) {
			continue // fields that cannot be merged
		}
		valid++
		should := monolith.Execute(req).JSON()
		got, want := decoded(t, body), decoded(t, should)
		if status != http.StatusOK || len(got.Errors) > 0 || len(want.Errors) > 0 || !reflect.DeepEqual(got.Data, want.Data) {
			t.Errorf("seed %d, operation %d: status %d\n%s\n%v\ngateway  %.3000s\nmonolith %.3000s", *seed, i, status, req.Query, req.Variables, body, should)
			if failures++; failures == 3 {
				break
			}
		}
	}
	t.Logf("seed %d: %d operations, %d of them valid", *seed, *operations, valid)
	if valid < 200 && *operations >= 300 {
		t.Errorf("only %d operations are valid", valid)
	}
}

// TestReferenceSupergraph serves the supergraph that the reference implementation composed of the services: the answers
// are those over our own.
func TestReferenceSupergraph(t *testing.T) {
	s, _ := start(t)
	reference, err := os.ReadFile("../testdata/reference.graphql")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := supergraph.Read(string(reference))
	if err != nil {
		t.Fatal(err)
	}
	ours := s.own(t)
	one := newGateway(t, ours, gateway.Options{})
	other := newGateway(t, theirs, gateway.Options{Subgraph: map[string]gateway.SubgraphOptions{
		"orders": {URL: s.orders}, "inventory": {URL: s.inventory}, "reviews": {URL: s.reviews},
	}})
	for i := range 60 {
		req := operation(ours.API, i)
		status, body := answer(t, one, req)
		otherStatus, otherBody := answer(t, other, req)
		if status != otherStatus || !bytes.Equal(body, otherBody) {
			t.Fatalf("operation %d:\n%s\nours   %d %s\ntheirs %d %s", i, req.Query, status, body, otherStatus, otherBody)
		}
	}
	for _, query := range []string{
		`{__schema{types{name kind fields(includeDeprecated:true){name args{name defaultValue type{name}} type{name kind ofType{name kind ofType{name}}}} enumValues{name} inputFields{name} possibleTypes{name}}}}`,
	} {
		var types [2]any
		for i, g := range []*gateway.Gateway{one, other} {
			_, body := answer(t, g, simulate.Request{Query: query})
			if err := json.Unmarshal(body, &types[i]); err != nil {
				t.Fatal(err)
			}
		}
		if a, b := sortedText(types[0]), sortedText(types[1]); a != b {
			t.Errorf("introspection differs:\n%s\n%s", a, b)
		}
	}
}

// sortedText writes a value with its lists sorted: the order of types and fields is each composition's own.
func sortedText(v any) string {
	switch v := v.(type) {
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = sortedText(item)
		}
		slices.Sort(texts)
		return fmt.Sprint(texts)
	case map[string]any:
		texts := make([]string, 0, len(v))
		for name, item := range v {
			texts = append(texts, name+":"+sortedText(item))
		}
		slices.Sort(texts)
		return fmt.Sprint(texts)
	}
	return fmt.Sprint(v)
}
