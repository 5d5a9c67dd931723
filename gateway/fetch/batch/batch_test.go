package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
)

const (
	price = `query($r:[_Any!]!$cur:String){_entities(representations:$r){...on Product{price(in:$cur)}}}`
	stock = `query($r:[_Any!]!){_entities(representations:$r){...S}}fragment S on Product{stock}`
)

// shop is a subgraph that answers from the representations: prices, stocks, errors for some.
type shop struct {
	mu     sync.Mutex
	bodies []string
	keys   []string
	delay  time.Duration
	refuse func(query string) error
	answer func(query string) string // overrides
}

func (s *shop) Fetch(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	s.mu.Lock()
	s.bodies = append(s.bodies, string(req.Body))
	s.keys = append(s.keys, req.Caller.Key())
	s.mu.Unlock()
	if s.delay > 0 {
		select {
		case <-time.After(s.delay):
		case <-ctx.Done():
			return nil, fetch.Failed("shop", ctx.Err())
		}
	}
	var in struct {
		Query     string
		Variables map[string]json.RawMessage
	}
	if err := json.Unmarshal(req.Body, &in); err != nil {
		return nil, err
	}
	if s.refuse != nil {
		if err := s.refuse(in.Query); err != nil {
			return nil, err
		}
	}
	if s.answer != nil {
		return &fetch.Response{Status: 200, Body: []byte(s.answer(in.Query))}, nil
	}
	data := map[string]any{}
	var errs []any
	for name, raw := range in.Variables {
		if !strings.HasSuffix(name, "r") || strings.HasSuffix(name, "cur") {
			continue
		}
		alias := strings.TrimSuffix(name, "r") + "_entities"
		var reps []map[string]any
		if err := json.Unmarshal(raw, &reps); err != nil {
			return nil, err
		}
		list := []any{}
		for i, r := range reps {
			if r["upc"] == "bad" {
				list = append(list, nil)
				errs = append(errs, map[string]any{"message": "no such product", "path": []any{alias, i, "price"}})
				continue
			}
			list = append(list, map[string]any{"of": r["upc"], "by": req.Caller.Key()})
		}
		data[alias] = list
	}
	body, err := json.Marshal(map[string]any{"data": data, "errors": errs})
	return &fetch.Response{Status: 200, Body: body}, err
}

func request(caller *fetch.Caller, operation string, wave *fetch.Wave, upcs ...string) *fetch.Request {
	var reps []string
	for _, u := range upcs {
		reps = append(reps, fmt.Sprintf(`{"__typename":"Product","upc":%q,"x":{"y":["a,b",{"c":"\""}]}}`, u))
	}
	e := &fetch.Entities{Operation: operation, Groups: []fetch.EntityGroup{{Name: "_entities", Variable: "r",
		Representations: []byte(strings.Join(reps, ",")), Count: len(reps)}}}
	if strings.Contains(operation, "$cur") {
		e.Variables = []fetch.Variable{{Name: "cur", Value: []byte(`"EUR"`)}}
	}
	return &fetch.Request{Body: body(e), Caller: caller, Entities: e, Wave: wave}
}

// outcome makes requests at once and returns their answers, or errors, in their order.
func outcome(b *Batcher, reqs ...*fetch.Request) []string {
	out := make([]string, len(reqs))
	var wg sync.WaitGroup
	for i, r := range reqs {
		wg.Go(func() {
			res, err := b.Fetch(context.Background(), r)
			if err != nil {
				out[i] = err.Error()
				return
			}
			out[i] = string(res.Body)
			res.Release()
		})
	}
	wg.Wait()
	return out
}

// entities lists what an answer's entities are of.
func entities(t *testing.T, body string) string {
	t.Helper()
	var a struct {
		Data   map[string][]struct{ Of string }
		Errors []struct {
			Message string
			Path    []any
		}
	}
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	var list []string
	for _, e := range a.Data["_entities"] {
		list = append(list, e.Of)
	}
	for _, e := range a.Errors {
		list = append(list, fmt.Sprint(e.Message, e.Path))
	}
	return strings.Join(list, " ")
}

func TestWave(t *testing.T) {
	for _, tc := range []struct {
		name  string
		reqs  func(w *fetch.Wave) []*fetch.Request
		want  []string
		calls []string
	}{
		{
			"one operation", func(w *fetch.Wave) []*fetch.Request {
				return []*fetch.Request{request(fetch.Nobody, stock, w, "a", "b"), request(fetch.Nobody, stock, w, "b", "c", "a")}
			}, []string{"a b", "b c a"}, nil,
		},
		{
			"two operations", func(w *fetch.Wave) []*fetch.Request {
				return []*fetch.Request{request(fetch.Nobody, stock, w, "a"), request(fetch.Nobody, price, w, "b", "a"), request(fetch.Nobody, price, w, "a", "b")}
			}, []string{"a", "b a", "a b"}, nil,
		},
		{
			"errors find their requests", func(w *fetch.Wave) []*fetch.Request {
				return []*fetch.Request{request(fetch.Nobody, price, w, "a"), request(fetch.Nobody, price, w, "c", "bad"), request(fetch.Nobody, stock, w, "bad")}
			}, []string{"a", "c  no such product[_entities 1 price]", " no such product[_entities 0 price]"}, nil,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := &shop{}
			b := New(s, Options{Subgraph: "shop"})
			got := outcome(b, tc.reqs(&fetch.Wave{Size: len(tc.want)})...)
			for i := range got {
				if e := entities(t, got[i]); e != tc.want[i] {
					t.Errorf("request %d got %q, not %q: %s", i, e, tc.want[i], got[i])
				}
			}
			if len(s.bodies) != 1 {
				t.Errorf("%d calls: %s", len(s.bodies), s.bodies)
			}
		})
	}
}

func TestCombinedDocument(t *testing.T) {
	s := &shop{}
	w := &fetch.Wave{Size: 2}
	outcome(New(s, Options{}), request(fetch.Nobody, price, w, "a"), request(fetch.Nobody, stock, w, "a"))
	var in struct {
		Query     string
		Variables map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(s.bodies[0]), &in); err != nil {
		t.Fatal(err)
	}
	const want = `query($b0_r:[_Any!]! $b0_cur:String $b1_r:[_Any!]! ){ b0__entities: _entities(representations: $b0_r) { ... on Product { price(in: $b0_cur) } } ` +
		`b1__entities: _entities(representations: $b1_r) { ... b1_S } }fragment b1_S on Product { stock } `
	if got := strings.Join(strings.Fields(in.Query), " "); got != strings.Join(strings.Fields(want), " ") {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if string(in.Variables["b0_cur"]) != `"EUR"` {
		t.Errorf("variables: %s", in.Variables)
	}
}

// TestNamesOfOperations: what clients call their operations does not keep equal ones apart, and neither does the order in
// which they come decide what the call is named.
func TestNamesOfOperations(t *testing.T) {
	named := func(name string, w *fetch.Wave, upcs ...string) *fetch.Request {
		r := request(fetch.Nobody, strings.Replace(stock, "query", "query "+name, 1), w, upcs...)
		r.Entities.OperationName = name
		return r
	}
	for _, names := range [][]string{{"A", "B"}, {"B", "A"}} {
		s := &shop{}
		w := &fetch.Wave{Size: 2}
		got := outcome(New(s, Options{}), named(names[0], w, "a"), named(names[1], w, "b", "a"))
		if entities(t, got[0]) != "a" || entities(t, got[1]) != "b a" {
			t.Errorf("got %s", got)
		}
		if len(s.bodies) != 1 || !strings.HasPrefix(s.bodies[0], `{"query":"query A(`) || !strings.Contains(s.bodies[0], `"operationName":"A","variables":{"r":[`) || strings.Count(s.bodies[0], `"upc"`) != 2 {
			t.Errorf("sent %s", s.bodies)
		}
	}
}

// TestFresh: a call that is made for a fresh request, too, is fresh.
func TestFresh(t *testing.T) {
	s := &shop{}
	next := fetch.Func(func(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
		if !req.Fresh {
			t.Error("the call may be answered by an older one")
		}
		return s.Fetch(ctx, req)
	})
	w := &fetch.Wave{Size: 2}
	fresh := request(fetch.Nobody, price, w, "a")
	fresh.Fresh = true
	outcome(New(next, Options{}), fresh, request(fetch.Nobody, price, w, "b"))
	if len(s.bodies) != 1 {
		t.Errorf("%d calls", len(s.bodies))
	}
}

// TestCallersNeverMix: whatever arrives together, no call carries representations of two callers, and nobody gets an
// answer made for somebody else.
func TestCallersNeverMix(t *testing.T) {
	s := &shop{delay: time.Millisecond}
	b := New(s, Options{Subgraph: "shop", Window: time.Millisecond})
	callers := []*fetch.Caller{
		fetch.Nobody, fetch.NewCaller("alice", nil), fetch.NewCaller("bob", nil),
		fetch.NewCaller("alice", []fetch.Header{{Name: "X", Value: "1"}}),
		fetch.NewCaller("alice", []fetch.Header{{Name: "X", Value: "2"}}),
		fetch.NewCaller("alice", []fetch.Header{{Name: "X", Value: "1"}, {Name: "Y", Value: ""}}),
		fetch.NewCaller("", []fetch.Header{{Name: "alice", Value: ""}}),
	}
	var keys []string
	for _, c := range callers {
		keys = append(keys, c.Key())
	}
	slices.Sort(keys)
	if len(slices.Compact(keys)) != len(callers) {
		t.Fatal("two callers have one key")
	}
	var reqs []*fetch.Request
	for i := range 700 {
		c := callers[i%len(callers)]
		reqs = append(reqs, request(c, []string{price, stock}[i/7%2], nil, c.Key()+fmt.Sprint(i%35)))
	}
	for i, got := range outcome(b, reqs...) {
		key, err := json.Marshal(callers[i%len(callers)].Key())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(got, `"by":`+string(key)) {
			t.Fatalf("request %d of %s got %s", i, key, got)
		}
	}
	for i, body := range s.bodies {
		for _, c := range callers {
			if c.Key() != s.keys[i] && strings.Contains(body, fmt.Sprintf(`"upc":%q`, c.Key())) {
				t.Fatalf("a call for %s carries %s", s.keys[i], body)
			}
		}
	}
	if len(s.bodies) >= 700 {
		t.Error("nothing was batched")
	}
}

func TestOneClientLeaves(t *testing.T) {
	s := &shop{delay: 50 * time.Millisecond}
	b := New(s, Options{Subgraph: "shop"})
	w := &fetch.Wave{Size: 2}
	ctx, cancel := context.WithCancel(context.Background())
	left := make(chan error)
	go func() {
		_, err := b.Fetch(ctx, request(fetch.Nobody, price, w, "a"))
		left <- err
	}()
	time.AfterFunc(10*time.Millisecond, cancel)
	got := outcome(b, request(fetch.Nobody, price, w, "b"))
	if entities(t, got[0]) != "b" {
		t.Errorf("the one that stayed got %s", got)
	}
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the one that left got %v", err)
	}
}

func TestAllClientsLeave(t *testing.T) {
	var stopped atomic.Bool
	next := fetch.Func(func(ctx context.Context, _ *fetch.Request) (*fetch.Response, error) {
		<-ctx.Done()
		stopped.Store(true)
		return nil, ctx.Err()
	})
	b := New(next, Options{Subgraph: "shop"})
	w := &fetch.Wave{Size: 2}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	for _, upc := range []string{"a", "b"} {
		wg.Go(func() {
			if _, err := b.Fetch(ctx, request(fetch.Nobody, price, w, upc)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	for range 100 {
		if stopped.Load() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("the call goes on")
}
