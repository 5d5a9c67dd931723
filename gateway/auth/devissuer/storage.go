package devissuer

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// How long a login may take, how long its code is good for, and how many logins,
// refresh tokens and access tokens are kept in memory at most.
const (
	loginTTL = 10 * time.Minute
	codeTTL  = time.Minute
	maxKept  = 10_000
)

// storage is what the provider remembers. It owns its maps; all that it gives out
// is a copy, so that a request never sees another one's changes.
type storage struct {
	issuer   string
	audience []string
	users    []User
	clients  []*application
	scopes   []string // that exist, sorted
	key      privateKey
	ttl      time.Duration
	now      func() time.Time

	mu      sync.Mutex
	logins  *expiring[login]        // by request id
	codes   *expiring[string]       // code → request id
	refresh *expiring[refreshGrant] // by refresh token
	issued  *expiring[issuedToken]  // by jti of the access token
}

var (
	_ op.Storage                        = (*storage)(nil)
	_ op.ClientCredentialsStorage       = (*storage)(nil)
	_ op.CanGetPrivateClaimsFromRequest = (*storage)(nil)
)

func newStorage(o Options, key *rsa.PrivateKey) (*storage, error) {
	id, err := keyID(key)
	if err != nil {
		return nil, err
	}
	s := &storage{
		issuer: o.Issuer, audience: []string{o.Audience}, users: slices.Clone(o.Users), key: privateKey{id, key},
		ttl: o.AccessTokenTTL, now: time.Now, scopes: slices.Clone(commonScopes),
		logins: newExpiring[login](loginTTL, maxKept), codes: newExpiring[string](codeTTL, maxKept),
		refresh: newExpiring[refreshGrant](o.RefreshTokenTTL, maxKept), issued: newExpiring[issuedToken](o.AccessTokenTTL, maxKept),
	}
	for _, u := range s.users {
		s.scopes = append(s.scopes, u.Scopes...)
	}
	slices.Sort(s.scopes)
	s.scopes = slices.Compact(s.scopes)
	loginURL := (&Issuer{options: o}).endpoint("/login")
	for _, c := range o.Clients {
		s.clients = append(s.clients, &application{
			Client: c, loginURL: loginURL, known: s.scopes, lifetime: o.AccessTokenTTL,
			grants: []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken}, method: oidc.AuthMethodNone,
		})
	}
	return s, nil
}

// origins lists the origins of all clients, sorted.
func (s *storage) origins() []string {
	var all []string
	for _, c := range s.clients {
		all = append(all, c.Origins...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (s *storage) user(id string) (*User, bool) {
	i := slices.IndexFunc(s.users, func(u User) bool { return u.ID == id })
	if i < 0 {
		return nil, false
	}
	return &s.users[i], true
}

var (
	errNoLogin  = errors.New("this login is over, or took longer than ten minutes; start it again")
	errNoCode   = errors.New("the code is unknown, was used before, or is too old")
	errNoUser   = errors.New("there is no such user")
	errNoClient = errors.New("there is no such client")
)

// CreateAuthRequest begins a login.
func (s *storage) CreateAuthRequest(_ context.Context, r *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if slices.Contains(r.Prompt, oidc.PromptNone) {
		// Nobody stays logged in here, so there is always something to ask.
		return nil, oidc.ErrLoginRequired()
	}
	if r.CodeChallenge == "" || r.CodeChallengeMethod != oidc.CodeChallengeMethodS256 {
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE with the method S256 is required: send code_challenge and code_challenge_method=S256")
	}
	l := login{
		id: rand.Text(), client: r.ClientID, redirectURI: r.RedirectURI, state: r.State, nonce: r.Nonce,
		responseType: r.ResponseType, responseMode: r.ResponseMode, hint: r.LoginHint, scopes: slices.Clone(r.Scopes),
		challenge: oidc.CodeChallenge{Challenge: r.CodeChallenge, Method: r.CodeChallengeMethod},
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins.add(l.id, l, s.now())
	return &l, nil
}

// AuthRequestByID gives a login that has begun.
func (s *storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	l, err := s.login(id)
	if err != nil {
		return nil, err
	}
	return l, nil
}

func (s *storage) login(id string) (*login, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.logins.get(id, s.now())
	if !ok {
		return nil, errNoLogin
	}
	return &l, nil
}

// complete ends the login page's part: the user is chosen, and the scopes are cut
// to what this user may have.
func (s *storage) complete(id, userID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.logins.get(id, s.now())
	if !ok || l.done {
		return errNoLogin
	}
	u, ok := s.user(userID)
	if !ok {
		return errNoUser
	}
	l.done, l.user, l.authTime = true, u.ID, s.now()
	l.audience, l.scopes = s.audience, u.grant(l.scopes)
	s.logins.replace(id, l)
	return nil
}

// SaveAuthCode keeps the code under which the client will ask for tokens.
func (s *storage) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes.add(code, id, s.now())
	return nil
}

// AuthRequestByCode gives the login of a code, once: a code that was shown is
// spent, whether its use succeeds or not (RFC 6749, section 4.1.2).
func (s *storage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	id, ok := s.codes.get(code, now)
	if !ok {
		return nil, errNoCode
	}
	s.codes.remove(code)
	l, ok := s.logins.get(id, now)
	if !ok || !l.done {
		return nil, errNoCode
	}
	s.logins.remove(id)
	return &l, nil
}

// DeleteAuthRequest forgets a login.
func (s *storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins.remove(id)
	return nil
}

// GetClientByClientID finds a client that may ask for logins.
func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	i := slices.IndexFunc(s.clients, func(c *application) bool { return c.ID == id })
	if i < 0 {
		return nil, errNoClient
	}
	return s.clients[i], nil
}

// AuthorizeClientIDSecret checks a user as a client; other clients have no secret.
func (s *storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if _, ok := s.user(id); !ok || secret != UserSecret {
		return errNoClient
	}
	return nil
}

// ClientCredentials gives the client that a user is without a browser.
func (s *storage) ClientCredentials(ctx context.Context, id, secret string) (op.Client, error) {
	if err := s.AuthorizeClientIDSecret(ctx, id, secret); err != nil {
		return nil, err
	}
	return &application{
		Client: Client{ID: CommandLineClient}, known: s.scopes, lifetime: s.ttl,
		grants: []oidc.GrantType{oidc.GrantTypeClientCredentials}, method: oidc.AuthMethodBasic,
	}, nil
}

// ClientCredentialsTokenRequest grants a user's own scopes to them.
func (s *storage) ClientCredentialsTokenRequest(_ context.Context, id string, scopes []string) (op.TokenRequest, error) {
	u, ok := s.user(id)
	if !ok {
		return nil, errNoUser
	}
	granted := u.grant(scopes)
	if len(scopes) == 0 {
		granted = u.all()
	}
	// There is no refresh token without a login to renew.
	granted = slices.DeleteFunc(granted, func(scope string) bool { return scope == oidc.ScopeOfflineAccess })
	return &commandLineGrant{user: u.ID, audience: s.audience, scopes: granted}, nil
}

// SigningKey signs all tokens.
func (s *storage) SigningKey(context.Context) (op.SigningKey, error) { return s.key, nil }

// SignatureAlgorithms lists its algorithm.
func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

// KeySet is the public part.
func (s *storage) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{publicKey{s.key}}, nil
}

// GetKeyByIDAndClientID finds no key: no client signs anything here.
func (s *storage) GetKeyByIDAndClientID(_ context.Context, keyID, clientID string) (*jose.JSONWebKey, error) {
	return nil, fmt.Errorf("client %q has no key %q", clientID, keyID)
}

// ValidateJWTProfileScopes refuses the grant that needs such keys.
func (s *storage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, oidc.ErrUnsupportedGrantType()
}

// Health is always good: there is nothing that could be away.
func (s *storage) Health(context.Context) error { return nil }
