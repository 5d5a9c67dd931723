package gateway_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/server"
	"github.com/weft-gateway/weft/schema/composition"
)

const (
	manyEntities = 10_000
	bigAnswer    = 50 << 20
)

// warehouse are two services: one with so many products that its answer has 50 MB, one that knows how many are left of each.
func warehouse() (products, stock *service) {
	text := strings.Repeat("x", bigAnswer/manyEntities)
	var b strings.Builder
	b.Grow(bigAnswer + 64*manyEntities)
	b.WriteString(`{"data":{"products":[`)
	for i := range manyEntities {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%d","text":"%s"}`, i, text)
	}
	b.WriteString(`]}}`)
	all := b.String()
	products = &service{name: "products", sdl: `type Query { products: [Product!]! } type Product @key(fields: "id") { id: ID! text: String! }`,
		answer: func(*http.Request, string, []map[string]any) string { return all }}
	stock = &service{name: "stock", sdl: `type Product @key(fields: "id") { id: ID! left: Int! }`,
		answer: func(_ *http.Request, _ string, representations []map[string]any) string {
			var b strings.Builder
			for i, r := range representations {
				if i > 0 {
					b.WriteByte(',')
				}
				fmt.Fprintf(&b, `{"left":1%s}`, r["id"])
			}
			return `{"data":{"_entities":[` + b.String() + `]}}`
		}}
	return products, stock
}

// TestLargeAnswers: 50 MB from one service, passed on and put together with what another one knows of 10,000 entities, in
// one call.
func TestLargeAnswers(t *testing.T) {
	products, stock := warehouse()
	_, srv := start(t, gateway.Options{}, compose(t, products, stock))
	whole := products.answer(nil, "", nil)
	if _, body, err := query(srv.URL, `{products{id text}}`, nil); err != nil || body != whole {
		t.Errorf("the answer of one service: %d bytes, %.100s…, %v", len(body), body, err)
	}
	_, body, err := query(srv.URL, `{products{id text left}}`, nil)
	if err != nil || len(body) < bigAnswer {
		t.Fatalf("the answer of two services: %d bytes, %.100s…, %v", len(body), body, err)
	}
	for i := range manyEntities {
		if want := fmt.Sprintf(`{"id":"%d","text":"xxx`, i); !strings.Contains(body[:min(len(body), 6000)], want) {
			t.Fatalf("%.200s… has no %s", body, want)
		}
		end := fmt.Sprintf(`xxx","left":1%d}`, i)
		at := strings.Index(body, end)
		if at < 0 || at > 6000 {
			t.Fatalf("product %d has no %s", i, end)
		}
		body = body[at+len(end):]
	}
	if calls := strings.Count(stock.operations(), "_entities"); calls != 1 {
		t.Errorf("%d calls for %d entities", calls, manyEntities)
	}
}

// TestEndlessAnswers: a service that never stops answering is not read for ever, and the client learns why.
func TestEndlessAnswers(t *testing.T) {
	stopped := make(chan struct{})
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, err := io.WriteString(w, `{"data":{"text":"`)
		for line := strings.Repeat("x", 1<<16); err == nil; {
			_, err = io.WriteString(w, line)
		}
		close(stopped)
	}))
	t.Cleanup(endless.Close)
	result := composition.Compose([]composition.Subgraph{{Name: "endless", URL: endless.URL, SDL: link + `type Query { text: String }`}})
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	_, srv := start(t, gateway.Options{Subgraphs: gateway.SubgraphOptions{MaxResponse: 1 << 20}}, result.SDL)
	_, body, err := query(srv.URL, `{text}`, nil)
	want := `{"data":{"text":null},"errors":[{"message":"Subgraph \"endless\" answered with more than 1048576 bytes.",` +
		`"path":["text"],"extensions":{"code":"SUBREQUEST_RESPONSE_TOO_LARGE","service":"endless"}}]}`
	if err != nil || body != want {
		t.Errorf("%.500s %v", body, err)
	}
	select {
	case <-stopped:
	case <-time.After(20 * time.Second):
		t.Error("the service is still read")
	}
}

// TestClientsThatReadSlowly do not hold a large answer for longer than Timeouts.Write.
func TestClientsThatReadSlowly(t *testing.T) {
	products, _ := warehouse()
	g, err := gateway.New(gateway.Options{Server: server.Options{Timeouts: server.Timeouts{Write: 500 * time.Millisecond}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.SwapSDL(compose(t, products)); err != nil {
		t.Fatal(err)
	}
	listener, err := server.Listen("gateway", "127.0.0.1:0", g)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- g.Server().Run(ctx, listener) }()

	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const body = `{"query":"{products{id text}}"}`
	fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	read, piece := 0, make([]byte, 64<<10)
	for r := bufio.NewReader(conn); err == nil; time.Sleep(20 * time.Millisecond) {
		var n int
		n, err = r.Read(piece)
		read += n
	}
	if read >= bigAnswer {
		t.Errorf("a client that takes its time got all %d bytes", read)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
