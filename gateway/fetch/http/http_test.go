package http

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
)

const ok = `{"data":{"a":1}}`

// protocols are the clients that every promise is tested with.
var protocols = []Protocol{HTTP1, HTTP2}

func serve(t *testing.T, p Protocol, h nethttp.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.Protocols = new(nethttp.Protocols)
	s.Config.Protocols.SetHTTP1(p == HTTP1)
	s.Config.Protocols.SetUnencryptedHTTP2(p == HTTP2)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func client(t *testing.T, o Options) Client {
	t.Helper()
	o.Subgraph = "shop"
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func request(body string) *fetch.Request {
	return &fetch.Request{Body: []byte(body), Caller: fetch.Nobody}
}

func code(t *testing.T, err error) string {
	t.Helper()
	var e *fetch.Error
	if !errors.As(err, &e) {
		t.Fatalf("not a *fetch.Error: %v", err)
	}
	return e.Code
}

func TestRequest(t *testing.T) {
	for _, p := range protocols {
		t.Run(string(p), func(t *testing.T) {
			var got, path, encoding string
			var header nethttp.Header
			s := serve(t, p, func(w nethttp.ResponseWriter, r *nethttp.Request) {
				b, _ := io.ReadAll(r.Body)
				got, path, header, encoding = string(b), r.URL.String(), r.Header, r.Header.Get("Accept-Encoding")
				w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
				w.Header().Set("X-Answer", "42")
				_, _ = io.WriteString(w, ok)
			})
			c := client(t, Options{URL: s.URL + "/graphql?x=1", Protocol: p, Headers: []fetch.Header{{Name: "X-Constant", Value: "c"}}})
			req := request(`{"query":"{a}"}`)
			req.Caller = fetch.NewCaller("alice", []fetch.Header{{Name: "Authorization", Value: "Bearer t"}})
			for range 3 {
				res, err := c.Fetch(context.Background(), req)
				if err != nil {
					t.Fatal(err)
				}
				if string(res.Body) != ok || res.Status != 200 || res.Header("x-answer") != "42" {
					t.Errorf("answer: %d %s", res.Status, res.Body)
				}
				res.Release()
			}
			if got != `{"query":"{a}"}` || path != "/graphql?x=1" || encoding != "" {
				t.Errorf("asked %q at %s, accept-encoding %q", got, path, encoding)
			}
			for name, want := range map[string]string{"Content-Type": contentType, "Accept": accept, "User-Agent": userAgent,
				"X-Constant": "c", "Authorization": "Bearer t", "Idempotency-Key": ""} {
				if header.Get(name) != want {
					t.Errorf("header %s is %q, not %q", name, header.Get(name), want)
				}
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	cases := []struct {
		name, contentType, body, encoding string
		status                            int
		code                              string
	}{
		{"partial", "application/json", `{"data":null,"errors":[{"message":"x"}]}`, "", 500, ""},
		{"no type", "", ok, "", 200, ""},
		{"page", "text/html", "<html>", "", 200, fetch.CodeMalformed},
		{"error page", "text/html", "<html>", "", 502, fetch.CodeHTTP},
		{"redirect", "text/html", "", "", 302, fetch.CodeHTTP},
		{"compressed", "application/json", "x", "gzip", 200, fetch.CodeMalformed},
		{"large", "application/json", strings.Repeat(" ", 2000), "", 200, fetch.CodeTooLarge},
	}
	for _, p := range protocols {
		for _, tc := range cases {
			t.Run(string(p)+"/"+tc.name, func(t *testing.T) {
				for _, chunked := range []bool{false, true} {
					s := serve(t, p, func(w nethttp.ResponseWriter, _ *nethttp.Request) {
						w.Header()["Content-Type"] = nil
						if tc.contentType != "" {
							w.Header().Set("Content-Type", tc.contentType)
						}
						if tc.encoding != "" {
							w.Header().Set("Content-Encoding", tc.encoding)
						}
						w.WriteHeader(tc.status)
						if chunked {
							w.(nethttp.Flusher).Flush()
						}
						_, _ = io.WriteString(w, tc.body)
					})
					res, err := client(t, Options{URL: s.URL, Protocol: p, MaxResponse: 1000}).Fetch(context.Background(), request("{}"))
					if tc.code == "" {
						if err != nil || string(res.Body) != tc.body || res.Status != tc.status {
							t.Errorf("got %v, %v", res, err)
						}
						res.Release()
						continue
					}
					if err == nil || code(t, err) != tc.code {
						t.Errorf("got %v, want %s", err, tc.code)
					}
					if u, _ := url.Parse(s.URL); strings.Contains(err.(*fetch.Error).Message, u.Host) {
						t.Errorf("the message tells the address: %v", err)
					}
				}
			})
		}
	}
}

func TestTimeoutAndCancel(t *testing.T) {
	for _, p := range protocols {
		t.Run(string(p), func(t *testing.T) {
			quit := make(chan struct{})
			s := serve(t, p, func(_ nethttp.ResponseWriter, r *nethttp.Request) {
				select {
				case <-r.Context().Done():
				case <-quit:
				}
			})
			defer close(quit)
			_, err := client(t, Options{URL: s.URL, Protocol: p, Timeout: 30 * time.Millisecond}).Fetch(context.Background(), request("{}"))
			if code(t, err) != fetch.CodeTimeout {
				t.Errorf("timeout: %v", err)
			}
			c := client(t, Options{URL: s.URL, Protocol: p})
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
			defer cancel()
			if _, err := c.Fetch(ctx, request("{}")); code(t, err) != fetch.CodeTimeout {
				t.Errorf("deadline: %v", err)
			}
			ctx, cancel = context.WithCancel(context.Background())
			time.AfterFunc(30*time.Millisecond, cancel)
			if _, err := c.Fetch(ctx, request("{}")); code(t, err) != fetch.CodeCancelled {
				t.Errorf("cancel: %v", err)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	for _, p := range protocols {
		_, err := client(t, Options{URL: "http://" + l.Addr().String(), Protocol: p}).Fetch(context.Background(), request("{}"))
		if code(t, err) != fetch.CodeHTTP || err.(*fetch.Error).Message != `Subgraph "shop" could not be reached.` {
			t.Errorf("%s: %v", p, err)
		}
	}
}

// hangingUp answers one request per connection and closes the connection when the next request arrives. It counts the
// requests that it read.
func hangingUp(t *testing.T) (addr string, seen *atomic.Int32) {
	t.Helper()
	seen = new(atomic.Int32)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				br := bufio.NewReader(conn)
				for i := range 2 {
					r, err := nethttp.ReadRequest(br)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					seen.Add(1)
					if i == 0 {
						fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(ok), ok)
					}
				}
			}()
		}
	}()
	return l.Addr().String(), seen
}

func TestClosedConnection(t *testing.T) {
	addr, seen := hangingUp(t)
	c := client(t, Options{URL: "http://" + addr})
	for range 3 {
		res, err := c.Fetch(context.Background(), request("{}"))
		if err != nil {
			t.Fatalf("a query is asked again on a new connection: %v", err)
		}
		res.Release()
	}
	before := seen.Load()
	mutation := request("{}")
	mutation.Mutation = true
	if _, err := c.Fetch(context.Background(), mutation); err == nil || code(t, err) != fetch.CodeHTTP {
		t.Errorf("a mutation whose fate is unknown must fail: %v", err)
	}
	if n := seen.Load() - before; n != 1 {
		t.Errorf("the mutation was sent %d times", n)
	}
}

func TestConnectionsAreKeptAndBounded(t *testing.T) {
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		time.Sleep(2 * time.Millisecond)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, ok)
	}))
	s.Config.ConnState = func(_ net.Conn, state nethttp.ConnState) {
		if state == nethttp.StateNew {
			opened.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	c := client(t, Options{URL: s.URL, MaxConnections: 4})
	errs := make(chan error, 40)
	for range 40 {
		go func() {
			res, err := c.Fetch(context.Background(), request("{}"))
			res.Release()
			errs <- err
		}()
	}
	for range 40 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := opened.Load(); n > 4 {
		t.Errorf("%d connections", n)
	}
}

// TestConnectionsInUseEndWithTheClient: what is in use when the client is closed is not kept afterwards.
func TestConnectionsInUseEndWithTheClient(t *testing.T) {
	arrived, answer, closed := make(chan struct{}), make(chan struct{}), make(chan struct{}, 1)
	s := httptest.NewUnstartedServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		close(arrived)
		<-answer
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, ok)
	}))
	s.Config.ConnState = func(_ net.Conn, state nethttp.ConnState) {
		if state == nethttp.StateClosed {
			closed <- struct{}{}
		}
	}
	s.Start()
	defer s.Close()
	c := client(t, Options{URL: s.URL})
	done := make(chan error, 1)
	go func() {
		res, err := c.Fetch(context.Background(), request("{}"))
		res.Release()
		done <- err
	}()
	<-arrived
	c.Close()
	close(answer)
	if err := <-done; err != nil {
		t.Error(err)
	}
	select {
	case <-closed:
	case <-time.After(20 * time.Second):
		t.Error("the connection is kept")
	}
}

func TestHeadersCannotBreakOut(t *testing.T) {
	for _, p := range protocols {
		c := client(t, Options{URL: "http://127.0.0.1:1", Protocol: p})
		for _, h := range []fetch.Header{{Name: "X", Value: "a\r\nY: b"}, {Name: "X: y\r\nZ", Value: ""}, {Name: "content-LENGTH", Value: "0"}, {}} {
			req := request("{}")
			req.Caller = fetch.NewCaller("", []fetch.Header{h})
			if _, err := c.Fetch(context.Background(), req); code(t, err) != fetch.CodeInternal {
				t.Errorf("%q: %v", h, err)
			}
		}
	}
}

func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, _ *nethttp.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, ok)
	}))
	s.Listener = l
	s.Start()
	defer s.Close()
	for _, p := range []Protocol{HTTP1} {
		res, err := client(t, Options{URL: "http://shop/graphql", Socket: path, Protocol: p}).Fetch(context.Background(), request("{}"))
		if err != nil || string(res.Body) != ok {
			t.Errorf("%v", err)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{
		{URL: "ftp://x"}, {URL: "x"}, {URL: "http://user:secret@x"}, {URL: "http://x", Protocol: "gopher"}, {URL: ":"},
		{URL: "http://x", Headers: []fetch.Header{{Name: "Host", Value: "y"}}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v is taken", o)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells a password: %v", err)
		}
	}
}
