package auth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Identity is a verified caller. It is immutable, and shared by all requests that
// carry the same token: none of its slices and maps may be written to.
type Identity struct {
	// Issuer and Subject together name the caller.
	Issuer, Subject string
	// Scopes granted, sorted and without duplicates.
	Scopes []string
	// Roles from Issuer.RolesClaim, sorted and without duplicates.
	Roles []string
	// Token as it was sent, for forwarding. It is a secret: never log it.
	Token string
	// Expires is the token's exp. What lives longer than a request, such as a
	// subscription, has to end then.
	Expires time.Time

	claims        map[string]any
	key           string
	scopeList     string // Scopes, separated by spaces
	authorization string // "Bearer " and Token
}

// IdentityFields are the parts of an Identity that did not come from a token
// verified here.
type IdentityFields struct {
	Issuer, Subject string
	Scopes, Roles   []string
	Token           string
	Expires         time.Time
	Claims          map[string]any
}

// NewIdentity makes an Identity for a caller who was verified elsewhere, as by a
// program that embeds the gateway with authentication of its own. The claims must
// encode as JSON; they are copied.
func NewIdentity(f IdentityFields) (*Identity, error) {
	raw, err := json.Marshal(f.Claims)
	if err != nil {
		return nil, fmt.Errorf("auth: the claims of %q do not encode as JSON: %w", f.Subject, err)
	}
	claims, err := decodeClaims(raw)
	if err != nil {
		return nil, fmt.Errorf("auth: the claims of %q: %w", f.Subject, err)
	}
	f.Claims = claims
	return newIdentity(f), nil
}

// newIdentity takes over the fields; the claims are as decodeClaims gives them.
func newIdentity(f IdentityFields) *Identity {
	id := &Identity{
		Issuer: f.Issuer, Subject: f.Subject, Token: f.Token, Expires: f.Expires,
		Scopes: sortedSet(f.Scopes), Roles: sortedSet(f.Roles), claims: f.Claims,
	}
	id.scopeList = strings.Join(id.Scopes, " ")
	if id.Token != "" {
		id.authorization = "Bearer " + id.Token
	}
	id.key = identityKey(id)
	return id
}

// HasScope tells whether the scope was granted. An anonymous caller has none.
func (id *Identity) HasScope(scope string) bool {
	return id != nil && slices.Contains(id.Scopes, scope)
}

// HasRole tells whether the caller has the role. An anonymous caller has none.
func (id *Identity) HasRole(role string) bool {
	return id != nil && slices.Contains(id.Roles, role)
}

// Claims are all claims of the token, numbers as json.Number. Read only.
func (id *Identity) Claims() map[string]any {
	if id == nil {
		return nil
	}
	return id.claims
}

// Claim finds a claim by its name, or by a path with dots through objects. The
// whole text is tried as a name first, since names such as
// "https://example.com/roles" have dots of their own.
func (id *Identity) Claim(path string) (any, bool) {
	if id == nil {
		return nil, false
	}
	return claimAt(id.claims, path)
}

// Key is equal for two identities exactly when they are the same caller with the
// same rights and the same claims: issuer, subject, scopes, roles and every claim
// that describes the caller rather than the one token (see volatileClaims). It
// belongs into every key under which something is cached, deduplicated or batched.
// An anonymous caller's key is empty. It holds personal data: it is for memory, not
// for logs.
//
// What a subgraph is sent can depend on more than this, on the token itself or on
// the client's headers: keys of calls to subgraphs are made with
// SubgraphForwarder.AppendKey.
func (id *Identity) Key() string {
	if id == nil {
		return ""
	}
	return id.key
}

// volatileClaims differ between two tokens of one login without saying anything
// about the caller; with them in the key, nothing would be shared after a refresh.
var volatileClaims = []string{"exp", "iat", "nbf", "jti", "auth_time", "nonce", "at_hash", "c_hash"}

// unshared numbers the keys that must be equal to no other.
var unshared atomic.Uint64

// identityKey writes the parts one after the other, each quoted, so that no two
// different lists of parts give the same text.
func identityKey(id *Identity) string {
	b := make([]byte, 0, 256)
	b = strconv.AppendQuote(b, id.Issuer)
	b = strconv.AppendQuote(b, id.Subject)
	for _, list := range [][]string{id.Scopes, id.Roles} {
		b = append(b, '[')
		for _, s := range list {
			b = strconv.AppendQuote(b, s)
		}
		b = append(b, ']')
	}
	stable := make(map[string]any, len(id.claims))
	for name, value := range id.claims {
		if !slices.Contains(volatileClaims, name) {
			stable[name] = value
		}
	}
	// Maps encode in the order of their keys. What was decoded from JSON encodes.
	raw, err := json.Marshal(stable)
	if err != nil {
		// A key that is equal to no other shares nothing, and so is always safe.
		return string(strconv.AppendUint(append(b, '#'), unshared.Add(1), 10))
	}
	return string(append(b, raw...))
}

// sortedSet is a sorted copy without duplicates and empty strings.
func sortedSet(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	out := slices.Clone(list)
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > 0 && out[0] == "" {
		out = out[1:]
	}
	return out
}

// decodeClaims keeps numbers as they are written: an id of 17 digits must not
// come out as a rounded float.
func decodeClaims(raw []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var claims map[string]any
	if err := d.Decode(&claims); err != nil {
		return nil, err
	}
	return claims, nil
}

func claimAt(claims map[string]any, path string) (any, bool) {
	if v, ok := claims[path]; ok {
		return v, true
	}
	for {
		head, rest, more := strings.Cut(path, ".")
		v, ok := claims[head]
		if !ok || !more {
			return v, ok
		}
		if claims, ok = v.(map[string]any); !ok {
			return nil, false
		}
		path = rest
	}
}
