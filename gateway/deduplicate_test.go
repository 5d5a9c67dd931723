package gateway_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
)

// TestEqualRequestsShareTheirCalls: a subgraph gets one call for equal requests that are under way together, unless that
// is turned off, be it for this one subgraph.
func TestEqualRequestsShareTheirCalls(t *testing.T) {
	on, off := true, false
	for _, tc := range []struct {
		name   string
		o      gateway.Options
		shared bool
	}{
		{"by default", gateway.Options{}, true},
		{"off", gateway.Options{Subgraphs: gateway.SubgraphOptions{Deduplicate: &off}}, false},
		{"on for one", gateway.Options{
			Subgraphs: gateway.SubgraphOptions{Deduplicate: &off},
			Subgraph:  map[string]gateway.SubgraphOptions{"products": {Deduplicate: &on}},
		}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			products, stock := shop()
			answer, arrived := products.answer, make(chan struct{}, 8)
			products.answer = func(r *http.Request, operation string, representations []map[string]any) string {
				arrived <- struct{}{}
				time.Sleep(200 * time.Millisecond)
				return answer(r, operation, representations)
			}
			_, srv := start(t, tc.o, compose(t, products, stock))
			var wg sync.WaitGroup
			for i := range 8 {
				if i == 1 {
					<-arrived // the others find the first under way
				}
				wg.Go(func() {
					_, body, err := query(srv.URL, `{products{name}}`, nil)
					if want := `{"data":{"products":[{"name":"Tent"},{"name":"Mug"}]}}`; err != nil || body != want {
						t.Errorf("got %s %v", body, err)
					}
				})
			}
			wg.Wait()
			if calls := len(strings.Split(products.operations(), "\n")); (calls < 8) != tc.shared {
				t.Errorf("%d calls for 8 requests", calls)
			}
		})
	}
}
