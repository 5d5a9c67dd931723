// Package identity tells the demo services who is calling.
//
// The gateway has verified the caller's token before it forwards a request, and tells the result
// in two headers. The services believe them: they must be reachable by the gateway alone.
// A request without the headers is anonymous.
package identity

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// The headers in which the gateway forwards claims of a verified token.
const (
	// SubjectHeader carries the claim "sub".
	SubjectHeader = "X-User-Id"
	// ScopesHeader carries the granted scopes, separated by spaces.
	ScopesHeader = "X-User-Scopes"
)

// Identity is who calls. The zero value is an anonymous caller.
type Identity struct {
	Subject string
	Scopes  []string
}

// Anonymous reports whether nobody is logged in.
func (i Identity) Anonymous() bool { return i.Subject == "" }

// Has reports whether the caller was granted the scope.
func (i Identity) Has(scope string) bool { return slices.Contains(i.Scopes, scope) }

type contextKey struct{}

// From returns the identity that ctx carries, an anonymous one where it carries none.
func From(ctx context.Context) Identity {
	id, _ := ctx.Value(contextKey{}).(Identity)
	return id
}

// With returns a context that carries the identity.
func With(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, contextKey{}, id)
}

// Middleware puts the identity that the request's headers tell into the request's context.
// Scopes without a subject count for nothing.
func Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		subject := strings.TrimSpace(r.Header.Get(SubjectHeader))
		if subject == "" {
			next.ServeHTTP(w, r)
			return
		}
		id := Identity{Subject: subject, Scopes: strings.Fields(r.Header.Get(ScopesHeader))}
		next.ServeHTTP(w, r.WithContext(With(r.Context(), id)))
	})
}
