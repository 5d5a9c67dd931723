package subscription

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// dialects are what every promise is tested with.
var dialects = []*dialect{modernDialect, legacyDialect}

func event(d *dialect, payload string) string {
	return `{"id":"1","type":"` + d.next + `","payload":` + payload + `}`
}

const complete = `{"id":"1","type":"complete"}`

func TestWebSocket(t *testing.T) {
	for _, d := range dialects {
		t.Run(d.name, func(t *testing.T) {
			srv := socketServer(t, d.name, func(p *peer) {
				for name, want := range map[string]string{"X-User-Id": "alice", "X-Constant": "c", "Sec-Websocket-Protocol": modern + "," + legacy} {
					if got := p.http.Header.Get(name); got != want {
						t.Errorf("header %s is %q, want %q", name, got, want)
					}
				}
				first := p.want("connection_init")
				if got := string(first.Payload); got != `{"X-Constant":"c","X-Tag":"a, b","X-User-Id":"alice"}` {
					t.Errorf("connection_init says %s", got)
				}
				if d == modernDialect {
					p.send(`{"type":"ping","payload":{"a":1}}`)
					p.want("pong")
				} else {
					p.send(`{"type":"ka"}`)
				}
				p.send(`{"type":"connection_ack","payload":{}}`)
				if start := p.want(d.start); start.ID != "1" || string(start.Payload) != body {
					t.Errorf("asked %+v", start)
				}
				p.send(event(d, `{"data":{"changed":1}}`))
				if d == modernDialect {
					p.send(`{"type":"ping"}`)
					p.want("pong")
					p.send(`{"type":"pong"}`)
				} else {
					p.send(`{"type":"ka"}`)
				}
				p.send(event(d, `{"data":{"changed":2}}`))
				p.send(complete)
				if _, _, err := p.conn.Read(p.ctx); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
					t.Errorf("the client ended with %v", err)
				}
			})
			s := source(t, Options{URL: "ws" + strings.TrimPrefix(srv.URL, "http"), Protocol: WebSocket,
				Headers: []fetch.Header{{Name: "X-Constant", Value: "c"}}})
			req := request()
			req.Caller = fetch.NewCaller("alice", []fetch.Header{{Name: "x-user-id", Value: "alice"}, {Name: "X-Tag", Value: "a"},
				{Name: "X-Tag", Value: "b"}, {Name: "Sec-WebSocket-Protocol", Value: "forged"}, {Name: "Connection", Value: "close"}})
			stream, err := s.Subscribe(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			got, err := drain(t, stream)
			if err != io.EOF || !slices.Equal(got, []string{`{"data":{"changed":1}}`, `{"data":{"changed":2}}`}) {
				t.Errorf("got %q, %v", got, err)
			}
			stream.Close()
			if _, err := stream.Next(t.Context()); err != ErrClosed {
				t.Errorf("after Close: %v", err)
			}
		})
	}
}

// TestEnds holds what a stream ends with, by what the server sends after the subscription was asked for.
func TestEnds(t *testing.T) {
	large := `{"data":"` + strings.Repeat("x", 2000) + `"}`
	for _, d := range dialects {
		for _, test := range []struct {
			name   string
			script func(p *peer)
			events []string
			code   string // "": it is complete
		}{
			{"errors", func(p *peer) { p.send(`{"id":"1","type":"error","payload":[{"message":"no"}]}`) }, []string{`{"errors":[{"message":"no"}]}`}, ""},
			{"one error", func(p *peer) { p.send(`{"id":"1","type":"error","payload":{"message":"no"}}`) }, []string{`{"errors":[{"message":"no"}]}`}, ""},
			{"no error told", func(p *peer) { p.send(`{"id":"1","type":"error","payload": [ ]}`) }, []string{`{"errors":[` + unexplained + `]}`}, ""},
			{"connection lost", func(p *peer) { p.send(event(d, `{"data":1}`)); _ = p.conn.CloseNow() }, []string{`{"data":1}`}, CodeLost},
			{"closed", func(p *peer) { _ = p.conn.Close(websocket.StatusNormalClosure, "bye") }, nil, CodeLost},
			{"session over", func(p *peer) { _ = p.conn.Close(closeForbidden, "Forbidden") }, nil, CodeRefused},
			{"no JSON", func(p *peer) { p.send(`<html>`) }, nil, fetch.CodeMalformed},
			{"unknown type", func(p *peer) { p.send(`{"type":"hello"}`) }, nil, fetch.CodeMalformed},
			{"other id", func(p *peer) { p.send(`{"id":"2","type":"` + d.next + `","payload":{}}`) }, nil, fetch.CodeMalformed},
			{"no object", func(p *peer) { p.send(event(d, `null`)) }, nil, fetch.CodeMalformed},
			{"second ack", func(p *peer) { p.send(`{"type":"connection_ack"}`) }, nil, fetch.CodeMalformed},
			{"binary", func(p *peer) { _ = p.conn.Write(p.ctx, websocket.MessageBinary, []byte(complete)) }, nil, fetch.CodeMalformed},
			{"large", func(p *peer) { p.send(event(d, large)) }, nil, fetch.CodeTooLarge},
			{"very large", func(p *peer) { p.send(event(d, `{"data":"`+strings.Repeat("x", 5000)+`"}`)) }, nil, fetch.CodeTooLarge},
		} {
			t.Run(d.name+"/"+test.name, func(t *testing.T) {
				closed := make(chan error, 1)
				srv := socketServer(t, d.name, func(p *peer) {
					p.accept()
					test.script(p)
					_, _, err := p.conn.Read(p.ctx)
					closed <- err
				})
				got, err := drain(t, open(t, source(t, Options{URL: srv.URL, MaxMessage: 1500})))
				if !slices.Equal(got, test.events) {
					t.Errorf("events %q, want %q", got, test.events)
				}
				if test.code == "" {
					if err != io.EOF {
						t.Errorf("ended with %v", err)
					}
				} else {
					failed(t, err, test.code)
				}
				if err := <-closed; test.code == fetch.CodeMalformed && websocket.CloseStatus(err) != closeBadMessage {
					t.Errorf("the server was told %v", err)
				}
			})
		}
	}
}

// TestNotAccepted holds what opening fails with.
func TestNotAccepted(t *testing.T) {
	for _, test := range []struct {
		name   string
		script func(p *peer)
		code   string
	}{
		{"no ack", func(p *peer) { <-p.ctx.Done() }, fetch.CodeTimeout},
		{"unauthorized", func(p *peer) { _ = p.conn.Close(closeUnauthorized, "Unauthorized") }, CodeRefused},
		{"gone", func(p *peer) { _ = p.conn.CloseNow() }, fetch.CodeHTTP},
		{"closed", func(p *peer) { _ = p.conn.Close(websocket.StatusGoingAway, "") }, CodeLost},
		{"too early", func(p *peer) { p.send(complete) }, fetch.CodeMalformed},
		{"refused", func(p *peer) { p.send(`{"type":"connection_error","payload":{"message":"no"}}`) }, CodeRefused},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := socketServer(t, legacy, func(p *peer) { p.want("connection_init"); test.script(p) })
			timeout := time.Second
			if test.code == fetch.CodeTimeout {
				timeout = 30 * time.Millisecond
			}
			_, err := source(t, Options{URL: srv.URL, ConnectTimeout: timeout, AckTimeout: timeout}).Subscribe(t.Context(), request())
			failed(t, err, test.code)
		})
	}
	for status, code := range map[int]string{401: CodeRefused, 403: CodeRefused, 404: fetch.CodeHTTP, 302: fetch.CodeHTTP, 503: fetch.CodeHTTP} {
		srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(status)
		})
		_, err := source(t, Options{URL: srv.URL, Protocol: WebSocket}).Subscribe(t.Context(), request())
		failed(t, err, code)
	}
	srv := socketServer(t, "other", func(*peer) {})
	_, err := source(t, Options{URL: srv.URL, Protocol: WebSocket}).Subscribe(t.Context(), request())
	failed(t, err, fetch.CodeMalformed)
	srv.Close()
	_, err = source(t, Options{URL: srv.URL}).Subscribe(t.Context(), request())
	failed(t, err, fetch.CodeHTTP)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = source(t, Options{URL: srv.URL}).Subscribe(ctx, request())
	failed(t, err, fetch.CodeCancelled)
}

// TestGoodbye holds that the subgraph is told when nobody wants the subscription any more.
func TestGoodbye(t *testing.T) {
	for _, d := range dialects {
		for _, way := range []string{"Close", "context"} {
			t.Run(d.name+"/"+way, func(t *testing.T) {
				closed := make(chan error, 1)
				srv := socketServer(t, d.name, func(p *peer) {
					p.accept()
					p.want(d.stop)
					_, _, err := p.conn.Read(p.ctx)
					closed <- err
				})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				stream, err := source(t, Options{URL: srv.URL}).Subscribe(ctx, request())
				if err != nil {
					t.Fatal(err)
				}
				if way == "Close" {
					stream.Close()
					stream.Close()
				} else {
					cancel()
				}
				if err := <-closed; websocket.CloseStatus(err) != websocket.StatusNormalClosure {
					t.Errorf("the server was told %v", err)
				}
				if _, err := stream.Next(t.Context()); err != ErrClosed {
					t.Errorf("Next: %v", err)
				}
			})
		}
	}
}

func TestNoSignOfLife(t *testing.T) {
	quit := make(chan struct{})
	srv := socketServer(t, modern, func(p *peer) {
		p.accept()
		p.send(event(modernDialect, `{"data":1}`))
		<-quit // reads nothing, and so answers no ping
	})
	defer close(quit)
	got, err := drain(t, open(t, source(t, Options{URL: srv.URL, KeepAlive: 200 * time.Millisecond})))
	failed(t, err, CodeLost)
	if len(got) != 1 {
		t.Errorf("events %q", got)
	}
}

func TestSignsOfLife(t *testing.T) {
	srv := socketServer(t, modern, func(p *peer) {
		p.accept()
		ctx := p.conn.CloseRead(p.ctx)
		select {
		case <-time.After(700 * time.Millisecond):
		case <-ctx.Done():
			t.Error("the connection was given up")
		}
		p.send(event(modernDialect, `{"data":1}`))
		p.send(complete)
		<-ctx.Done()
	})
	got, err := drain(t, open(t, source(t, Options{URL: srv.URL, KeepAlive: 150 * time.Millisecond})))
	if err != io.EOF || len(got) != 1 {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestSlowClient holds that a client may be slow, but not for long, over both transports.
func TestSlowClient(t *testing.T) {
	const count = 50
	socket := func() string {
		return socketServer(t, modern, func(p *peer) {
			p.accept()
			for range count {
				p.send(event(modernDialect, `{"data":1}`))
			}
			p.send(complete)
			_, _, _ = p.conn.Read(p.ctx)
		}).URL
	}
	stream := func() string {
		return eventServer(t, strings.Repeat("event: next\ndata: {\"data\":1}\n\n", count)+"event: complete\n\n", false).URL
	}
	for name, url := range map[string]func() string{"websocket": socket, "sse": stream} {
		o := Options{URL: url(), KeepAlive: 150 * time.Millisecond, Protocol: Protocol(name)}
		for limit, want := range map[string]int{"by number": 3, "by size": 2} {
			t.Run(name+"/"+limit, func(t *testing.T) {
				o := o
				o.Patience = 50 * time.Millisecond
				if limit == "by number" {
					o.MaxQueued = want
				} else {
					o.MaxQueuedBytes = want*len(`{"data":1}`) + 5
				}
				stream := open(t, source(t, o))
				untilEnded(t, stream)
				got, err := drain(t, stream)
				failed(t, err, CodeTooSlow)
				if len(got) != want {
					t.Errorf("%d events, want %d", len(got), want)
				}
			})
		}
		t.Run(name+"/in time", func(t *testing.T) {
			o := o
			o.MaxQueued = 1
			stream := open(t, source(t, o))
			time.Sleep(500 * time.Millisecond) // some signs of life are missed meanwhile
			got, err := drain(t, stream)
			if err != io.EOF || len(got) != count {
				t.Errorf("%d events, %v", len(got), err)
			}
		})
	}
}

// untilEnded waits until a stream will get no more events.
func untilEnded(t *testing.T, stream Stream) {
	t.Helper()
	var q *queue
	switch s := stream.(type) {
	case *socket:
		q = &s.queue
	case *events:
		q = &s.queue
	}
	select {
	case <-q.closed:
	case <-time.After(10 * time.Second):
		t.Fatal("the stream goes on")
	}
}

func TestNextEndsWithItsContext(t *testing.T) {
	srv := socketServer(t, modern, func(p *peer) {
		p.accept()
		_, _, _ = p.conn.Read(p.ctx)
	})
	stream := open(t, source(t, Options{URL: srv.URL}))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := stream.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Next: %v", err)
	}
}
