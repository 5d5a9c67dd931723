package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// run serves on a port of its own, and on a second one. stop ends it; done gives
// what Run returned.
func run(t *testing.T, s *Server) (address string, stop func(), done <-chan error) {
	t.Helper()
	l, err := Listen("GraphQL endpoint", "127.0.0.1:0", s)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Listen("registry API", "127.0.0.1:0", http.NotFoundHandler())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- s.Run(ctx, l, other) }()
	t.Cleanup(cancel)
	return l.Addr().String(), cancel, result
}

func post(client *http.Client, address, query string) (int, string, error) {
	response, err := client.Post("http://"+address+"/graphql", typeJSON, strings.NewReader(`{"query":"`+query+`"}`))
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

func TestShutdownLetsRequestsFinish(t *testing.T) {
	s, fake := newTest(t, func(o *Options) { o.Timeouts.Drain = 150 * time.Millisecond })
	entered, leave := make(chan struct{}), make(chan struct{})
	fake.execute = func(_ context.Context, req *Request) *Response {
		if req.Query == "{slow}" {
			close(entered)
			<-leave
		}
		return &Response{Body: []byte(`{"data":{"hello":"done"}}`)}
	}
	address, stop, done := run(t, s)
	type result struct {
		status int
		body   string
		err    error
	}
	slow := make(chan result, 1)
	go func() {
		status, body, err := post(&http.Client{}, address, "{slow}")
		slow <- result{status, body, err}
	}()
	<-entered
	stop()

	// While it drains it says that it is not ready, and still answers.
	deadline := time.Now().Add(100 * time.Millisecond)
	for ready := 200; ready != 503; {
		if time.Now().After(deadline) {
			t.Fatal("it never said that it is not ready")
		}
		response, err := http.Get("http://" + address + "/health/ready")
		if err != nil {
			t.Fatal(err)
		}
		ready = response.StatusCode
		_ = response.Body.Close()
	}
	if status, _, err := post(&http.Client{}, address, "{hello}"); err != nil || status != 200 {
		t.Error("a draining server turned a request away:", status, err)
	}

	time.Sleep(200 * time.Millisecond)
	if _, _, err := post(&http.Client{Transport: &http.Transport{}}, address, "{hello}"); err == nil {
		t.Error("a stopped server accepted a connection")
	}
	close(leave)
	if r := <-slow; r.err != nil || r.status != 200 || r.body != `{"data":{"hello":"done"}}` {
		t.Errorf("the request in flight: %+v", r)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestShutdownCutsOffAfterItsTimeout(t *testing.T) {
	s, fake := newTest(t, func(o *Options) { o.Timeouts.Shutdown = 50 * time.Millisecond })
	entered := make(chan struct{})
	fake.execute = func(ctx context.Context, _ *Request) *Response {
		close(entered)
		<-ctx.Done() // the connection is closed under it
		return &Response{Kind: TimedOut}
	}
	address, stop, done := run(t, s)
	failed := make(chan error, 1)
	go func() {
		_, _, err := post(&http.Client{}, address, "{slow}")
		failed <- err
	}()
	<-entered
	stop()
	if err := <-done; err == nil || !strings.Contains(err.Error(), "requests in flight") {
		t.Error(err)
	}
	if <-failed == nil {
		t.Error("the request got an answer")
	}
}

func TestListenSaysWhatIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, err = Listen("registry API", taken.Addr().String(), nil)
	if err == nil || !strings.Contains(err.Error(), "the registry API cannot listen on "+taken.Addr().String()) {
		t.Error(err)
	}
}

func TestRunEndsWhenAListenerFails(t *testing.T) {
	s, _ := newTest(t)
	l, err := Listen("GraphQL endpoint", "127.0.0.1:0", s)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := s.Run(t.Context(), l); err == nil || !strings.Contains(err.Error(), "stopped listening") {
		t.Error(err)
	}
	if err := s.Run(t.Context()); err == nil {
		t.Error("nothing to listen on was accepted")
	}
}

func TestHTTP2WithoutTLS(t *testing.T) {
	s, _ := newTest(t)
	address, stop, done := run(t, s)
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: protocols}}
	response, err := client.Post("http://"+address+"/graphql", typeJSON, strings.NewReader(`{"query":"{hello}"}`))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil || response.ProtoMajor != 2 || string(body) != `{"data":{"hello":"first"}}` {
		t.Error(response.Proto, string(body), err)
	}
	client.CloseIdleConnections()
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// raw sends bytes and returns the status line of what comes back.
func raw(t *testing.T, address, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(conn)
	line, _, _ := strings.Cut(string(answer), "\r\n")
	return line
}

func TestBoundsOnTheWire(t *testing.T) {
	s, _ := newTest(t, func(o *Options) {
		o.Limits = Limits{BodyBytes: 1000, HeaderBytes: 1000}
		o.Timeouts.Read = 100 * time.Millisecond
	})
	address, _, _ := run(t, s)
	const head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	chunk := "3e8\r\n" + strings.Repeat("x", 1000) + "\r\n"
	for name, test := range map[string]struct{ request, status string }{
		"large headers":           {"GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 9000) + "\r\n\r\n", "HTTP/1.1 431 Request Header Fields Too Large"},
		"large body, announced":   {head + "Content-Length: 100000\r\n\r\n", "HTTP/1.1 413 Request Entity Too Large"},
		"large body, unannounced": {head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk, "HTTP/1.1 413 Request Entity Too Large"},
		"a body that never comes": {head + "Content-Length: 10\r\n\r\n{", "HTTP/1.1 408 Request Timeout"},
	} {
		if got := raw(t, address, test.request); got != test.status {
			t.Errorf("%s: %q, want %q", name, got, test.status)
		}
	}
}
