// Package registryapi puts a registry on the network: Handler serves the GraphQL API of
// schema/registry/api.graphql over HTTP to those who may use it, and Client calls it.
//
// Who a caller is, the caller of this package decides (Options.Authenticate); what they may do, the schema
// says with @requiresScopes, and it is enforced here before anything runs.
package registryapi

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"

	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/api"
)

// Path is where the API is served by convention; Client adds it to an address without a path.
const Path = "/graphql"

// The scopes of the API.
const (
	ScopeWrite = "registry:write" // publish, remove, roll back, and check
	ScopeCheck = "registry:check" // check alone, as for pull requests
)

// Identity is a verified caller.
type Identity struct {
	Subject string
	Issuer  string
	Scopes  []string
}

// ErrNoCredentials is what Options.Authenticate answers for a request that carries no credentials at all.
var ErrNoCredentials = errors.New("registry API: no credentials")

// Refusal is an error of Options.Authenticate that knows how to answer the client, as gateway/auth's do. Any
// other error is answered as an invalid token, and its text stays in the log.
type Refusal interface {
	error
	Write(w http.ResponseWriter)
}

// Options configure a Handler. Registry is required.
type Options struct {
	Registry *registry.Registry

	// Authenticate says who sends a request: an Identity, ErrNoCredentials, or why not. Without it, nobody
	// has credentials.
	Authenticate func(*http.Request) (Identity, error)

	// AllowAnonymousRead lets requests without credentials read. Mutations always need an identity.
	AllowAnonymousRead bool

	MaxBodyBytes int64         // of a request: 16 MiB by default
	Timeout      time.Duration // of a request, composition included: 60 s by default
	Log          *slog.Logger  // slog.Default() by default
}

// Bounds of what is read, beside those of the type bounds. Documents are not cached: they are few, and may
// hold whole schemas.
const (
	maxTokens         = 5_000
	maxAnonymousBytes = 64 << 10 // who may only read has no schema to send
)

// Handler serves a registry's API: POST with a JSON body, at whatever path it is mounted.
func Handler(o Options) http.Handler {
	o.MaxBodyBytes = cmp.Or(o.MaxBodyBytes, 16<<20)
	o.Timeout = cmp.Or(o.Timeout, 60*time.Second)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Authenticate == nil {
		o.Authenticate = func(*http.Request) (Identity, error) { return Identity{}, ErrNoCredentials }
	}
	graphQL := handler.New(api.New(o.Registry))
	graphQL.AddTransport(transport{})
	graphQL.Use(extension.Introspection{})
	graphQL.Use(&bounds{})
	graphQL.SetParserTokenLimit(maxTokens)
	graphQL.AroundFields(concealed(o.Log))
	graphQL.SetErrorPresenter(presenter)
	graphQL.SetRecoverFunc(recovered(o.Log))
	return &door{options: o, graphQL: graphQL}
}

// door lets requests in: the right method, a body of a type and a size that can be read, from somebody who
// may at least read.
type door struct {
	options Options
	graphQL http.Handler
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Type", contentType(r))
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "the registry API takes POST requests")
		return
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "send a JSON body with Content-Type: application/json")
		return
	}
	identity, ok := d.identify(w, r)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), d.options.Timeout)
	defer cancel()
	r = r.WithContext(withIdentity(ctx, identity))
	limit := d.options.MaxBodyBytes
	if identity == nil {
		limit = min(limit, maxAnonymousBytes)
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	d.graphQL.ServeHTTP(w, r)
}

// identify is who sends the request, nil for somebody unknown who may read. It answers those who may not.
func (d *door) identify(w http.ResponseWriter, r *http.Request) (*Identity, bool) {
	identity, err := d.options.Authenticate(r)
	var refusal Refusal
	switch {
	case err == nil:
		return &identity, true
	case errors.Is(err, ErrNoCredentials) && d.options.AllowAnonymousRead:
		return nil, true
	case errors.Is(err, ErrNoCredentials):
		unauthenticated(w, "")
	case errors.As(err, &refusal):
		refusal.Write(w)
	default:
		d.options.Log.InfoContext(r.Context(), "registry API: a token was refused", "error", err)
		challenge(w, `error="invalid_token"`)
		refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", "the access token is not accepted; it may have expired or be meant for another service. Get a new one")
	}
	return nil, false
}

type identityKey struct{}

func withIdentity(ctx context.Context, id *Identity) context.Context {
	if id == nil {
		return ctx
	}
	ctx = context.WithValue(ctx, identityKey{}, id)
	return api.WithActor(ctx, registry.Actor{Subject: id.Subject, Issuer: id.Issuer})
}

func identityFrom(ctx context.Context) *Identity {
	id, _ := ctx.Value(identityKey{}).(*Identity)
	return id
}

func (id *Identity) has(scopes []string) bool {
	for _, s := range scopes {
		if !slices.Contains(id.Scopes, s) {
			return false
		}
	}
	return true
}

const (
	typeJSON    = "application/json"
	typeGraphQL = "application/graphql-response+json"
)

// contentType is the media type of the answer: that of GraphQL over HTTP for clients that name it, JSON for
// those that are older than it.
func contentType(r *http.Request) string {
	for _, accept := range r.Header.Values("Accept") {
		for item := range strings.SplitSeq(accept, ",") {
			if media, params, err := mime.ParseMediaType(item); err == nil && media == typeGraphQL && params["q"] != "0" {
				return typeGraphQL + "; charset=utf-8"
			}
		}
	}
	return typeJSON + "; charset=utf-8"
}
