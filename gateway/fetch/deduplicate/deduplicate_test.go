package deduplicate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// origin is a subgraph that answers with what it was asked for whom, after some time, from memory that it uses again.
type origin struct {
	takes time.Duration
	fail  error

	calls, cancelled, released atomic.Int32
	pool                       sync.Pool
}

// memory is the memory of an answer. A user of a released answer reads what is written over it.
type memory struct {
	origin *origin
	b      []byte
}

func (m *memory) Free() {
	for i := range m.b {
		m.b[i] = '!'
	}
	m.origin.released.Add(1)
	m.origin.pool.Put(m)
}

func (o *origin) Fetch(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	n := o.calls.Add(1)
	select {
	case <-time.After(o.takes):
	case <-ctx.Done():
		o.cancelled.Add(1)
		return nil, fetch.Failed("shop", ctx.Err())
	}
	if o.fail != nil {
		return nil, o.fail
	}
	m, ok := o.pool.Get().(*memory)
	if !ok {
		m = &memory{origin: o}
	}
	m.b = fmt.Appendf(m.b[:0], "%s for %s", req.Body, req.Caller.Key())
	header := fmt.Sprint(n)
	return &fetch.Response{Status: 200, Body: m.b, Free: m, Header: func(string) string { return header }}, nil
}

func ask(ctx context.Context, f fetch.Fetcher, caller *fetch.Caller, body string) (string, error) {
	own := []byte(body)
	res, err := f.Fetch(ctx, &fetch.Request{Body: own, Caller: caller})
	clear(own) // the request's body is its caller's to use again
	if err != nil {
		return "", err
	}
	defer res.Release()
	return string(res.Body), nil
}

// atOnce makes requests at once and waits for all.
func atOnce(n int, request func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { request(i) })
	}
	wg.Wait()
}

func TestEqualRequestsShareACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{takes: time.Second}
		d := New(o, Options{})
		atOnce(100, func(int) {
			if got, err := ask(t.Context(), d, fetch.Nobody, "q"); err != nil || got != "q for "+fetch.Nobody.Key() {
				t.Error(got, err)
			}
		})
		if o.calls.Load() != 1 || o.released.Load() != 1 {
			t.Errorf("%d calls, %d of their answers released", o.calls.Load(), o.released.Load())
		}
		// What comes after an answer is asked anew.
		if _, err := ask(t.Context(), d, fetch.Nobody, "q"); err != nil || o.calls.Load() != 2 {
			t.Error("an answer was kept", err)
		}
		synctest.Wait()
		if len(d.calls) != 0 || d.held != 0 {
			t.Errorf("%d calls and %d bytes are left", len(d.calls), d.held)
		}
	})
}

func TestWhatIsNotShared(t *testing.T) {
	header := func(name, value string) *fetch.Caller {
		return fetch.NewCaller("alice", []fetch.Header{{Name: name, Value: value}})
	}
	long := []byte(strings.Repeat("x", maxBody+1))
	for name, requests := range map[string][2]fetch.Request{
		"bodies":          {{Body: []byte("a")}, {Body: []byte("b")}},
		"a longer body":   {{Body: []byte("a")}, {Body: []byte("a ")}},
		"identities":      {{Caller: fetch.NewCaller("alice", nil)}, {Caller: fetch.NewCaller("bob", nil)}},
		"nobody":          {{Caller: fetch.NewCaller("alice", nil)}, {Caller: fetch.Nobody}},
		"header values":   {{Caller: header("X", "1")}, {Caller: header("X", "2")}},
		"header names":    {{Caller: header("X", "1")}, {Caller: header("Y", "1")}},
		"header or none":  {{Caller: header("X", "")}, {Caller: fetch.NewCaller("alice", nil)}},
		"mutations":       {{Mutation: true}, {Mutation: true}},
		"a mutation":      {{}, {Mutation: true}},
		"fresh ones":      {{}, {Fresh: true}},
		"very large ones": {{Body: long}, {Body: long}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &origin{takes: time.Second}
				d := New(o, Options{})
				atOnce(2, func(i int) {
					time.Sleep(time.Duration(i) * time.Millisecond)
					req := requests[i]
					if req.Caller == nil {
						req.Caller = fetch.Nobody
					}
					res, err := d.Fetch(t.Context(), &req)
					if err != nil {
						t.Error(err)
						return
					}
					if want := string(req.Body) + " for " + req.Caller.Key(); string(res.Body) != want {
						t.Errorf("got %.50q, not %.50q", res.Body, want)
					}
					res.Release()
				})
				if o.calls.Load() != 2 {
					t.Error("they shared a call")
				}
			})
		})
	}
}

// TestEqualHashesAreNotEquality: requests that meet in one place of the table are told apart.
func TestEqualHashesAreNotEquality(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{takes: time.Second}
		d := New(o, Options{})
		var wg sync.WaitGroup
		wg.Go(func() {
			if got, err := ask(t.Context(), d, fetch.NewCaller("alice", nil), "q"); err != nil || !strings.Contains(got, "alice") {
				t.Error(got, err)
			}
		})
		synctest.Wait()
		// Bob's request and one with another body find alice's call where their own would be.
		bob := fetch.NewCaller("bob", nil)
		for hash, c := range d.calls {
			delete(d.calls, hash)
			d.calls[d.hash(&fetch.Request{Body: []byte("q"), Caller: bob})] = c
			d.calls[d.hash(&fetch.Request{Body: []byte("r"), Caller: c.request.Caller})] = c
		}
		if got, err := ask(t.Context(), d, bob, "q"); err != nil || !strings.Contains(got, "bob") {
			t.Error("bob got", got, err)
		}
		wg.Wait()
	})
}

// TestIdentitiesNeverMix: whoever asks what, and leaves when, gets an answer that was made for the same request of the same
// caller, and its memory is nobody else's while it is read.
func TestIdentitiesNeverMix(t *testing.T) {
	o := &origin{takes: 200 * time.Microsecond}
	d := New(o, Options{})
	var callers []*fetch.Caller
	for i := range 8 {
		identity, value := "", "1"
		if i%2 == 1 {
			identity = "alice"
		}
		if i&2 != 0 {
			value = "2"
		}
		var headers []fetch.Header
		if i >= 4 {
			headers = []fetch.Header{{Name: "X", Value: value}}
		}
		callers = append(callers, fetch.NewCaller(identity, headers))
	}
	var answered atomic.Int32
	atOnce(64, func(g int) {
		for i := range 200 {
			ctx, cancel := t.Context(), func() {}
			if (g+i)%5 == 0 {
				ctx, cancel = context.WithTimeout(ctx, time.Duration(i%4)*100*time.Microsecond)
			}
			caller, body := callers[(g*7+i)%len(callers)], strings.Repeat("q", 1+i/3%3)
			got, err := ask(ctx, d, caller, body)
			cancel()
			switch {
			case err == nil && got != body+" for "+caller.Key():
				t.Errorf("%s for %s got %s", body, caller.Key(), got)
			case err == nil:
				answered.Add(1)
			case !errors.Is(err, context.DeadlineExceeded):
				t.Error(err)
			}
		}
	})
	if o.calls.Load() >= answered.Load() {
		t.Errorf("%d calls for %d answers: nothing was shared", o.calls.Load(), answered.Load())
	}
}

func TestTheFirstLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{takes: time.Second}
		d := New(o, Options{})
		first, leave := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer leave()
		atOnce(3, func(i int) {
			if i == 0 {
				from := time.Now()
				if _, err := ask(first, d, fetch.Nobody, "q"); !errors.Is(err, context.DeadlineExceeded) || time.Since(from) > 100*time.Millisecond {
					t.Errorf("the first got %v after %v", err, time.Since(from))
				}
				return
			}
			time.Sleep(time.Duration(i*60) * time.Millisecond) // one before, one after it has left
			if got, err := ask(t.Context(), d, fetch.Nobody, "q"); err != nil || got != "q for "+fetch.Nobody.Key() {
				t.Errorf("number %d got %q, %v", i, got, err)
			}
		})
		if o.calls.Load() != 1 || o.cancelled.Load() != 0 || o.released.Load() != 1 {
			t.Errorf("%d calls, %d cancelled, %d answers released", o.calls.Load(), o.cancelled.Load(), o.released.Load())
		}
	})
}

func TestAllLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{takes: time.Minute}
		d := New(o, Options{})
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		atOnce(10, func(int) {
			if _, err := ask(ctx, d, fetch.Nobody, "q"); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		synctest.Wait()
		if o.calls.Load() != 1 || o.cancelled.Load() != 1 {
			t.Errorf("%d calls, %d cancelled", o.calls.Load(), o.cancelled.Load())
		}
		// Nobody gets the answer of a call that was given up.
		if _, err := ask(t.Context(), d, fetch.Nobody, "q"); err != nil || o.calls.Load() != 2 {
			t.Error(err)
		}
		if _, err := ask(ctx, d, fetch.Nobody, "q"); !errors.Is(err, context.Canceled) || o.calls.Load() != 2 {
			t.Error("a client that was gone before made a call")
		}
	})
}

func TestErrorsAreShared(t *testing.T) {
	for name, next := range map[string]fetch.Fetcher{
		"error": &origin{takes: time.Second, fail: &fetch.Error{Code: fetch.CodeHTTP, Message: "down"}},
		"panic": fetch.Func(func(context.Context, *fetch.Request) (*fetch.Response, error) {
			time.Sleep(time.Second)
			panic("oh")
		}),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := New(next, Options{Subgraph: "shop"})
				errs := make([]error, 5)
				atOnce(len(errs), func(i int) { _, errs[i] = ask(t.Context(), d, fetch.Nobody, "q") })
				var e *fetch.Error
				if !errors.As(errs[0], &e) {
					t.Fatal(errs[0])
				}
				for _, err := range errs {
					if err != errs[0] {
						t.Errorf("%v is not %v", err, errs[0])
					}
				}
				synctest.Wait()
				if len(d.calls) != 0 || d.held != 0 {
					t.Error("the call is remembered")
				}
			})
		})
	}
}

// TestAnswersAreNotOlderThanMutations: who has seen a mutation done does not get what was read before it.
func TestAnswersAreNotOlderThanMutations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mutations Mutations
		o := &origin{takes: time.Second}
		d, other := New(o, Options{Mutations: &mutations}), New(&origin{}, Options{Mutations: &mutations})
		query := func() {
			if _, err := ask(t.Context(), d, fetch.Nobody, "q"); err != nil {
				t.Error(err)
			}
		}
		var wg sync.WaitGroup
		wg.Go(query)
		synctest.Wait()
		if _, err := other.Fetch(t.Context(), &fetch.Request{Mutation: true, Caller: fetch.Nobody}); err != nil {
			t.Error(err)
		}
		wg.Go(query)
		wg.Go(query)
		wg.Wait()
		if n := o.calls.Load(); n != 2 {
			t.Errorf("%d calls, not one before the mutation and one after", n)
		}
		synctest.Wait()
		if len(d.calls) != 0 || d.held != 0 {
			t.Errorf("%d calls and %d bytes are left", len(d.calls), d.held)
		}
	})
}

func TestHeldBodiesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{takes: time.Second}
		d := New(o, Options{})
		const many = 2 * maxHeld / maxBody
		atOnce(many, func(i int) {
			body := fmt.Sprint(i, strings.Repeat("x", maxBody-10))
			if got, err := ask(t.Context(), d, fetch.Nobody, body); err != nil || !strings.HasPrefix(got, body) {
				t.Error(err)
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.held > maxHeld {
				t.Errorf("%d bytes are held", d.held)
			}
		})
		if o.calls.Load() != many {
			t.Error("requests with different bodies shared a call")
		}
	})
}

func TestHeadersOfASharedAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(&origin{takes: time.Second}, Options{})
		atOnce(20, func(int) {
			res, err := d.Fetch(t.Context(), &fetch.Request{Body: []byte("q"), Caller: fetch.Nobody})
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Release()
			if res.Header("Any") != "1" {
				t.Error("the header is not the answer's")
			}
		})
	})
}

// made is something made of an answer, which must not be used once it is freed.
type made struct {
	text  string
	freed atomic.Int32
}

func (m *made) Free() { m.freed.Add(1) }

// TestWhatIsMadeOfASharedAnswer: it is made once for all that share the answer, and lives as long as one of them uses it.
func TestWhatIsMadeOfASharedAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(&origin{takes: time.Second}, Options{})
		var once atomic.Int32
		var only atomic.Pointer[made]
		atOnce(20, func(i int) {
			res, err := d.Fetch(t.Context(), &fetch.Request{Body: []byte("q"), Caller: fetch.Nobody})
			if err != nil {
				t.Error(err)
				return
			}
			got, ok, err := res.Memo.Make("reader", func() (fetch.Made, error) {
				once.Add(1)
				return &made{text: string(res.Body)}, nil
			})
			if !ok || err != nil {
				t.Error(ok, err)
				return
			}
			m := got.(*made)
			only.Store(m)
			time.Sleep(time.Duration(i) * time.Second) // they use it for different times
			if m.text != string(res.Body) || m.freed.Load() != 0 {
				t.Errorf("%q is used after it was freed", m.text)
			}
			res.Release()
		})
		if once.Load() != 1 || only.Load().freed.Load() != 1 {
			t.Errorf("made %d times, freed %d times", once.Load(), only.Load().freed.Load())
		}
	})
}

// BenchmarkAlone is what a request pays that shares its call with nobody.
func BenchmarkAlone(b *testing.B) {
	answer := &fetch.Response{Status: 200, Body: []byte("{}")}
	next := fetch.Func(func(context.Context, *fetch.Request) (*fetch.Response, error) { return answer, nil })
	for name, f := range map[string]fetch.Fetcher{"without": next, "with": New(next, Options{})} {
		b.Run(name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			req := &fetch.Request{Body: []byte(strings.Repeat("x", 2000)), Caller: fetch.Nobody}
			b.ReportAllocs()
			for b.Loop() {
				res, err := f.Fetch(ctx, req)
				if err != nil {
					b.Fatal(err)
				}
				res.Release()
			}
		})
	}
}
