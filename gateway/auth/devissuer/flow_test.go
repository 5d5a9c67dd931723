package devissuer

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

func TestLoginWithCodeAndPKCE(t *testing.T) {
	for _, path := range []string{"", "/dev/issuer"} {
		for user, scope := range map[string]string{
			"alice": "email offline_access openid profile",
			"bob":   "email inventory:write offline_access openid profile",
		} {
			t.Run(path+" "+user, func(t *testing.T) {
				_, issuer := serve(t, path, nil)
				provider, config := discover(t, issuer)
				verifier := oauth2.GenerateVerifier()
				token, err := config.Exchange(t.Context(), logIn(t, config, verifier, user), oauth2.VerifierOption(verifier))
				if err != nil {
					t.Fatal(err)
				}
				claims := claimsOf(t, provider, token.AccessToken)
				if claims["sub"] != user || claims["scope"] != scope || claims["client_id"] != PlaygroundClient || claims["preferred_username"] != user {
					t.Errorf("claims are %v", claims)
				}
				if token.Extra("scope") != scope {
					t.Errorf("the answer says the scope is %v", token.Extra("scope"))
				}
				if left := time.Until(token.Expiry); left < 59*time.Minute || left > time.Hour {
					t.Errorf("the token lives for %v", left)
				}

				raw, _ := token.Extra("id_token").(string)
				id, err := provider.Verifier(&oidc.Config{ClientID: PlaygroundClient}).Verify(t.Context(), raw)
				if err != nil {
					t.Fatal(err)
				}
				if err := id.VerifyAccessToken(token.AccessToken); err != nil || id.Nonce != "the-nonce" || id.Subject != user {
					t.Errorf("ID token of %q, nonce %q: %v", id.Subject, id.Nonce, err)
				}

				info, err := provider.UserInfo(t.Context(), oauth2.StaticTokenSource(token))
				if err != nil {
					t.Fatal(err)
				}
				var profile struct{ Name string }
				if err := info.Claims(&profile); err != nil || info.Subject != user || info.Email != user+"@example.com" || !strings.EqualFold(profile.Name, user) {
					t.Errorf("userinfo is %+v of %+v, %v", info, profile, err)
				}
			})
		}
	}
}

func TestRefresh(t *testing.T) {
	_, issuer := serve(t, "", nil)
	provider, config := discover(t, issuer)
	verifier := oauth2.GenerateVerifier()
	token, err := config.Exchange(t.Context(), logIn(t, config, verifier, "bob"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t)
	refresh := func(refreshToken string, scopes ...string) (status int, answer struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		Error        string
	}) {
		t.Helper()
		form := url.Values{"grant_type": {"refresh_token"}, "client_id": {PlaygroundClient}, "refresh_token": {refreshToken}}
		if scopes != nil {
			form.Set("scope", strings.Join(scopes, " "))
		}
		resp := b.post(config.Endpoint.TokenURL, form)
		if err := json.Unmarshal([]byte(b.page), &answer); err != nil {
			t.Fatalf("%s: %v", b.page, err)
		}
		return resp.StatusCode, answer
	}
	status, narrow := refresh(token.RefreshToken, "openid")
	if status != 200 || claimsOf(t, provider, narrow.AccessToken)["scope"] != "openid" {
		t.Fatalf("a token for fewer scopes: %d %+v", status, narrow)
	}
	if status, answer := refresh(token.RefreshToken); status != 400 || answer.Error != "invalid_grant" {
		t.Errorf("a refresh token used twice: %d %+v", status, answer)
	}
	if status, answer := refresh(narrow.RefreshToken, "openid", "registry:write"); status != 400 || answer.Error != "invalid_scope" {
		t.Errorf("a refresh with more scopes: %d %+v", status, answer)
	}
	status, wide := refresh(narrow.RefreshToken)
	if status != 200 || !strings.Contains(claimsOf(t, provider, wide.AccessToken)["scope"].(string), "inventory:write") {
		t.Errorf("the next token has lost the login's scopes: %d", status)
	}

	raw := token.Extra("id_token").(string)
	var ends struct {
		EndSession string `json:"end_session_endpoint"`
		Revocation string `json:"revocation_endpoint"`
	}
	if err := provider.Claims(&ends); err != nil {
		t.Fatal(err)
	}
	resp := b.get(ends.EndSession + "?" + url.Values{"id_token_hint": {raw}, "post_logout_redirect_uri": {redirectURI}, "state": {"s"}}.Encode())
	if back, err := resp.Location(); err != nil || back.String() != redirectURI+"?state=s" {
		t.Errorf("logging out led to %v: %s %v", back, b.page, err)
	}
	if status, _ := refresh(wide.RefreshToken); status != 400 {
		t.Error("a refresh token outlives the logout")
	}
	if resp := b.get(ends.EndSession); resp.StatusCode != 200 || !strings.Contains(b.page, "You are logged out") {
		t.Errorf("logging out without an application: %s %s", resp.Status, b.page)
	}
	if resp := b.get(ends.EndSession + "?" + url.Values{"id_token_hint": {raw}, "post_logout_redirect_uri": {"https://evil.example/"}}.Encode()); resp.StatusCode != 400 {
		t.Errorf("logging out to a foreign address: %s", resp.Status)
	}

	again, err := config.Exchange(t.Context(), logIn(t, config, verifier, "bob"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if resp := b.post(ends.Revocation, url.Values{"token": {again.RefreshToken}, "client_id": {PlaygroundClient}}); resp.StatusCode != 200 {
		t.Errorf("revoking: %s %s", resp.Status, b.page)
	}
	if status, _ := refresh(again.RefreshToken); status != 400 {
		t.Error("a refresh token outlives its revocation")
	}
}

func TestTokenWithoutBrowser(t *testing.T) {
	i, issuer := serve(t, "/dev", nil)
	provider, config := discover(t, issuer)
	for _, c := range []struct {
		user   string
		scopes []string
		want   string
	}{
		{"alice", nil, "email openid profile"},
		{"alice", []string{"inventory:write"}, ""},
		{"bob", []string{"inventory:write"}, "inventory:write"},
		{"bob", []string{"registry:write", "openid"}, "openid"},
		{"bob", []string{"no-such-scope"}, ""},
		{"operator", nil, "email openid profile registry:write"},
	} {
		grant, err := Token(t.Context(), issuer, c.user, c.scopes...)
		if err != nil {
			t.Errorf("%s: %v", c.user, err)
			continue
		}
		claims := claimsOf(t, provider, grant.AccessToken)
		if claims["sub"] != c.user || claims["scope"] != c.want || claims["client_id"] != CommandLineClient {
			t.Errorf("%s asking for %q got %v", c.user, c.scopes, claims)
		}
		if strings.Join(grant.Scopes, " ") != c.want || time.Until(grant.Expires) < 50*time.Minute {
			t.Errorf("%s: the grant says %q until %v", c.user, grant.Scopes, grant.Expires)
		}
	}
	if n := len(i.store.refresh.entries); n != 0 {
		t.Errorf("%d refresh tokens were made that nobody got", n)
	}
	if _, err := Token(t.Context(), issuer, "mallory"); err == nil || !strings.Contains(err.Error(), `has no user "mallory"`) {
		t.Errorf("an unknown user: %v", err)
	}
	if _, err := Token(t.Context(), "http://127.0.0.1:1", "bob"); err == nil || !strings.Contains(err.Error(), "is the demo running?") {
		t.Errorf("no issuer: %v", err)
	}

	b := newBrowser(t)
	resp := b.post(config.Endpoint.TokenURL, url.Values{"grant_type": {"client_credentials"}, "client_id": {"bob"}, "client_secret": {"wrong"}})
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong secret: %s", resp.Status)
	}
	resp = b.post(config.Endpoint.TokenURL, url.Values{"grant_type": {"client_credentials"}, "client_id": {"bob"}, "client_secret": {UserSecret}})
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s, Cache-Control %q", resp.Status, resp.Header.Get("Cache-Control"))
	}
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(b.page), &answer); err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequest(http.MethodPost, issuer+"/oauth/introspect", strings.NewReader(url.Values{"token": {answer.AccessToken}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("operator", UserSecret)
	b.open(r)
	var state struct {
		Active          bool
		Username, Scope string
	}
	if err := json.Unmarshal([]byte(b.page), &state); err != nil || !state.Active || state.Username != "bob" || !strings.Contains(state.Scope, "inventory:write") {
		t.Errorf("introspection says %s", b.page)
	}
	if resp := b.post(issuer+"/revoke", url.Values{"token": {answer.AccessToken}, "client_id": {PlaygroundClient}}); resp.StatusCode != 200 {
		t.Errorf("revoking somebody else's token: %s %s", resp.Status, b.page)
	}
	if len(i.store.issued.entries) == 0 {
		t.Error("another client could revoke the token")
	}
}

// Grants for which no client here has what they need are refused, not half done.
func TestOtherGrantsAreRefused(t *testing.T) {
	_, issuer := serve(t, "", nil)
	b := newBrowser(t)
	for grant, more := range map[string]url.Values{
		"password": {"username": {"bob"}, "password": {UserSecret}},
		"urn:ietf:params:oauth:grant-type:jwt-bearer":     {"assertion": {"eyJhbGciOiJSUzI1NiJ9.e30.AA"}},
		"urn:ietf:params:oauth:grant-type:device_code":    {"device_code": {"x"}, "client_id": {PlaygroundClient}},
		"urn:ietf:params:oauth:grant-type:token-exchange": {"subject_token": {"x"}, "subject_token_type": {"x"}},
		"": {},
	} {
		more.Set("grant_type", grant)
		if resp := b.post(issuer+"/oauth/token", more); resp.StatusCode < 400 || strings.Contains(b.page, "access_token\"") {
			t.Errorf("%s: %s %s", grant, resp.Status, b.page)
		}
	}
	if resp := b.post(issuer+"/device_authorization", url.Values{"client_id": {PlaygroundClient}}); resp.StatusCode < 400 {
		t.Errorf("device authorization: %s %s", resp.Status, b.page)
	}
	large := url.Values{"grant_type": {"client_credentials"}, "client_id": {"bob"}, "client_secret": {UserSecret}, "pad": {strings.Repeat("x", maxBody)}}
	if resp := b.post(issuer+"/oauth/token", large); resp.StatusCode < 400 {
		t.Errorf("a body beyond the bound: %s", resp.Status)
	}
}

func TestCodeIsGoodOnceAndForItsAsker(t *testing.T) {
	i, issuer := serve(t, "", nil)
	_, config := discover(t, issuer)
	verifier := oauth2.GenerateVerifier()
	exchange := func(code, verifier string) error {
		_, err := config.Exchange(context.Background(), code, oauth2.VerifierOption(verifier))
		return err
	}
	code := logIn(t, config, verifier, "alice")
	if exchange(code, verifier) != nil || exchange(code, verifier) == nil {
		t.Error("a code is not good exactly once")
	}
	code = logIn(t, config, verifier, "alice")
	if exchange(code, oauth2.GenerateVerifier()) == nil {
		t.Error("a code is good for who did not ask for it")
	}
	if exchange(code, verifier) == nil {
		t.Error("a code that was tried with a wrong verifier is still good")
	}
	code = logIn(t, config, verifier, "alice")
	var once sync.WaitGroup
	var mu sync.Mutex
	good := 0
	for range 8 {
		once.Go(func() {
			if exchange(code, verifier) == nil {
				mu.Lock()
				good++
				mu.Unlock()
			}
		})
	}
	once.Wait()
	if good != 1 {
		t.Errorf("a code was good %d times at once", good)
	}
	code = logIn(t, config, verifier, "alice")
	i.store.mu.Lock()
	i.store.now = func() time.Time { return time.Now().Add(codeTTL + time.Second) }
	i.store.mu.Unlock()
	if exchange(code, verifier) == nil {
		t.Error("a code is good after its time")
	}
}

func TestAuthorizationRefused(t *testing.T) {
	_, issuer := serve(t, "", nil)
	_, config := discover(t, issuer)
	verifier := oauth2.GenerateVerifier()
	pkce := oauth2.S256ChallengeOption(verifier)
	with := func(change func(*oauth2.Config)) oauth2.Config {
		c := config
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		config oauth2.Config
		more   []oauth2.AuthCodeOption
		want   string // of the error sent back, or of the page when nothing may be sent back
	}{
		"no PKCE":             {config, nil, "error=invalid_request"},
		"plain PKCE":          {config, []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("code_challenge", verifier)}, "error=invalid_request"},
		"implicit flow":       {config, []oauth2.AuthCodeOption{pkce, oauth2.SetAuthURLParam("response_type", "id_token token")}, "error=unauthorized_client"},
		"no page":             {config, []oauth2.AuthCodeOption{pkce, oauth2.SetAuthURLParam("prompt", "none")}, "error=login_required"},
		"no scope":            {with(func(c *oauth2.Config) { c.Scopes = nil }), []oauth2.AuthCodeOption{pkce}, "error=invalid_request"},
		"unknown client":      {with(func(c *oauth2.Config) { c.ClientID = "evil" }), []oauth2.AuthCodeOption{pkce}, "unable to retrieve client"},
		"a user as client":    {with(func(c *oauth2.Config) { c.ClientID = "bob" }), []oauth2.AuthCodeOption{pkce}, "unable to retrieve client"},
		"foreign redirect":    {with(func(c *oauth2.Config) { c.RedirectURL = "https://evil.example/" }), []oauth2.AuthCodeOption{pkce}, "redirect_uri is missing in the client"},
		"redirect next door":  {with(func(c *oauth2.Config) { c.RedirectURL = "http://localhost:40001/" }), []oauth2.AuthCodeOption{pkce}, "redirect_uri is missing in the client"},
		"redirect with login": {with(func(c *oauth2.Config) { c.RedirectURL = "http://localhost:4000@evil.example/" }), []oauth2.AuthCodeOption{pkce}, "redirect_uri is missing in the client"},
	} {
		b := newBrowser(t)
		resp := b.get(c.config.AuthCodeURL("s", c.more...))
		got := b.page
		if back, err := resp.Location(); err == nil {
			got = back.String()
		} else if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", name, resp.Status)
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	for _, redirect := range []string{"http://localhost:4000", "http://localhost:4000/", "http://127.0.0.1:4000/playground/callback?tab=1"} {
		b := newBrowser(t)
		c := with(func(c *oauth2.Config) { c.RedirectURL = redirect })
		if resp := b.get(c.AuthCodeURL("s", pkce)); resp.StatusCode != 200 || !strings.Contains(b.page, "Continue as alice") {
			t.Errorf("redirect to %s: %s %s", redirect, resp.Status, b.page)
		}
	}
}

func TestAccessTokenHasNoSecretsOfTheLogin(t *testing.T) {
	_, issuer := serve(t, "", nil)
	grant, err := Token(t.Context(), issuer, "bob")
	if err != nil {
		t.Fatal(err)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(grant.AccessToken, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range claims {
		names = append(names, name)
	}
	slices.Sort(names)
	const want = "[aud client_id email exp iat iss jti name nbf preferred_username roles scope sub]"
	if got := fmt.Sprint(names); got != want {
		t.Errorf("claims are %s, want %s", got, want)
	}
}
