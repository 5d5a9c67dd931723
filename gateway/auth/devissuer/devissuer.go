// Package devissuer is an OpenID provider for development: real discovery, keys,
// authorization code flow with PKCE, refresh tokens and signed access tokens, and
// no passwords. It exists so that login in the demo and in tests is what it is in
// production but for who may log in: everybody, as anybody.
//
// For that reason it serves loopback only. New refuses an issuer URL that other
// machines could reach, and the handler refuses requests from other machines and
// for other host names (which a web page could point at 127.0.0.1), unless Options
// allow it.
//
// Protocol and signing are those of zitadel/oidc; this package is its storage, in
// memory and bounded, and its login page. Only the signing key outlives a restart,
// if Options name a file for it: access tokens then stay valid, logins do not.
package devissuer

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rs/cors"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// Defaults of Options.
const (
	DefaultAudience        = "weft"
	DefaultAccessTokenTTL  = time.Hour
	DefaultRefreshTokenTTL = 24 * time.Hour
	// PlaygroundClient is the id of the public client that the Playground logs in as.
	PlaygroundClient = "weft-playground"
	// CommandLineClient is the client id in tokens that were got without a browser.
	CommandLineClient = "weft-cli"
	// UserSecret is what every user has as client secret for the client credentials
	// grant. It is public: it protects nothing, the grant only requires one.
	UserSecret = "development"
)

// maxBody bounds the body of a request; the largest honest one is a token request.
const maxBody = 64 << 10

// Options configure an Issuer.
type Options struct {
	// Issuer is the URL the handler is served under, such as
	// "http://127.0.0.1:4011". It may have a path.
	Issuer string
	// Audience of the access tokens; DefaultAudience if empty.
	Audience string
	// Users who may log in; DefaultUsers() if nil.
	Users []User
	// Clients that may ask for a login; DefaultClients() if nil.
	Clients []Client
	// SigningKey signs the tokens. If nil, the key in KeyFile does.
	SigningKey *rsa.PrivateKey
	// KeyFile holds the signing key (PKCS #8 in PEM); it is made if it is not there.
	// If empty too, a key is made that lives as long as the Issuer.
	KeyFile string
	// AccessTokenTTL and RefreshTokenTTL are how long tokens live; the defaults if
	// zero.
	AccessTokenTTL, RefreshTokenTTL time.Duration
	// AllowNonLoopback lifts the restriction to this machine. Whoever can reach the
	// issuer is then every user.
	AllowNonLoopback bool
}

// Issuer is the provider, an http.Handler for everything below its URL. It is
// safe for concurrent use.
type Issuer struct {
	url      *url.URL
	options  Options
	provider *op.Provider
	store    *storage
	handler  http.Handler
}

// New makes an Issuer.
func New(o Options) (*Issuer, error) {
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("devissuer: the issuer %q is not an absolute http or https URL", o.Issuer)
	}
	if !o.AllowNonLoopback && !loopbackHost(u.Hostname()) {
		return nil, fmt.Errorf("devissuer: the issuer %q is not on this machine; everybody who can reach it can log in as anybody, so it must be allowed explicitly", o.Issuer)
	}
	if o.Audience == "" {
		o.Audience = DefaultAudience
	}
	if o.AccessTokenTTL <= 0 {
		o.AccessTokenTTL = DefaultAccessTokenTTL
	}
	if o.RefreshTokenTTL <= 0 {
		o.RefreshTokenTTL = DefaultRefreshTokenTTL
	}
	if o.Users == nil {
		o.Users = DefaultUsers()
	}
	if o.Clients == nil {
		o.Clients = DefaultClients()
	}
	if err := checkUsers(o.Users, o.Clients); err != nil {
		return nil, fmt.Errorf("devissuer: %w", err)
	}
	key, err := signingKey(o)
	if err != nil {
		return nil, fmt.Errorf("devissuer: %w", err)
	}

	i := &Issuer{url: u, options: o}
	if i.store, err = newStorage(o, key); err != nil {
		return nil, fmt.Errorf("devissuer: %w", err)
	}
	config := &op.Config{
		CodeMethodS256: true, AuthMethodPost: true, GrantTypeRefreshToken: true,
		SupportedScopes:          i.store.scopes,
		DefaultLogoutRedirectURI: i.endpoint("/logged-out"),
		SupportedClaims:          []string{"sub", "iss", "aud", "exp", "iat", "scope", "name", "preferred_username", "email", "email_verified", "roles"},
	}
	// Codes are encrypted with this key; they need not outlive the process.
	if _, err := rand.Read(config.CryptoKey[:]); err != nil {
		return nil, fmt.Errorf("devissuer: %w", err)
	}
	origins := i.store.origins()
	i.provider, err = op.NewProvider(config, i.store, op.StaticIssuer(o.Issuer), op.WithAllowInsecure(),
		op.WithCORSOptions(&cors.Options{
			// A function, since an empty list of origins would mean every origin.
			AllowOriginFunc: func(origin string) bool { return slices.Contains(origins, origin) },
			AllowedMethods:  []string{http.MethodGet, http.MethodPost},
			AllowedHeaders:  []string{"Authorization", "Content-Type"},
			MaxAge:          600,
		}))
	if err != nil {
		return nil, fmt.Errorf("devissuer: the issuer %q: %w", o.Issuer, err)
	}
	i.handler = i.routes()
	return i, nil
}

// endpoint is the address of a path of this issuer.
func (i *Issuer) endpoint(path string) string {
	return strings.TrimSuffix(i.options.Issuer, "/") + path
}

func (i *Issuer) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", i.showLogin)
	// A page of another site must not log anybody in, even here.
	mux.Handle("POST /login", http.NewCrossOriginProtection().Handler(http.HandlerFunc(i.login)))
	mux.HandleFunc("GET /logged-out", i.showLoggedOut)
	mux.HandleFunc("GET /style.css", i.style)
	mux.Handle("/oauth/", noStore(i.provider))
	mux.Handle("/", i.provider)
	if prefix := strings.TrimSuffix(i.url.Path, "/"); prefix != "" {
		return http.StripPrefix(prefix, mux)
	}
	return mux
}

// noStore marks answers that hold tokens (RFC 6749, section 5.1).
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// ServeHTTP implements http.Handler.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := i.admit(r); err != nil {
		http.Error(w, "devissuer: "+err.Error(), http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	i.handler.ServeHTTP(w, r)
}

// admit refuses who is not on this machine. The host name is looked at as well:
// a name that somebody else's DNS resolves to 127.0.0.1 would make their web page
// same-origin with this issuer.
func (i *Issuer) admit(r *http.Request) error {
	if i.options.AllowNonLoopback {
		return nil
	}
	remote, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !net.ParseIP(remote).IsLoopback() {
		return errors.New("the development issuer serves this machine only")
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if !loopbackHost(strings.Trim(host, "[]")) {
		return fmt.Errorf("the development issuer is not %q", host)
	}
	return nil
}

func loopbackHost(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host).IsLoopback()
}
