package http

import (
	"fmt"
	"strings"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// checkHeader refuses a header that would break the request apart, or that this package writes itself.
func checkHeader(h fetch.Header) error {
	if h.Name == "" {
		return fmt.Errorf("a header has no name")
	}
	for i := range len(h.Name) {
		if c := h.Name[i]; !isToken(c) {
			return fmt.Errorf("%q is not the name of a header", h.Name)
		}
	}
	for i := range len(h.Value) {
		if c := h.Value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return fmt.Errorf("header %s: the value has characters that headers cannot have", h.Name)
		}
	}
	for _, own := range [...]string{"Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Host",
		"Accept-Encoding", "TE", "Trailer", "Upgrade", "Expect"} {
		if strings.EqualFold(h.Name, own) {
			return fmt.Errorf("header %s is set by the gateway and cannot be given", own)
		}
	}
	return nil
}

// isToken says whether a byte may stand in a header's name (RFC 9110, section 5.6.2).
func isToken(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
