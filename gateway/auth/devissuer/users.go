package devissuer

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// User is somebody who can log in.
type User struct {
	// ID is the name to log in with and the sub of the tokens.
	ID string
	// Name and Description are for people; Email is a claim.
	Name, Description, Email string
	// Roles are a claim of the access token.
	Roles []string
	// Scopes the user may have besides those that everybody may: openid, profile,
	// email and offline_access. What a client asks for beyond them is left out of the
	// token.
	Scopes []string
}

// Client is an application that may ask a user to log in: a public one, which
// proves with PKCE that it is the one that asked.
type Client struct {
	ID, Name string
	// Origins such as "http://localhost:4000": a login and a logout may lead to any
	// page of them, and their scripts may ask for tokens.
	Origins []string
}

// DefaultUsers are the people of the demo.
func DefaultUsers() []User {
	return []User{
		{ID: "alice", Name: "Alice", Description: "A customer. Sees her own orders and places new ones.", Email: "alice@example.com", Roles: []string{"customer"}},
		{ID: "bob", Name: "Bob", Description: "A warehouse clerk. May also change what is in stock.", Email: "bob@example.com", Roles: []string{"clerk"}, Scopes: []string{"inventory:write"}},
		{ID: "operator", Name: "Operator", Description: "Runs the graph. May register and remove subgraphs.", Email: "operator@example.com", Roles: []string{"operator"}, Scopes: []string{"registry:write"}},
	}
}

// DefaultClients is the Playground where the demo serves it.
func DefaultClients() []Client {
	return []Client{{ID: PlaygroundClient, Name: "The Weft Playground", Origins: []string{"http://localhost:4000", "http://127.0.0.1:4000"}}}
}

// commonScopes are open to every user.
var commonScopes = []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail, oidc.ScopeOfflineAccess}

func checkUsers(users []User, clients []Client) error {
	if len(users) == 0 {
		return errors.New("there are no users, so nobody could log in")
	}
	ids := make(map[string]bool)
	for _, c := range clients {
		if c.ID == "" || ids[c.ID] {
			return fmt.Errorf("client id %q is empty or there twice", c.ID)
		}
		ids[c.ID] = true
		for _, origin := range c.Origins {
			if u, err := url.Parse(origin); err != nil || u.Host == "" || origin != u.Scheme+"://"+u.Host {
				return fmt.Errorf("client %q: %q is not an origin such as http://localhost:4000", c.ID, origin)
			}
		}
	}
	for _, u := range users {
		// A user is a client of the client credentials grant, under the same id.
		if u.ID == "" || ids[u.ID] || strings.ContainsAny(u.ID, ": ") {
			return fmt.Errorf("user id %q is empty, there twice, a client's, or has a colon or space", u.ID)
		}
		ids[u.ID] = true
		for _, scope := range u.Scopes {
			if scope == "" || strings.ContainsAny(scope, " \"\\") {
				return fmt.Errorf("user %q: %q is not a scope", u.ID, scope)
			}
		}
	}
	return nil
}

// grant is what a user gets of the scopes asked for, sorted.
func (u *User) grant(asked []string) []string {
	var granted []string
	for _, scope := range asked {
		if slices.Contains(commonScopes, scope) || slices.Contains(u.Scopes, scope) {
			granted = append(granted, scope)
		}
	}
	slices.Sort(granted)
	return slices.Compact(granted)
}

// all is what a user gets when no scope is asked for (RFC 6749, section 3.3).
func (u *User) all() []string {
	return u.grant(slices.Concat(commonScopes, u.Scopes))
}

// application is a Client, or a user as a client of the client credentials grant,
// as the provider sees it.
type application struct {
	Client
	loginURL string
	grants   []oidc.GrantType
	method   oidc.AuthMethod
	known    []string // scopes that exist
	lifetime time.Duration
}

var _ op.HasRedirectGlobs = (*application)(nil)

// The methods of op.Client.

func (a *application) GetID() string { return a.ID }

func (a *application) RedirectURIs() []string {
	uris := slices.Clone(a.Origins)
	for _, origin := range a.Origins {
		uris = append(uris, origin+"/")
	}
	return uris
}

func (a *application) PostLogoutRedirectURIs() []string { return a.RedirectURIs() }

func (a *application) RedirectURIGlobs() []string { return globs(a.Origins, "/**") }

// The globs for logouts are matched by package path, where a star ends at a slash.
func (a *application) PostLogoutRedirectURIGlobs() []string {
	return slices.Concat(globs(a.Origins, "/*"), globs(a.Origins, "/*/*"))
}

func (a *application) ApplicationType() op.ApplicationType { return op.ApplicationTypeUserAgent }
func (a *application) AuthMethod() oidc.AuthMethod         { return a.method }
func (a *application) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (a *application) GrantTypes() []oidc.GrantType { return a.grants }
func (a *application) LoginURL(id string) string {
	return a.loginURL + "?request=" + url.QueryEscape(id)
}
func (a *application) AccessTokenType() op.AccessTokenType                      { return op.AccessTokenTypeJWT }
func (a *application) IDTokenLifetime() time.Duration                           { return a.lifetime }
func (a *application) DevMode() bool                                            { return true }
func (a *application) IsScopeAllowed(scope string) bool                         { return slices.Contains(a.known, scope) }
func (a *application) IDTokenUserinfoClaimsAssertion() bool                     { return true }
func (a *application) ClockSkew() time.Duration                                 { return 0 }
func (a *application) RestrictAdditionalIdTokenScopes() func([]string) []string { return allScopes }
func (a *application) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return allScopes
}

func allScopes(scopes []string) []string { return scopes }

// globs appends a pattern to origins, in which nothing else is a pattern.
func globs(origins []string, pattern string) []string {
	out := make([]string, len(origins))
	for i, origin := range origins {
		out[i] = strings.NewReplacer("[", `\[`, "]", `\]`, "*", `\*`, "?", `\?`, "{", `\{`, "}", `\}`).Replace(origin) + pattern
	}
	return out
}
