package devissuer

import (
	"crypto/rand"
	"crypto/rsa"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic(err)
	}
	return k
})

// serve runs an Issuer under an address of this machine, below a path.
func serve(t *testing.T, path string, change func(*Options)) (*Issuer, string) {
	t.Helper()
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	o := Options{Issuer: server.URL + path, SigningKey: testKey()}
	if change != nil {
		change(&o)
	}
	i, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	handler = i
	return i, o.Issuer
}

const redirectURI = "http://localhost:4000/"

// browser follows redirects within the issuer and stops at the Playground.
type browser struct {
	t *testing.T
	*http.Client
	page string
}

func newBrowser(t *testing.T) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, Client: &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), "http://localhost:4000") {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

// open gives the answer; its body is read into page.
func (b *browser) open(r *http.Request) *http.Response {
	b.t.Helper()
	resp, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		b.t.Fatal(err)
	}
	b.page = string(body)
	return resp
}

func (b *browser) get(address string) *http.Response {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.open(r)
}

func (b *browser) post(address string, form url.Values) *http.Response {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.open(r)
}

var (
	formAction  = regexp.MustCompile(`<form method="post" action="([^"]*)">`)
	formRequest = regexp.MustCompile(`name="request" value="([^"]*)"`)
)

// choose presses a button of the login page that is open.
func (b *browser) choose(page *url.URL, name, value string) *http.Response {
	b.t.Helper()
	action, request := formAction.FindStringSubmatch(b.page), formRequest.FindStringSubmatch(b.page)
	if action == nil || request == nil {
		b.t.Fatalf("this is no login page: %s", b.page)
	}
	target, err := page.Parse(html.UnescapeString(action[1]))
	if err != nil {
		b.t.Fatal(err)
	}
	return b.post(target.String(), url.Values{"request": {html.UnescapeString(request[1])}, name: {value}})
}

func discover(t *testing.T, issuer string) (*oidc.Provider, oauth2.Config) {
	t.Helper()
	provider, err := oidc.NewProvider(t.Context(), issuer)
	if err != nil {
		t.Fatal(err)
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return provider, oauth2.Config{
		ClientID: PlaygroundClient, RedirectURL: redirectURI, Endpoint: endpoint,
		Scopes: []string{"openid", "profile", "email", "offline_access", "inventory:write"},
	}
}

// logIn goes through the login page and gives the code.
func logIn(t *testing.T, config oauth2.Config, verifier, user string, more ...oauth2.AuthCodeOption) string {
	t.Helper()
	b := newBrowser(t)
	more = append(more, oauth2.S256ChallengeOption(verifier), oidc.Nonce("the-nonce"))
	resp := b.get(config.AuthCodeURL("the-state", more...))
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the login page answers %s: %s", resp.Status, b.page)
	}
	resp = b.choose(resp.Request.URL, "user", user)
	back, err := resp.Location()
	if err != nil {
		t.Fatalf("after the choice: %s %s", resp.Status, b.page)
	}
	q := back.Query()
	if !strings.HasPrefix(back.String(), config.RedirectURL+"?") || q.Get("state") != "the-state" || q.Get("code") == "" {
		t.Fatalf("led back to %s", back)
	}
	return q.Get("code")
}

// claimsOf reads a token after its signature was checked with the published keys.
func claimsOf(t *testing.T, provider *oidc.Provider, token string) map[string]any {
	t.Helper()
	verified, err := provider.Verifier(&oidc.Config{ClientID: DefaultAudience}).Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := verified.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	return claims
}
