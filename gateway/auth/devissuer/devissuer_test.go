package devissuer

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/weft-gateway/weft/gateway/auth"
)

func TestGatewayTakesItsTokens(t *testing.T) {
	_, issuer := serve(t, "", nil)
	a, err := auth.New(t.Context(), auth.Options{Mode: auth.ModeRequired, Issuers: []auth.Issuer{{URL: issuer, Audiences: []string{DefaultAudience}, RolesClaim: "roles"}}})
	if err != nil {
		t.Fatal(err)
	}
	write := auth.All(auth.Requirement{Scopes: [][]string{{"inventory:write"}}})
	for user, may := range map[string]bool{"alice": false, "bob": true} {
		grant, err := Token(t.Context(), issuer, user)
		if err != nil {
			t.Fatal(err)
		}
		id, refusal := a.AuthenticateToken(t.Context(), grant.AccessToken)
		if refusal != nil {
			t.Fatal(refusal)
		}
		if id.Subject != user || len(id.Roles) != 1 || write.Satisfied(id, nil) != may {
			t.Errorf("%s came out as %q with roles %q, may write: %t", user, id.Subject, id.Roles, write.Satisfied(id, nil))
		}
	}
}

func TestLoginPage(t *testing.T) {
	_, issuer := serve(t, "/dev", func(o *Options) {
		o.Users = append(DefaultUsers(), User{ID: `<b>"x"</b>`, Description: "<script>"})
	})
	_, config := discover(t, issuer)
	b := newBrowser(t)
	start := config.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()), oauth2.SetAuthURLParam("login_hint", "bob"))
	resp := b.get(start)
	csp := resp.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "form-action 'self' http://localhost:4000") || !strings.Contains(csp, "frame-ancestors 'none'") || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers are %v", resp.Header)
	}
	for _, want := range []string{"Development only", "The Weft Playground asks", "Continue as alice", "&lt;script&gt;", "inventory:write", `href="/dev/style.css"`} {
		if !strings.Contains(b.page, want) {
			t.Errorf("the page lacks %q:\n%s", want, b.page)
		}
	}
	if strings.Contains(b.page, "<script>") || strings.Contains(b.page, "<b>") {
		t.Error("the page holds what a user is named")
	}
	if strings.Index(b.page, "Continue as bob") > strings.Index(b.page, "Continue as alice") {
		t.Error("the user hinted at is not first")
	}
	page := resp.Request.URL
	if style := newBrowser(t).get(issuer + "/style.css"); style.StatusCode != 200 || !strings.HasPrefix(style.Header.Get("Content-Type"), "text/css") {
		t.Errorf("the style: %s %q", style.Status, style.Header.Get("Content-Type"))
	}

	cancelled := *b
	resp = cancelled.choose(page, "cancel", "1")
	if back, err := resp.Location(); err != nil || back.Query().Get("error") != "access_denied" || back.Query().Get("state") != "s" {
		t.Errorf("cancelling led to %v, %v", back, err)
	}
	if resp := cancelled.choose2(page, b.page, "alice"); resp.StatusCode != http.StatusBadRequest || !strings.Contains(cancelled.page, "start it again") {
		t.Errorf("choosing after cancelling: %s %s", resp.Status, cancelled.page)
	}
	resp = b.get(start)
	if resp := b.choose(resp.Request.URL, "user", "mallory"); resp.StatusCode != http.StatusBadRequest || !strings.Contains(b.page, "There is no such user") {
		t.Errorf("choosing nobody: %s %s", resp.Status, b.page)
	}
	if resp := b.get(issuer + "/login?request=unknown"); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a login nobody asked for: %s", resp.Status)
	}
}

// choose2 presses a button of a page that was open before.
func (b *browser) choose2(at *url.URL, page, user string) *http.Response {
	b.t.Helper()
	b.page = page
	return b.choose(at, "user", user)
}

func TestOtherSitesCannotLogIn(t *testing.T) {
	_, issuer := serve(t, "", nil)
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r, err := http.NewRequest(http.MethodPost, issuer+"/login", strings.NewReader("user=alice"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header, value)
		if resp := newBrowser(t).open(r); resp.StatusCode != http.StatusForbidden {
			t.Errorf("with %s %s: %s", header, value, resp.Status)
		}
	}
}

func TestCORS(t *testing.T) {
	_, issuer := serve(t, "", nil)
	for origin, want := range map[string]string{
		"http://localhost:4000": "http://localhost:4000", "http://127.0.0.1:4000": "http://127.0.0.1:4000",
		"https://evil.example": "", "http://localhost:5000": "", "null": "",
	} {
		for method, path := range map[string]string{http.MethodOptions: "/oauth/token", http.MethodGet: "/.well-known/openid-configuration"} {
			r, err := http.NewRequest(method, issuer+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", origin)
			if method == http.MethodOptions {
				r.Header.Set("Access-Control-Request-Method", "POST")
				r.Header.Set("Access-Control-Request-Headers", "content-type")
			}
			resp := newBrowser(t).open(r)
			if got := resp.Header.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("%s %s from %s: allowed is %q, want %q", method, path, origin, got, want)
			}
		}
	}
}

func TestServesThisMachineOnly(t *testing.T) {
	for _, issuer := range []string{"http://192.0.2.1:4011", "https://login.example", "http://localhost.evil.example"} {
		if _, err := New(Options{Issuer: issuer, SigningKey: testKey()}); err == nil || !strings.Contains(err.Error(), "not on this machine") {
			t.Errorf("%s: %v", issuer, err)
		}
	}
	here, err := New(Options{Issuer: "http://127.0.0.1:4011", SigningKey: testKey()})
	if err != nil {
		t.Fatal(err)
	}
	open, err := New(Options{Issuer: "http://issuer:4011", SigningKey: testKey(), AllowNonLoopback: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		remote, host string
		want         int
	}{
		{"127.0.0.1:5", "127.0.0.1:4011", 200},
		{"[::1]:5", "[::1]:4011", 200},
		{"127.0.0.1:5", "localhost", 200},
		{"127.0.0.1:5", "evil.example:4011", 403},
		{"192.0.2.7:5", "127.0.0.1:4011", 403},
		{"nonsense", "127.0.0.1:4011", 403},
	} {
		ask := func(i *Issuer) int {
			r := httptest.NewRequest(http.MethodGet, "/.well-known/openid-configuration", nil)
			r.RemoteAddr, r.Host = c.remote, c.host
			w := httptest.NewRecorder()
			i.ServeHTTP(w, r)
			return w.Code
		}
		if got := ask(here); got != c.want {
			t.Errorf("from %s to %s: %d, want %d", c.remote, c.host, got, c.want)
		}
		if got := ask(open); got != 200 {
			t.Errorf("from %s to %s, when all may: %d", c.remote, c.host, got)
		}
	}
}

func TestOptionsRefused(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for want, o := range map[string]Options{
		"not an absolute http":      {Issuer: "localhost:4011"},
		"is not an origin":          {Issuer: "http://localhost", Clients: []Client{{ID: "c", Origins: []string{"http://localhost:4000/"}}}},
		`client id "c" is empty or`: {Issuer: "http://localhost", Clients: []Client{{ID: "c"}, {ID: "c"}}},
		"there are no users":        {Issuer: "http://localhost", Users: []User{}},
		`user id "weft-playground"`: {Issuer: "http://localhost", Users: []User{{ID: PlaygroundClient}}},
		`user id "a:b"`:             {Issuer: "http://localhost", Users: []User{{ID: "a:b"}}},
		`"a b" is not a scope`:      {Issuer: "http://localhost", Users: []User{{ID: "a", Scopes: []string{"a b"}}}},
		"no fragments or query":     {Issuer: "http://localhost/?a=b"},
		"needs at least 2048":       {Issuer: "http://localhost", SigningKey: weak},
		"holds no private key":      {Issuer: "http://localhost", KeyFile: "page.html"},
		"reading the signing key":   {Issuer: "http://localhost", KeyFile: "."},
		"the signing key: ":         {Issuer: "http://localhost", KeyFile: "page.html/key"},
	} {
		if o.KeyFile == "" && o.SigningKey == nil {
			o.SigningKey = testKey()
		}
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error that says %q", err, want)
		}
	}
}

func TestKeyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "data", "issuer.pem")
	var wg sync.WaitGroup
	ids := make([]string, 3)
	for n := range ids {
		wg.Go(func() {
			i, err := New(Options{Issuer: "http://localhost", KeyFile: file})
			if err != nil {
				t.Error(err)
				return
			}
			ids[n] = i.store.key.id
		})
	}
	wg.Wait()
	if ids[0] == "" || ids[0] != ids[1] || ids[1] != ids[2] {
		t.Errorf("three issuers with one file sign with %q", ids)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v %v", info, err)
	}
	if rest, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); err != nil || len(rest) > 0 {
		t.Errorf("left behind: %v %v", rest, err)
	}

	_, issuer := serve(t, "", func(o *Options) { o.SigningKey, o.KeyFile = nil, file })
	provider, _ := discover(t, issuer)
	grant, err := Token(t.Context(), issuer, "bob")
	if err != nil {
		t.Fatal(err)
	}
	if claimsOf(t, provider, grant.AccessToken)["sub"] != "bob" {
		t.Error("the token is not bob's")
	}
}

func TestExpiringIsBounded(t *testing.T) {
	now := time.Unix(0, 0)
	e := newExpiring[int](time.Minute, 3)
	for i, key := range []string{"a", "b", "c", "d"} {
		e.add(key, i, now.Add(time.Duration(i)*time.Second))
	}
	if _, ok := e.get("a", now); ok || len(e.entries) != 3 || len(e.order) != 3 {
		t.Errorf("the oldest did not give way: %v", e.entries)
	}
	e.replace("b", 7)
	e.replace("a", 7)
	if v, ok := e.get("b", now); !ok || v != 7 || len(e.entries) != 3 {
		t.Errorf("b is %d, %t", v, ok)
	}
	e.remove("c")
	if _, ok := e.get("c", now); ok {
		t.Error("c is there after it was removed")
	}
	if _, ok := e.get("d", now.Add(63*time.Second)); ok {
		t.Error("d is there after its end")
	}
	e.add("e", 5, now.Add(63*time.Second))
	if len(e.entries) != 1 || len(e.order) != 1 {
		t.Errorf("what ended is kept: %v %v", e.entries, e.order)
	}
	e.removeAll(func(v int) bool { return v == 5 })
	if len(e.entries) != 0 {
		t.Error("e is there after all were removed")
	}
}

func TestManyLoginsAtOnce(t *testing.T) {
	i, issuer := serve(t, "", nil)
	_, config := discover(t, issuer)
	var wg sync.WaitGroup
	for n := range 6 {
		user := []string{"alice", "bob"}[n%2]
		wg.Go(func() {
			for range 3 {
				verifier := oauth2.GenerateVerifier()
				token, err := config.Exchange(context.Background(), logIn(t, config, verifier, user), oauth2.VerifierOption(verifier))
				if err != nil || strings.Contains(token.Extra("scope").(string), "inventory:write") != (user == "bob") {
					t.Errorf("%s: %v", user, err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(i.store.logins.entries); n != 0 {
		t.Errorf("%d logins are left when all are over", n)
	}
}
