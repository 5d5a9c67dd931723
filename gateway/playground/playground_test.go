package playground

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func newHandler(t *testing.T, c Config) http.Handler {
	t.Helper()
	h, err := Handler(c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(h http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var reference = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

// TestPageHasAllItsFiles follows every reference of the page.
func TestPageHasAllItsFiles(t *testing.T) {
	h := newHandler(t, Config{Issuer: "http://localhost:4011", ClientID: "weft-playground"})
	page := get(h, "/")
	if page.Code != 200 || page.Header().Get("Content-Type") != "text/html; charset=utf-8" || page.Header().Get("Cache-Control") != "no-cache" {
		t.Fatal(page.Code, page.Header())
	}
	references := reference.FindAllStringSubmatch(page.Body.String(), -1)
	if len(references) < 3 {
		t.Errorf("the page refers to %d files", len(references))
	}
	for _, match := range references {
		if !strings.HasPrefix(match[1], Prefix+"assets/") {
			t.Errorf("%s is not a file of the page's own", match[1])
		}
		w := get(h, match[1])
		if w.Code != 200 || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", match[1], w.Code, w.Header())
		}
		if again := get(h, match[1], "If-None-Match: "+w.Header().Get("ETag")); again.Code != 304 || again.Body.Len() != 0 {
			t.Errorf("%s asked for again: %d", match[1], again.Code)
		}
	}
	if w := get(h, Prefix+"third-party-licenses.md"); w.Code != 200 || !strings.Contains(w.Body.String(), "MIT") {
		t.Error(w.Code)
	}
	if strings.Contains(page.Body.String(), "<script>") {
		t.Error("the page has an inline script, which its policy forbids")
	}
}

// TestSize keeps the page small enough to be committed and embedded.
func TestSize(t *testing.T) {
	assets, err := findAssets(dist)
	if err != nil {
		t.Fatal(err)
	}
	plain, packed := 0, 0
	for _, read := range assets {
		a := read()
		plain += len(a.body)
		if a.packed == nil {
			packed += len(a.body)
		} else {
			packed += len(a.packed())
		}
	}
	t.Logf("%d files, %d bytes, %d as gzip", len(assets), plain, packed)
	if plain > 7<<20 || packed > 2<<20 {
		t.Errorf("the page has grown to %d bytes, %d as gzip", plain, packed)
	}
}

func TestContentSecurityPolicy(t *testing.T) {
	h := newHandler(t, Config{Issuer: "https://login.example.com/realms/a", ClientID: "weft", ConnectOrigins: []string{"https://tokens.example.com"}})
	policy := get(h, "/").Header().Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self';", "connect-src 'self' https://login.example.com https://tokens.example.com;", "frame-ancestors 'none'",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("no %q in %q", want, policy)
		}
	}
}

func TestSettings(t *testing.T) {
	h := newHandler(t, Config{
		Title: "Shop", Issuer: "http://localhost:4011", ClientID: "weft-playground", Scopes: []string{"openid"},
		Examples: []Example{{Name: "First", Query: "{ a }", Variables: `{"a":1}`}}, RegistryHint: "weft register",
	})
	w := get(h, Prefix+"config.json")
	if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
		t.Error(w.Code, w.Header())
	}
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got["title"] != "Shop" || got["endpoint"] != "/graphql" || got["issuer"] != "http://localhost:4011" ||
		got["clientId"] != "weft-playground" || len(got["exampleQueries"].([]any)) != 1 || got["registryHint"] != "weft register" {
		t.Error(got)
	}
	if w := get(newHandler(t, Config{}), Prefix+"config.json"); !strings.Contains(w.Body.String(), `"exampleQueries":[]`) {
		t.Error(w.Body)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	for name, c := range map[string]Config{
		"no client":        {Issuer: "http://localhost:4011"},
		"no issuer":        {ClientID: "weft"},
		"no URL":           {Issuer: "localhost:4011", ClientID: "weft"},
		"a policy in it":   {Issuer: "https://a.example;script-src *", ClientID: "weft"},
		"another protocol": {ConnectOrigins: []string{"ftp://a.example"}},
		"variables":        {Examples: []Example{{Name: "x", Query: "{a}", Variables: "{"}}},
	} {
		if _, err := Handler(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestOtherRequests(t *testing.T) {
	h := newHandler(t, Config{})
	for _, target := range []string{"/x", Prefix + "nothing.js", Prefix + "assets/", Prefix + "assets/../index.html", Prefix + "index.html", "/playground"} {
		if w := get(h, target); w.Code != 404 {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	if w := get(h, Prefix); w.Code != 200 {
		t.Error(w.Code)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != 405 || w.Header().Get("Allow") == "" {
		t.Error(w.Code)
	}
	plain, packed := get(h, "/"), get(h, "/", "Accept-Encoding: gzip")
	if packed.Header().Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(z); err != nil || string(body) != plain.Body.String() {
			t.Error("gzip changed the page", err)
		}
	}
}
