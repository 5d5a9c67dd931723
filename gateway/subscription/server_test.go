package subscription

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/weft-gateway/weft/gateway/fetch"
)

const body = `{"query":"subscription($id:ID!){changed(id:$id)}","variables":{"id":"7"}}`

// peer is the server's end of a WebSocket.
type peer struct {
	t    *testing.T
	ctx  context.Context
	conn *websocket.Conn
	http *http.Request
}

// frame is a message as the protocols write it.
type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func (p *peer) send(text string) {
	if err := p.conn.Write(p.ctx, websocket.MessageText, []byte(text)); err != nil {
		p.t.Logf("the server cannot send: %v", err)
	}
}

// want reads the next message, which must be of a type.
func (p *peer) want(kind string) frame {
	_, text, err := p.conn.Read(p.ctx)
	var f frame
	if err == nil {
		err = json.Unmarshal(text, &f)
	}
	if err != nil || f.Type != kind {
		p.t.Errorf("the server got %q, %v, want %s", text, err, kind)
	}
	return f
}

// accept greets a client and takes its subscription.
func (p *peer) accept() {
	p.want("connection_init")
	p.send(`{"type":"connection_ack"}`)
	if p.conn.Subprotocol() == modern {
		p.want("subscribe")
	} else {
		p.want("start")
	}
}

// socketServer serves one script to each WebSocket, with the subprotocol.
func socketServer(t *testing.T, subprotocol string, script func(*peer)) *httptest.Server {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{subprotocol}})
		if err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		defer func() { _ = conn.CloseNow() }()
		script(&peer{t, ctx, conn, r})
	})
}

// eventServer serves a text as an event stream, and holds the connection after it when hold is set.
func eventServer(t *testing.T, text string, hold bool) *httptest.Server {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		_, _ = io.WriteString(w, text)
		w.(http.Flusher).Flush()
		if hold {
			<-r.Context().Done()
		}
	})
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// source makes a Source and holds that nothing of it runs on after the test.
func source(t *testing.T, o Options) *Source {
	t.Helper()
	o.Subgraph = "shop"
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		noneLeft(t)
	})
	return s
}

// noneLeft holds that no goroutine of this package, but for tests, runs on.
func noneLeft(t *testing.T) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for deadline := time.Now().Add(12 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		all := string(stacks[:runtime.Stack(stacks, true)])
		left := strings.Contains(all, "subscription.(*socket)") || strings.Contains(all, "subscription.(*events)")
		if !left {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("goroutines are left:\n%s", all)
		}
	}
}

func request() *Request { return &Request{Body: []byte(body), Caller: fetch.Nobody} }

// open subscribes.
func open(t *testing.T, s *Source) Stream {
	t.Helper()
	stream, err := s.Subscribe(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stream.Close)
	return stream
}

// drain reads a stream to its end.
func drain(t *testing.T, stream Stream) (events []string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		event, err := stream.Next(ctx)
		if err != nil {
			return events, err
		}
		events = append(events, string(event))
	}
}

// failed holds that an error has a code, and that its message keeps the address to itself.
func failed(t *testing.T, err error, code string) {
	t.Helper()
	var e *fetch.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	if strings.Contains(e.Message, "127.0.0.1") || !strings.Contains(e.Message, `"shop"`) || e.Subgraph != "shop" {
		t.Errorf("message %q", e.Message)
	}
}
