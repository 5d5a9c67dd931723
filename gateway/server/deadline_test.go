package server

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// flood is a subscription that has always something to send; ended is closed when
// nobody wants it any more.
func flood(fake *fakeSnapshot) (ended chan struct{}) {
	ended = make(chan struct{})
	large, _ := json.Marshal(map[string]string{"ticks": strings.Repeat("x", 1<<20)})
	fake.stream = func(ctx context.Context) json.RawMessage {
		if fake.events.Add(1) == 1 {
			context.AfterFunc(ctx, func() { close(ended) })
		}
		return large
	}
	return ended
}

// isFree holds that a stream's place was given back and that no goroutine of one is left.
func isFree(t *testing.T, s *Server) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		s.streams.mu.Lock()
		open := s.streams.open
		s.streams.mu.Unlock()
		all := string(stacks[:runtime.Stack(stacks, true)])
		if open == 0 && !strings.Contains(all, "transport.(*wsConnection)") && !strings.Contains(all, "transport.(*sseConnection)") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d streams are open:\n%s", open, all)
		}
	}
}

func TestClientsThatDoNotReadAreCutOff(t *testing.T) {
	const subscription = `{"query":"subscription {ticks}"}`
	for name, request := range map[string]func(t *testing.T, address string){
		"WebSocket": func(t *testing.T, address string) {
			conn, ctx := dial(t, address, `{}`, nil)
			if m := read(t, ctx, conn); m.Type != "connection_ack" {
				t.Fatal(m)
			}
			if err := wsjson.Write(ctx, conn, wsMessage{ID: "1", Type: "subscribe", Payload: json.RawMessage(subscription)}); err != nil {
				t.Fatal(err)
			}
		},
		"event stream": func(t *testing.T, address string) {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close() })
			head := "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"
			if _, err := io.WriteString(conn, head+"Content-Length: 32\r\n\r\n"+subscription); err != nil {
				t.Fatal(err)
			}
		},
		"event stream over HTTP/2": func(t *testing.T, address string) {
			protocols := new(http.Protocols)
			protocols.SetUnencryptedHTTP2(true)
			transport := &http.Transport{Protocols: protocols}
			t.Cleanup(transport.CloseIdleConnections)
			answer := listen(t, &http.Client{Transport: transport}, address)
			t.Cleanup(func() { _ = answer.Body.Close() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, fake := newTest(t, func(o *Options) { o.Timeouts.StreamWrite = 100 * time.Millisecond })
			ended := flood(fake)
			address, stop, done := run(t, s)
			request(t, address)
			select {
			case <-ended:
			case <-time.After(10 * time.Second):
				t.Fatal("the subscription goes on")
			}
			isFree(t, s)
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

// listen opens an event stream.
func listen(t *testing.T, client *http.Client, address string) *http.Response {
	t.Helper()
	r, err := http.NewRequest("POST", "http://"+address+"/graphql", strings.NewReader(`{"query":"subscription {ticks}"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {typeJSON}, "Accept": {typeEventStream}}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// TestStreamsMayPause holds that the time for an event is not one between events,
// and that the connection of a stream that ended serves the next request.
func TestStreamsMayPause(t *testing.T) {
	const pause = 300 * time.Millisecond
	pausing := func(fake *fakeSnapshot) {
		fake.stream = func(ctx context.Context) json.RawMessage {
			if n := fake.events.Add(1); n > 2 {
				return nil
			}
			select {
			case <-time.After(pause):
				return json.RawMessage(`{"ticks":1}`)
			case <-ctx.Done():
				return nil
			}
		}
	}
	for name, version2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		for kind, embedded := range map[string]bool{"own listener": false, "a listener without timeouts": true} {
			t.Run(name+", "+kind, func(t *testing.T) {
				s, fake := newTest(t, func(o *Options) { o.Timeouts.StreamWrite = 50 * time.Millisecond })
				pausing(fake)
				protocols := new(http.Protocols)
				protocols.SetHTTP1(!version2)
				protocols.SetUnencryptedHTTP2(version2)
				var address string
				if embedded {
					server := httptest.NewUnstartedServer(s)
					server.Config.Protocols = protocols
					server.Start()
					defer server.Close()
					address = strings.TrimPrefix(server.URL, "http://")
				} else {
					address, _, _ = run(t, s)
				}
				client := &http.Client{Transport: &http.Transport{Protocols: protocols, MaxConnsPerHost: 1}}
				defer client.CloseIdleConnections()
				response := listen(t, client, address)
				defer response.Body.Close()
				body, err := io.ReadAll(response.Body)
				if err != nil || strings.Count(string(body), "event: next") != 2 || !strings.Contains(string(body), "event: complete") {
					t.Errorf("%v: %s", err, body)
				}
				time.Sleep(2 * 50 * time.Millisecond)
				if status, text, err := post(client, address, "{hello}"); status != 200 || err != nil {
					t.Errorf("the next request: %d %s %v", status, text, err)
				}
			})
		}
	}
	t.Run("WebSocket", func(t *testing.T) {
		s, fake := newTest(t, func(o *Options) { o.Timeouts.StreamWrite = 50 * time.Millisecond })
		pausing(fake)
		address, _, _ := run(t, s)
		conn, ctx := dial(t, address, `{}`, nil)
		read(t, ctx, conn)
		subscribe(t, ctx, conn, "subscription {ticks}")
		for _, want := range []string{"next", "next", "complete"} {
			if m := read(t, ctx, conn); m.Type != want {
				t.Errorf("%s %s, want %s", m.Type, m.Payload, want)
			}
		}
	})
}

// TestNothingIsWrittenAfterAStream stands for the sign of life that was about to be
// written when the stream ended.
func TestNothingIsWrittenAfterAStream(t *testing.T) {
	recorder := httptest.NewRecorder()
	w := newEventWriter(&exchange{Context: t.Context(), ResponseWriter: recorder}, time.Second, func() {})
	_, _ = io.WriteString(w, "event")
	w.Flush()
	w.end(t.Context())
	if _, err := io.WriteString(w, ": ping"); err == nil {
		t.Error("it was written")
	}
	w.Flush()
	if got := recorder.Body.String(); got != "event" {
		t.Errorf("got %q", got)
	}
}

func TestBytesBeforeTheTakeoverAreKept(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	rw := bufio.NewReadWriter(bufio.NewReader(ours), bufio.NewWriter(ours))
	_, _ = rw.WriteString("101 ")
	got := make(chan string)
	go func() {
		b := make([]byte, 8)
		_, _ = io.ReadFull(theirs, b)
		got <- string(b)
	}()
	conn, rw := boundWrites(ours, rw, time.Second)
	_, _ = rw.WriteString("more")
	_ = rw.Flush()
	if g := <-got; g != "101 more" {
		t.Errorf("got %q", g)
	}
	// Nobody reads any more.
	conn.(*boundedConn).timeout = time.Millisecond
	if _, err := conn.Write([]byte("x")); err == nil {
		t.Error("the write was done")
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("the connection is open: %v", err)
	}
}

// TestWebSocketSeesNewSnapshots holds that operations on an open WebSocket are those
// of the Snapshot of their moment, and that one that runs keeps its own.
func TestWebSocketSeesNewSnapshots(t *testing.T) {
	s, first := newTest(t)
	second := newFake()
	second.name, second.schema = "second", newerSchema
	now := Snapshot(first)
	swap := make(chan Snapshot, 1)
	s.options.Snapshot = func() Snapshot {
		select {
		case now = <-swap:
		default:
		}
		return now
	}
	events := make(chan json.RawMessage)
	first.stream = func(ctx context.Context) json.RawMessage { return <-events }
	address, _, _ := run(t, s)
	conn, ctx := dial(t, address, `{}`, nil)
	read(t, ctx, conn)

	ask := func(id, query string) {
		payload, _ := json.Marshal(map[string]string{"query": query})
		if err := wsjson.Write(ctx, conn, wsMessage{ID: id, Type: "subscribe", Payload: payload}); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(id, kind, payload string) {
		t.Helper()
		if m := read(t, ctx, conn); m.ID != id || m.Type != kind || !strings.Contains(string(m.Payload), payload) {
			t.Errorf("%s %s %s, want %s %s %s", m.ID, m.Type, m.Payload, id, kind, payload)
		}
	}
	ask("long", "subscription {ticks}")
	events <- json.RawMessage(`{"ticks":1}`)
	expect("long", "next", `{"ticks":1}`)
	ask("early", "{newer}")
	expect("early", "error", `Cannot query field`)
	expect("early", "complete", "")

	swap <- second
	ask("late", "{newer}")
	expect("late", "next", `{"data":{"hello":"second"}}`)
	expect("late", "complete", "")
	ask("gone", "{who}")
	expect("gone", "error", "Cannot query field")
	expect("gone", "complete", "")
	events <- json.RawMessage(`{"ticks":2}`)
	expect("long", "next", `{"ticks":2}`)

	swap <- nil
	ask("none", "{who}") // by the Snapshot of the handshake
	expect("none", "next", `{"who":""}`)
	expect("none", "complete", "")
	close(events)
	expect("long", "complete", "")
	_ = conn.Close(websocket.StatusNormalClosure, "")
	isFree(t, s)
}
