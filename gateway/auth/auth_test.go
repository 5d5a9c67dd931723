package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

func request(token string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

func TestTokenBecomesIdentity(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	a := newAuthenticator(t, ModeRequired, nil, Issuer{URL: ti.URL, Audiences: []string{"weft"}, RolesClaim: "realm.roles"})
	token := sign(t, keys()[0], ti.claims(map[string]any{
		"realm": map[string]any{"roles": []string{"clerk", "admin"}}, "customer": json.Number("90071992547409931"),
	}))
	id, err := a.Authenticate(t.Context(), request(token))
	if err != nil {
		t.Fatal(err)
	}
	if id.Subject != "alice" || id.Issuer != ti.URL || id.Token != token {
		t.Errorf("identity is %q of %q", id.Subject, id.Issuer)
	}
	if !slices.Equal(id.Scopes, []string{"inventory:write", "openid"}) || !id.HasScope("openid") || id.HasScope("open") {
		t.Errorf("scopes are %q", id.Scopes)
	}
	if !slices.Equal(id.Roles, []string{"admin", "clerk"}) || !id.HasRole("clerk") {
		t.Errorf("roles are %q", id.Roles)
	}
	if v, ok := id.Claim("customer"); !ok || v != json.Number("90071992547409931") {
		t.Errorf("a long number came out as %v", v)
	}
	if got := time.Until(id.Expires); got < 59*time.Minute || got > time.Hour {
		t.Errorf("expires in %v", got)
	}
	again, err := a.AuthenticateToken(t.Context(), "bearer "+token)
	if err != nil || again != id {
		t.Errorf("the second time was not answered from the cache: %v", err)
	}
}

func TestModes(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	good := sign(t, keys()[0], ti.claims(nil))
	for _, c := range []struct {
		mode   Mode
		header []string
		sub    string
		reason Reason
	}{
		{ModeOff, []string{"Bearer nonsense"}, "", ""},
		{ModeOptional, nil, "", ""},
		{ModeOptional, []string{"bEARER " + good}, "alice", ""},
		{ModeOptional, []string{"Basic YTpi"}, "", ReasonMalformed},
		{ModeOptional, []string{"Bearer "}, "", ReasonMalformed},
		{ModeOptional, []string{""}, "", ReasonMalformed},
		{ModeOptional, []string{"Bearer " + good, "Bearer " + good}, "", ReasonMalformed},
		{ModeRequired, nil, "", ReasonMissing},
		{ModeRequired, []string{"Bearer " + good}, "alice", ""},
	} {
		a := newAuthenticator(t, c.mode, nil, Issuer{URL: ti.URL, Audiences: []string{"weft"}})
		r := request("")
		if c.header != nil {
			r.Header["Authorization"] = c.header
		}
		id, err := a.Authenticate(t.Context(), r)
		checkOutcome(t, fmt.Sprintf("%s %.20q", c.mode, c.header), id, err, c.sub, c.reason)
	}
	a := newAuthenticator(t, ModeRequired, nil, Issuer{URL: ti.URL, Audiences: []string{"weft"}})
	id, err := a.AuthenticateToken(t.Context(), "")
	checkOutcome(t, "no token in a payload", id, err, "", ReasonMissing)
}

func checkOutcome(t *testing.T, name string, id *Identity, err *Error, sub string, reason Reason) {
	t.Helper()
	switch {
	case err != nil && err.Reason != reason:
		t.Errorf("%s: refused with %s (%s), want %q", name, err.Reason, err.Message, reason)
	case err == nil && reason != "":
		t.Errorf("%s: let in, want %s", name, reason)
	case err != nil && id != nil:
		t.Errorf("%s: refused and given an identity", name)
	case err == nil && sub == "" && id != nil, err == nil && sub != "" && (id == nil || id.Subject != sub):
		t.Errorf("%s: identity is %v, want subject %q", name, id, sub)
	}
}

func TestEachReasonToRefuse(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	first := keys()[0]
	good := sign(t, first, ti.claims(nil))
	header, payload, _ := strings.Cut(good, ".")
	payload, signature, _ := strings.Cut(payload, ".")
	now := time.Now()
	expired := func(ago time.Duration) string {
		return sign(t, first, ti.claims(map[string]any{"exp": now.Add(-ago).Unix()}))
	}
	withClaim := func(name string, v any) string { return sign(t, first, ti.claims(map[string]any{name: v})) }
	raw := func(payload string) string { return signRaw(t, jose.RS256, first.key, first.id, []byte(payload)) }

	for name, c := range map[string]struct {
		token  string
		reason Reason
	}{
		"good":                        {good, ""},
		"not a token":                 {"nonsense", ReasonMalformed},
		"two parts":                   {header + "." + payload, ReasonMalformed},
		"four parts":                  {good + ".x", ReasonMalformed},
		"not base64":                  {"!." + payload + "." + signature, ReasonMalformed},
		"signature not base64":        {header + "." + payload + ".!", ReasonMalformed},
		"payload not JSON":            {raw("nonsense"), ReasonMalformed},
		"payload a list":              {raw("[]"), ReasonMalformed},
		"too large":                   {withClaim("pad", strings.Repeat("x", MaxTokenBytes)), ReasonMalformed},
		"no issuer":                   {withClaim("iss", nil), ReasonIssuer},
		"other issuer":                {withClaim("iss", "https://evil.example"), ReasonIssuer},
		"issuer with slash":           {withClaim("iss", ti.URL+"/"), ReasonIssuer},
		"unsigned":                    {"eyJhbGciOiJub25lIn0." + payload + ".", ReasonAlgorithm},
		"shared secret":               {signRaw(t, jose.HS256, []byte(strings.Repeat("k", 32)), "first", mustJSON(ti.claims(nil))), ReasonAlgorithm},
		"algorithm not offered":       {signRaw(t, jose.PS256, first.key, first.id, mustJSON(ti.claims(nil))), ReasonAlgorithm},
		"foreign key, known id":       {sign(t, signingKey{"first", keys()[2].key}, ti.claims(nil)), ReasonSignature},
		"foreign key, unknown id":     {sign(t, keys()[2], ti.claims(nil)), ReasonSignature},
		"claims changed after":        {header + "." + strings.Split(withClaim("sub", "bob"), ".")[1] + "." + signature, ReasonSignature},
		"expired":                     {expired(time.Minute), ReasonExpired},
		"expired within the leeway":   {expired(10 * time.Second), ""},
		"no expiry":                   {withClaim("exp", nil), ReasonMalformed},
		"expiry a string":             {withClaim("exp", "tomorrow"), ReasonMalformed},
		"expiry beyond all bounds":    {withClaim("exp", json.Number("1e300")), ""},
		"not yet valid":               {withClaim("nbf", now.Add(time.Minute).Unix()), ReasonNotYetValid},
		"long not valid":              {withClaim("nbf", now.Add(time.Hour).Unix()), ReasonNotYetValid},
		"not yet valid in the leeway": {withClaim("nbf", now.Add(10*time.Second).Unix()), ""},
		"other audience":              {withClaim("aud", "other"), ReasonAudience},
		"no audience":                 {withClaim("aud", nil), ReasonAudience},
		"one audience":                {withClaim("aud", "weft"), ""},
		"no subject":                  {withClaim("sub", nil), ReasonMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthenticator(t, ModeOptional, nil, Issuer{URL: ti.URL, Audiences: []string{"weft"}})
			brisk(a)
			id, err := a.Authenticate(t.Context(), request(c.token))
			sub := ""
			if c.reason == "" {
				sub = "alice"
			}
			checkOutcome(t, name, id, err, sub, c.reason)
			if err == nil {
				return
			}
			if err.Status != http.StatusUnauthorized || !strings.HasPrefix(err.WWWAuthenticate(), `Bearer realm="weft", error="invalid_token", error_description="`) {
				t.Errorf("status %d, challenge %s", err.Status, err.WWWAuthenticate())
			}
			if strings.Contains(err.Message, c.token) {
				t.Error("the message repeats the token")
			}
			if n := a.cache.len(); n != 0 {
				t.Errorf("a refused token is in the cache")
			}
		})
	}
}

func mustJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

func TestErrorAnswer(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	a := newAuthenticator(t, ModeRequired, func(o *Options) { o.Realm = "orders" }, Issuer{URL: ti.URL, Audiences: []string{"weft"}})

	_, err := a.Authenticate(t.Context(), request(""))
	w := httptest.NewRecorder()
	err.Write(w)
	if w.Code != 401 || w.Header().Get("WWW-Authenticate") != `Bearer realm="orders"` {
		t.Errorf("without a token: %d %q", w.Code, w.Header().Get("WWW-Authenticate"))
	}
	_, err = a.Authenticate(t.Context(), request(sign(t, keys()[0], ti.claims(map[string]any{"aud": "a\"b"}))))
	var body struct {
		Errors []struct {
			Message    string
			Extensions map[string]string
		}
	}
	d := json.NewDecoder(bytes.NewReader(err.Body()))
	d.DisallowUnknownFields()
	if e := d.Decode(&body); e != nil || len(body.Errors) != 1 {
		t.Fatalf("%s: %v", err.Body(), e)
	}
	if got := body.Errors[0]; got.Extensions["code"] != "UNAUTHENTICATED" || got.Extensions["reason"] != "AUDIENCE_NOT_ACCEPTED" || !strings.Contains(got.Message, `accepts "weft"`) {
		t.Errorf("body is %s", err.Body())
	}
}

func TestScopeClaims(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	for name, c := range map[string]struct {
		claims map[string]any
		names  []string
		want   []string
	}{
		"a string":            {map[string]any{"scope": " b  a b "}, nil, []string{"a", "b"}},
		"a list":              {map[string]any{"scope": []any{"b", "a", 7, ""}}, nil, []string{"a", "b"}},
		"scp when no scope":   {map[string]any{"scope": nil, "scp": []string{"c"}}, nil, []string{"c"}},
		"scope before scp":    {map[string]any{"scope": "a", "scp": "c"}, nil, []string{"a"}},
		"a name with dots":    {map[string]any{"https://x.example/s": "d"}, []string{"https://x.example/s"}, []string{"d"}},
		"a path":              {map[string]any{"x": map[string]any{"y": "e"}}, []string{"x.y"}, []string{"e"}},
		"a path through text": {map[string]any{"x": "y"}, []string{"x.y"}, nil},
		"an object":           {map[string]any{"scope": map[string]any{}}, nil, nil},
	} {
		a := newAuthenticator(t, ModeOptional, nil, Issuer{URL: ti.URL, Audiences: []string{"weft"}, ScopeClaims: c.names})
		id, err := a.Authenticate(t.Context(), request(sign(t, keys()[0], ti.claims(c.claims))))
		if err != nil || !slices.Equal(id.Scopes, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, id, err, c.want)
		}
	}
}

func TestCacheIsBoundedAndForgets(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	a := newAuthenticator(t, ModeOptional, func(o *Options) { o.CacheSize = 64; o.CacheTTL = time.Minute }, Issuer{URL: ti.URL, Audiences: []string{"weft"}})
	now := time.Now()
	a.now = func() time.Time { return now }
	token := sign(t, keys()[0], ti.claims(map[string]any{"exp": now.Add(90 * time.Second).Unix()}))
	first, err := a.AuthenticateToken(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		a.cache.put(fmt.Sprintf("%d-other-token-%d", i, i*7919), first, now.Add(time.Hour).UnixNano())
	}
	if n := a.cache.len(); n > 64 {
		t.Errorf("%d entries in a cache for 64", n)
	}
	at := func(d time.Duration) *Identity {
		t.Helper()
		now = now.Add(d)
		id, _ := a.AuthenticateToken(t.Context(), token)
		return id
	}
	before := at(0)
	if at(59*time.Second) != before {
		t.Error("verified again within the time to live")
	}
	if id := at(2 * time.Second); id == nil || id == before {
		t.Error("not verified again after the time to live")
	}
	// 61 s have passed of 90 s and a leeway of 30 s: the expiry comes first now.
	if at(58*time.Second) == nil {
		t.Error("refused before its expiry and leeway")
	}
	if at(2*time.Second) != nil {
		t.Error("let in after its expiry, from the cache")
	}
	off := newAuthenticator(t, ModeOptional, func(o *Options) { o.CacheSize = -1 }, Issuer{URL: ti.URL, Audiences: []string{"weft"}})
	good := sign(t, keys()[0], ti.claims(nil))
	x, err1 := off.AuthenticateToken(t.Context(), good)
	y, err2 := off.AuthenticateToken(t.Context(), good)
	if err1 != nil || err2 != nil || x == y || off.cache.len() != 0 {
		t.Error("a cache that is switched off remembers")
	}
}

func TestCacheKeepsWhatIsInUse(t *testing.T) {
	c := newTokenCache(8 * cacheShards)
	id := &Identity{Token: "the-token-in-use"}
	c.put(id.Token, id, 10)
	for i := range 1000 {
		if c.get(id.Token, 1) != id {
			t.Fatalf("forgotten after %d other tokens", i)
		}
		c.put(fmt.Sprintf("another-%d-token", i), &Identity{}, 10)
	}
	if c.get(id.Token, 10) != nil {
		t.Error("given out at its end")
	}
}

func TestHitDoesNotAllocate(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	a := newAuthenticator(t, ModeOptional, nil, Issuer{URL: ti.URL, Audiences: []string{"weft"}})
	r := request(sign(t, keys()[0], ti.claims(nil)))
	if _, err := a.Authenticate(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if n := testing.AllocsPerRun(100, func() { _, _ = a.Authenticate(ctx, r) }); n > 0 {
		t.Errorf("%v allocations on a hit", n)
	}
}

func TestManyAtOnce(t *testing.T) {
	ti := newTestIssuer(t)
	ti.publish(keys()[0])
	a := newAuthenticator(t, ModeRequired, func(o *Options) { o.CacheSize = 32 }, Issuer{URL: ti.URL, Audiences: []string{"weft"}})
	tokens := make([]string, 40)
	for i := range tokens {
		tokens[i] = sign(t, keys()[0], ti.claims(map[string]any{"sub": fmt.Sprintf("user-%d", i)}))
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for n := range 120 {
				i := (g*7 + n) % len(tokens)
				id, err := a.AuthenticateToken(t.Context(), tokens[i])
				if err != nil || id.Subject != fmt.Sprintf("user-%d", i) {
					t.Errorf("token %d: %v, %v", i, id, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if d, k := ti.discoveries.Load(), ti.keyFetches.Load(); d != 1 || k > 2 {
		t.Errorf("%d discoveries and %d key fetches for one issuer with one key", d, k)
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	id := &Identity{Token: strings.Repeat("abcdefgh", 100)}
	a := &Authenticator{mode: ModeRequired, cache: newTokenCache(0x1000), now: time.Now}
	a.cache.put(id.Token, id, time.Now().Add(time.Hour).UnixNano())
	r := request(id.Token)
	b.ReportAllocs()
	for b.Loop() {
		if got, err := a.Authenticate(b.Context(), r); got != id || err != nil {
			b.Fatal("not a hit")
		}
	}
}
