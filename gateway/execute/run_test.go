package execute

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

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
	entities := fetch.Func(func(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
		if !req.Fresh {
			t.Error("what is fetched for an event may be older than the event")
		}
		return answers(`{"data":{"ec":[{"lives":7}]}}`).Fetch(ctx, req)
	})
	got := run1(t, p, &Request{Event: []byte(`{"data":{"pets":[{"__typename":"Cat","id":1}]}}`)}, nil, entities)
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
