package execute

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// TestAmplification: a small answer that would make a huge response is refused in short time.
func TestAmplification(t *testing.T) {
	// Every level is a list of entities that are all the same one.
	const levels, width = 12, 100
	p := newPlan(&plan.Fetch{Name: "people", Operation: "{me{id}}"})
	inner := object(1, leaf(p, "id", response.ID, nullable, 0))
	route := response.Route{Case: -1, Steps: []response.Step{{}}}
	rep := &response.Representation{Cases: []response.RepresentationCase{{Constant: "P", Fields: []response.RepresentationField{{Key: []byte(`"id":`), Field: 0, Required: true}}}}}
	var me *response.Object
	at := &me
	for level := 1; level <= levels; level++ {
		f := &plan.Fetch{ID: level, Kind: plan.Entities, Subgraph: 1, Name: "friends", Operation: "{_entities}", DependsOn: []int{level - 1},
			Groups: []plan.Group{{Name: p.Names.Intern("_entities"), Variable: "r", Targets: []plan.Target{{
				Route: response.Route{Case: -1, Steps: append([]response.Step(nil), route.Steps...)}, Slot: 1, Representation: rep}}}}}
		p.Fetches[level-1].Dependents = []int{level}
		p.Fetches = append(p.Fetches, f)
		o := object(1, leaf(p, "id", response.ID, nullable, 0), composite(p, "friends", &response.Type{Elem: nullable}, 1, inner))
		o.Links = []response.Link{{Fetch: level}}
		*at = o
		at = &o.Cases[0].Fields[1].Object
		route.Steps = append(route.Steps, response.Step{Field: 1})
	}
	p.Root, p.Roots = object(1, composite(p, "me", nullable, 0, me)), []int{0}
	friends := answers(`{"data":{"_entities":[{"friends":[` + strings.Repeat(`{"id":1},`, width-1) + `{"id":1}]}]}}`)
	for _, limits := range []response.Limits{
		{Depth: 256, Nodes: 1 << 20, Objects: 1 << 20, Bytes: 1 << 40},
		{Depth: 256, Nodes: 1 << 20, Objects: 1 << 40, Bytes: 1 << 20},
	} {
		if limits.Objects > limits.Bytes {
			p.Fetches[3].Dependents = nil // with no limit of objects the fourth walk alone would take long
		}
		e := New(Options{Subgraphs: []fetch.Fetcher{answers(`{"data":{"me":{"id":1}}}`), friends}, Limits: limits})
		result := e.Run(context.Background(), Compile(p), &Request{})
		equal(t, string(result.Body[:min(500, len(result.Body))]), `{"data":null,"errors":[{"message":"The response is too large: an operation with fewer or shorter lists is needed.","extensions":{"code":"RESPONSE_TOO_LARGE"}}]}`)
		result.Release()
	}
}

// TestDisorder: objects of thousands of members in an unexpected order, or missing, cannot keep the gateway busy.
func TestDisorder(t *testing.T) {
	const width, objects = 5000, 300
	p := newPlan(&plan.Fetch{Name: "wide", Operation: "{…}"})
	var fields []response.Field
	var members []string
	for i := range width {
		fields = append(fields, leaf(p, fmt.Sprintf("n%d", i), response.Int, nullable, 0))
		members = append(members, fmt.Sprintf(`"n%d":1`, width-i))
	}
	p.Root, p.Roots = object(1, composite(p, "list", &response.Type{Elem: nullable}, 0, object(1, fields...))), []int{0}
	one := "{" + strings.Join(members, ",") + "}"
	for n, want := range map[int]string{1: `{"data":{"list":[{"n0":null,"n1":1,`, objects: `{"data":null,"errors":[{"message":"The response is too large`} {
		from := time.Now()
		e := New(Options{Subgraphs: []fetch.Fetcher{answers(`{"data":{"list":[` + one + strings.Repeat(","+one, n-1) + `]}}`)},
			Limits: response.Limits{Depth: 256, Nodes: 1 << 23, Objects: 1 << 22, Bytes: 1 << 30}})
		result := e.Run(context.Background(), Compile(p), &Request{})
		if got := string(result.Body); !strings.HasPrefix(got, want) {
			t.Errorf("%d objects: %.200s", n, got)
		}
		result.Release()
		if took := time.Since(from); took > 20*time.Second {
			t.Errorf("%d objects took %v", n, took)
		}
	}
}

// TestManyEntities: ten thousand entities are one call, and quick.
func TestManyEntities(t *testing.T) {
	const n = 10_000
	var products, stocks, want []string
	for i := range n {
		products = append(products, fmt.Sprintf(`{"upc":"%d","name":"N"}`, i))
		stocks = append(stocks, fmt.Sprintf(`{"stock":%d}`, i))
		want = append(want, fmt.Sprintf(`{"upc":"%d","name":"N","stock":%d}`, i, i))
	}
	inventory := answers(`{"data":{"_entities":[` + strings.Join(stocks, ",") + `]}}`)
	got := run1(t, catalogue(), &Request{}, answers(`{"data":{"products":[`+strings.Join(products, ",")+`]}}`), inventory, answers(`{"data":{"me":null}}`))
	equal(t, got, `{"data":{"products":[`+strings.Join(want, ",")+`],"me":null}}`)
	if len(inventory.asked) != 1 {
		t.Errorf("%d calls", len(inventory.asked))
	}
}

// FuzzAnswers: whatever subgraphs answer, the response is JSON with data and nothing panics.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"data":{"pets":[{"__typename":"Cat","id":1},{"__typename":"Dog","id":2},null,[1]]}}`), []byte(`{"data":{"ec":[{"lives":9}],"ed":[{"tricks":["sit"]}]}}`))
	f.Add([]byte(`{"data":{"pets":[{"__typename":"Wolf","id":"x"}]}}`), []byte(`{"data":{"ed":[null]},"errors":[{"message":"m","path":["ed",0,"tricks",1]},{"path":["ed",9]}]}`))
	f.Add([]byte(`{"data":null,"errors":[{"message":"m","path":["pets",0,"id"],"extensions":{"code":1,"service":[]}}]}`), []byte(`<`))
	p := Compile(pets())
	f.Fuzz(func(t *testing.T, a, b []byte) {
		result := New(Options{Subgraphs: []fetch.Fetcher{answers(string(a)), answers(string(b))}}).Run(context.Background(), p, &Request{})
		defer result.Release()
		var out struct {
			Data   *json.RawMessage
			Errors []struct {
				Message    string
				Extensions map[string]any
			}
		}
		if err := json.Unmarshal(result.Body, &out); err != nil || !strings.HasPrefix(string(result.Body), `{"data":`) {
			t.Fatalf("%v: %s", err, result.Body)
		}
		for _, e := range out.Errors {
			if e.Message == "" || e.Extensions["code"] == nil {
				t.Fatalf("an error that does not say what and why: %s", result.Body)
			}
		}
	})
}
