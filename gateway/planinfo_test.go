package gateway_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/server"
)

// asked is a request of somebody that may ask for the plan.
type asked struct {
	method, text, extensions string
	header                   http.Header
}

// answer sends the request and reads the response's members.
func (a asked) answer(t *testing.T, srv *httptest.Server) (body string, extensions map[string]json.RawMessage) {
	t.Helper()
	target, sent := srv.URL+"/graphql", io.Reader(nil)
	if a.method == http.MethodGet {
		parameters := url.Values{"query": {a.text}}
		if a.extensions != "" {
			parameters.Set("extensions", a.extensions)
		}
		target += "?" + parameters.Encode()
	} else {
		request := map[string]any{"query": a.text}
		if a.extensions != "" {
			request["extensions"] = json.RawMessage(a.extensions)
		}
		raw, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		sent = strings.NewReader(string(raw))
	}
	req, err := http.NewRequest(a.method, target, sent)
	if err != nil {
		t.Fatal(err)
	}
	if a.header != nil {
		req.Header = a.header.Clone()
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var members struct{ Extensions map[string]json.RawMessage }
	if err := json.Unmarshal(raw, &members); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return string(raw), members.Extensions
}

// Plans are for those who ask and may: by whatever method, and whatever comes of the request. The others read what they would
// have read without asking.
func TestWhoSeesPlans(t *testing.T) {
	const ask, both = `{"plan":true}`, `{products{left}}`
	products, stock := shop()
	_, srv := start(t, gateway.Options{
		Server: server.Options{Authenticate: callers},
		Plans:  func(id *auth.Identity) bool { return id != nil && id.HasScope("plans:read") },
	}, compose(t, products, stock))
	may := as("ann", "plans:read")
	for _, tt := range []struct {
		name string
		asked
		plan bool
	}{
		{"by POST", asked{"POST", both, ask, may}, true},
		{"by GET", asked{"GET", both, ask, may}, true},
		{"with introspection", asked{"POST", `{__schema{queryType{name}}products{left}}`, ask, may}, true},
		{"without asking", asked{"POST", both, "", may}, false},
		{"with other extensions", asked{"POST", both, `{"trace":true}`, may}, false},
		{"asking for no plan", asked{"POST", both, `{"plan":false}`, may}, false},
		{"asking otherwise", asked{"POST", both, `{"plan":"yes"}`, may}, false},
		{"of an operation that is not valid", asked{"POST", `{products{nothing}}`, ask, may}, false},
		{"without variables that it needs", asked{"POST", `query($on:Boolean!){products{left@include(if:$on)}}`, ask, may}, false},
		{"by nobody", asked{"POST", both, ask, nil}, false},
		{"by GET, by nobody", asked{"GET", both, ask, nil}, false},
		{"without the scope", asked{"POST", both, ask, as("ann", "orders:read")}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body, extensions := tt.answer(t, srv)
			if _, plan := extensions["plan"]; plan != tt.plan {
				t.Fatalf("got %s", body)
			}
			if plain := (asked{tt.method, tt.text, "", tt.header}); !tt.plan {
				if want, _ := plain.answer(t, srv); body != want {
					t.Errorf("who may not see the plan reads %s, and %s without asking", body, want)
				}
			}
		})
	}
}

// A plan comes with the errors of the request that it is of: that is when it is needed most.
func TestPlanOfWhatFails(t *testing.T) {
	products, stock := shop()
	stock.answer = func(*http.Request, string, []map[string]any) string { return `{"errors":[{"message":"closed"}]}` }
	sdl := compose(t, products, stock)
	_, srv := start(t, gateway.Options{Plans: func(*auth.Identity) bool { return true }}, sdl)
	body, extensions := asked{"POST", `{products{left}}`, `{"plan":true}`, nil}.answer(t, srv)
	var plan struct{ Nodes []struct{ Made bool } }
	if err := json.Unmarshal(extensions["plan"], &plan); err != nil {
		t.Fatal(err, body)
	}
	if len(plan.Nodes) != 2 || !plan.Nodes[1].Made || !strings.Contains(body, `"errors":[`) {
		t.Errorf("got %s", body)
	}
}
