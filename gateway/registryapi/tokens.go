package registryapi

import (
	"net/http"

	"github.com/weft-gateway/weft/gateway/auth"
)

// BearerTokens authenticates callers as the graph does, for Options.Authenticate: by the access tokens of the
// authenticator's issuers. With authentication off nobody has credentials, so that nobody may publish.
func BearerTokens(a *auth.Authenticator) func(*http.Request) (Identity, error) {
	return func(r *http.Request) (Identity, error) {
		id, refusal := a.Authenticate(r.Context(), r)
		switch {
		case refusal != nil:
			return Identity{}, refusal
		case id == nil:
			return Identity{}, ErrNoCredentials
		}
		return Identity{Subject: id.Subject, Issuer: id.Issuer, Scopes: id.Scopes}, nil
	}
}
