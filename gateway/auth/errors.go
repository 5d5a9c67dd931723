package auth

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"
)

// The values of extensions.code.
const (
	// CodeUnauthenticated marks a request refused for its token or lack of one.
	CodeUnauthenticated = "UNAUTHENTICATED"
	// CodeUnavailable marks a request whose token cannot be judged at the moment,
	// because its issuer cannot be reached.
	CodeUnavailable = "AUTH_UNAVAILABLE"
	// CodeUnauthorizedField marks a field that the caller may not see. It is the
	// code that clients of Apollo Router already know.
	CodeUnauthorizedField = "UNAUTHORIZED_FIELD_OR_TYPE"
)

// Reason tells refusals with one code apart; it is sent as extensions.reason.
type Reason string

// The reasons.
const (
	ReasonMissing     Reason = "TOKEN_MISSING"
	ReasonMalformed   Reason = "TOKEN_MALFORMED"
	ReasonIssuer      Reason = "ISSUER_UNKNOWN"
	ReasonAlgorithm   Reason = "ALGORITHM_NOT_ALLOWED"
	ReasonSignature   Reason = "SIGNATURE_INVALID"
	ReasonExpired     Reason = "TOKEN_EXPIRED"
	ReasonNotYetValid Reason = "TOKEN_NOT_YET_VALID"
	ReasonAudience    Reason = "AUDIENCE_NOT_ACCEPTED"
	ReasonUnreachable Reason = "ISSUER_UNREACHABLE"
)

// description is the text for error_description, which allows fewer characters
// than a message does (RFC 6750, section 3) and so carries nothing of the token.
func (r Reason) description() string {
	switch r {
	case ReasonMalformed:
		return "The token is malformed"
	case ReasonIssuer:
		return "The issuer of the token is not accepted"
	case ReasonAlgorithm:
		return "The signature algorithm of the token is not accepted"
	case ReasonSignature:
		return "The signature of the token is not valid"
	case ReasonExpired:
		return "The token has expired"
	case ReasonNotYetValid:
		return "The token is not valid yet"
	case ReasonAudience:
		return "The token is for another audience"
	default:
		return "The token is not valid"
	}
}

// Error is a refusal of a whole request, with all that its answer needs.
type Error struct {
	// Status of the HTTP answer: 401, or 503 when the issuer cannot be reached.
	Status int
	// Code is sent as extensions.code, Reason as extensions.reason.
	Code   string
	Reason Reason
	// Message is for the person who sent the request. It holds nothing of a token
	// whose signature was not verified, but for the name of its issuer.
	Message string
	// RetryAfter is when to try again, for a 503; zero otherwise.
	RetryAfter time.Duration

	realm string
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// WWWAuthenticate is the value of the header that a 401 must have (RFC 9110,
// section 11.6.1), empty for other answers. A request without a token gets the
// bare challenge, without an error (RFC 6750, section 3.1).
func (e *Error) WWWAuthenticate() string {
	if e.Status != http.StatusUnauthorized {
		return ""
	}
	challenge := `Bearer realm="` + e.realm + `"`
	if e.Reason == ReasonMissing {
		return challenge
	}
	return challenge + `, error="invalid_token", error_description="` + e.Reason.description() + `"`
}

// Body is the answer as a GraphQL response without data.
func (e *Error) Body() []byte {
	type extensions struct {
		Code   string `json:"code"`
		Reason Reason `json:"reason"`
	}
	type graphQLError struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	body, err := json.Marshal(struct {
		Errors []graphQLError `json:"errors"`
	}{[]graphQLError{{e.Message, extensions{e.Code, e.Reason}}}})
	if err != nil {
		// Strings always encode; the answer stays well formed should that change.
		return []byte(`{"errors":[{"message":"The request was refused."}]}`)
	}
	return body
}

// Write sends the refusal. Content-Type follows what the client accepts and is
// for the caller to set before.
func (e *Error) Write(w http.ResponseWriter) {
	h := w.Header()
	if challenge := e.WWWAuthenticate(); challenge != "" {
		h.Set("WWW-Authenticate", challenge)
	}
	if e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/graphql-response+json; charset=utf-8")
	}
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(e.Status)
	// The client may be gone; there is nobody else to tell.
	_, _ = w.Write(e.Body())
}

func (a *Authenticator) refuse(reason Reason, message string) *Error {
	return &Error{Status: http.StatusUnauthorized, Code: CodeUnauthenticated, Reason: reason, Message: message, realm: a.realm}
}

func (a *Authenticator) unavailable(retry time.Duration) *Error {
	return &Error{
		Status: http.StatusServiceUnavailable, Code: CodeUnavailable, Reason: ReasonUnreachable,
		Message:    "The token cannot be checked because its issuer cannot be reached; try again shortly.",
		RetryAfter: max(retry, time.Second), realm: a.realm,
	}
}
