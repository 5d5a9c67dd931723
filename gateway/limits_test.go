package gateway_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/response"
)

func TestAnswersAreBounded(t *testing.T) {
	things := &service{name: "things", sdl: `scalar Any type Query { list: [Thing] any: Any } type Thing { id: ID name: String! }`,
		answer: func(_ *http.Request, operation string, _ []map[string]any) string {
			if strings.Contains(operation, "any") {
				return `{"data":{"any":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}}`
			}
			return `{"data":{"list":[{"id":"1","name":null},{"id":"2","name":null},{"id":"3","name":null}]}}`
		}}
	sdl := compose(t, things)
	for _, c := range []struct {
		name    string
		options gateway.Options
		text    string
		errors  int
		nothing bool // no data is given
	}{
		{"no limit met", gateway.Options{}, `{list{id}}`, 0, false},
		{"length of the response", gateway.Options{Answers: response.Limits{Bytes: 20}}, `{list{id}}`, 1, true},
		{"values of an answer", gateway.Options{Answers: response.Limits{Nodes: 4}}, `{list{id}}`, 1, true},
		{"objects", gateway.Options{Answers: response.Limits{Objects: 2}}, `{list{id}}`, 1, true},
		{"depth", gateway.Options{}, `{any}`, 1, true},
		{"more depth", gateway.Options{Answers: response.Limits{Depth: gateway.MaxAnswerDepth}}, `{any}`, 0, false},
		{"errors", gateway.Options{}, `{list{id name}}`, 3, false},
		{"errors, bounded", gateway.Options{MaxErrors: 2}, `{list{id name}}`, 2, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, srv := start(t, c.options, sdl)
			_, body, err := query(srv.URL, c.text, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, errs := data(t, body)
			nothing := got == "" || got == "null" || strings.HasSuffix(got, ":null}")
			if len(errs) != c.errors || nothing != c.nothing {
				t.Errorf("%.300s", body)
			}
		})
	}
	for _, limits := range []response.Limits{{Nodes: -1}, {Depth: gateway.MaxAnswerDepth + 1}} {
		if _, err := gateway.New(gateway.Options{Answers: limits}); err == nil {
			t.Errorf("%+v was accepted", limits)
		}
	}
}

func TestConnectionsToSubgraphsAge(t *testing.T) {
	for name, c := range map[string]struct {
		age         time.Duration
		connections int
	}{"by default": {0, 1}, "at once": {time.Millisecond, 2}} { // what came of age is used once more, to say so
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			from := map[string]bool{}
			a := &service{name: "a", sdl: `type Query { one: Int }`, answer: func(r *http.Request, _ string, _ []map[string]any) string {
				mu.Lock()
				defer mu.Unlock()
				from[r.RemoteAddr] = true
				return `{"data":{"one":1}}`
			}}
			_, srv := start(t, gateway.Options{Subgraphs: gateway.SubgraphOptions{MaxAge: c.age}}, compose(t, a))
			for range 3 {
				answered(t, srv.URL, `{one}`, nil)
				time.Sleep(20 * time.Millisecond)
			}
			if len(from) != c.connections {
				t.Errorf("%d connections, want %d", len(from), c.connections)
			}
		})
	}
}
