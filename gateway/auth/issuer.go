package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Signatures with a shared secret (HS256 …) and unsigned tokens are never
// accepted: a gateway holds public keys only.
var allowedAlgorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512,
	oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA,
}

// Discovery is tried again after firstRetry, then twice as long each time up to
// lastRetry. A request that comes in between is told so at once.
const (
	firstRetry = 250 * time.Millisecond
	lastRetry  = 15 * time.Second
	// readyWait bounds how long a request waits for an attempt: an issuer that does
	// not even refuse connections must not hold the requests it is asked for.
	readyWait = 3 * time.Second
)

// issuer is one accepted OpenID provider. Until it was discovered, verifier is
// nil; the first request that needs it after a failure tries again, and all that
// come meanwhile wait for that one attempt.
type issuer struct {
	cfg        Issuer
	discoverAt string
	ctx        context.Context // of the Authenticator: carries the client, ends background work
	log        *slog.Logger
	verifier   atomic.Pointer[trusted]
	// warned is when it was last logged that the keys cannot be fetched, in Unix
	// nanoseconds: anyone can send tokens that need a fetch, so not each is logged.
	warned atomic.Int64

	mu       sync.Mutex
	attempt  chan struct{} // closed when the attempt in flight has ended; nil if none
	failures int
	retryAt  time.Time
}

// trusted is a discovered issuer: what signs its tokens.
type trusted struct {
	verifier   *oidc.IDTokenVerifier
	algorithms []string
}

func newIssuer(ctx context.Context, cfg Issuer, client *http.Client, log *slog.Logger) (*issuer, error) {
	u, err := absoluteURL(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	cfg.Audiences = sortedSet(cfg.Audiences)
	if len(cfg.Audiences) == 0 {
		return nil, errors.New("audiences must name at least one audience that tokens for this gateway carry in aud")
	}
	for _, alg := range cfg.Algorithms {
		if !slices.Contains(allowedAlgorithms, alg) {
			return nil, fmt.Errorf("algorithm %q cannot be accepted; the choice is %s", alg, strings.Join(allowedAlgorithms, ", "))
		}
	}
	if len(cfg.ScopeClaims) == 0 {
		cfg.ScopeClaims = []string{"scope", "scp"}
	}
	is := &issuer{cfg: cfg, log: log, discoverAt: cfg.URL}
	if cfg.DiscoveryURL != "" {
		if _, err := absoluteURL(cfg.DiscoveryURL); err != nil {
			return nil, fmt.Errorf("discovery URL: %w", err)
		}
		is.discoverAt = strings.TrimSuffix(strings.TrimSuffix(cfg.DiscoveryURL, "/.well-known/openid-configuration"), "/")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) && cfg.DiscoveryURL == "" && cfg.JWKSURL == "" {
		log.Warn("issuer is reached without TLS: whoever controls the network can make tokens", slog.String("issuer", cfg.URL))
	}
	paced, err := pacedClient(client, cfg.CACert)
	if err != nil {
		return nil, err
	}
	is.ctx = oidc.ClientContext(ctx, paced)
	if cfg.JWKSURL != "" {
		if _, err := absoluteURL(cfg.JWKSURL); err != nil {
			return nil, fmt.Errorf("JWKS URL: %w", err)
		}
		is.trust(cfg.JWKSURL, nil)
	}
	return is, nil
}

// absoluteURL refuses what cannot be fetched; a query or fragment is no part of an
// issuer (OpenID Connect Discovery 1.0, section 3).
func absoluteURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, err
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return nil, fmt.Errorf("%q is not an absolute http or https URL", text)
	case u.User != nil:
		return nil, errors.New("it must not carry a user name or password")
	case u.Fragment != "":
		return nil, fmt.Errorf("%q must not have a fragment", text)
	}
	return u, nil
}

func loopback(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host).IsLoopback()
}

// start begins to discover without anyone waiting.
func (is *issuer) start() {
	if is.verifier.Load() == nil {
		is.mu.Lock()
		is.tryLocked()
		is.mu.Unlock()
	}
}

// ready gives the issuer's keys and algorithms, waiting for an attempt to discover
// it as long as ctx allows. When it cannot be reached, retry says when to ask again.
func (is *issuer) ready(ctx context.Context) (t *trusted, retry time.Duration) {
	if t = is.verifier.Load(); t != nil {
		return t, 0
	}
	is.mu.Lock()
	if is.attempt == nil {
		if wait := time.Until(is.retryAt); wait > 0 {
			is.mu.Unlock()
			// An attempt may have succeeded between the load and the lock.
			return is.verifier.Load(), wait
		}
		is.tryLocked()
	}
	attempt := is.attempt
	is.mu.Unlock()
	timer := time.NewTimer(readyWait)
	defer timer.Stop()
	select {
	case <-attempt:
	case <-ctx.Done():
	case <-timer.C:
	}
	return is.verifier.Load(), firstRetry
}

// tryLocked starts an attempt that no request's end cuts short.
func (is *issuer) tryLocked() {
	done := make(chan struct{})
	is.attempt = done
	go func() {
		err := is.discover()
		is.mu.Lock()
		defer is.mu.Unlock()
		// Last, so that who waited finds everything settled.
		defer close(done)
		is.attempt = nil
		if err == nil {
			is.failures = 0
			return
		}
		wait := min(firstRetry<<min(is.failures, 10), lastRetry)
		is.failures++
		is.retryAt = time.Now().Add(wait)
		if is.ctx.Err() != nil {
			return // the gateway goes, and took the attempt with it: that tells nothing of the issuer
		}
		is.log.Warn("issuer cannot be reached: requests with its tokens are answered 503 until it can",
			slog.String("issuer", is.cfg.URL), slog.String("error", shorten(err.Error(), 300)), slog.Duration("retryAfter", wait))
	}()
}

// discover reads the provider's metadata and decides which keys to trust.
func (is *issuer) discover() error {
	ctx := is.ctx
	if is.discoverAt != is.cfg.URL {
		// go-oidc compares the discovered identifier with the address it was found
		// under. Here they differ on purpose: it is compared below instead.
		ctx = oidc.InsecureIssuerURLContext(ctx, is.cfg.URL)
	}
	provider, err := oidc.NewProvider(ctx, is.discoverAt)
	if err != nil {
		return err
	}
	var doc struct {
		Issuer     string   `json:"issuer"`
		JWKS       string   `json:"jwks_uri"`
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := provider.Claims(&doc); err != nil {
		return err
	}
	if doc.Issuer != is.cfg.URL {
		return fmt.Errorf("the document at %s is of the issuer %q, not of %q", is.discoverAt, shorten(doc.Issuer, 200), is.cfg.URL)
	}
	if doc.JWKS == "" {
		return errors.New("the discovery document names no jwks_uri")
	}
	jwks := moved(doc.JWKS, is.cfg.URL, is.discoverAt)
	if _, err := absoluteURL(jwks); err != nil {
		return fmt.Errorf("jwks_uri: %w", err)
	}
	is.trust(jwks, doc.Algorithms)
	return nil
}

// trust sets the verifier; from here on tokens of the issuer can be judged.
func (is *issuer) trust(jwks string, discovered []string) {
	algorithms := is.cfg.Algorithms
	if len(algorithms) == 0 {
		for _, alg := range discovered {
			if slices.Contains(allowedAlgorithms, alg) {
				algorithms = append(algorithms, alg)
			}
		}
	}
	if len(algorithms) == 0 {
		algorithms = []string{oidc.RS256}
	}
	keys := observedKeys{oidc.NewRemoteKeySet(is.ctx, jwks)}
	is.verifier.Store(&trusted{
		algorithms: algorithms,
		verifier: oidc.NewVerifier(is.cfg.URL, keys, &oidc.Config{
			SupportedSigningAlgs: algorithms,
			// Several audiences are accepted, and the clock has a leeway: both are
			// checked after the signature, in verify.go.
			SkipClientIDCheck: true,
			SkipExpiryCheck:   true,
		}),
	})
}

// moved gives the address under which a URL of the issuer is reached, when the
// issuer is reached under another one than its own.
func moved(target, issuer, reached string) string {
	if issuer == reached {
		return target
	}
	issuer = strings.TrimSuffix(issuer, "/")
	if rest, below := strings.CutPrefix(target, issuer+"/"); below {
		return reached + "/" + rest
	}
	return target
}

// shorten keeps foreign text from filling a log or an answer.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
