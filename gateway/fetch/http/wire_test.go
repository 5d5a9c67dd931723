package http

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// raw serves the given bytes as the answer to every request, and closes the connection after it when told to.
func raw(t *testing.T, answer string, hangUp bool) (url string, connections *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	connections = new(atomic.Int32)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			go func() {
				defer conn.Close()
				br := bufio.NewReader(conn)
				for {
					r, err := nethttp.ReadRequest(br)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					_, _ = io.WriteString(conn, answer)
					if hangUp {
						return
					}
				}
			}()
		}
	}()
	return "http://" + l.Addr().String(), connections
}

func TestBadAnswersOnTheWire(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, answer := range map[string]string{
		"truncated":         head + "Content-Length: 100\r\n\r\n" + ok,
		"truncated chunks":  head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"da",
		"no status":         "hello\r\n\r\n",
		"nothing":           "",
		"half a head":       "HTTP/1.1 200 OK\r\nContent-",
		"endless header":    head + "X: " + strings.Repeat("x", 100_000) + "\r\n\r\n",
		"negative length":   head + "Content-Length: -5\r\n\r\n" + ok,
		"malformed chunk":   head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
		"another protocol":  "SSH-2.0-OpenSSH_9.6\r\n",
		"only interim ones": strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 100),
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := raw(t, answer, true)
			res, err := client(t, Options{URL: url, Timeout: time.Second}).Fetch(context.Background(), request("{}"))
			if err == nil {
				t.Fatalf("taken: %q", res.Body)
			}
			if c := code(t, err); c != fetch.CodeHTTP && c != fetch.CodeMalformed {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestOutOfStep: a connection that carried more than the answer is not used again, or the next request would read the
// rest as its own answer.
func TestOutOfStep(t *testing.T) {
	answer := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(ok), ok)
	for _, tc := range []struct {
		name, answer string
		connections  int
	}{{"in step", answer, 1}, {"twice", answer + answer, 3}, {"told to close", strings.Replace(answer, "\r\n", "\r\nConnection: close\r\n", 1), 3}} {
		t.Run(tc.name, func(t *testing.T) {
			url, connections := raw(t, tc.answer, false)
			c := client(t, Options{URL: url})
			for range 3 {
				res, err := c.Fetch(context.Background(), request("{}"))
				if err != nil || string(res.Body) != ok {
					t.Fatalf("%v", err)
				}
				res.Release()
			}
			if int(connections.Load()) != tc.connections {
				t.Errorf("%d connections", connections.Load())
			}
		})
	}
}

func TestTLS(t *testing.T) {
	var major int
	s := httptest.NewUnstartedServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		major = r.ProtoMajor
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, ok)
	}))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = nil
	s.StartTLS()
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	for p, want := range map[Protocol]int{HTTP1: 1, HTTP2: 2, Auto: 2} {
		c := client(t, Options{URL: s.URL, Protocol: p, TLS: &tls.Config{RootCAs: roots}})
		res, err := c.Fetch(context.Background(), request("{}"))
		if err != nil || string(res.Body) != ok || major != want {
			t.Errorf("%q: HTTP/%d, %v", p, major, err)
		}
		if _, err := client(t, Options{URL: s.URL, Protocol: p, TLS: &tls.Config{RootCAs: x509.NewCertPool()}}).Fetch(context.Background(), request("{}")); err == nil {
			t.Errorf("%q: a certificate of an unknown authority is taken", p)
		}
	}
}

// TestStaleForMutation: a connection that has been idle for a while is not used for a mutation.
func TestStaleForMutation(t *testing.T) {
	answer := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(ok), ok)
	url, connections := raw(t, answer, false)
	c := client(t, Options{URL: url})
	ask := func(mutation bool) {
		t.Helper()
		req := request("{}")
		req.Mutation = mutation
		res, err := c.Fetch(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		res.Release()
	}
	ask(false)
	ask(true)
	if connections.Load() != 1 {
		t.Errorf("%d connections while they are fresh", connections.Load())
	}
	time.Sleep(staleAfter + 100*time.Millisecond)
	ask(true)
	if connections.Load() != 2 {
		t.Errorf("%d connections after a pause", connections.Load())
	}
}

func TestMaxAge(t *testing.T) {
	answer := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(ok), ok)
	url, connections := raw(t, answer, false)
	c := client(t, Options{URL: url, MaxAge: time.Nanosecond})
	for range 2 {
		res, err := c.Fetch(context.Background(), request("{}"))
		if err != nil {
			t.Fatal(err)
		}
		res.Release()
	}
	if connections.Load() != 2 {
		t.Errorf("%d connections", connections.Load())
	}
}
