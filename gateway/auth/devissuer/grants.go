package devissuer

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// login is an authorization request, from the redirect to the login page until
// its code is exchanged. It implements op.AuthRequest.
type login struct {
	id, client, redirectURI, state, nonce, hint string
	responseType                                oidc.ResponseType
	responseMode                                oidc.ResponseMode
	challenge                                   oidc.CodeChallenge
	scopes                                      []string // asked for; granted, once done

	done     bool
	user     string
	audience []string
	authTime time.Time
}

func (l *login) GetID() string                         { return l.id }
func (l *login) GetACR() string                        { return "" }
func (l *login) GetAMR() []string                      { return nil }
func (l *login) GetAudience() []string                 { return l.audience }
func (l *login) GetAuthTime() time.Time                { return l.authTime }
func (l *login) GetClientID() string                   { return l.client }
func (l *login) GetCodeChallenge() *oidc.CodeChallenge { return &l.challenge }
func (l *login) GetNonce() string                      { return l.nonce }
func (l *login) GetRedirectURI() string                { return l.redirectURI }
func (l *login) GetResponseType() oidc.ResponseType    { return l.responseType }
func (l *login) GetResponseMode() oidc.ResponseMode    { return l.responseMode }
func (l *login) GetScopes() []string                   { return l.scopes }
func (l *login) GetState() string                      { return l.state }
func (l *login) GetSubject() string                    { return l.user }
func (l *login) Done() bool                            { return l.done }

// commandLineGrant is a user's request without a browser. It implements
// op.TokenRequest and no more: nothing but an access token comes of it.
type commandLineGrant struct {
	user     string
	audience []string
	scopes   []string
}

func (g *commandLineGrant) GetAudience() []string { return g.audience }
func (g *commandLineGrant) GetClientID() string   { return CommandLineClient }
func (g *commandLineGrant) GetScopes() []string   { return g.scopes }
func (g *commandLineGrant) GetSubject() string    { return g.user }

// refreshGrant is what a refresh token stands for. It implements
// op.RefreshTokenRequest.
type refreshGrant struct {
	user, client string
	audience     []string
	scopes       []string
	granted      []string // of the login; scopes may be fewer for one token
	authTime     time.Time
}

func (g *refreshGrant) GetAMR() []string            { return nil }
func (g *refreshGrant) GetAudience() []string       { return g.audience }
func (g *refreshGrant) GetAuthTime() time.Time      { return g.authTime }
func (g *refreshGrant) GetClientID() string         { return g.client }
func (g *refreshGrant) GetScopes() []string         { return g.scopes }
func (g *refreshGrant) GetSubject() string          { return g.user }
func (g *refreshGrant) SetCurrentScopes(s []string) { g.scopes = s }

// issuedToken is what is remembered of an access token, for the endpoints that
// are asked about one.
type issuedToken struct {
	user, client string
	scopes       []string
	expires      time.Time
}

// CreateAccessToken names a new access token; the provider signs it.
func (s *storage) CreateAccessToken(_ context.Context, r op.TokenRequest) (string, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, expires := s.issueLocked(r)
	return id, expires, nil
}

func (s *storage) issueLocked(r op.TokenRequest) (string, time.Time) {
	id, now := rand.Text(), s.now()
	token := issuedToken{user: r.GetSubject(), scopes: slices.Clone(r.GetScopes()), expires: now.Add(s.ttl)}
	if c, ok := r.(interface{ GetClientID() string }); ok {
		token.client = c.GetClientID()
	}
	s.issued.add(id, token, now)
	return id, token.expires
}

// CreateAccessAndRefreshTokens does that and gives a refresh token. One that is
// used is replaced, so that a stolen one works at most until its owner's next use.
func (s *storage) CreateAccessAndRefreshTokens(_ context.Context, r op.TokenRequest, current string) (string, string, time.Time, error) {
	g := refreshGrant{user: r.GetSubject(), audience: r.GetAudience(), scopes: slices.Clone(r.GetScopes()), authTime: s.now()}
	g.granted = g.scopes
	switch r := r.(type) {
	case *login:
		g.client, g.authTime = r.client, r.authTime
	case *refreshGrant:
		g.client, g.authTime, g.granted = r.client, r.authTime, r.granted
		// Fewer scopes for one access token do not shrink the grant (RFC 6749,
		// section 6).
		g.scopes = r.granted
	default:
		return "", "", time.Time{}, oidc.ErrInvalidRequest().WithDescription("refresh tokens come from logins only")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if current != "" {
		if _, ok := s.refresh.get(current, s.now()); !ok {
			return "", "", time.Time{}, oidc.ErrInvalidGrant().WithDescription("the refresh token was used meanwhile")
		}
		s.refresh.remove(current)
	}
	token := rand.Text() + rand.Text()
	s.refresh.add(token, g, s.now())
	id, expires := s.issueLocked(r)
	return id, token, expires, nil
}

// TokenRequestByRefreshToken gives what a refresh token stands for.
func (s *storage) TokenRequestByRefreshToken(_ context.Context, token string) (op.RefreshTokenRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.refresh.get(token, s.now())
	if !ok {
		return nil, op.ErrInvalidRefreshToken
	}
	return &g, nil
}

// TerminateSession ends what a user's logins at a client left behind.
func (s *storage) TerminateSession(_ context.Context, user, client string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refresh.removeAll(func(g refreshGrant) bool { return g.user == user && g.client == client })
	return nil
}

// RevokeToken ends a refresh token, or forgets an access token: the endpoints here
// then say it is not active. Who verifies it by its signature cannot know.
func (s *storage) RevokeToken(_ context.Context, token, _, client string) *oidc.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g, ok := s.refresh.get(token, s.now()); ok && g.client == client {
		s.refresh.remove(token)
	}
	if t, ok := s.issued.get(token, s.now()); ok && t.client == client {
		s.issued.remove(token)
	}
	// A token that is unknown is revoked already (RFC 7009, section 2.2).
	return nil
}

// GetRefreshTokenInfo tells whose a refresh token is.
func (s *storage) GetRefreshTokenInfo(_ context.Context, _, token string) (string, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.refresh.get(token, s.now())
	if !ok {
		return "", "", op.ErrInvalidRefreshToken
	}
	return g.user, token, nil
}

// GetPrivateClaimsFromRequest are the claims of the access token that the gateway
// reads: who it is, and what was granted.
func (s *storage) GetPrivateClaimsFromRequest(_ context.Context, r op.TokenRequest, _ []string) (map[string]any, error) {
	u, ok := s.user(r.GetSubject())
	if !ok {
		return nil, errNoUser
	}
	return map[string]any{
		"scope": strings.Join(r.GetScopes(), " "), "roles": u.Roles,
		"name": u.Name, "preferred_username": u.ID, "email": u.Email,
	}, nil
}

// GetPrivateClaimsFromScopes is not asked, since there is the method above.
func (s *storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

// SetUserinfoFromScopes fills the ID token.
func (s *storage) SetUserinfoFromScopes(_ context.Context, info *oidc.UserInfo, user, _ string, scopes []string) error {
	return s.describe(info, user, scopes)
}

// SetUserinfoFromToken answers the userinfo endpoint.
func (s *storage) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, tokenID, subject, _ string) error {
	t, err := s.token(tokenID)
	if err != nil {
		return err
	}
	return s.describe(info, subject, t.scopes)
}

// SetIntrospectionFromToken answers the introspection endpoint.
func (s *storage) SetIntrospectionFromToken(_ context.Context, out *oidc.IntrospectionResponse, tokenID, subject, _ string) error {
	t, err := s.token(tokenID)
	if err != nil {
		return err
	}
	var info oidc.UserInfo
	if err := s.describe(&info, subject, t.scopes); err != nil {
		return err
	}
	out.SetUserInfo(&info)
	out.Username, out.Scope, out.ClientID, out.Audience = subject, t.scopes, t.client, s.audience
	out.Issuer, out.TokenType, out.JWTID, out.Expiration = s.issuer, oidc.BearerToken, tokenID, oidc.FromTime(t.expires)
	return nil
}

var errNoToken = errors.New("the token is not known here: it was revoked, or issued before a restart")

func (s *storage) token(id string) (issuedToken, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.issued.get(id, s.now())
	if !ok {
		return issuedToken{}, errNoToken
	}
	return t, nil
}

func (s *storage) describe(info *oidc.UserInfo, id string, scopes []string) error {
	u, ok := s.user(id)
	if !ok {
		return errNoUser
	}
	info.Subject = u.ID
	if slices.Contains(scopes, oidc.ScopeProfile) {
		info.Name, info.PreferredUsername = u.Name, u.ID
	}
	if slices.Contains(scopes, oidc.ScopeEmail) && u.Email != "" {
		info.Email, info.EmailVerified = u.Email, true
	}
	return nil
}
