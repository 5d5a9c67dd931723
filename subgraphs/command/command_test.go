package command

import (
	"context"
	"errors"
	"flag"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-gateway/weft/subgraphs/orders"
)

// log is a writer that may be read while the program writes.
type log struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

var program = Program{Name: "orders", Listen: "127.0.0.1:4001", New: orders.New}

// freeAddress returns an address that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

func TestRunServesUntilItIsToldToStop(t *testing.T) {
	address := freeAddress(t)
	ctx, stop := context.WithCancel(t.Context())
	var out log
	ended := make(chan error, 1)
	database := filepath.Join(t.TempDir(), "orders.db")
	go func() { ended <- program.Run(ctx, []string{"--listen", address, "--database", database}, &out) }()

	health := func() error { return program.Run(t.Context(), []string{"health", "--listen", address}, &out) }
	for deadline := time.Now().Add(20 * time.Second); health() != nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the service does not get healthy: %s", out.String())
		}
	}
	// A subscription is open while the program stops.
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/graphql",
		strings.NewReader(`{"query":"subscription { orderStatusChanged(id: \"1001\") { id } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()

	began := time.Now()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stopped with %v", err)
	}
	if took := time.Since(began); took > shutdownTimeout/2 {
		t.Errorf("stopping took %s: the subscription held it up", took)
	}
	if err := health(); err == nil {
		t.Error("the service is healthy after it has stopped")
	}
	for _, want := range []string{"service is ready", "http://" + address + "/graphql", "service is stopping"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log lacks %q: %s", want, out.String())
		}
	}
}

func TestRunRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for _, test := range []struct {
		name string
		args []string
		is   error
		says string
	}{
		{"help", []string{"--help"}, flag.ErrHelp, "Usage: orders [flags]"},
		{"an unknown flag", []string{"--port", "1"}, errUsage, "-port"},
		{"an argument", []string{"now"}, errUsage, `unexpected argument "now"`},
		{"an address that is taken", []string{"--listen", taken.Addr().String()}, nil, "address already in use"},
		{"an unknown database", []string{"--database", "mysql://host/db"}, nil, `scheme "mysql"`},
		{"health of nothing", []string{"health", "--listen", freeAddress(t)}, nil, "refused"},
		{"health of no address", []string{"health", "--listen", "4001"}, nil, "flag --listen"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out log
			err := program.Run(t.Context(), test.args, &out)
			if err == nil || test.is != nil && !errors.Is(err, test.is) {
				t.Fatalf("error = %v", err)
			}
			if !strings.Contains(out.String()+err.Error(), test.says) {
				t.Errorf("says %q and %q, want %q", out.String(), err, test.says)
			}
		})
	}
}
