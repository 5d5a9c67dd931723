package auth

import (
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"pgregory.net/rapid"
)

func identity(t testing.TB, f IdentityFields) *Identity {
	t.Helper()
	id, err := NewIdentity(f)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestKeyTellsCallersApart(t *testing.T) {
	base := IdentityFields{Issuer: "i", Subject: "s", Scopes: []string{"a", "b"}, Roles: []string{"r"}, Claims: map[string]any{"tenant": "x", "level": 1, "jti": "1", "exp": 5}}
	key := identity(t, base).Key()
	for name, change := range map[string]func(*IdentityFields){
		"order of scopes":  func(f *IdentityFields) { f.Scopes = []string{"b", "a", "a"} },
		"another token":    func(f *IdentityFields) { f.Token = "t"; f.Expires = time.Now() },
		"volatile claims":  func(f *IdentityFields) { f.Claims = map[string]any{"level": 1, "tenant": "x", "jti": "2", "iat": 7} },
		"the same, copied": func(f *IdentityFields) {},
	} {
		f := base
		change(&f)
		if got := identity(t, f).Key(); got != key {
			t.Errorf("%s makes a difference: %s and %s", name, got, key)
		}
	}
	for name, change := range map[string]func(*IdentityFields){
		"issuer":             func(f *IdentityFields) { f.Issuer = "j" },
		"subject":            func(f *IdentityFields) { f.Subject = "t" },
		"border of the two":  func(f *IdentityFields) { f.Issuer, f.Subject = "", "is" },
		"a scope less":       func(f *IdentityFields) { f.Scopes = []string{"a"} },
		"scopes run up":      func(f *IdentityFields) { f.Scopes = []string{"a b"} },
		"a scope for a role": func(f *IdentityFields) { f.Scopes, f.Roles = []string{"a", "b", "r"}, nil },
		"a claim":            func(f *IdentityFields) { f.Claims = map[string]any{"tenant": "y", "level": 1} },
		"type of a claim":    func(f *IdentityFields) { f.Claims = map[string]any{"tenant": "x", "level": "1"} },
		"quotes":             func(f *IdentityFields) { f.Subject = `s""[` },
		"bytes not UTF-8":    func(f *IdentityFields) { f.Subject = "s\xff" },
	} {
		f := base
		change(&f)
		if got := identity(t, f).Key(); got == key {
			t.Errorf("%s makes no difference: %s", name, got)
		}
	}
	a, b := base, base
	a.Subject, b.Subject = "s\xff", "s\xfe"
	if identity(t, a).Key() == identity(t, b).Key() {
		t.Error("two subjects that are not UTF-8 are one")
	}
}

func TestKeyIsEqualExactlyForEqualCallers(t *testing.T) {
	names := rapid.SliceOfN(rapid.StringMatching(`[ab"\[\]]{1,2}`), 0, 3)
	fields := rapid.Custom(func(t *rapid.T) IdentityFields {
		return IdentityFields{
			Issuer: rapid.StringMatching(`[ab"]{0,2}`).Draw(t, "issuer"), Subject: rapid.StringMatching(`[ab"]{0,2}`).Draw(t, "subject"),
			Scopes: sortedSet(names.Draw(t, "scopes")), Roles: sortedSet(names.Draw(t, "roles")),
		}
	})
	plain := func(f IdentityFields) string {
		return strings.Join([]string{f.Issuer, f.Subject, strings.Join(f.Scopes, "\x01"), strings.Join(f.Roles, "\x01")}, "\x00")
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := fields.Draw(t, "a"), fields.Draw(t, "b")
		if (newIdentity(a).Key() == newIdentity(b).Key()) != (plain(a) == plain(b)) {
			t.Fatalf("%s and %s", newIdentity(a).Key(), newIdentity(b).Key())
		}
	})
}

func TestAnonymous(t *testing.T) {
	var id *Identity
	if id.Key() != "" || id.HasScope("") || id.HasRole("") || id.Claims() != nil {
		t.Error("an anonymous caller has something")
	}
	if _, ok := id.Claim("sub"); ok {
		t.Error("an anonymous caller has a claim")
	}
	someone := identity(t, IdentityFields{Subject: "s"})
	if someone.Key() == id.Key() {
		t.Error("somebody has nobody's key")
	}
	if _, err := NewIdentity(IdentityFields{Claims: map[string]any{"f": func() {}}}); err == nil {
		t.Error("claims that do not encode are taken")
	}
}

// FuzzToken holds that no bytes sent as a token panic or get in.
func FuzzToken(f *testing.F) {
	ti := newTestIssuer(f)
	a := newAuthenticator(f, ModeRequired, nil, Issuer{URL: "https://issuer.invalid", Audiences: []string{"weft"}, JWKSURL: ti.URL + "/keys"})
	for _, s := range []string{"", "a.b.c", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5pbnZhbGlkIn0.AA", "Bearer ..", "eyJhbGciOjF9.e30."} {
		f.Add(s)
	}
	brisk(a)
	f.Fuzz(func(t *testing.T, token string) {
		if id, err := a.AuthenticateToken(t.Context(), token); err == nil || id != nil {
			t.Fatalf("%q got in", token)
		}
	})
}

// FuzzClaims holds that whatever an issuer signs, the result is a refusal or an
// identity that is whole.
func FuzzClaims(f *testing.F) {
	ti := newTestIssuer(f)
	ti.publish(keys()[0])
	a := newAuthenticator(f, ModeRequired, nil, Issuer{URL: "https://i.example", Audiences: []string{"weft"}, JWKSURL: ti.URL + "/keys", RolesClaim: "r.o"})
	for _, s := range []string{
		`{"iss":"https://i.example","sub":"s","aud":"weft","exp":99999999999,"scope":["a",1],"r":{"o":"b c"}}`,
		`{"iss":"https://i.example","sub":"s","aud":["weft"],"exp":1e400}`, `{"iss":"https://i.example","sub":"s","aud":[1],"exp":-1}`,
		`{"iss":"https://i.example","aud":"weft","_claim_names":{"a":"b"}}`, `{"ISS":"https://i.example","iss":"y"}`, `null`, `{"iss":"https://i.example","exp":{}}`, "{\"iss\":\"https://i.example\",\"sub\":\"\xff\"}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		id, err := a.AuthenticateToken(t.Context(), signRaw(t, jose.RS256, keys()[0].key, "first", payload))
		switch {
		case err != nil && id != nil, err == nil && id == nil:
			t.Fatalf("%q: %v, %v", payload, id, err)
		case err == nil && (id.Subject == "" || id.Key() == "" || id.Expires.IsZero()):
			t.Fatalf("%q became %+v", payload, id)
		}
	})
}
