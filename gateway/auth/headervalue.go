package auth

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// ownHeaders are set by the gateway itself or belong to one connection (RFC 9110,
// section 7.6.1); passing them on would break the request to the subgraph.
var ownHeaders = []string{
	"Accept", "Accept-Encoding", "Connection", "Content-Encoding", "Content-Length", "Content-Type",
	"Expect", "Host", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection",
	"Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

func checkHeaderName(name string) error {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !tokenRune(r) }) {
		return fmt.Errorf("%q is not the name of a header", name)
	}
	canonical := http.CanonicalHeaderKey(name)
	if canonical == "Authorization" {
		return fmt.Errorf("header %q is forwarded by the authorization setting only", name)
	}
	if slices.Contains(ownHeaders, canonical) {
		return fmt.Errorf("header %q is set by the gateway and cannot be forwarded", name)
	}
	return nil
}

// tokenRune is a character of a token (RFC 9110, section 5.6.2).
func tokenRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// folded makes names equal that servers behind CGI-like interfaces cannot tell
// apart: there, X-User-Id and x_user_id are one variable.
func folded(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), "_", "-")
}

// validHeaderValue refuses what could end a header line.
func validHeaderValue(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < 0x20 && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// headerValue is a claim as a header carries it (see ClaimHeader).
func (id *Identity) headerValue(claim string) (string, bool) {
	switch claim {
	case "sub":
		return encodeValue(id.Subject, ""), id.Subject != ""
	case "iss":
		return encodeValue(id.Issuer, ""), id.Issuer != ""
	case "scope":
		return encodeValue(id.scopeList, ""), id.scopeList != ""
	}
	v, ok := claimAt(id.claims, claim)
	if !ok || v == nil {
		return "", false
	}
	list, isList := v.([]any)
	if !isList {
		text, ok := claimText(v)
		return encodeValue(text, ""), ok
	}
	parts := make([]string, 0, len(list))
	for _, e := range list {
		if text, ok := claimText(e); ok {
			parts = append(parts, encodeValue(text, ","))
		}
	}
	return strings.Join(parts, ","), len(parts) > 0
}

func claimText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	default:
		raw, err := json.Marshal(v)
		return string(raw), err == nil
	}
}

// encodeValue percent-encodes what a header cannot carry, the percent sign, and
// the characters in also. A value without any is returned as it is.
func encodeValue(text, also string) string {
	plain := true
	for i := range len(text) {
		if encoded(text, i, also) {
			plain = false
			break
		}
	}
	if plain {
		return text
	}
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(text)+16)
	for i := range len(text) {
		if c := text[i]; encoded(text, i, also) {
			b = append(b, '%', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return string(b)
}

func encoded(text string, i int, also string) bool {
	c := text[i]
	if c == ' ' {
		// Spaces at the ends of a value are not part of it (RFC 9110, section 5.5).
		return i == 0 || i == len(text)-1
	}
	return c < 0x20 || c > 0x7e || c == '%' || strings.IndexByte(also, c) >= 0
}
