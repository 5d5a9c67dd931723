package execute

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

func newPlan(fetches ...*plan.Fetch) *plan.Plan {
	p := &plan.Plan{Kind: ast.Query, Names: response.NewNames(), Conditions: make([]response.Condition, 1), Fetches: fetches}
	for i, f := range fetches {
		f.ID = i
		for _, d := range f.DependsOn {
			fetches[d].Dependents = append(fetches[d].Dependents, i)
		}
	}
	return p
}

func object(inherited int, fields ...response.Field) *response.Object {
	return &response.Object{Inherited: inherited, TypeName: response.Source{Slot: -1}, Cases: []response.Case{{Fields: fields}}}
}

func composite(p *plan.Plan, name string, t *response.Type, slot int, o *response.Object) response.Field {
	f := leaf(p, name, response.Any, t, slot)
	f.Kind, f.Object = response.Composite, o
	return f
}

// pets is `{ pets { __typename ...on Cat { lives } ...on Dog { tricks } } }` where tricks and lives are entities' fields:
// one fetch, a group for each type.
func pets() *plan.Plan {
	p := newPlan(
		&plan.Fetch{Name: "pets", Operation: "{pets}"},
		&plan.Fetch{Kind: plan.Entities, Subgraph: 1, Name: "facts", Operation: "query($c,$d){…}", DependsOn: []int{0}},
	)
	typename := response.Field{Name: "__typename", Key: []byte(`"__typename":`), Kind: response.TypeName, Type: nonNull, Coordinate: "Pet.__typename"}
	id := leaf(p, "id", response.ID, nonNull, 0)
	id.Hidden = true
	pet := &response.Object{Inherited: 1, TypeName: response.Source{Name: p.Names.Intern("__typename")}, Cases: []response.Case{
		{Types: []string{"Cat"}, Links: []response.Link{{Fetch: 1, Group: 0}}, Fields: []response.Field{typename, id, leaf(p, "lives", response.Int, nullable, 1)}},
		{Types: []string{"Dog", "Wolf"}, Links: []response.Link{{Fetch: 1, Group: 1}}, Fields: []response.Field{typename, id, leaf(p, "tricks", response.Any, nullable, 1)}},
	}}
	list := &response.Type{Elem: nullable}
	p.Root, p.Roots = object(1, composite(p, "pets", list, 0, pet)), []int{0}
	rep := &response.Representation{Cases: []response.RepresentationCase{
		{Constant: "Cat", Fields: []response.RepresentationField{{Key: []byte(`"id":`), Field: 1, Required: true}}},
		{Runtime: true, Fields: []response.RepresentationField{{Key: []byte(`"kind":`), Field: 0}, {Key: []byte(`"id":`), Field: 1, Required: true}}},
	}}
	for i, variable := range []string{"c", "d"} {
		p.Fetches[1].Groups = append(p.Fetches[1].Groups, plan.Group{Name: p.Names.Intern("e" + variable), Variable: variable, Targets: []plan.Target{{
			Route: response.Route{Steps: []response.Step{{}}, Case: i}, Slot: 1, Representation: rep}}})
	}
	return p
}

func TestCases(t *testing.T) {
	facts := answers(`{"data":{"ec":[{"lives":9}],"ed":[{"tricks":["sit"]},null]},"errors":[{"message":"wild","path":["ed",1,"tricks"]}]}`)
	got := run1(t, pets(), &Request{}, answers(`{"data":{"pets":[{"__typename":"Dog","id":1},null,{"__typename":"Cat","id":"2"},{"__typename":"Wolf","id":3},{"__typename":"Fox","id":4},{"id":5},7]}}`), facts)
	equal(t, got, `{"data":{"pets":[{"__typename":"Dog","tricks":["sit"]},null,{"__typename":"Cat","lives":9},{"__typename":"Wolf","tricks":null},null,null,null]},"errors":[`+
		`{"message":"wild","path":["pets",3,"tricks"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"facts"}},`+
		`{"message":"An object of T.pets has a type that cannot stand there.","path":["pets",4],"extensions":{"code":"UNKNOWN_RUNTIME_TYPE"}},`+
		`{"message":"The type of an object of T.pets is not known: no subgraph told its __typename.","path":["pets",5],"extensions":{"code":"UNKNOWN_RUNTIME_TYPE"}},`+
		`{"message":"The subgraph's value of T.pets is not an object.","path":["pets",6],"extensions":{"code":"INVALID_SUBGRAPH_VALUE"}}]}`)
	equal(t, facts.asked[0], `{"query":"query($c,$d){…}","variables":{"c":[{"__typename":"Cat","id":"2"}],"d":[{"__typename":"Dog","kind":"Dog","id":1},{"__typename":"Wolf","kind":"Wolf","id":3}]}}`)
}

func TestNoEntitiesNoCall(t *testing.T) {
	facts := answers(``)
	got := run1(t, pets(), &Request{}, answers(`{"data":{"pets":[{"__typename":"Dog","id":null}]}}`), facts)
	equal(t, got, `{"data":{"pets":[{"__typename":"Dog","tricks":null}]}}`)
	if len(facts.asked) != 0 {
		t.Errorf("asked %s", facts.asked)
	}
}

func TestEntitiesAnswers(t *testing.T) {
	for _, tc := range []struct{ answer, errors string }{
		{`{"data":{"ec":[{"lives":1},{"lives":2}]}}`, `Subgraph \"facts\" did not answer with a GraphQL response: _entities answered 2 entities; 1 were asked for.`},
		{`{"data":{"ec":7}}`, `Subgraph \"facts\" did not answer with a GraphQL response: the answer to _entities is not a list; 1 entities were asked for.`},
		{`{"data":{}}`, `Subgraph \"facts\" did not answer with a GraphQL response: the answer to _entities is not a list; 1 entities were asked for.`},
		{`{"data":null,"errors":[{"message":"all wrong"}]}`, `all wrong`},
		{`{"errors":[{"message":"all wrong"}]}`, `all wrong`},
		{``, `Subgraph \"facts\" did not answer with a GraphQL response: at byte 0: the text ends where an object is expected.`},
	} {
		got := run1(t, pets(), &Request{}, answers(`{"data":{"pets":[{"__typename":"Cat","id":1}]}}`), answers(tc.answer))
		if !strings.HasPrefix(got, `{"data":{"pets":[{"__typename":"Cat","lives":null}]},"errors":[{"message":"`+tc.errors+`","path":["pets"]`) {
			t.Errorf("%s: %s", tc.answer, got)
		}
	}
}

// TestNestedQuery: an entity's field leads back to Query, whose field another subgraph has.
func TestNestedQuery(t *testing.T) {
	p := newPlan(
		&plan.Fetch{Name: "a", Operation: "{a{id}}"},
		&plan.Fetch{Subgraph: 1, Name: "b", Operation: "query($n:Int){top(n:$n)}", Variables: []string{"n"}, DependsOn: []int{0},
			Groups: []plan.Group{{Targets: []plan.Target{{Route: response.Route{Steps: []response.Step{{}, {}}, Case: -1}, Slot: 1}}}}},
	)
	query := object(1, leaf(p, "top", response.Int, nullable, 1))
	query.Links = []response.Link{{Fetch: 1}}
	p.Root, p.Roots = object(1, composite(p, "a", &response.Type{Elem: nullable}, 0, object(1, composite(p, "query", nonNull, 0, query)))), []int{0}
	a, b := answers(`{"data":{"a":[{"query":{}},{"query":{}}]}}`), answers(`{"data":{"top":5}}`)
	equal(t, run1(t, p, &Request{Variables: vars{"n": "1"}}, a, b), `{"data":{"a":[{"query":{"top":5}},{"query":{"top":5}}]}}`)
	equal(t, strings.Join(b.asked, " "), `{"query":"query($n:Int){top(n:$n)}","variables":{"n":1}}`)
	b = answers(`{"data":{"top":null},"errors":[{"message":"no","path":["top"]}]}`)
	equal(t, run1(t, p, &Request{}, a, b), `{"data":{"a":[{"query":{"top":null}},{"query":{"top":null}}]},"errors":[`+
		`{"message":"no","path":["a",0,"query","top"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"b"}},`+
		`{"message":"no","path":["a",1,"query","top"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"b"}}]}`)
	equal(t, run1(t, p, &Request{}, answers(`{"data":{"a":[]}}`), answers(``)), `{"data":{"a":[]}}`)
}

// steps is a plan of fetches that each fill a field of the root, named a, b, c ….
func steps(kind plan.FetchKind, fetches ...*plan.Fetch) *plan.Plan {
	p := newPlan(fetches...)
	var fields []response.Field
	for i, f := range fetches {
		f.Kind, f.Subgraph = kind, i
		f.Name = string(rune('a' + i))
		f.Operation = "{" + f.Name + "}"
		fields = append(fields, leaf(p, f.Name, response.Int, nullable, i))
		p.Roots = append(p.Roots, i)
	}
	p.Root = object(len(fetches), fields...)
	return p
}

func TestMutationsInOrder(t *testing.T) {
	var mu sync.Mutex
	var order []string
	step := func(name string, err error) fetch.Fetcher {
		return fetch.Func(func(_ context.Context, req *fetch.Request) (*fetch.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, fmt.Sprint(name, req.Mutation))
			return &fetch.Response{Status: 200, Body: []byte(`{"data":{"` + name + `":1}}`)}, err
		})
	}
	p := steps(plan.Mutation, &plan.Fetch{}, &plan.Fetch{DependsOn: []int{0}}, &plan.Fetch{DependsOn: []int{1}})
	got := run1(t, p, &Request{}, step("a", nil), step("b", &fetch.Error{Code: fetch.CodeHTTP, Message: "down"}), step("c", nil))
	equal(t, got, `{"data":{"a":1,"b":null,"c":1},"errors":[{"message":"down","path":["b"],"extensions":{"code":"SUBREQUEST_HTTP_ERROR","service":"b"}}]}`)
	equal(t, strings.Join(order, " "), "atrue btrue ctrue")
}

// TestNoBarrier: what depends on a fast fetch does not wait for a slow one beside it.
func TestNoBarrier(t *testing.T) {
	third := make(chan struct{})
	fast := answers(`{"data":{"a":1}}`)
	slow := fetch.Func(func(ctx context.Context, _ *fetch.Request) (*fetch.Response, error) {
		select {
		case <-third: // it answers only when the third has been asked
		case <-time.After(5 * time.Second):
			return nil, errors.New("the third fetch waited for the second")
		}
		return &fetch.Response{Status: 200, Body: []byte(`{"data":{"b":2}}`)}, nil
	})
	last := fetch.Func(func(context.Context, *fetch.Request) (*fetch.Response, error) {
		close(third)
		return &fetch.Response{Status: 200, Body: []byte(`{"data":{"c":3}}`)}, nil
	})
	p := steps(plan.Query, &plan.Fetch{}, &plan.Fetch{}, &plan.Fetch{DependsOn: []int{0}})
	equal(t, run1(t, p, &Request{}, fast, slow, last), `{"data":{"a":1,"b":2,"c":3}}`)
}

func TestConditions(t *testing.T) {
	p := steps(plan.Query, &plan.Fetch{Cond: 1}, &plan.Fetch{})
	p.ConditionVariables = []string{"yes"}
	p.Conditions = append(p.Conditions, response.Condition{Terms: [][]response.Literal{{{Variable: 0, Want: true}}}})
	p.Root.Cases[0].Fields[0].Cond = 1
	for value, want := range map[string]string{"true": `{"data":{"a":1,"b":2}}`, "false": `{"data":{"b":2}}`} {
		a := answers(`{"data":{"a":1}}`)
		equal(t, run1(t, p, &Request{Variables: vars{"yes": value}}, a, answers(`{"data":{"b":2}}`)), want)
		if asked := len(a.asked) == 1; asked != (value == "true") {
			t.Errorf("asked: %v", a.asked)
		}
	}
}

func TestSubscriptionEvent(t *testing.T) {
	p := pets()
	p.Fetches[0].Kind = plan.Subscription
	got := run1(t, p, &Request{Event: []byte(`{"data":{"pets":[{"__typename":"Cat","id":1}]}}`)}, nil, answers(`{"data":{"ec":[{"lives":7}]}}`))
	equal(t, got, `{"data":{"pets":[{"__typename":"Cat","lives":7}]}}`)
	if got := run1(t, p, &Request{}, nil, nil); !strings.Contains(got, fetch.CodeInternal) {
		t.Errorf("without an event: %s", got)
	}
}

func TestIntrospection(t *testing.T) {
	p := steps(plan.Introspection, &plan.Fetch{Variables: []string{"y"}})
	p.Fetches[0].Subgraph = -1
	introspect := func(_ context.Context, operation string, variables Variables) ([]byte, error) {
		if y, _ := variables.Get("y"); operation != "{a}" || string(y) != `[1]` {
			return nil, fmt.Errorf("asked %s %s", operation, y)
		}
		return []byte(`{"data":{"a":4}}`), nil
	}
	result := New(Options{Introspect: introspect}).Run(context.Background(), Compile(p), &Request{Variables: vars{"y": "[1]"}})
	equal(t, string(result.Body), `{"data":{"a":4}}`)
}

func TestCancel(t *testing.T) {
	// The second subgraph does not care about the context at all.
	quit := make(chan struct{})
	defer close(quit)
	deaf := fetch.Func(func(context.Context, *fetch.Request) (*fetch.Response, error) { <-quit; return nil, errors.New("late") })
	p := steps(plan.Query, &plan.Fetch{}, &plan.Fetch{})
	for name, end := range map[string]func() (context.Context, context.CancelFunc){
		fetch.CodeTimeout: func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), 20*time.Millisecond)
		},
		fetch.CodeCancelled: func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(20*time.Millisecond, cancel)
			return ctx, cancel
		},
	} {
		ctx, cancel := end()
		e := New(Options{Subgraphs: []fetch.Fetcher{answers(`{"data":{"a":1}}`), deaf}})
		from := time.Now()
		result := e.Run(ctx, Compile(p), &Request{})
		if got := string(result.Body); !strings.HasPrefix(got, `{"data":{"a":1,"b":null},"errors":[{"message":"`) || !strings.Contains(got, name) {
			t.Errorf("%s: %s", name, got)
		}
		if time.Since(from) > 2*time.Second {
			t.Error("it waited")
		}
		result.Release()
		cancel()
	}
}

func TestPanicIsAnError(t *testing.T) {
	bad := fetch.Func(func(context.Context, *fetch.Request) (*fetch.Response, error) { panic("oh") })
	var log strings.Builder
	e := New(Options{Subgraphs: []fetch.Fetcher{bad, answers(`{"data":{"b":1}}`)}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	result := e.Run(context.Background(), Compile(steps(plan.Query, &plan.Fetch{}, &plan.Fetch{})), &Request{})
	equal(t, string(result.Body), `{"data":{"a":null,"b":1},"errors":[{"message":"The gateway failed to ask subgraph \"a\".","path":["a"],"extensions":{"code":"SUBREQUEST_INTERNAL_ERROR","service":"a"}}]}`)
	if !strings.Contains(log.String(), "panic: oh") {
		t.Errorf("log: %s", log.String())
	}
}

func TestStatus(t *testing.T) {
	with := func(status int, body string) fetch.Fetcher {
		return fetch.Func(func(context.Context, *fetch.Request) (*fetch.Response, error) {
			return &fetch.Response{Status: status, Body: []byte(body)}, nil
		})
	}
	p := steps(plan.Query, &plan.Fetch{})
	equal(t, run1(t, p, &Request{}, with(500, `{"data":{"a":1}}`)), `{"data":{"a":1}}`)
	equal(t, run1(t, p, &Request{}, with(503, `busy`)),
		`{"data":{"a":null},"errors":[{"message":"Subgraph \"a\" answered with HTTP status 503.","path":["a"],"extensions":{"code":"SUBREQUEST_HTTP_ERROR","service":"a","http":{"status":503}}}]}`)
}

func TestHiddenAndBoundedErrors(t *testing.T) {
	a := answers(`{"data":{"a":null},"errors":[{"message":"password is 1234","path":["a"],"extensions":{"stack":"x"}},{"message":"2"},{"message":"3"}]}`)
	e := New(Options{Subgraphs: []fetch.Fetcher{a}, HideErrors: true, MaxErrors: 2})
	result := e.Run(context.Background(), Compile(steps(plan.Query, &plan.Fetch{})), &Request{})
	one := `{"message":"Subgraph a reported an error.","path":["a"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"a"}}`
	equal(t, string(result.Body), `{"data":{"a":null},"errors":[`+one+`,`+one+`,{"message":"1 more errors were left out.","extensions":{"code":"TOO_MANY_ERRORS"}}]}`)
}

func TestTraceAndExtensions(t *testing.T) {
	var trace *Trace
	req := &Request{Extensions: func(tr *Trace) []byte { trace = tr; return []byte(`{"plan":1}`) }}
	got := run1(t, pets(), req, answers(`{"data":{"pets":[{"__typename":"Cat","id":1},{"__typename":"Cat","id":1}]}}`), answers(`{"data":{"ec":[{"lives":7}]}}`))
	equal(t, got, `{"data":{"pets":[{"__typename":"Cat","lives":7},{"__typename":"Cat","lives":7}]},"extensions":{"plan":1}}`)
	if f := trace.Fetches[1]; !f.Made || f.Representations != 1 || f.Status != 200 || f.Bytes == 0 || f.Err != nil || f.Start < trace.Fetches[0].Start {
		t.Errorf("trace: %+v", trace)
	}
}

// TestWave: entity fetches of one subgraph that become ready together are told of each other.
func TestWave(t *testing.T) {
	p := catalogue()
	second := *p.Fetches[2]
	second.ID = 3
	p.Fetches = append(p.Fetches, &second)
	p.Fetches[0].Dependents = []int{2, 3}
	var mu sync.Mutex
	waves := map[*fetch.Wave]int{}
	inventory := fetch.Func(func(_ context.Context, req *fetch.Request) (*fetch.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		waves[req.Wave]++
		return &fetch.Response{Status: 200, Body: []byte(`{"data":{"_entities":[{"stock":1}]}}`)}, nil
	})
	run1(t, p, &Request{}, answers(`{"data":{"products":[{"upc":"a","name":"A"}]}}`), inventory, answers(`{"data":{"me":null}}`))
	for w, n := range waves {
		if w == nil || w.Size != 2 || n != 2 || len(waves) != 1 {
			t.Errorf("waves: %v", waves)
		}
	}
}

func TestCallerGoesAlong(t *testing.T) {
	alice := fetch.NewCaller("alice", nil)
	a := fetch.Func(func(_ context.Context, req *fetch.Request) (*fetch.Response, error) {
		if req.Caller != alice {
			return nil, errors.New("not for alice")
		}
		return &fetch.Response{Status: 200, Body: []byte(`{"data":{"a":1}}`)}, nil
	})
	equal(t, run1(t, steps(plan.Query, &plan.Fetch{}), &Request{Caller: func(int) *fetch.Caller { return alice }}, a), `{"data":{"a":1}}`)
}

// TestEntitiesDescribeTheBody: what batching reads lies in the body, which is the fetch's own.
func TestEntitiesDescribeTheBody(t *testing.T) {
	within := func(part, body []byte) bool {
		at := bytes.Index(body, part)
		return at >= 0 && &part[0] == &body[at]
	}
	checked := false
	inventory := fetch.Func(func(_ context.Context, req *fetch.Request) (*fetch.Response, error) {
		e := req.Entities
		if len(e.Variables) != 1 || e.Variables[0].Name != "x" || string(e.Variables[0].Value) != "[77]" || !within(e.Variables[0].Value, req.Body) {
			t.Errorf("variables: %q", e.Variables)
		}
		if g := e.Groups[0]; g.Count != 1 || string(g.Representations) != `{"__typename":"Product","upc":"a"}` || !within(g.Representations, req.Body) {
			t.Errorf("groups: %+v", e.Groups)
		}
		checked = true
		return &fetch.Response{Status: 200, Body: []byte(`{"data":{"_entities":[{"stock":3}]}}`)}, nil
	})
	run1(t, catalogue(), &Request{Variables: vars{"x": "[77]"}}, answers(`{"data":{"products":[{"upc":"a","name":"A"}]}}`), inventory, answers(`{"data":{"me":null}}`))
	if !checked {
		t.Error("nothing was asked")
	}
}

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
