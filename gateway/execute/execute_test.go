package execute

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

var (
	nullable = &response.Type{}
	nonNull  = &response.Type{NonNull: true}
	listOf   = &response.Type{NonNull: true, Elem: nonNull}
)

// fake answers with fixed bodies and remembers what it was asked.
type fake struct {
	mu     sync.Mutex
	asked  []string
	answer func(body string) (string, error)
}

func (f *fake) Fetch(_ context.Context, req *fetch.Request) (*fetch.Response, error) {
	f.mu.Lock()
	f.asked = append(f.asked, string(req.Body))
	f.mu.Unlock()
	body, err := f.answer(string(req.Body))
	if err != nil {
		return nil, err
	}
	return &fetch.Response{Status: 200, Body: []byte(body)}, nil
}

func answers(body string) *fake {
	return &fake{answer: func(string) (string, error) { return body, nil }}
}

func leaf(p *plan.Plan, name string, scalar response.Scalar, t *response.Type, slot int) response.Field {
	return response.Field{
		Name: name, Key: fmt.Appendf(nil, "%q:", name), Kind: response.Leaf, Scalar: scalar, Type: t,
		Sources: []response.Source{{Slot: slot, Name: p.Names.Intern(name)}}, Coordinate: "T." + name,
	}
}

// catalogue is `{ products { upc name stock } me { id } }`: products come from subgraph 0, stock from an entity fetch of
// subgraph 1, me from subgraph 2.
func catalogue() *plan.Plan {
	p := &plan.Plan{Kind: ast.Query, Names: response.NewNames(), Conditions: make([]response.Condition, 1)}
	product := &response.Object{
		Inherited: 1,
		Links:     []response.Link{{From: 0, Fetch: 2}},
		TypeName:  response.Source{Slot: -1},
		Cases: []response.Case{{Fields: []response.Field{
			leaf(p, "upc", response.ID, nonNull, 0),
			leaf(p, "name", response.String, nullable, 0),
			leaf(p, "stock", response.Int, nullable, 1),
		}}},
	}
	user := &response.Object{Inherited: 1, TypeName: response.Source{Slot: -1},
		Cases: []response.Case{{Fields: []response.Field{leaf(p, "id", response.ID, nonNull, 0)}}}}
	p.Root = &response.Object{Inherited: 2, TypeName: response.Source{Slot: -1}, Cases: []response.Case{{Fields: []response.Field{
		{Name: "products", Key: []byte(`"products":`), Kind: response.Composite, Type: listOf, Object: product,
			Sources: []response.Source{{Slot: 0, Name: p.Names.Intern("products")}}, Coordinate: "Query.products"},
		{Name: "me", Key: []byte(`"me":`), Kind: response.Composite, Type: nullable, Object: user,
			Sources: []response.Source{{Slot: 1, Name: p.Names.Intern("me")}}, Coordinate: "Query.me"},
	}}}}
	p.Roots = []int{0, 1}
	p.Fetches = []*plan.Fetch{
		{ID: 0, Kind: plan.Query, Subgraph: 0, Name: "products", Operation: "{products{upc name}}", Dependents: []int{2}},
		{ID: 1, Kind: plan.Query, Subgraph: 2, Name: "users", Operation: "{me{id}}"},
		{ID: 2, Kind: plan.Entities, Subgraph: 1, Name: "inventory", DependsOn: []int{0},
			Operation: "query($r:[_Any!]!,$x:Int){_entities(representations:$r){...on Product{stock(x:$x)}}}",
			Variables: []string{"x"},
			Groups: []plan.Group{{Name: p.Names.Intern("_entities"), Variable: "r", Targets: []plan.Target{{
				Route: response.Route{Steps: []response.Step{{}}, Case: -1}, Slot: 1, From: 0,
				Representation: &response.Representation{Cases: []response.RepresentationCase{{Constant: "Product",
					Fields: []response.RepresentationField{{Key: []byte(`"upc":`), Field: 0, Required: true}}}}},
			}}}}},
	}
	return p
}

func run1(t *testing.T, p *plan.Plan, req *Request, subgraphs ...fetch.Fetcher) string {
	t.Helper()
	result := New(Options{Subgraphs: subgraphs}).Run(context.Background(), Compile(p), req)
	defer result.Release()
	if !json.Valid(result.Body) {
		t.Fatalf("not JSON: %s", result.Body)
	}
	return string(result.Body)
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

type vars map[string]string

func (v vars) Get(name string) ([]byte, bool) { raw, ok := v[name]; return []byte(raw), ok }
func (v vars) Bool(name string) bool          { return v[name] == "true" }

func TestEntities(t *testing.T) {
	inventory := answers(`{"data":{"_entities":[{"stock":3},{"stock":null}]}}`)
	got := run1(t, catalogue(), &Request{Variables: vars{"x": "7"}},
		answers(`{"data":{"products":[{"upc":"a","name":"A"},{"upc":2,"name":"B"},{"upc":"a","name":"A\u0041"}]}}`),
		inventory,
		answers(`{"data":{"me":{"id":1}}}`))
	equal(t, got, `{"data":{"products":[{"upc":"a","name":"A","stock":3},{"upc":"2","name":"B","stock":null},{"upc":"a","name":"A\u0041","stock":3}],"me":{"id":"1"}}}`)
	equal(t, strings.Join(inventory.asked, "\n"), `{"query":"query($r:[_Any!]!,$x:Int){_entities(representations:$r){...on Product{stock(x:$x)}}}","variables":{"r":[{"__typename":"Product","upc":"a"},{"__typename":"Product","upc":2}],"x":7}}`)
}

func TestSubgraphDown(t *testing.T) {
	got := run1(t, catalogue(), &Request{},
		answers(`{"data":{"products":[{"upc":"a","name":"A"}]}}`),
		&fake{answer: func(string) (string, error) { return "", errors.New("connection refused") }},
		answers(`<html>`))
	equal(t, got, `{"data":{"products":[{"upc":"a","name":"A","stock":null}],"me":null},"errors":[`+
		`{"message":"Subgraph \"users\" did not answer with a GraphQL response: at byte 0: the text looks like HTML, not like JSON.","path":["me"],"extensions":{"code":"SUBREQUEST_MALFORMED_RESPONSE","service":"users"}},`+
		`{"message":"Subgraph \"inventory\" could not be reached.","path":["products"],"extensions":{"code":"SUBREQUEST_HTTP_ERROR","service":"inventory"}}]}`)
}

func TestErrorPaths(t *testing.T) {
	got := run1(t, catalogue(), &Request{},
		answers(`{"data":{"products":[{"upc":"a","name":null},{"upc":"b","name":"B"},{"upc":"a"}]},"errors":[{"message":"no name","path":["products",0,"name"],"locations":[{"line":1,"column":2}],"extensions":{"code":"NO_NAME","x":1}}]}`),
		answers(`{"data":{"_entities":[null,{"stock":"x"}]},"errors":[{"message":"gone","path":["_entities",0,"stock"]}]}`),
		answers(`{"data":{"me":null}}`))
	equal(t, got, `{"data":{"products":[{"upc":"a","name":null,"stock":null},{"upc":"b","name":"B","stock":null},{"upc":"a","name":null,"stock":null}],"me":null},"errors":[`+
		`{"message":"no name","path":["products",0,"name"],"extensions":{"code":"NO_NAME","service":"products","x":1}},`+
		`{"message":"gone","path":["products",0,"stock"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"inventory"}},`+
		`{"message":"gone","path":["products",2,"stock"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"inventory"}},`+
		`{"message":"The subgraph's value of T.stock is a string, not a 32-bit integer.","path":["products",1,"stock"],"extensions":{"code":"INVALID_SUBGRAPH_VALUE"}}]}`)
}

func TestNullPropagation(t *testing.T) {
	got := run1(t, catalogue(), &Request{},
		answers(`{"data":{"products":[{"upc":null,"name":"A"}]}}`), answers(``), answers(`{"data":{"me":null}}`))
	equal(t, got, `{"data":null,"errors":[{"message":"Cannot return null for non-nullable field T.upc.","path":["products",0,"upc"],"extensions":{"code":"NON_NULL_VIOLATION"}}]}`)
}
