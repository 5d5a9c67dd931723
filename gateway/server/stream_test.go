package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

func TestServerSentEvents(t *testing.T) {
	s, _ := newTest(t, func(o *Options) {
		o.Authenticate = func(r *http.Request) (any, *Denied) { return r.Header.Get("X-Test-User"), nil }
	})
	const ticks = "event: next\ndata: {\"data\":{\"ticks\":1}}\n\nevent: next\ndata: {\"data\":{\"ticks\":2}}\n\nevent: complete\n\n"
	tests := []struct {
		name, method, target, body string
		accept                     string
		want                       string
	}{
		{"subscription", "POST", "/graphql", `{"query":"subscription{ticks}"}`, "text/event-stream", ticks},
		{"subscription, with JSON for others", "POST", "/graphql", `{"query":"subscription{ticks}"}`, "application/json, text/event-stream", ticks},
		{"subscription by GET", "GET", get("subscription{ticks}"), "", "text/event-stream", ticks},
		{"query", "POST", "/graphql", `{"query":"{who}","variables":{}}`, "text/event-stream", `{"who":"alice"}`},
		{"invalid", "POST", "/graphql", `{"query":"{nothing}"}`, "text/event-stream", "GRAPHQL_VALIDATION_FAILED"},
		{"mutation by GET", "GET", get("mutation{bump}"), "", "text/event-stream", CodeMethodNotAllowed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := do(s, test.method, test.target, test.body, jsonType, "Accept: "+test.accept, "X-Test-User: alice")
			if got := w.Body.String(); w.Code != 200 || !strings.Contains(got, test.want) {
				t.Errorf("%d\n%s\nwant\n%s", w.Code, got, test.want)
			}
			if got := w.Header().Get("Content-Type"); got != "text/event-stream" {
				t.Error("Content-Type", got)
			}
		})
	}
	// A query for which the client admits both stays plain JSON.
	w := do(s, "POST", "/graphql", `{"query":"{hello}"}`, jsonType, "Accept: application/json, text/event-stream")
	if w.Body.String() != `{"data":{"hello":"first"}}` {
		t.Error(w.Body)
	}
	// A body that is not well-formed is answered as everywhere.
	w = do(s, "POST", "/graphql", `{"query":`, jsonType, "Accept: text/event-stream")
	if w.Code != 400 || code(t, w.Body.Bytes()) != CodeMalformedRequest {
		t.Error(w.Code, w.Body)
	}
}

type wsMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a WebSocket and sends connection_init.
func dial(t *testing.T, address, payload string, header http.Header) (*websocket.Conn, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, "ws://"+address+"/graphql", &websocket.DialOptions{
		Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: header,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	if err := wsjson.Write(ctx, conn, wsMessage{Type: "connection_init", Payload: json.RawMessage(payload)}); err != nil {
		t.Fatal(err)
	}
	return conn, ctx
}

func read(t *testing.T, ctx context.Context, conn *websocket.Conn) wsMessage {
	t.Helper()
	for {
		var m wsMessage
		if err := wsjson.Read(ctx, conn, &m); err != nil {
			t.Fatal(err)
		}
		if m.Type != "ping" && m.Type != "pong" {
			return m
		}
	}
}

func subscribe(t *testing.T, ctx context.Context, conn *websocket.Conn, query string) {
	t.Helper()
	payload, _ := json.Marshal(map[string]string{"query": query})
	if err := wsjson.Write(ctx, conn, wsMessage{ID: "1", Type: "subscribe", Payload: payload}); err != nil {
		t.Fatal(err)
	}
}

func withTokens(o *Options) {
	required := &Denied{Status: 401, Body: []byte(`{"errors":[{"message":"log in first"}]}`)}
	o.Authenticate = func(r *http.Request) (any, *Denied) {
		if token := bearerToken(r.Header.Get("Authorization")); token != "" {
			return token, nil
		}
		return nil, required
	}
	o.AuthenticateToken = func(_ context.Context, token string) (any, *Denied) {
		if token == "bad" {
			return nil, required
		}
		return token, nil
	}
}

func TestWebSocket(t *testing.T) {
	s, _ := newTest(t, withTokens)
	server := httptest.NewServer(s)
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")

	t.Run("token in the first message", func(t *testing.T) {
		conn, ctx := dial(t, address, `{"Authorization":"Bearer alice"}`, nil)
		if m := read(t, ctx, conn); m.Type != "connection_ack" {
			t.Fatal(m)
		}
		subscribe(t, ctx, conn, "{who}")
		if m := read(t, ctx, conn); string(m.Payload) != `{"data":{"who":"alice"}}` {
			t.Errorf("%s %s", m.Type, m.Payload)
		}
		if m := read(t, ctx, conn); m.Type != "complete" {
			t.Error(m)
		}
		subscribe(t, ctx, conn, "subscription {ticks}")
		for _, want := range []string{`{"data":{"ticks":1}}`, `{"data":{"ticks":2}}`} {
			if m := read(t, ctx, conn); string(m.Payload) != want {
				t.Errorf("%s %s", m.Type, m.Payload)
			}
		}
	})
	t.Run("token in the handshake", func(t *testing.T) {
		conn, ctx := dial(t, address, `{}`, http.Header{"Authorization": {"Bearer bob"}})
		if m := read(t, ctx, conn); m.Type != "connection_ack" {
			t.Fatal(m)
		}
		subscribe(t, ctx, conn, "{who}")
		if m := read(t, ctx, conn); string(m.Payload) != `{"data":{"who":"bob"}}` {
			t.Errorf("%s %s", m.Type, m.Payload)
		}
	})
	for name, payload := range map[string]string{
		"no token": `{}`, "an empty token": `{"authorization":""}`, "null": `{"authorization":null}`,
		"bad token": `{"authorization":"Bearer bad"}`, "a bad token without its scheme": `{"authorization":"bad"}`,
		"no text": `{"authorization":["Bearer alice"]}`, "no text beside text": `{"authorization":"Bearer alice","Authorization":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			conn, ctx := dial(t, address, payload, nil)
			for {
				_, _, err := conn.Read(ctx)
				if err == nil {
					continue
				}
				if got := websocket.CloseStatus(err); got != closeUnauthorized {
					t.Errorf("close status %d: %v", got, err)
				}
				return
			}
		})
	}
	t.Run("what is no bearer token does not make an anonymous caller", func(t *testing.T) {
		var asked string
		s, _ := newTest(t, func(o *Options) {
			o.Authenticate = func(*http.Request) (any, *Denied) { return nil, nil } // everyone may be anonymous
			o.AuthenticateToken = func(_ context.Context, token string) (any, *Denied) {
				asked = token
				return nil, &Denied{Status: 401}
			}
		})
		server := httptest.NewServer(s)
		defer server.Close()
		for _, value := range []string{"Basic YTpi", "Bearer ", "Bearer"} {
			conn, ctx := dial(t, strings.TrimPrefix(server.URL, "http://"), `{"Authorization":"`+value+`"}`, nil)
			if _, _, err := conn.Read(ctx); websocket.CloseStatus(err) != closeUnauthorized || asked != value {
				t.Errorf("%q: asked %q, %v", value, asked, err)
			}
		}
	})
	t.Run("panic in an operation", func(t *testing.T) {
		conn, ctx := dial(t, address, `{"Authorization":"Bearer alice"}`, nil)
		read(t, ctx, conn)
		subscribe(t, ctx, conn, "{hello} # panic")
		if m := read(t, ctx, conn); m.Type != "error" || !strings.Contains(string(m.Payload), CodeInternalServerError) {
			t.Errorf("%s %s", m.Type, m.Payload)
		}
	})
}

func TestStreamsAreBounded(t *testing.T) {
	s, _ := newTest(t, withTokens, func(o *Options) {
		o.Limits.Streams, o.Limits.StreamOperations = 1, 2
		o.Timeouts.Request = 50 * time.Millisecond
	})
	server := httptest.NewServer(s)
	defer server.Close()
	conn, ctx := dial(t, strings.TrimPrefix(server.URL, "http://"), `{"Authorization":"Bearer alice"}`, nil)
	read(t, ctx, conn)

	send := func(id, kind, query string) {
		payload, _ := json.Marshal(map[string]string{"query": query})
		if err := wsjson.Write(ctx, conn, wsMessage{ID: id, Type: kind, Payload: payload}); err != nil {
			t.Fatal(err)
		}
	}
	send("1", "subscribe", "subscription {forever}")
	send("2", "subscribe", "query {hello} # forever") // ends by the timeout of requests
	for range 2 {
		if m := read(t, ctx, conn); m.ID == "2" && m.Type == "complete" {
			break
		} else if m.ID != "2" {
			t.Fatal(m)
		}
	}
	send("3", "subscribe", "subscription {forever}")
	// Operations begin in goroutines of their own, so the third may come after what
	// is sent next.
	for refused := false; !refused; {
		send("4", "subscribe", "query {hello}")
		for done := false; !done; {
			m := read(t, ctx, conn)
			refused = refused || m.ID == "4" && strings.Contains(string(m.Payload), CodeTooManyOperations)
			done = m.ID == "4" && m.Type == "complete"
		}
	}
	w := do(s, "POST", "/graphql", `{"query":"subscription{ticks}"}`, jsonType, "Accept: text/event-stream", "Authorization: Bearer bob")
	if w.Code != 503 || code(t, w.Body.Bytes()) != CodeNotReady {
		t.Error(w.Code, w.Body)
	}
}

func TestWebSocketHandshakes(t *testing.T) {
	s, _ := newTest(t, func(o *Options) { o.CORS = CORS{Origins: []string{"https://app.example.com"}} })
	whole := []string{"Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}
	for name, test := range map[string]struct {
		headers []string
		status  int
	}{
		"not an upgrade":   {append([]string{"Connection: close"}, whole[0], whole[2], whole[3]), 400},
		"another version":  {append([]string{"Sec-WebSocket-Version: 8"}, whole[0], whole[1], whole[3]), 400},
		"no key":           {whole[:3], 400},
		"half a key":       {append([]string{"Sec-WebSocket-Key: x"}, whole[:3]...), 400},
		"another site":     {append([]string{"Origin: https://evil.example"}, whole...), 403},
		"an admitted page": {append([]string{"Origin: https://app.example.com"}, whole...), 501}, // the recorder cannot be hijacked
	} {
		w := do(s, "GET", "/graphql", "", test.headers...)
		if w.Code != test.status && test.status != 501 || test.status == 501 && w.Code == 403 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// TestStreamsEndWithTheServer stops a server that has an event stream and a
// WebSocket open: both would go on for ever, and both have to end in order.
func TestStreamsEndWithTheServer(t *testing.T) {
	s, _ := newTest(t, withTokens, func(o *Options) { o.Timeouts.Write = 50 * time.Millisecond })
	address, stop, done := run(t, s)

	conn, ctx := dial(t, address, `{"Authorization":"Bearer alice"}`, nil)
	read(t, ctx, conn)
	subscribe(t, ctx, conn, "subscription {forever}")

	r, _ := http.NewRequest("POST", "http://"+address+"/graphql", strings.NewReader(`{"query":"subscription{forever}"}`))
	r.Header = http.Header{"Content-Type": {typeJSON}, "Accept": {typeEventStream}, "Authorization": {"Bearer bob"}}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if line, err := bufio.NewReader(response.Body).ReadString('\n'); err != nil || line != ":\n" {
		t.Fatalf("%q %v", line, err)
	}
	time.Sleep(100 * time.Millisecond) // longer than the timeout of answers that end
	stop()
	if rest, err := io.ReadAll(response.Body); err != nil {
		t.Errorf("the stream broke off: %v after %q", err, rest)
	}
	var closed websocket.CloseError
	for err = nil; err == nil; _, _, err = conn.Read(ctx) {
	}
	if !errors.As(err, &closed) {
		t.Errorf("the WebSocket broke off: %v", err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
