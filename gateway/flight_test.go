package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/server"
)

// desk is a gateway that shares queries, over one subgraph which answers when it is told to. Nothing else shares calls.
type desk struct {
	*testing.T
	gateway *gateway.Gateway
	arrived chan string   // the operation of each call of the subgraph
	proceed chan struct{} // lets one query be answered
	write   chan struct{} // lets one mutation be answered
	left    chan struct{} // a call was given up
}

func newDesk(t *testing.T, o gateway.Options) *desk {
	d := &desk{T: t, arrived: make(chan string, 100),
		proceed: make(chan struct{}, 100), write: make(chan struct{}, 100), left: make(chan struct{}, 100)}
	notes := &service{name: "notes",
		sdl: `type Query { note(id: ID): String other: String! }
			type Mutation { write: String }`,
		answer: func(r *http.Request, operation string, _ []map[string]any) string {
			d.arrived <- operation
			if strings.Contains(operation, "write") {
				<-d.write
				return `{"data":{"write":"done"}}`
			}
			select {
			case <-d.proceed:
			case <-r.Context().Done():
				d.left <- struct{}{}
			}
			return fmt.Sprintf(`{"data":{"note":"for %s, says %s"}}`, r.Header.Get("X-User"), r.Header.Get("X-Mood"))
		}}
	off := false
	o.DeduplicateOperations = true
	o.Subgraphs.Deduplicate = &off
	o.Forward = auth.ForwardOptions{All: auth.ForwardRules{
		Claims: []auth.ClaimHeader{{Header: "X-User", Claim: "sub"}}, Headers: []string{"X-Mood"},
	}}
	o.Plans = func(*auth.Identity) bool { return true }
	d.gateway, _ = start(t, o, compose(t, notes))
	return d
}

const note = `{note}`

// ask sends a request and returns where its answer will come.
func (d *desk) ask(ctx context.Context, req server.Request) <-chan string {
	out := make(chan string, 1)
	go func() {
		if req.Header == nil {
			req.Header = http.Header{}
		}
		answer := d.gateway.Snapshot().Execute(ctx, &req)
		body := answer.Kind.String() + " " + string(answer.Body)
		if answer.Release != nil {
			answer.Release()
		}
		out <- body
	}()
	return out
}

func (d *desk) caller(subject string, scopes ...string) *auth.Identity {
	d.Helper()
	id, err := auth.NewIdentity(auth.IdentityFields{
		Issuer: "test", Subject: subject, Scopes: scopes, Claims: map[string]any{"sub": subject},
	})
	if err != nil {
		d.Fatal(err)
	}
	return id
}

// await waits until so many requests share flights that may be joined.
func (d *desk) await(n int) {
	d.Helper()
	for deadline := time.Now().Add(20 * time.Second); d.gateway.Joined() != n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			d.Fatalf("%d requests share a flight, not %d", d.gateway.Joined(), n)
		}
	}
}

func (d *desk) expect(got <-chan string, want string) {
	d.Helper()
	select {
	case answer := <-got:
		if answer != want {
			d.Errorf("answer %s\nwanted %s", answer, want)
		}
	case <-time.After(20 * time.Second):
		d.Fatal("there is no answer")
	}
}

func TestEqualQueriesAreExecutedOnce(t *testing.T) {
	d := newDesk(t, gateway.Options{})
	var answers []<-chan string
	for range 10 {
		answers = append(answers, d.ask(t.Context(), server.Request{Query: note, Identity: d.caller("ann")}))
	}
	d.await(10)
	d.proceed <- struct{}{}
	for _, a := range answers {
		d.expect(a, `executed {"data":{"note":"for ann, says "}}`)
	}
	if calls := len(d.arrived); calls != 1 {
		t.Errorf("%d calls for 10 equal requests", calls)
	}
	// What has ended is over: the next request is executed again.
	again := d.ask(t.Context(), server.Request{Query: note, Identity: d.caller("ann")})
	d.proceed <- struct{}{}
	d.expect(again, `executed {"data":{"note":"for ann, says "}}`)
	if calls := len(d.arrived); calls != 2 {
		t.Errorf("%d calls after one more request", calls)
	}
}

// TestDifferentQueriesAreNotShared begins a request, and while it is under way another that differs in one thing: it has to
// call the subgraph for itself.
func TestDifferentQueriesAreNotShared(t *testing.T) {
	mood := func(m string) http.Header { return http.Header{"X-Mood": {m}} }
	const two = `query A($id: ID) { note(id: $id) } query B($id: ID) { note(id: $id) }`
	d := newDesk(t, gateway.Options{})
	first := server.Request{
		Query: two, OperationName: "A", Variables: []byte(`{"id":"1"}`), Identity: d.caller("ann"), Header: mood("glad"),
	}
	for _, c := range []struct {
		name   string
		differ func(*server.Request)
	}{
		{"another subject", func(r *server.Request) { r.Identity = d.caller("bob") }},
		{"another scope", func(r *server.Request) { r.Identity = d.caller("ann", "audit") }},
		{"nobody", func(r *server.Request) { r.Identity = nil }},
		{"another forwarded header", func(r *server.Request) { r.Header = mood("sad") }},
		{"no forwarded header", func(r *server.Request) { r.Header = nil }},
		{"another operation of the document", func(r *server.Request) { r.OperationName = "B" }},
		{"another document", func(r *server.Request) { r.Query = two + " " }},
		{"another value", func(r *server.Request) { r.Variables = []byte(`{"id":"2"}`) }},
		{"no value", func(r *server.Request) { r.Variables = nil }},
		{"the plan, too", func(r *server.Request) { r.Extensions = []byte(`{"plan":true}`) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			one := d.ask(t.Context(), first)
			<-d.arrived
			other := first
			c.differ(&other)
			two := d.ask(t.Context(), other)
			select {
			case <-d.arrived:
			case <-time.After(20 * time.Second):
				t.Error("the other request waits for the first one's answer")
			}
			d.proceed <- struct{}{}
			d.proceed <- struct{}{}
			<-one
			<-two
		})
	}
}

// TestAnswersReachWhomTheyAreFor sends requests of several callers at once, in several moods, with several ways to blur who
// they are.
func TestAnswersReachWhomTheyAreFor(t *testing.T) {
	d := newDesk(t, gateway.Options{})
	var asked atomic.Int64
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-d.arrived:
				asked.Add(1)
				time.Sleep(100 * time.Microsecond) // so that others come meanwhile
				d.proceed <- struct{}{}
			case <-stop:
				return
			}
		}
	}()
	defer close(stop)
	// Where parts of a key ran into each other, some of these would be the same.
	users, moods := []string{"", "a", "ab", "a1:b", "1:a"}, []string{"", "b", "1:b", "bb"}
	var wg sync.WaitGroup
	const workers, rounds = 40, 50
	for w := range workers {
		wg.Go(func() {
			user, mood := users[w%len(users)], moods[w/len(users)%len(moods)]
			req := server.Request{Query: note, Header: http.Header{"X-Mood": {mood}, "X-User": {"root"}}}
			if user != "" {
				req.Identity = d.caller(user)
			}
			want := fmt.Sprintf(`executed {"data":{"note":"for %s, says %s"}}`, user, mood)
			for range rounds {
				if got := <-d.ask(t.Context(), req); got != want {
					t.Errorf("%s got %s", want, got)
					return
				}
			}
		})
	}
	wg.Wait()
	if n := asked.Load(); n >= workers*rounds {
		t.Errorf("%d calls for %d requests: none was shared", n, workers*rounds)
	}
}

func TestTheClientThatBeganLeaves(t *testing.T) {
	d := newDesk(t, gateway.Options{})
	ctx, leave := context.WithCancel(t.Context())
	variables := []byte(`{"id":"1"}`)
	query := server.Request{Query: `query ($id: ID) { note(id: $id) }`, Variables: variables}
	first := d.ask(ctx, query)
	d.await(1)
	query.Variables = []byte(`{"id":"1"}`)
	second := d.ask(t.Context(), query)
	d.await(2)
	leave()
	d.expect(first, "timed_out ")
	copy(variables, `??????????`) // its memory is used for another request
	d.await(1)
	d.proceed <- struct{}{}
	d.expect(second, `executed {"data":{"note":"for , says "}}`)
	if calls := len(d.arrived); calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestAllClientsLeave(t *testing.T) {
	d := newDesk(t, gateway.Options{})
	ctx, leave := context.WithCancel(t.Context())
	first, second := d.ask(ctx, server.Request{Query: note}), d.ask(ctx, server.Request{Query: note})
	d.await(2)
	<-d.arrived
	leave()
	d.expect(first, "timed_out ")
	d.expect(second, "timed_out ")
	select {
	case <-d.left:
	case <-time.After(20 * time.Second):
		t.Fatal("the subgraph is still waited for")
	}
	// Whoever comes now does not get the answer that was given up.
	third := d.ask(t.Context(), server.Request{Query: note})
	<-d.arrived
	d.proceed <- struct{}{}
	d.expect(third, `executed {"data":{"note":"for , says "}}`)
}

// TestDeadlinesAreNotShared: the time of the request that began is over; the other one has time left, and asks again.
func TestDeadlinesAreNotShared(t *testing.T) {
	d := newDesk(t, gateway.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	first := d.ask(ctx, server.Request{Query: note})
	d.await(1)
	second := d.ask(t.Context(), server.Request{Query: note})
	d.await(2)
	if got := <-first; !strings.Contains(got, "SUBREQUEST_TIMEOUT") {
		t.Errorf("the first gets %s", got)
	}
	<-d.arrived
	<-d.left
	<-d.arrived // the second asks for itself
	d.proceed <- struct{}{}
	d.expect(second, `executed {"data":{"note":"for , says "}}`)
}

func TestErrorsOfAFlightReachAll(t *testing.T) {
	d := newDesk(t, gateway.Options{})
	var answers []<-chan string
	for range 3 {
		answers = append(answers, d.ask(t.Context(), server.Request{Query: `{other}`}))
	}
	d.await(3)
	d.proceed <- struct{}{}
	for _, a := range answers {
		d.expect(a, `executed {"data":null,"errors":[{"message":"Cannot return null for non-nullable field Query.other.",`+
			`"path":["other"],"extensions":{"code":"NON_NULL_VIOLATION"}}]}`)
	}
}

// TestAnswersKnowOfMutations: a query that began before a mutation ended is not joined by who may have seen the mutation's
// answer.
func TestAnswersKnowOfMutations(t *testing.T) {
	d := newDesk(t, gateway.Options{})
	before := d.ask(t.Context(), server.Request{Query: note})
	<-d.arrived
	d.write <- struct{}{}
	d.expect(d.ask(t.Context(), server.Request{Query: `mutation {write}`}), `executed {"data":{"write":"done"}}`)
	<-d.arrived
	after := d.ask(t.Context(), server.Request{Query: note})
	select {
	case <-d.arrived:
	case <-time.After(20 * time.Second):
		t.Error("a query after the mutation waits for an answer from before it")
	}
	d.proceed <- struct{}{}
	d.proceed <- struct{}{}
	d.expect(before, `executed {"data":{"note":"for , says "}}`)
	d.expect(after, `executed {"data":{"note":"for , says "}}`)
}

func TestMutationsAreNotShared(t *testing.T) {
	d := newDesk(t, gateway.Options{})
	one, two := d.ask(t.Context(), server.Request{Query: `mutation {write}`}), d.ask(t.Context(), server.Request{Query: `mutation {write}`})
	<-d.arrived
	<-d.arrived
	d.write <- struct{}{}
	d.write <- struct{}{}
	d.expect(one, `executed {"data":{"write":"done"}}`)
	d.expect(two, `executed {"data":{"write":"done"}}`)
}
