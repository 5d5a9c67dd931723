package gateway_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/gateway/subscription"
	"github.com/weft-gateway/weft/schema/composition"
)

const newsSDL = `
	type Query { news: Int }
	type Subscription { changed(ids: [ID!]!): Product mine: Product @authenticated }
	type Product @key(fields: "id") { id: ID! }`

// news is a subgraph with a subscription, served as server-sent events that the test writes.
type news struct {
	url    string
	opened chan http.Header // of a subscription that began
	asked  chan string      // its body
	send   chan string      // what is written to the subscription; "" ends it
	closed chan struct{}    // one for each that ended
}

func newNews(t *testing.T) *news {
	n := &news{opened: make(chan http.Header, 4), asked: make(chan string, 4), send: make(chan string), closed: make(chan struct{}, 4)}
	srv := httptest.NewServer(n)
	t.Cleanup(srv.Close)
	t.Cleanup(func() { noneRuns(t) }) // before the servers close
	n.url = srv.URL
	return n
}

func (n *news) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "text/event-stream")
	w.(http.Flusher).Flush()
	n.opened <- r.Header
	n.asked <- string(body)
	defer func() { n.closed <- struct{}{} }()
	for {
		select {
		case text := <-n.send:
			if text == "" {
				return
			}
			_, _ = io.WriteString(w, text)
			w.(http.Flusher).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func next(payload string) string { return "event: next\ndata: " + payload + "\n\n" }

// noneRuns holds that nothing of a subscription runs on.
func noneRuns(t *testing.T) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		all := string(stacks[:runtime.Stack(stacks, true)])
		if !strings.Contains(all, "gateway/subscription.(*") && !strings.Contains(all, "gateway.(*running)") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("goroutines are left:\n%s", all)
		}
	}
}

// newsroom is a gateway over news and the services.
func newsroom(t *testing.T, o gateway.Options, n *news, services ...*service) (g *gateway.Gateway, url string) {
	t.Helper()
	o.Subgraphs.Subscriptions.Protocol = subscription.SSE
	g, srv := start(t, o, graph(t, n, newsSDL, services...))
	return g, srv.URL
}

// graph composes news, with a schema, and the services, which keep the addresses they have.
func graph(t *testing.T, n *news, sdl string, services ...*service) string {
	t.Helper()
	subgraphs := []composition.Subgraph{{Name: "news", URL: n.url, SDL: link + sdl}}
	for _, s := range services {
		if s.url == "" {
			srv := httptest.NewServer(s)
			t.Cleanup(srv.Close)
			s.url = srv.URL
		}
		subgraphs = append(subgraphs, composition.Subgraph{Name: s.name, URL: s.url, SDL: link + s.sdl})
	}
	result := composition.Compose(subgraphs)
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	return result.SDL
}

// listener is a client that gets events as server-sent events.
type listener struct {
	t      *testing.T
	body   io.ReadCloser
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

func listen(t *testing.T, url, request string, header http.Header) *listener {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", strings.NewReader(request))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		req.Header = header.Clone()
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return &listener{t, resp.Body, bufio.NewScanner(resp.Body), cancel}
}

// next returns the data of the next event; "complete" at the proper end and "" when the stream breaks off.
func (l *listener) next() string {
	l.t.Helper()
	for l.lines.Scan() {
		line := l.lines.Text()
		if line == "event: complete" {
			return "complete"
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			return data
		}
	}
	return ""
}

// ends holds that the next response has an error with a code, and that it is the last.
func (l *listener) ends(code string) {
	l.t.Helper()
	got := l.next()
	if !strings.Contains(got, `"code":"`+code+`"`) || strings.Contains(got, "127.0.0.1") {
		l.t.Errorf("got %s, want %s", got, code)
	}
	if got := l.next(); got != "complete" {
		l.t.Errorf("after the end: %s", got)
	}
}

const ask = `{"query":"subscription($id:ID!){changed(ids:[$id]){id left mine}}","variables":{"id":7},"extensions":{"plan":true}}`

func TestSubscriptionResolvesEntitiesOfEachEvent(t *testing.T) {
	n := newNews(t)
	_, stock := shop()
	_, url := newsroom(t, gateway.Options{
		Server:  server.Options{Authenticate: callers},
		Forward: auth.ForwardOptions{All: auth.ForwardRules{Claims: []auth.ClaimHeader{{Header: "X-User", Claim: "sub"}}}},
		Plans:   func(*auth.Identity) bool { return true },
	}, n, stock)
	header := as("ann", "")
	header.Set("X-User", "root")
	l := listen(t, url, ask, header)
	if got := (<-n.opened).Get("X-User"); got != "ann" {
		t.Errorf("the subgraph is told of %q", got)
	}
	var asked struct{ Variables map[string]string }
	if text := <-n.asked; json.Unmarshal([]byte(text), &asked) != nil || len(asked.Variables) != 1 || asked.Variables["id"] != "7" {
		t.Errorf("the subgraph is asked %s", text)
	}
	for i := range 3 {
		n.send <- next(fmt.Sprintf(`{"data":{"changed":{"id":"%d","__typename":"Product"}}}`, i))
		want := fmt.Sprintf(`{"changed":{"id":"%d","left":%[1]d,"mine":"%[1]d of ann"}}`, i)
		got := l.next()
		if data, errs := data(t, got); data != want || errs != nil {
			t.Errorf("got %s, want %s", got, want)
		}
		if !strings.Contains(got, `"subgraph":"stock"`) {
			t.Errorf("no plan: %s", got)
		}
	}
	n.send <- next(`{"data":{"changed":null},"errors":[{"message":"none","path":["changed"]}]}`)
	if data, errs := data(t, l.next()); data != `{"changed":null}` || len(errs) != 1 || !strings.HasSuffix(errs[0], " changed") {
		t.Errorf("got %s %v", data, errs)
	}
	n.send <- next(`{"errors":[{"message":"no such product","extensions":{"code":"NOT_FOUND"}}]}`)
	if data, errs := data(t, l.next()); data != `{"changed":null}` || len(errs) != 1 || !strings.HasPrefix(errs[0], "NOT_FOUND") {
		t.Errorf("errors without data: %s %v", data, errs)
	}
	n.send <- next(`{"data":1}`)
	if _, errs := data(t, l.next()); len(errs) != 1 {
		t.Errorf("an event that is no response: %v", errs)
	}
	n.send <- "event: complete\n\n"
	if got := l.next(); got != "complete" {
		t.Errorf("at the end: %s", got)
	}
}

func TestSubscriptionEnds(t *testing.T) {
	const plain = `{"query":"subscription{changed(ids:[1]){id left}}"}`
	event := next(`{"data":{"changed":{"id":"1","__typename":"Product"}}}`)
	begin := func(t *testing.T, o gateway.Options, request string, header http.Header) (*gateway.Gateway, *news, *service, *listener) {
		t.Helper()
		n := newNews(t)
		_, stock := shop()
		g, url := newsroom(t, o, n, stock)
		l := listen(t, url, request, header)
		<-n.opened
		n.send <- event
		if got := l.next(); got != `{"data":{"changed":{"id":"1","left":1}}}` {
			t.Fatalf("got %s", got)
		}
		return g, n, stock, l
	}
	t.Run("with the connection to the subgraph", func(t *testing.T) {
		_, n, _, l := begin(t, gateway.Options{}, plain, nil)
		n.send <- ""
		l.ends(subscription.CodeLost)
	})
	t.Run("with the client", func(t *testing.T) {
		_, n, _, l := begin(t, gateway.Options{}, plain, nil)
		l.cancel()
		<-n.closed
	})
	t.Run("with the gateway", func(t *testing.T) {
		g, n, _, l := begin(t, gateway.Options{}, plain, nil)
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		l.ends(gateway.CodeSubscriptionShutdown)
		<-n.closed
	})
	t.Run("with the token", func(t *testing.T) {
		expiring := func(*http.Request) (any, *server.Denied) {
			id, err := auth.NewIdentity(auth.IdentityFields{Subject: "ann", Expires: time.Now().Add(1500 * time.Millisecond)})
			if err != nil {
				t.Error(err)
			}
			return id, nil
		}
		_, n, _, l := begin(t, gateway.Options{Server: server.Options{Authenticate: expiring}}, plain, nil)
		l.ends(auth.CodeUnauthenticated)
		<-n.closed
	})
	t.Run("with what it needs, and not with other changes", func(t *testing.T) {
		g, n, stock, l := begin(t, gateway.Options{}, plain, nil)
		products, _ := shop()
		swap := func(sdl string) {
			t.Helper()
			if err := g.SwapSDL(sdl); err != nil {
				t.Fatal(err)
			}
		}
		swap(graph(t, n, newsSDL, stock, products))
		n.send <- event
		if got := l.next(); got != `{"data":{"changed":{"id":"1","left":1}}}` {
			t.Fatalf("after an unrelated change: %s", got)
		}
		swap(graph(t, n, newsSDL, products))
		l.ends(gateway.CodeSubscriptionSchema)
		<-n.closed
	})
	t.Run("when more is asked of its caller", func(t *testing.T) {
		g, n, stock, l := begin(t, gateway.Options{}, plain, nil)
		if err := g.SwapSDL(graph(t, n, strings.Replace(newsSDL, "): Product", "): Product @authenticated", 1), stock)); err != nil {
			t.Fatal(err)
		}
		l.ends(gateway.CodeSubscriptionSchema)
		<-n.closed
	})
	t.Run("when a subgraph moves", func(t *testing.T) {
		g, n, stock, l := begin(t, gateway.Options{}, plain, nil)
		stock.url = ""
		if err := g.SwapSDL(graph(t, n, newsSDL, stock)); err != nil {
			t.Fatal(err)
		}
		l.ends(gateway.CodeSubscriptionSchema)
		<-n.closed
	})
}

func TestSubscriptionsNotBegun(t *testing.T) {
	n := newNews(t)
	_, url := newsroom(t, gateway.Options{MaxSubscriptions: 1}, n)
	l := listen(t, url, `{"query":"subscription{mine{id}}"}`, nil)
	if data, errs := data(t, l.next()); data != `{"mine":null}` || strings.Join(errs, ",") != "UNAUTHORIZED_FIELD_OR_TYPE mine" || l.next() != "complete" {
		t.Errorf("a field that the caller may not see: %s %v", data, errs)
	}
	const one = `{"query":"subscription{changed(ids:[1]){id}}"}`
	first := listen(t, url, one, nil)
	<-n.opened
	listen(t, url, one, nil).ends(gateway.CodeSubscriptionLimit)
	first.cancel()
	<-n.closed
	// The place is free again.
	for deadline := time.Now().Add(5 * time.Second); ; {
		again := listen(t, url, one, nil)
		refused := make(chan string, 1)
		go func() { refused <- again.next() }()
		select {
		case <-n.opened:
			again.cancel()
			<-n.closed
			return
		case got := <-refused:
			if time.Now().After(deadline) {
				t.Fatalf("refused for ever: %s", got)
			}
		}
	}
}

func TestSubgraphThatCannotBeReachedEndsTheSubscription(t *testing.T) {
	n := newNews(t)
	for _, protocol := range []subscription.Protocol{subscription.Auto, subscription.SSE} {
		_, srv := start(t, gateway.Options{Subgraphs: gateway.SubgraphOptions{
			Subscriptions: gateway.SubscriptionOptions{URL: "ws://127.0.0.1:1/", Protocol: protocol},
		}}, graph(t, n, newsSDL))
		listen(t, srv.URL, `{"query":"subscription{changed(ids:[1]){id}}"}`, nil).ends("SUBREQUEST_HTTP_ERROR")
	}
}

// TestSocketOutlivesSchemaAndToken holds what a WebSocket's operations meet that is older than they are.
func TestSocketOutlivesSchemaAndToken(t *testing.T) {
	n := newNews(t)
	_, stock := shop()
	expires := time.Now().Add(2 * time.Second)
	g, url := newsroom(t, gateway.Options{Server: server.Options{Authenticate: func(*http.Request) (any, *server.Denied) {
		id, err := auth.NewIdentity(auth.IdentityFields{Subject: "ann", Expires: expires})
		if err != nil {
			t.Error(err)
		}
		return id, nil
	}}}, n, stock)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	type message struct {
		ID      string          `json:"id,omitempty"`
		Type    string          `json:"type"`
		Payload json.RawMessage `json:"payload,omitempty"`
	}
	read := func() message {
		t.Helper()
		for {
			var m message
			if err := wsjson.Read(ctx, conn, &m); err != nil {
				t.Fatal(err)
			}
			if m.Type != "ping" {
				return m
			}
		}
	}
	write := func(m message) {
		t.Helper()
		if err := wsjson.Write(ctx, conn, m); err != nil {
			t.Fatal(err)
		}
	}
	write(message{Type: "connection_init"})
	read()
	// A field is there for this connection's handshake and no more for the gateway; for another it is the other way round.
	changed := strings.NewReplacer("changed(ids: [ID!]!): Product", "", "news: Int", "news: Int latest: Int").Replace(newsSDL)
	if err := g.SwapSDL(graph(t, n, changed, stock)); err != nil {
		t.Fatal(err)
	}
	write(message{ID: "1", Type: "subscribe", Payload: json.RawMessage(`{"query":"subscription{changed(ids:[1]){id}}"}`)})
	if m := read(); !strings.Contains(string(m.Payload), "GRAPHQL_VALIDATION_FAILED") {
		t.Errorf("a field that is gone: %s %s", m.Type, m.Payload)
	}
	read() // complete
	write(message{ID: "3", Type: "subscribe", Payload: json.RawMessage(`{"query":"{latest}"}`)})
	<-n.opened // the subgraph is asked
	n.send <- ""
	<-n.closed
	read()
	read() // complete
	time.Sleep(time.Until(expires))
	write(message{ID: "2", Type: "subscribe", Payload: json.RawMessage(`{"query":"{news}"}`)})
	if m := read(); !strings.Contains(string(m.Payload), auth.CodeUnauthenticated) {
		t.Errorf("after the token has expired: %s %s", m.Type, m.Payload)
	}
}
