package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/weft-gateway/weft/gateway"
	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/server"
)

// moved are two services, of which the second takes fields over from the first; each answers with its name.
func moved(fields ...string) (from, to *service) {
	type field struct{ name, label string }
	var list []field
	for _, f := range fields {
		name, label, _ := strings.Cut(f, " ")
		list = append(list, field{name, label})
	}
	own, taken := "", ""
	for _, f := range list {
		own += f.name + ": String "
		taken += fmt.Sprintf(`%s: String @federation__override(from: "from", label: "%s") `, f.name, f.label)
	}
	entity := func(name string) string {
		var parts []string
		for _, f := range list {
			parts = append(parts, fmt.Sprintf("%q:%q", f.name, name))
		}
		return `"__typename":"Thing","id":"1",` + strings.Join(parts, ",")
	}
	answer := func(name string) func(*http.Request, string, []map[string]any) string {
		return func(_ *http.Request, _ string, representations []map[string]any) string {
			if representations == nil {
				return `{"data":{"thing":{` + entity(name) + `}}}`
			}
			return `{"data":{"_entities":[{` + entity(name) + `}]}}`
		}
	}
	from = &service{name: "from", answer: answer("from"),
		sdl: `type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! still: String ` + own + `}`}
	to = &service{name: "to", answer: answer("to"),
		sdl: `type Thing @key(fields: "id") { id: ID! ` + taken + `}`}
	return from, to
}

func answered(t *testing.T, url, text string, header http.Header) string {
	t.Helper()
	_, body, err := query(url, text, header)
	if err != nil {
		t.Fatal(err)
	}
	got, errs := data(t, body)
	if errs != nil {
		t.Errorf("%s: %s", text, body)
	}
	return got
}

func TestOverrideLabels(t *testing.T) {
	from, to := moved("never percent(0)", "always percent(100)", "price beta", "cost beta", "weight gamma")
	var mu sync.Mutex
	asked := map[string]int{}
	_, srv := start(t, gateway.Options{
		Server: server.Options{Authenticate: callers},
		OverrideLabels: func(label string, id *auth.Identity, header http.Header) bool {
			mu.Lock()
			defer mu.Unlock()
			asked[label]++
			return header.Get("Test-Label") == label || label == "gamma" && id != nil && id.Subject == "ann"
		},
	}, compose(t, from, to))
	beta := http.Header{"Test-Label": {"beta"}}
	for _, c := range []struct {
		text   string
		header http.Header
		want   string
	}{
		{"{thing{never}}", nil, `{"thing":{"never":"from"}}`},
		{"{thing{always}}", nil, `{"thing":{"always":"to"}}`},
		{"{thing{price}}", nil, `{"thing":{"price":"from"}}`},
		{"{thing{price}}", beta, `{"thing":{"price":"to"}}`},
		{"{thing{price}}", nil, `{"thing":{"price":"from"}}`},
		{"{thing{price cost weight}}", beta, `{"thing":{"price":"to","cost":"to","weight":"from"}}`},
		{"{thing{price cost weight}}", as("ann", ""), `{"thing":{"price":"from","cost":"from","weight":"to"}}`},
	} {
		if got := answered(t, srv.URL, c.text, c.header); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
	if strings.Contains(from.operations(), "always") || strings.Contains(to.operations(), "never") {
		t.Error("a subgraph was asked for a field that is not its to give")
	}
	clear(asked)
	answered(t, srv.URL, "{thing{price cost weight}}", beta)
	if len(asked) != 2 || asked["beta"] != 1 || asked["gamma"] != 1 {
		t.Errorf("one request asked for labels %v", asked)
	}
	clear(asked)
	answered(t, srv.URL, "{thing{id}}", beta)
	if len(asked) != 0 {
		t.Errorf("a request without moved fields asked for labels %v", asked)
	}
}

func TestNamedLabelsAreInactiveUntilSomebodySaysOtherwise(t *testing.T) {
	from, to := moved("price beta")
	_, srv := start(t, gateway.Options{}, compose(t, from, to))
	if got := answered(t, srv.URL, "{thing{price}}", nil); got != `{"thing":{"price":"from"}}` {
		t.Error(got)
	}
}

// TestOneRequestDrawsOnce holds that labels with percentages agree within a request: the same one with itself, and the
// smaller share within the larger.
func TestOneRequestDrawsOnce(t *testing.T) {
	from, to := moved("a percent(50)", "b percent(50)", "less percent(25)", "more percent(75.5)")
	_, srv := start(t, gateway.Options{}, compose(t, from, to))
	seen := map[string]bool{}
	for range 300 {
		seen[answered(t, srv.URL, "{thing{a b less more}}", nil)] = true
	}
	answer := func(less, half, more string) string {
		return fmt.Sprintf(`{"thing":{"a":%q,"b":%q,"less":%q,"more":%q}}`, half, half, less, more)
	}
	for _, want := range []string{
		answer("from", "from", "from"), answer("from", "from", "to"), answer("from", "to", "to"), answer("to", "to", "to"),
	} {
		if !seen[want] {
			t.Errorf("no request was answered %s", want)
		}
		delete(seen, want)
	}
	for got := range seen {
		t.Errorf("labels do not agree: %s", got)
	}
}

func TestPolicies(t *testing.T) {
	records := &service{name: "records", sdl: `
		type Query {
			open: String
			salary: String @federation__policy(policies: [["hr", "day"], ["board"]])
			notes: String @federation__policy(policies: [["hr"]])
			own: String @authenticated
		}`,
		answer: func(_ *http.Request, operation string, _ []map[string]any) string {
			return `{"data":{"open":"o","salary":"s","notes":"n","own":"m"}}`
		}}
	sdl := compose(t, records)
	var mu sync.Mutex
	var asked []string
	_, srv := start(t, gateway.Options{
		Server: server.Options{Authenticate: callers},
		Policies: func(ctx context.Context, id *auth.Identity, policies []string) auth.Policies {
			mu.Lock()
			defer mu.Unlock()
			if _, limited := ctx.Deadline(); !limited {
				t.Error("the evaluation may take for ever")
			}
			asked = append(asked, strings.Join(policies, " "))
			slices.Reverse(policies) // it is the hook's own
			held := auth.Policies{}
			for _, p := range policies {
				held[p] = id != nil && slices.Contains(id.Scopes, p)
			}
			return held
		},
	}, sdl)
	for _, c := range []struct {
		text   string
		header http.Header
		data   string
		asked  string
	}{
		{"{open own}", as("ann", "hr"), `{"open":"o","own":"m"}`, ""},
		{"{open salary notes}", nil, `{"open":"o","salary":null,"notes":null}`, "board day hr"},
		{"{open salary notes}", as("ann", "hr"), `{"open":"o","salary":null,"notes":"n"}`, "board day hr"},
		{"{open salary notes}", as("ann", "hr day"), `{"open":"o","salary":"s","notes":"n"}`, "board day hr"},
		{"{open salary notes}", as("bob", "board"), `{"open":"o","salary":"s","notes":null}`, "board day hr"},
		{"{open salary notes}", nil, `{"open":"o","salary":null,"notes":null}`, "board day hr"},
		{"{notes}", as("ann", "hr"), `{"notes":"n"}`, "hr"},
	} {
		asked, records.asked = nil, nil
		_, body, err := query(srv.URL, c.text, c.header)
		if err != nil {
			t.Fatal(err)
		}
		got, errs := data(t, body)
		if got != c.data || strings.Join(asked, ", ") != c.asked {
			t.Errorf("%s of %v: got %s, asked for %q; want %s, %q", c.text, c.header, got, asked, c.data, c.asked)
		}
		if nulls := strings.Count(got, "null"); len(errs) != nulls {
			t.Errorf("%s: %d errors for %d fields", c.text, len(errs), nulls)
		}
		for _, name := range []string{"salary", "notes"} {
			if strings.Contains(got, `"`+name+`":null`) && strings.Contains(records.operations(), name) {
				t.Errorf("the subgraph was asked for %s", name)
			}
		}
	}

	// Without anybody who evaluates them, no policy holds.
	_, srv = start(t, gateway.Options{Server: server.Options{Authenticate: callers}}, sdl)
	_, body, err := query(srv.URL, "{open notes}", as("ann", "hr"))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := data(t, body); got != `{"open":"o","notes":null}` {
		t.Errorf("without evaluation: %s", body)
	}
}
