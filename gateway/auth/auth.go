// Package auth says who is calling and what they may see.
//
// It has three parts that know nothing of HTTP routing, plans or
// configuration files:
//
//   - [Authenticator] turns a bearer token into a verified [Identity], or into
//     an [Error] that is ready to be sent. Issuers are found by OpenID Connect
//     discovery; an issuer that is down delays nothing but its own tokens.
//   - [Requirement] decides @authenticated, @requiresScopes and @policy for an
//     Identity.
//   - [Forwarder] decides what of an Identity and of the client's request a
//     subgraph is told.
//
// Ownership: an Authenticator owns its token cache and its issuers' state and is
// safe for concurrent use. An Identity is shared between requests that carry the
// same token and is never changed after it was made. A nil *Identity is a caller
// who did not log in, everywhere in this package.
package auth

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Mode says what is asked of a request before it is looked at.
type Mode string

// The modes.
const (
	// ModeOff looks at no token; every caller is anonymous.
	ModeOff Mode = "off"
	// ModeOptional lets requests without a token in as anonymous. A token that
	// is there must be valid: a client that believes it is logged in must hear
	// that it is not.
	ModeOptional Mode = "optional"
	// ModeRequired refuses requests without a valid token.
	ModeRequired Mode = "required"
)

// Defaults of Options and the bounds of what is read from a client.
const (
	DefaultRealm     = "weft"
	DefaultLeeway    = 30 * time.Second
	DefaultCacheTTL  = 5 * time.Minute
	DefaultCacheSize = 4096
	// MaxTokenBytes bounds a token before anything of it is decoded.
	MaxTokenBytes = 16 << 10
)

// Options configure an Authenticator.
type Options struct {
	// Mode has no default: whether a graph is open is a decision to write down.
	Mode Mode
	// Issuers whose tokens are accepted; at least one unless Mode is ModeOff.
	Issuers []Issuer
	// Realm names the protected space in WWW-Authenticate; DefaultRealm if empty.
	Realm string
	// Leeway is the clock difference tolerated on exp and nbf; DefaultLeeway if
	// zero, none if negative.
	Leeway time.Duration
	// CacheSize bounds the number of verified tokens remembered; DefaultCacheSize
	// if zero, no cache if negative.
	CacheSize int
	// CacheTTL bounds how long a verified token is trusted without looking at its
	// signature again; DefaultCacheTTL if zero. A token's own expiry is always kept.
	CacheTTL time.Duration
	// HTTPClient reaches the issuers; a client with a timeout of its own if nil.
	HTTPClient *http.Client
	// Logger receives what an operator must know: issuers that cannot be reached.
	// Tokens are never logged. slog.Default() if nil.
	Logger *slog.Logger
}

// Issuer is an OpenID provider whose access tokens are accepted.
type Issuer struct {
	// URL is the issuer identifier, exactly as tokens carry it in iss.
	URL string
	// Audiences that are accepted: one of them must be in the token's aud. Never
	// empty, since a token made for another service must not open this one.
	Audiences []string
	// DiscoveryURL is where the issuer is reached when that is another address
	// than URL, as inside a container network. The identifier in the discovered
	// document must still be URL. A jwks_uri below URL is moved to this address too.
	DiscoveryURL string
	// JWKSURL skips discovery and fetches the keys from here.
	JWKSURL string
	// Algorithms allowed for signatures, of RS256 … PS512 and EdDSA; what
	// discovery names, or RS256, if empty.
	Algorithms []string
	// CACert is PEM with the certificate authorities to trust for this issuer.
	CACert []byte
	// ScopeClaims are looked at in order, the first that is there counts; a string
	// separated by spaces or a list. "scope", then "scp" if empty.
	ScopeClaims []string
	// RolesClaim fills Identity.Roles: a claim name, or a path with dots such as
	// "realm_access.roles". No roles if empty.
	RolesClaim string
}

// Authenticator verifies bearer tokens. Make one with New.
type Authenticator struct {
	mode    Mode
	realm   string
	leeway  time.Duration
	ttl     time.Duration
	issuers []*issuer
	cache   *tokenCache
	log     *slog.Logger
	now     func() time.Time
}

// New checks the options and starts to discover the issuers in the background. It
// does not wait for them: an issuer that is down at start is tried again when a
// token of its arrives. ctx bounds this background work, so it lives as long as
// the Authenticator.
func New(ctx context.Context, o Options) (*Authenticator, error) {
	switch o.Mode {
	case ModeOff, ModeOptional, ModeRequired:
	default:
		return nil, fmt.Errorf("auth: mode %q is unknown; it is one of %q, %q and %q", o.Mode, ModeOff, ModeOptional, ModeRequired)
	}
	a := &Authenticator{mode: o.Mode, realm: o.Realm, leeway: o.Leeway, ttl: o.CacheTTL, log: o.Logger, now: time.Now}
	if a.realm == "" {
		a.realm = DefaultRealm
	}
	if strings.ContainsFunc(a.realm, func(r rune) bool { return r < 0x20 || r > 0x7e || r == '"' || r == '\\' }) {
		return nil, fmt.Errorf("auth: realm %q must be printable ASCII without quotes", o.Realm)
	}
	switch {
	case a.leeway == 0:
		a.leeway = DefaultLeeway
	case a.leeway < 0:
		a.leeway = 0
	}
	if a.ttl <= 0 {
		a.ttl = DefaultCacheTTL
	}
	if a.log == nil {
		a.log = slog.Default()
	}
	size := o.CacheSize
	if size == 0 {
		size = DefaultCacheSize
	}
	a.cache = newTokenCache(size)
	if o.Mode == ModeOff {
		return a, nil
	}
	if len(o.Issuers) == 0 {
		return nil, fmt.Errorf("auth: mode %q needs at least one issuer", o.Mode)
	}
	seen := make(map[string]bool, len(o.Issuers))
	for _, cfg := range o.Issuers {
		if seen[cfg.URL] {
			return nil, fmt.Errorf("auth: issuer %q is listed twice", cfg.URL)
		}
		seen[cfg.URL] = true
		is, err := newIssuer(ctx, cfg, o.HTTPClient, a.log)
		if err != nil {
			return nil, fmt.Errorf("auth: issuer %q: %w", cfg.URL, err)
		}
		a.issuers = append(a.issuers, is)
	}
	for _, is := range a.issuers {
		is.start()
	}
	return a, nil
}

// Mode tells what the Authenticator asks of a request.
func (a *Authenticator) Mode() Mode { return a.mode }

// Authenticate tells who sent the request, from its Authorization header. The
// Identity is nil for an anonymous caller; the Error is nil when the request may
// go on.
func (a *Authenticator) Authenticate(ctx context.Context, r *http.Request) (*Identity, *Error) {
	if a.mode == ModeOff {
		return nil, nil
	}
	values := r.Header["Authorization"]
	switch len(values) {
	case 0:
		return a.anonymous()
	case 1:
	default:
		return nil, a.refuse(ReasonMalformed, "The request has several Authorization headers; send one.")
	}
	token, ok := cutBearer(values[0])
	if !ok {
		return nil, a.refuse(ReasonMalformed, `The Authorization header must be "Bearer" followed by a token.`)
	}
	return a.authenticate(ctx, token)
}

// AuthenticateToken does the same for a token that came another way, such as in
// the payload of a WebSocket's connection_init message. "Bearer " in front of it
// is allowed; an empty string is no token.
func (a *Authenticator) AuthenticateToken(ctx context.Context, token string) (*Identity, *Error) {
	if a.mode == ModeOff {
		return nil, nil
	}
	if t, ok := cutBearer(token); ok {
		token = t
	}
	if token == "" {
		return a.anonymous()
	}
	return a.authenticate(ctx, token)
}

func (a *Authenticator) anonymous() (*Identity, *Error) {
	if a.mode == ModeRequired {
		return nil, a.refuse(ReasonMissing, "This graph needs a login: send a bearer token in the Authorization header.")
	}
	return nil, nil
}

func (a *Authenticator) authenticate(ctx context.Context, token string) (*Identity, *Error) {
	now := a.now()
	if id := a.cache.get(token, now.UnixNano()); id != nil {
		return id, nil
	}
	id, err := a.verify(ctx, token, now)
	if err != nil {
		a.log.LogAttrs(ctx, slog.LevelDebug, "token refused", slog.String("reason", string(err.Reason)), slog.String("message", err.Message))
		return nil, err
	}
	until := now.Add(a.ttl)
	if expiry := id.Expires.Add(a.leeway); expiry.Before(until) {
		until = expiry
	}
	a.cache.put(id.Token, id, until.UnixNano())
	return id, nil
}

// cutBearer takes the token out of credentials of the Bearer scheme (RFC 6750,
// section 2.1). The scheme's name has no case (RFC 9110, section 11.1).
func cutBearer(value string) (string, bool) {
	const scheme = "Bearer "
	if len(value) < len(scheme) || !strings.EqualFold(value[:len(scheme)], scheme) {
		return "", false
	}
	token := strings.Trim(value[len(scheme):], " ")
	return token, token != ""
}
