package auth

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// eventually waits for what happens in the background.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not happen", what)
		}
	}
}

func TestIssuerDownAtStartThenUp(t *testing.T) {
	// An address nobody listens on yet.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()

	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	issuerURL := "http://" + address
	ti.set(func(ti *testIssuer) {
		ti.discovered = func(doc map[string]any) { doc["issuer"], doc["jwks_uri"] = issuerURL, issuerURL+"/keys" }
	})
	var logged lockedBuffer
	a := newAuthenticator(t, ModeOptional, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&logged, nil)) },
		Issuer{URL: issuerURL, Audiences: []string{"weft"}})
	brisk(a)
	token := sign(t, keys()[0], ti.claims(map[string]any{"iss": issuerURL}))

	_, refusal := a.AuthenticateToken(t.Context(), token)
	if refusal == nil || refusal.Status != http.StatusServiceUnavailable || refusal.Code != CodeUnavailable || refusal.RetryAfter <= 0 {
		t.Fatalf("while the issuer is down: %+v", refusal)
	}
	if refusal.WWWAuthenticate() != "" {
		t.Error("a 503 asks for credentials")
	}
	w := httptest.NewRecorder()
	refusal.Write(w)
	if w.Header().Get("Retry-After") == "" {
		t.Error("a 503 without Retry-After")
	}
	if _, anonymous := a.AuthenticateToken(t.Context(), ""); anonymous != nil {
		t.Error("anonymous callers are refused while the issuer is down")
	}
	if !strings.Contains(logged.String(), issuerURL) {
		t.Errorf("the log does not name the issuer: %s", logged.String())
	}
	if strings.Contains(logged.String(), token) {
		t.Error("the log holds the token")
	}

	l, err = net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	up := &http.Server{Handler: ti.Config.Handler}
	go func() { _ = up.Serve(l) }()
	t.Cleanup(func() { _ = up.Close() })
	eventually(t, "a token of an issuer that came up", func() bool {
		id, err := a.AuthenticateToken(t.Context(), token)
		return err == nil && id.Subject == "alice"
	})
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestDiscoveryThatCannotBeTrusted(t *testing.T) {
	for name, change := range map[string]func(map[string]any){
		"another issuer":  func(doc map[string]any) { doc["issuer"] = "https://evil.example" },
		"no keys":         func(doc map[string]any) { delete(doc, "jwks_uri") },
		"keys not on web": func(doc map[string]any) { doc["jwks_uri"] = "file:///etc/passwd" },
		"huge":            func(doc map[string]any) { doc["pad"] = strings.Repeat("x", maxDocumentBytes) },
	} {
		for _, indirect := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, indirect %t", name, indirect), func(t *testing.T) {
				ti := newTestIssuer(t)
				ti.publish(keys()[0])
				ti.set(func(ti *testIssuer) { ti.discovered = change })
				cfg := Issuer{URL: ti.URL, Audiences: []string{"weft"}}
				if indirect {
					cfg.DiscoveryURL = ti.URL + "/.well-known/openid-configuration"
				}
				a := newAuthenticator(t, ModeOptional, nil, cfg)
				_, err := a.AuthenticateToken(t.Context(), sign(t, keys()[0], ti.claims(nil)))
				if err == nil || err.Reason != ReasonUnreachable {
					t.Errorf("got %v, want %s", err, ReasonUnreachable)
				}
			})
		}
	}
}

func TestIssuerUnderAnotherAddress(t *testing.T) {
	const public = "https://login.example/realm"
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	ti.set(func(ti *testIssuer) {
		ti.discovered = func(doc map[string]any) { doc["issuer"], doc["jwks_uri"] = public, public+"/keys" }
	})
	token := sign(t, keys()[0], ti.claims(map[string]any{"iss": public}))
	for name, cfg := range map[string]Issuer{
		"discovery elsewhere":            {DiscoveryURL: ti.URL},
		"discovery elsewhere, in full":   {DiscoveryURL: ti.URL + "/.well-known/openid-configuration"},
		"keys elsewhere, no discovery":   {JWKSURL: ti.URL + "/keys"},
		"keys elsewhere, with algorithm": {JWKSURL: ti.URL + "/keys", Algorithms: []string{"RS256"}},
	} {
		cfg.URL, cfg.Audiences = public, []string{"weft"}
		a := newAuthenticator(t, ModeOptional, nil, cfg)
		id, err := a.AuthenticateToken(t.Context(), token)
		checkOutcome(t, name, id, err, "alice", "")
	}
}

func TestMoved(t *testing.T) {
	for _, c := range [][4]string{
		{"https://a/keys", "https://a", "http://b:1", "http://b:1/keys"},
		{"https://a/r/keys", "https://a/r", "http://b/q", "http://b/q/keys"},
		{"https://a/r/keys", "https://a/r/", "http://b/q", "http://b/q/keys"},
		{"https://a/realm/keys", "https://a/r", "http://b", "https://a/realm/keys"},
		{"https://cdn/keys", "https://a", "http://b", "https://cdn/keys"},
		{"https://a/keys", "https://a", "https://a", "https://a/keys"},
	} {
		if got := moved(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("moved(%q, %q, %q) = %q, want %q", c[0], c[1], c[2], got, c[3])
		}
	}
}

func TestCertificateAuthority(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	secure := httptest.NewTLSServer(ti.Config.Handler)
	t.Cleanup(secure.Close)
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	ti.set(func(ti *testIssuer) {
		ti.discovered = func(doc map[string]any) { doc["issuer"], doc["jwks_uri"] = secure.URL, secure.URL+"/keys" }
	})
	token := sign(t, keys()[0], ti.claims(map[string]any{"iss": secure.URL}))
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})

	trusting := newAuthenticator(t, ModeOptional, nil, Issuer{URL: secure.URL, Audiences: []string{"weft"}, CACert: ca})
	id, err := trusting.AuthenticateToken(t.Context(), token)
	checkOutcome(t, "with its CA", id, err, "alice", "")
	wary := newAuthenticator(t, ModeOptional, nil, Issuer{URL: secure.URL, Audiences: []string{"weft"}})
	id, err = wary.AuthenticateToken(t.Context(), token)
	checkOutcome(t, "without its CA", id, err, "", ReasonUnreachable)
}

func TestRotation(t *testing.T) {
	ti := newTestIssuer(t)
	first, second := keys()[0], keys()[1]
	ti.publish(first)
	a := newAuthenticator(t, ModeOptional, func(o *Options) { o.CacheSize = -1 }, Issuer{URL: ti.URL, Audiences: []string{"weft"}})
	brisk(a)
	try := func(k signingKey) Reason {
		_, err := a.AuthenticateToken(t.Context(), sign(t, k, ti.claims(nil)))
		if err != nil {
			return err.Reason
		}
		return ""
	}
	// A try right after another's fetch may still be answered by that one.
	becomes := func(what string, k signingKey, want Reason) {
		t.Helper()
		eventually(t, what, func() bool { return try(k) == want })
	}
	if r := try(first); r != "" {
		t.Fatalf("the first key: %s", r)
	}
	becomes("refusing a key that is not published", second, ReasonSignature)
	ti.publish(first, second)
	becomes("taking a key published since", second, "")
	fetched := ti.keyFetches.Load()
	if r := try(first); r != "" || ti.keyFetches.Load() != fetched {
		t.Errorf("the first key, still published: %q, fetched again: %t", r, ti.keyFetches.Load() != fetched)
	}
	ti.publish(second)
	// A foreign key makes the gateway look again, and so forget a withdrawn one.
	becomes("refusing a foreign key", keys()[2], ReasonSignature)
	eventually(t, "refusing a key that was withdrawn", func() bool {
		return try(keys()[2]) == ReasonSignature && try(first) == ReasonSignature
	})

	for name, broken := range map[string]func(*testIssuer){
		"answering 500":     func(ti *testIssuer) { ti.keysStatus, ti.keysBody = 500, "" },
		"answering no JSON": func(ti *testIssuer) { ti.keysStatus, ti.keysBody = 0, "<html>" },
		"answering too much": func(ti *testIssuer) {
			ti.keysStatus, ti.keysBody = 0, `{"keys":[],"pad":"`+strings.Repeat("x", maxDocumentBytes)+`"}`
		},
	} {
		ti.set(broken)
		becomes(name+": 503 for an unknown key", first, ReasonUnreachable)
		if r := try(second); r != "" {
			t.Errorf("%s, a known key: %s", name, r)
		}
	}
}

func TestUnknownKeysDoNotFloodTheIssuer(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	a := newAuthenticator(t, ModeOptional, nil, Issuer{URL: ti.URL, Audiences: []string{"weft"}})
	if _, err := a.AuthenticateToken(t.Context(), sign(t, keys()[0], ti.claims(nil))); err != nil {
		t.Fatal(err)
	}
	begin, before := time.Now(), ti.keyFetches.Load()
	var wg sync.WaitGroup
	for i := range 40 {
		forged := sign(t, signingKey{fmt.Sprintf("kid-%d", i), keys()[2].key}, ti.claims(nil))
		wg.Go(func() {
			if _, err := a.AuthenticateToken(t.Context(), forged); err == nil || err.Reason != ReasonSignature {
				t.Errorf("a forged token: %v", err)
			}
		})
	}
	wg.Wait()
	most := int64(time.Since(begin)/fetchInterval) + 1
	if got := ti.keyFetches.Load() - before; got > most {
		t.Errorf("%d key fetches for 40 forged tokens in %v, want at most %d", got, time.Since(begin), most)
	}
}

func TestOptionsRefused(t *testing.T) {
	good := Issuer{URL: "http://127.0.0.1:9", Audiences: []string{"weft"}}
	with := func(change func(*Issuer)) []Issuer {
		is := good
		change(&is)
		return []Issuer{is}
	}
	for want, o := range map[string]Options{
		`mode "" is unknown`:             {Issuers: []Issuer{good}},
		`mode "open" is unknown`:         {Mode: "open"},
		"at least one issuer":            {Mode: ModeRequired},
		"listed twice":                   {Mode: ModeOptional, Issuers: []Issuer{good, good}},
		"printable ASCII":                {Mode: ModeOff, Realm: `a"b`},
		"not an absolute http":           {Mode: ModeOptional, Issuers: with(func(i *Issuer) { i.URL = "issuer" })},
		"user name or password":          {Mode: ModeOptional, Issuers: with(func(i *Issuer) { i.URL = "https://a:b@c" })},
		"must not have a fragment":       {Mode: ModeOptional, Issuers: with(func(i *Issuer) { i.URL = "https://c#d" })},
		"at least one audience":          {Mode: ModeOptional, Issuers: with(func(i *Issuer) { i.Audiences = []string{""} })},
		`algorithm "HS256" cannot`:       {Mode: ModeOptional, Issuers: with(func(i *Issuer) { i.Algorithms = []string{"HS256"} })},
		`algorithm "none" cannot`:        {Mode: ModeOptional, Issuers: with(func(i *Issuer) { i.Algorithms = []string{"none"} })},
		"discovery URL":                  {Mode: ModeOptional, Issuers: with(func(i *Issuer) { i.DiscoveryURL = "dex" })},
		"JWKS URL":                       {Mode: ModeOptional, Issuers: with(func(i *Issuer) { i.JWKSURL = "keys" })},
		"holds no certificate":           {Mode: ModeOptional, Issuers: with(func(i *Issuer) { i.CACert = []byte("x") })},
		"a transport of its own; trust ": {Mode: ModeOptional, HTTPClient: &http.Client{Transport: &pacedTransport{}}, Issuers: with(func(i *Issuer) { i.CACert = []byte("x") })},
	} {
		o.Logger = quiet()
		if _, err := New(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error that says %q", err, want)
		}
	}
}

func TestShorten(t *testing.T) {
	if got := shorten("aéé", 2); got != "a…" {
		t.Errorf("cut within a character: %q", got)
	}
	if got := shorten("aé", 3); got != "aé" {
		t.Errorf("cut without need: %q", got)
	}
}
