package gateway_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/server"
)

var productID = regexp.MustCompile(`id: *"([0-9]+)"`)

// crowd is 200 clients that ask for another product each, at the same moment: their answers of the first service come only
// when all have asked. It returns how many calls the second service got.
func crowd(t *testing.T, window time.Duration, users, moods []string) int {
	t.Helper()
	const clients = 200
	var asked sync.WaitGroup
	asked.Add(clients)
	products := &service{name: "products", sdl: `type Query { product(id: ID!): Product } type Product @key(fields: "id") { id: ID! }`,
		answer: func(_ *http.Request, operation string, _ []map[string]any) string {
			asked.Done()
			asked.Wait()
			id := productID.FindStringSubmatch(operation)[1]
			return `{"data":{"product":{"id":"` + id + `"}}}`
		}}
	stock := &service{name: "stock", sdl: `type Product @key(fields: "id") { id: ID! mine: String }`,
		answer: func(r *http.Request, operation string, representations []map[string]any) string {
			time.Sleep(20 * time.Millisecond)
			var b strings.Builder
			for i, rep := range representations {
				if i > 0 {
					b.WriteByte(',')
				}
				fmt.Fprintf(&b, `{"mine":"%s of %s, %s"}`, rep["id"], r.Header.Get("X-User"), r.Header.Get("X-Mood"))
			}
			return `{"data":{"_entities":[` + b.String() + `]}}`
		}}
	off := false
	_, srv := start(t, gateway.Options{
		Server:    server.Options{Authenticate: callers},
		Subgraphs: gateway.SubgraphOptions{Batch: gateway.BatchOptions{Window: window}, Deduplicate: &off},
		Forward: auth.ForwardOptions{All: auth.ForwardRules{
			Claims: []auth.ClaimHeader{{Header: "X-User", Claim: "sub"}}, Headers: []string{"X-Mood"},
		}},
	}, compose(t, products, stock))
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			user, mood := users[i%len(users)], moods[i/len(users)%len(moods)]
			header := http.Header{"X-Mood": {mood}}
			if user != "" {
				header.Set("Test-User", user)
			}
			want := fmt.Sprintf(`{"data":{"product":{"mine":"%d of %s, %s"}}}`, i, user, mood)
			if _, body, err := query(srv.URL, fmt.Sprintf(`{product(id:"%d"){mine}}`, i), header); err != nil || body != want {
				t.Errorf("%s got %s %v", want, body, err)
			}
		})
	}
	wg.Wait()
	return strings.Count(stock.operations(), "\n") + 1
}

// TestWindowSavesCalls: 200 clients that ask a service for different entities at once make a fifth of the calls, at most,
// when calls wait for each other.
func TestWindowSavesCalls(t *testing.T) {
	without, with := crowd(t, 0, []string{""}, []string{""}), crowd(t, 50*time.Millisecond, []string{""}, []string{""})
	if without != 200 || with*5 > without {
		t.Errorf("%d calls without a window, %d with one", without, with)
	}
}

// TestWindowKeepsCallersApart: the same, by several callers with several forwarded headers. Each gets what was fetched for
// him, under his header.
func TestWindowKeepsCallersApart(t *testing.T) {
	users, moods := []string{"", "a", "ab", "1:a"}, []string{"", "b", "1:b"}
	if calls := crowd(t, 50*time.Millisecond, users, moods); calls < len(users)*len(moods) || calls > 100 {
		t.Errorf("%d calls for %d callers", calls, len(users)*len(moods))
	}
}
