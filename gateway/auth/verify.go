package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strings"
	"time"
)

// verify judges a token that is not in the cache. go-oidc checks form, signature
// and issuer; what it knows for ID tokens only (audiences, the clock) is checked
// here, since an access token names a resource, not a client (RFC 9068, section 4).
func (a *Authenticator) verify(ctx context.Context, token string, now time.Time) (*Identity, *Error) {
	if len(token) > MaxTokenBytes {
		return nil, a.refuse(ReasonMalformed, fmt.Sprintf("The token is larger than %d bytes.", MaxTokenBytes))
	}
	alg, iss, ok := peek(token)
	if !ok {
		return nil, a.refuse(ReasonMalformed, "The token is not a signed JSON Web Token in compact form.")
	}
	i := slices.IndexFunc(a.issuers, func(is *issuer) bool { return is.cfg.URL == iss })
	if i < 0 {
		return nil, a.refuse(ReasonIssuer, fmt.Sprintf("The token's issuer %q is not one that this gateway accepts.", shorten(iss, 200)))
	}
	is := a.issuers[i]
	trust, retry := is.ready(ctx)
	if trust == nil {
		return nil, a.unavailable(retry)
	}
	if !slices.Contains(trust.algorithms, alg) {
		return nil, a.refuse(ReasonAlgorithm, "The token is not signed with an algorithm that is accepted of its issuer: "+strings.Join(trust.algorithms, ", ")+".")
	}
	var outcome signatureOutcome
	verified, err := trust.verifier.Verify(context.WithValue(ctx, outcomeKey{}, &outcome), token)
	if err != nil {
		return nil, a.refuseSignature(ctx, is, outcome, err)
	}
	var raw json.RawMessage
	if err := verified.Claims(&raw); err != nil {
		return nil, a.refuse(ReasonMalformed, "The token's claims are not a JSON object.")
	}
	claims, err := decodeClaims(raw)
	if err != nil {
		return nil, a.refuse(ReasonMalformed, "The token's claims are not a JSON object.")
	}
	expires, refusal := a.validity(claims, now)
	if refusal != nil {
		return nil, refusal
	}
	if !slices.ContainsFunc(verified.Audience, func(aud string) bool { return slices.Contains(is.cfg.Audiences, aud) }) {
		return nil, a.refuse(ReasonAudience, fmt.Sprintf("The token is for the audience %s; this gateway accepts %s.",
			quoted(verified.Audience), quoted(is.cfg.Audiences)))
	}
	if verified.Subject == "" {
		return nil, a.refuse(ReasonMalformed, "The token has no sub claim, so it names nobody.")
	}
	id := IdentityFields{
		Issuer: is.cfg.URL, Subject: verified.Subject, Expires: expires, Claims: claims,
		// The header's memory belongs to the server.
		Token: strings.Clone(token),
	}
	for _, name := range is.cfg.ScopeClaims {
		if v, ok := claimAt(claims, name); ok {
			id.Scopes = words(v)
			break
		}
	}
	if is.cfg.RolesClaim != "" {
		if v, ok := claimAt(claims, is.cfg.RolesClaim); ok {
			id.Roles = words(v)
		}
	}
	return newIdentity(id), nil
}

// refuseSignature tells a bad signature from an issuer whose keys cannot be had.
func (a *Authenticator) refuseSignature(ctx context.Context, is *issuer, outcome signatureOutcome, err error) *Error {
	switch {
	case outcome.unreachable:
		if now, last := time.Now().UnixNano(), is.warned.Load(); ctx.Err() == nil && now-last > int64(lastRetry) && is.warned.CompareAndSwap(last, now) {
			a.log.LogAttrs(ctx, slog.LevelWarn, "keys of the issuer cannot be fetched: tokens signed with unknown keys are answered 503",
				slog.String("issuer", is.cfg.URL), slog.String("error", shorten(err.Error(), 300)))
		}
		return a.unavailable(fetchInterval)
	case outcome.failed:
		return a.refuse(ReasonSignature, "The token's signature was not made with a key of its issuer.")
	default:
		return a.refuse(ReasonMalformed, "The token is not a valid JSON Web Token.")
	}
}

// validity checks exp, which a token must have, and nbf (RFC 7519, section 4.1),
// with the leeway.
func (a *Authenticator) validity(claims map[string]any, now time.Time) (time.Time, *Error) {
	expires, ok := numericDate(claims["exp"])
	if !ok {
		return time.Time{}, a.refuse(ReasonMalformed, "The token has no valid exp claim, so it would never end.")
	}
	if !now.Before(expires.Add(a.leeway)) {
		return time.Time{}, a.refuse(ReasonExpired, fmt.Sprintf("The token expired at %s; log in again.", expires.UTC().Format(time.RFC3339)))
	}
	if v, there := claims["nbf"]; there {
		from, ok := numericDate(v)
		if !ok {
			return time.Time{}, a.refuse(ReasonMalformed, "The token's nbf claim is not a date in seconds.")
		}
		if now.Add(a.leeway).Before(from) {
			return time.Time{}, a.refuse(ReasonNotYetValid, fmt.Sprintf("The token is valid from %s on; compare the clocks of the issuer and of the gateway.", from.UTC().Format(time.RFC3339)))
		}
	}
	return expires, nil
}

// numericDate reads seconds since 1970, bounded to what time.Time formats.
func numericDate(v any) (time.Time, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return time.Time{}, false
	}
	seconds, err := n.Float64()
	if err != nil {
		return time.Time{}, false
	}
	const lastOf9999 = 253402300799
	return time.Unix(int64(math.Min(math.Max(seconds, 0), lastOf9999)), 0), true
}

// peek reads the algorithm and the issuer that a compact JWS claims to have, to
// choose whose keys to hold it against. Nothing of it is trusted.
func peek(token string) (alg, iss string, ok bool) {
	header, rest, ok1 := strings.Cut(token, ".")
	payload, signature, ok2 := strings.Cut(rest, ".")
	if !ok1 || !ok2 || header == "" || payload == "" || strings.Contains(signature, ".") {
		return "", "", false
	}
	var h struct {
		Algorithm string `json:"alg"`
	}
	var p struct {
		Issuer string `json:"iss"`
	}
	if !decodePart(header, &h) || !decodePart(payload, &p) {
		return "", "", false
	}
	return h.Algorithm, p.Issuer, true
}

func decodePart(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}

// words reads a claim that lists names: a string separated by spaces (RFC 8693,
// section 4.2) or a list of strings.
func words(v any) []string {
	switch v := v.(type) {
	case string:
		return strings.Fields(v)
	case []any:
		out := make([]string, 0, len(v))
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	default:
		return nil
	}
}

// quoted lists names for a message.
func quoted(names []string) string {
	if len(names) == 0 {
		return "of nobody"
	}
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = fmt.Sprintf("%q", shorten(n, 100))
	}
	return strings.Join(q, " or ")
}
