package subscription

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/weft-gateway/weft/gateway/fetch"
)

func TestServerSentEvents(t *testing.T) {
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		if string(sent) != body || r.Method != http.MethodPost {
			t.Errorf("%s %s", r.Method, sent)
		}
		for name, want := range map[string]string{"Content-Type": typeJSON, "Accept": accept, "X-User-Id": "alice", "Accept-Encoding": ""} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("header %s is %q, want %q", name, got, want)
			}
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, ":\n\n"+
			"event: next\ndata: {\"data\":{\"changed\":1}}\n\n"+
			": ping\n\n"+
			"event: next\r\nid: 4\r\ndata: {\"data\":\r\ndata: {\"changed\":2}}\r\n\r\n"+
			"data: unnamed\n\n"+
			"event: next\n\n"+
			"event: complete\ndata\n\n"+
			"event: next\ndata: {\"data\":{\"changed\":3}}\n\n")
	})
	req := request()
	req.Caller = fetch.NewCaller("alice", []fetch.Header{{Name: "X-User-Id", Value: "alice"}, {Name: "Accept", Value: "text/html"}})
	stream, err := source(t, Options{URL: "ws" + strings.TrimPrefix(srv.URL, "http"), Protocol: SSE}).Subscribe(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	got, err := drain(t, stream)
	if err != io.EOF || !slices.Equal(got, []string{`{"data":{"changed":1}}`, "{\"data\":\n{\"changed\":2}}"}) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestEventsEnd(t *testing.T) {
	const one = "event: next\ndata: {\"data\":1}\n\n"
	for _, test := range []struct {
		name, text string
		events     int
		code       string
	}{
		{"without complete", one, 1, CodeLost},
		{"within an event", one + "event: complete\n", 1, CodeLost},
		{"nothing", "", 0, CodeLost},
		{"no JSON", one + "event: next\ndata: <html>\n\n", 1, fetch.CodeMalformed},
		{"no object", "event: next\ndata: 1\n\n", 0, fetch.CodeMalformed},
		{"blank", "event: next\ndata:  \n\n", 0, fetch.CodeMalformed},
		{"large", one + "event: next\ndata: {\"data\":\"" + strings.Repeat("x", 2000) + "\"}\n\n", 1, fetch.CodeTooLarge},
		{"large in lines", "event: next\n" + strings.Repeat("data: {}\n", 2000) + "\n", 0, fetch.CodeTooLarge},
		{"long comment", ":" + strings.Repeat("x", 20000), 0, fetch.CodeTooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := eventServer(t, test.text, false)
			got, err := drain(t, open(t, source(t, Options{URL: srv.URL, Protocol: SSE, MaxMessage: 1500})))
			failed(t, err, test.code)
			if len(got) != test.events {
				t.Errorf("events %q", got)
			}
		})
	}
}

// TestOneAnswer holds that a subgraph may refuse the operation with a response instead of a stream.
func TestOneAnswer(t *testing.T) {
	const refusal = `{"errors":[{"message":"no such field"}]}`
	for _, test := range []struct {
		name, contentType, encoding, body string
		status                            int
		open, end                         string // codes
	}{
		{"response", "application/json", "", refusal, 200, "", ""},
		{"with its status", "application/graphql-response+json; charset=utf-8", "", refusal, 400, "", ""},
		{"not a response", "application/json", "", `{"message":"down"}`, 502, "", fetch.CodeHTTP},
		{"not JSON", "application/json", "", `oops`, 500, "", fetch.CodeHTTP},
		{"large", "application/json", "", `{"data":"` + strings.Repeat("x", 2000) + `"}`, 200, "", fetch.CodeTooLarge},
		{"page", "text/html", "", `<html>`, 200, fetch.CodeMalformed, ""},
		{"error page", "text/html", "", `<html>`, 500, fetch.CodeHTTP, ""},
		{"unauthorized", "", "", ``, 401, CodeRefused, ""},
		{"stream with an error status", "text/event-stream", "", ``, 500, fetch.CodeHTTP, ""},
		{"redirect", "text/html", "", ``, 307, fetch.CodeHTTP, ""},
		{"compressed", "text/event-stream", "gzip", `x`, 200, fetch.CodeMalformed, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", test.contentType)
				w.Header().Set("Location", "http://127.0.0.1:1/")
				if test.encoding != "" {
					w.Header().Set("Content-Encoding", test.encoding)
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			})
			stream, err := source(t, Options{URL: srv.URL, Protocol: SSE, MaxMessage: 1500}).Subscribe(t.Context(), request())
			if test.open != "" {
				failed(t, err, test.open)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := drain(t, stream)
			if test.end != "" {
				failed(t, err, test.end)
			} else if err != io.EOF || len(got) != 1 || got[0] != test.body {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestEventsNotAnswered(t *testing.T) {
	quit := make(chan struct{})
	srv := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-quit:
		}
	})
	defer close(quit)
	_, err := source(t, Options{URL: srv.URL, Protocol: SSE, ConnectTimeout: 20 * time.Millisecond, AckTimeout: 20 * time.Millisecond}).
		Subscribe(t.Context(), request())
	failed(t, err, fetch.CodeTimeout)
}

func TestCloseEvents(t *testing.T) {
	gone := make(chan struct{})
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(gone)
	})
	stream := open(t, source(t, Options{URL: srv.URL, Protocol: SSE}))
	stream.Close()
	<-gone
	if _, err := stream.Next(t.Context()); err != ErrClosed {
		t.Errorf("Next: %v", err)
	}
}

// TestAuto holds that the protocol is found out, and remembered.
func TestAuto(t *testing.T) {
	var upgrades, posts atomic.Int32
	srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			upgrades.Add(1)
			http.Error(w, "GET is not for this", http.StatusBadRequest)
			return
		}
		posts.Add(1)
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "event: next\ndata: {\"data\":1}\n\nevent: complete\n\n")
	})
	s := source(t, Options{URL: srv.URL})
	for range 3 {
		if got, err := drain(t, open(t, s)); err != io.EOF || len(got) != 1 {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	if upgrades.Load() != 1 || posts.Load() != 3 {
		t.Errorf("%d handshakes, %d posts", upgrades.Load(), posts.Load())
	}
	// What was found out is forgotten when it no longer holds.
	srv.Close()
	_, err := s.Subscribe(t.Context(), request())
	failed(t, err, fetch.CodeHTTP)
	if s.noSocket.Load() {
		t.Error("WebSockets are given up for ever")
	}
	// What refuses the caller, or knows neither, is not held for a subgraph without WebSockets.
	for status, code := range map[int]string{401: CodeRefused, 502: fetch.CodeHTTP} {
		down := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		s := source(t, Options{URL: down.URL})
		_, err := s.Subscribe(t.Context(), request())
		failed(t, err, code)
		if s.noSocket.Load() {
			t.Errorf("after status %d WebSockets are given up", status)
		}
	}
}

func TestOptions(t *testing.T) {
	for text, want := range map[string]string{
		"ws://h/s": "http://h/s", "wss://h:1/s?x=1": "https://h:1/s?x=1", "http://h": "http://h", "https://h": "https://h",
	} {
		s, err := New(Options{URL: text})
		if err != nil || s.url.String() != want {
			t.Errorf("%s: %v, %v", text, s, err)
		}
	}
	for _, o := range []Options{
		{URL: ""}, {URL: "://"}, {URL: "ftp://h"}, {URL: "ws://"}, {URL: "ws://user:secret@h"}, {URL: "ws://h", Protocol: "carrier pigeon"},
		{URL: "ws://h", Patience: -1}, {URL: "ws://h", MaxMessage: -1},
	} {
		o.Subgraph = "shop"
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), `"shop"`) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestConnections holds that both transports go where the Options say: to a Unix socket, or over TLS.
func TestConnections(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") == "" {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "event: complete\n\n")
			return
		}
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{modern}})
		if err != nil {
			return
		}
		p := &peer{t, t.Context(), conn, r}
		p.accept()
		p.send(complete)
		_, _, _ = conn.Read(p.ctx)
	})
	local := httptest.NewUnstartedServer(handler)
	path := filepath.Join(t.TempDir(), "socket")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	_ = local.Listener.Close() // another one takes its place
	local.Listener = listener
	local.Start()
	t.Cleanup(local.Close)
	secure := httptest.NewUnstartedServer(handler)
	secure.EnableHTTP2 = true
	secure.StartTLS()
	t.Cleanup(secure.Close)
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	for name, o := range map[string]Options{
		"unix": {URL: "http://shop.invalid/graphql", Socket: path},
		"tls":  {URL: "wss" + strings.TrimPrefix(secure.URL, "https"), TLS: &tls.Config{RootCAs: roots}},
	} {
		for _, protocol := range []Protocol{WebSocket, SSE} {
			t.Run(name+"/"+string(protocol), func(t *testing.T) {
				o.Protocol = protocol
				if got, err := drain(t, open(t, source(t, o))); err != io.EOF || len(got) != 0 {
					t.Errorf("got %q, %v", got, err)
				}
			})
		}
	}
	_, err = source(t, Options{URL: secure.URL}).Subscribe(t.Context(), request())
	failed(t, err, fetch.CodeHTTP) // nobody vouches for the certificate
}
