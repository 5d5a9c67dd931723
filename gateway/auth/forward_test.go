package auth

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func forwarder(t *testing.T, o ForwardOptions) *Forwarder {
	t.Helper()
	f, err := NewForwarder(o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func lines(headers []Header) string {
	out := make([]string, len(headers))
	for i, h := range headers {
		out[i] = h.Name + ": " + h.Value
	}
	return strings.Join(out, "\n")
}

func TestForward(t *testing.T) {
	f := forwarder(t, ForwardOptions{
		All: ForwardRules{
			Claims:  []ClaimHeader{{"x-user-scopes", "scope"}, {"X-User-Id", "sub"}},
			Headers: []string{"x-request-id", "Accept-Language"},
		},
		Subgraphs: map[string]ForwardRules{
			"orders":    {Authorization: true, Headers: []string{"X-Request-Id", "Prefer"}},
			"inventory": {Claims: []ClaimHeader{{"X-Roles", "realm.roles"}, {"X-User-Id", "sub"}, {"X-Level", "level"}, {"X-Admin", "admin"}, {"X-None", "none"}, {"X-Tags", "tags"}}},
		},
	})
	bob := identity(t, IdentityFields{Subject: "bob", Token: "t0k", Scopes: []string{"b", "a"}, Claims: map[string]any{
		"realm": map[string]any{"roles": []any{"clerk", "a,b"}}, "level": 12345678901234567, "admin": true, "tags": []any{nil},
	}})
	in := http.Header{
		"X-User-Id": {"mallory"}, "X-User-Scopes": {"admin"}, "Authorization": {"Bearer stolen"}, "Cookie": {"c"},
		"X-Request-Id": {"1", "2", "3\r\nX-User-Id: mallory"}, "Accept-Language": {"de"}, "Prefer": {"x"}, "X-Roles": {"admin"},
	}
	for _, c := range []struct {
		subgraph string
		id       *Identity
		want     string
	}{
		{"reviews", bob, "X-User-Id: bob\nX-User-Scopes: a b\nAccept-Language: de\nX-Request-Id: 1\nX-Request-Id: 2"},
		{"reviews", nil, "Accept-Language: de\nX-Request-Id: 1\nX-Request-Id: 2"},
		{"orders", bob, "Authorization: Bearer t0k\nX-User-Id: bob\nX-User-Scopes: a b\nAccept-Language: de\nPrefer: x\nX-Request-Id: 1\nX-Request-Id: 2"},
		{"orders", nil, "Authorization: Bearer stolen\nAccept-Language: de\nPrefer: x\nX-Request-Id: 1\nX-Request-Id: 2"},
		{"inventory", bob, "X-Admin: true\nX-Level: 12345678901234567\nX-Roles: clerk,a%2Cb\nX-User-Id: bob\nX-User-Scopes: a b\nAccept-Language: de\nX-Request-Id: 1\nX-Request-Id: 2"},
	} {
		if got := lines(f.For(c.subgraph).Forward(c.id, in)); got != c.want {
			t.Errorf("to %s:\n%s\nwant\n%s", c.subgraph, got, c.want)
		}
	}
	if got := forwarder(t, ForwardOptions{}).For("any").Forward(bob, in); len(got) != 0 {
		t.Errorf("without rules, forwarded are %v", got)
	}
}

func TestForwardKey(t *testing.T) {
	f := forwarder(t, ForwardOptions{
		All:       ForwardRules{Headers: []string{"X-Tenant"}},
		Subgraphs: map[string]ForwardRules{"orders": {Authorization: true}, "audit": {Claims: []ClaimHeader{{"X-Token-Id", "jti"}}}},
	})
	key := func(subgraph string, id *Identity, tenant ...string) string {
		return string(f.For(subgraph).AppendKey(nil, id, http.Header{"X-Tenant": tenant, "X-Other": {"x"}}))
	}
	one := identity(t, IdentityFields{Subject: "s", Token: "1", Claims: map[string]any{"jti": "1"}})
	two := identity(t, IdentityFields{Subject: "s", Token: "2", Claims: map[string]any{"jti": "2"}})
	if key("any", one) != key("any", two) {
		t.Error("two tokens of one caller are apart where tokens are not forwarded")
	}
	if key("orders", one) == key("orders", two) {
		t.Error("two tokens are one where tokens are forwarded")
	}
	if key("audit", one) == key("audit", two) {
		t.Error("two claims are one where they are forwarded")
	}
	distinct := []string{
		key("any", one), key("any", nil), key("any", one, "a"), key("any", one, "a", "b"), key("any", one, `a"X-Tenant:"b`), key("any", one, "b", "a"),
	}
	slices.Sort(distinct)
	if len(slices.Compact(distinct)) != 6 {
		t.Errorf("some of these are equal: %q", distinct)
	}
}

func TestForwardRulesRefused(t *testing.T) {
	for want, o := range map[string]ForwardOptions{
		"is not the name of a header":   {All: ForwardRules{Headers: []string{"a b"}}},
		`"" is not the name`:            {All: ForwardRules{Claims: []ClaimHeader{{"", "sub"}}}},
		"by the authorization setting":  {All: ForwardRules{Headers: []string{"authorization"}}},
		`"te" is set by the gateway`:    {All: ForwardRules{Headers: []string{"te"}}},
		`"Host" is set by the gateway`:  {Subgraphs: map[string]ForwardRules{"a": {Claims: []ClaimHeader{{"Host", "sub"}}}}},
		"names no claim":                {All: ForwardRules{Claims: []ClaimHeader{{"X-A", ""}}}},
		"both claim":                    {All: ForwardRules{Claims: []ClaimHeader{{"X-A", "sub"}}}, Subgraphs: map[string]ForwardRules{"a": {Claims: []ClaimHeader{{"x_a", "iss"}}}}},
		`carries a claim to subgraph`:   {All: ForwardRules{Headers: []string{"x_user_id"}}, Subgraphs: map[string]ForwardRules{"a": {Claims: []ClaimHeader{{"X-User-Id", "sub"}}}}},
		`to subgraph "b": header "X-I"`: {All: ForwardRules{Claims: []ClaimHeader{{"X-I", "sub"}}}, Subgraphs: map[string]ForwardRules{"b": {Headers: []string{"X-I"}}}},
	} {
		if _, err := NewForwarder(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error that says %q", err, want)
		}
	}
}

func TestHeaderValuesComeBack(t *testing.T) {
	for in, want := range map[string]string{
		"auth0|12 3":     "auth0|12 3",
		"":               "",
		"100%":           "100%25",
		" a ":            "%20a%20",
		"é":              "%C3%A9",
		"a\r\nX-Evil: 1": "a%0D%0AX-Evil: 1",
		"\x00\x7f":       "%00%7F",
	} {
		if got := encodeValue(in, ""); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		value := encodeValue(text, ",")
		if back, err := url.PathUnescape(value); err != nil || back != text {
			t.Fatalf("%q became %q and came back as %q, %v", text, value, back, err)
		}
		if strings.ContainsFunc(value, func(r rune) bool { return r < 0x20 || r > 0x7e || r == ',' }) || strings.TrimSpace(value) != value {
			t.Fatalf("%q became %q, which a header cannot carry", text, value)
		}
	})
}

func TestClaimTexts(t *testing.T) {
	id := identity(t, IdentityFields{Issuer: "https://i", Claims: map[string]any{
		"object": map[string]any{"b": "ü", "a": 1}, "false": false, "null": nil, "list": []any{"a b", 1, true, nil, map[string]any{"k": "v"}},
	}})
	for claim, want := range map[string]string{
		"object": `{"a":1,"b":"%C3%BC"}`, "object.b": "%C3%BC", "false": "false", "null": "", "absent": "", "sub": "", "scope": "",
		"iss": "https://i", "list": `a b,1,true,{"k":"v"}`,
	} {
		got, there := id.headerValue(claim)
		if got != want || there != (want != "") {
			t.Errorf("%s is %q, %t, want %q", claim, got, there, want)
		}
	}
}

func BenchmarkForward(b *testing.B) {
	f, err := NewForwarder(ForwardOptions{All: ForwardRules{Claims: []ClaimHeader{{"X-User-Id", "sub"}, {"X-User-Scopes", "scope"}}, Headers: []string{"X-Request-Id"}}})
	if err != nil {
		b.Fatal(err)
	}
	id := identity(b, IdentityFields{Subject: "bob", Scopes: []string{"openid", "inventory:write"}})
	in := http.Header{"X-Request-Id": {"1"}}
	var buffer []Header
	b.ReportAllocs()
	for b.Loop() {
		buffer = f.For("orders").Append(buffer[:0], id, in)
	}
}
