package auth

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

// testIssuer is an OpenID provider reduced to what a verifier sees of it, so that
// tests can break each part.
type testIssuer struct {
	*httptest.Server

	mu         sync.Mutex
	published  []jose.JSONWebKey
	discovered func(doc map[string]any) // changes the discovery document
	status     int                      // answer of every endpoint if not 0
	keysStatus int                      // answer of the key set if not 0
	keysBody   string                   // body of the key set if not empty

	discoveries, keyFetches atomic.Int64
}

func newTestIssuer(t testing.TB) *testIssuer {
	t.Helper()
	ti := &testIssuer{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		ti.discoveries.Add(1)
		ti.mu.Lock()
		defer ti.mu.Unlock()
		if ti.status != 0 {
			http.Error(w, "broken", ti.status)
			return
		}
		doc := map[string]any{"issuer": ti.URL, "jwks_uri": ti.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256", "HS256"}}
		if ti.discovered != nil {
			ti.discovered(doc)
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(doc)
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		ti.keyFetches.Add(1)
		ti.mu.Lock()
		defer ti.mu.Unlock()
		switch {
		case ti.status != 0 || ti.keysStatus != 0:
			http.Error(w, "broken", max(ti.status, ti.keysStatus))
		case ti.keysBody != "":
			_, _ = io.WriteString(w, ti.keysBody)
		default:
			_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: ti.published})
		}
	})
	ti.Server = httptest.NewServer(mux)
	t.Cleanup(ti.Close)
	return ti
}

func (ti *testIssuer) set(change func(*testIssuer)) {
	ti.mu.Lock()
	defer ti.mu.Unlock()
	change(ti)
}

func (ti *testIssuer) publish(keys ...signingKey) {
	ti.set(func(ti *testIssuer) {
		ti.published = nil
		for _, k := range keys {
			ti.published = append(ti.published, jose.JSONWebKey{Key: &k.key.PublicKey, KeyID: k.id, Algorithm: "RS256", Use: "sig"})
		}
	})
}

type signingKey struct {
	id  string
	key *rsa.PrivateKey
}

// Keys are costly to make, and tests only need different ones.
var keys = sync.OnceValue(func() []signingKey {
	var out []signingKey
	for _, id := range []string{"first", "second", "foreign"} {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		out = append(out, signingKey{id, k})
	}
	return out
})

func sign(t testing.TB, k signingKey, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return signRaw(t, jose.RS256, k.key, k.id, payload)
}

func signRaw(t testing.TB, alg jose.SignatureAlgorithm, key any, kid string, payload []byte) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, (&jose.SignerOptions{}).WithType("at+jwt"))
	if err != nil {
		t.Fatal(err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// claims of a good token, with changes; a nil value removes a claim.
func (ti *testIssuer) claims(changes map[string]any) map[string]any {
	c := map[string]any{
		"iss": ti.URL, "sub": "alice", "aud": []string{"weft", "other"}, "scope": "openid inventory:write",
		"exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "jti": rand.Text(),
	}
	for name, v := range changes {
		if v == nil {
			delete(c, name)
		} else {
			c[name] = v
		}
	}
	return c
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func newAuthenticator(t testing.TB, mode Mode, changes func(*Options), issuers ...Issuer) *Authenticator {
	t.Helper()
	o := Options{Mode: mode, Issuers: issuers, Logger: quiet()}
	if changes != nil {
		changes(&o)
	}
	a, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// brisk shortens the pace of fetches, for tests that make many.
func brisk(a *Authenticator) {
	for _, is := range a.issuers {
		client := is.ctx.Value(oauth2.HTTPClient).(*http.Client)
		paced := client.Transport.(*pacedTransport)
		paced.mu.Lock()
		paced.interval = time.Millisecond
		paced.mu.Unlock()
	}
}
