package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/server"
)

// soakVariable makes the soak as many times longer as it says: 200 is a million requests and 1,000 swaps.
const soakVariable = "WEFT_TEST_SOAK"

// TestMemoryStaysFlat sends requests of all kinds, some given up by their clients, some with documents that were never seen,
// while one supergraph follows the other. When the caches are full and the pools have what they need, memory does not grow
// any more, and in the end no goroutine is left.
func TestMemoryStaysFlat(t *testing.T) {
	times := 1
	if text := os.Getenv(soakVariable); text != "" {
		var err error
		if times, err = strconv.Atoi(text); err != nil || times < 1 {
			t.Fatalf("%s=%q: it is a whole number from 1 on", soakVariable, text)
		}
	}
	products, stock := soaked("products"), soaked("stock")
	other := soaked("products") // the same service at another address
	supergraphs := []string{compose(t, products, stock), compose(t, products), compose(t, other, stock)}
	g, err := gateway.New(gateway.Options{
		CacheOperations: 64, DeduplicateOperations: true,
		Subgraphs: gateway.SubgraphOptions{Batch: gateway.BatchOptions{Window: 100 * time.Microsecond}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	s := &soak{T: t, gateway: g, supergraphs: supergraphs}
	if err := g.SwapSDL(supergraphs[0]); err != nil {
		t.Fatal(err)
	}
	s.round(1000, 2)
	goroutines, before := runtime.NumGoroutine(), live()
	for range times {
		s.round(5000, 5)
	}
	// A fifth more, and 4 MiB, for what happens to be in pools and connections.
	if after := live(); after > before+before/5+4<<20 {
		t.Errorf("%d kB are in use after %d requests and %d swaps, %d kB were at first", after>>10, times*5000, times*5, before>>10)
	}
	// A client of a service that was replaced looks after its connections for half a minute more.
	for deadline := time.Now().Add(time.Minute); runtime.NumGoroutine() > goroutines+20; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d at first", runtime.NumGoroutine(), goroutines)
		}
	}
}

// soaked is one of two services around products. It forgets what it was asked.
func soaked(name string) *service {
	p, st := shop()
	s := map[string]*service{"products": p, "stock": st}[name]
	answer := s.answer
	s.answer = func(r *http.Request, operation string, representations []map[string]any) string {
		s.mu.Lock()
		s.asked = nil
		s.mu.Unlock()
		body := answer(r, operation, representations)
		if a := alias.FindString(operation); a != "" {
			body = strings.Replace(body, "products", a, 1)
		}
		return body
	}
	return s
}

// alias is that of a document that was never seen.
var alias = regexp.MustCompile(`\bp[0-9]+\b`)

// soak is the load.
type soak struct {
	*testing.T
	gateway     *gateway.Gateway
	supergraphs []string
	sent        atomic.Int64
	swapped     int
}

// round makes requests from several clients while supergraphs are swapped.
func (s *soak) round(requests, swaps int) {
	s.Helper()
	var clients sync.WaitGroup
	end := s.sent.Load() + int64(requests)
	for range 8 {
		clients.Go(func() {
			for !s.Failed() {
				n := s.sent.Add(1)
				if n > end {
					return
				}
				s.request(n)
			}
		})
	}
	began := s.sent.Load()
	for i := range swaps {
		for s.sent.Load() < began+int64(i*requests/swaps) && !s.Failed() {
			time.Sleep(time.Millisecond)
		}
		s.swapped++
		if err := s.gateway.SwapSDL(s.supergraphs[s.swapped%len(s.supergraphs)]); err != nil {
			s.Error(err)
		}
	}
	clients.Wait()
	s.sent.Store(end)
}

func (s *soak) request(n int64) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	req := server.Request{Query: `{products{name}}`, Header: http.Header{}}
	want := `{"data":{"products":[{"name":"Tent"},{"name":"Mug"}]}}`
	switch n % 10 {
	case 0: // a document that was never seen
		req.Query = fmt.Sprintf(`{p%d:products{name}}`, n)
		want = strings.Replace(want, "products", fmt.Sprint("p", n), 1)
	case 1: // with the other service, while it is there
		req.Query, want = `{products{name left}}`, ""
	case 2: // somebody who does not wait
		var leave context.CancelFunc
		ctx, leave = context.WithTimeout(ctx, time.Duration(n%7)*100*time.Microsecond)
		defer leave()
		req.Query, want = `{products{id name left}}`, ""
	case 3: // something that cannot be run
		req.Query, want = `{nothing}`, ""
	case 4:
		req.Query, want = `{__schema{types{name}}}`, ""
	}
	answer := s.gateway.Snapshot().Execute(ctx, &req)
	if want != "" && string(answer.Body) != want {
		s.Errorf("%s: %s %s", req.Query, answer.Kind, answer.Body)
	}
	if answer.Release != nil {
		answer.Release()
	}
}

// live is the memory that is in use, in bytes, once all that can be collected is.
func live() uint64 {
	var m runtime.MemStats
	for range 3 { // pools give back what they have in the second collection
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
