package auth

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// ForwardOptions say what subgraphs are told. The zero value tells them nothing.
type ForwardOptions struct {
	// All holds for every subgraph.
	All ForwardRules
	// Subgraphs holds, for the subgraph named, in addition.
	Subgraphs map[string]ForwardRules
}

// ForwardRules is what a subgraph is told about a request.
type ForwardRules struct {
	// Authorization sends the client's credentials on as they came. Only for
	// subgraphs that may act as the caller everywhere the token is good for. With
	// ModeOff the header is sent on without having been verified.
	Authorization bool
	// Claims sends claims of the verified identity as headers.
	Claims []ClaimHeader
	// Headers names headers of the client's request that are sent on; all others
	// are not.
	Headers []string
}

// ClaimHeader sends a claim as a header, such as sub as X-User-Id. An anonymous
// caller, or one without the claim, has the header left out; what the client sent
// under its name never arrives.
//
// The value is the claim's text, percent-encoded where a header cannot carry it:
// bytes of its UTF-8 outside of printable ASCII, the percent sign, and a space at
// either end. Percent-decoding it always gives the claim back. The elements of a
// list are joined by commas, with commas inside of them encoded too; numbers and
// booleans are written as in JSON, objects as JSON. The claim "scope" means the
// granted scopes, sorted and separated by spaces, whatever claim they came in.
type ClaimHeader struct {
	// Header to send.
	Header string
	// Claim to send: a name, or a path with dots (see Identity.Claim).
	Claim string
}

// Header is one header of a request to a subgraph. Its name is in canonical form;
// its value needs no further escaping.
type Header struct {
	Name, Value string
}

// Forwarder holds the forwarding rules of all subgraphs. It is immutable.
type Forwarder struct {
	all       *SubgraphForwarder
	subgraphs map[string]*SubgraphForwarder
}

// SubgraphForwarder makes the headers for one subgraph. It is immutable.
type SubgraphForwarder struct {
	authorization bool
	claims        []ClaimHeader // sorted by header
	headers       []string      // canonical, sorted
}

// NewForwarder checks the rules and prepares them per subgraph.
func NewForwarder(o ForwardOptions) (*Forwarder, error) {
	names := make([]string, 0, len(o.Subgraphs))
	for name := range o.Subgraphs {
		names = append(names, name)
	}
	slices.Sort(names)

	// A header that carries identity anywhere must not be a client's anywhere: a
	// subgraph could not tell which of the two it got.
	identity := make(map[string]string)
	note := func(where string, rules ForwardRules) {
		for _, c := range rules.Claims {
			identity[folded(c.Header)] = where
		}
	}
	note("all subgraphs", o.All)
	for _, name := range names {
		note("subgraph "+strconv.Quote(name), o.Subgraphs[name])
	}

	f := &Forwarder{subgraphs: make(map[string]*SubgraphForwarder, len(names))}
	var err error
	if f.all, err = newSubgraphForwarder(o.All, identity); err != nil {
		return nil, fmt.Errorf("auth: forwarding to all subgraphs: %w", err)
	}
	for _, name := range names {
		own := o.Subgraphs[name]
		rules := ForwardRules{
			Authorization: o.All.Authorization || own.Authorization,
			Claims:        slices.Concat(o.All.Claims, own.Claims),
			Headers:       slices.Concat(o.All.Headers, own.Headers),
		}
		if f.subgraphs[name], err = newSubgraphForwarder(rules, identity); err != nil {
			return nil, fmt.Errorf("auth: forwarding to subgraph %q: %w", name, err)
		}
	}
	return f, nil
}

// For gives the rules of a subgraph, those for all subgraphs if it has none of its
// own.
func (f *Forwarder) For(subgraph string) *SubgraphForwarder {
	if s, ok := f.subgraphs[subgraph]; ok {
		return s
	}
	return f.all
}

func newSubgraphForwarder(rules ForwardRules, identity map[string]string) (*SubgraphForwarder, error) {
	s := &SubgraphForwarder{authorization: rules.Authorization}
	for _, c := range rules.Claims {
		if err := checkHeaderName(c.Header); err != nil {
			return nil, err
		}
		if c.Claim == "" {
			return nil, fmt.Errorf("header %q names no claim", c.Header)
		}
		c.Header = http.CanonicalHeaderKey(c.Header)
		if i := slices.IndexFunc(s.claims, func(o ClaimHeader) bool { return folded(o.Header) == folded(c.Header) }); i >= 0 {
			if s.claims[i] == c {
				continue
			}
			return nil, fmt.Errorf("header %q is to carry both claim %q and claim %q", c.Header, s.claims[i].Claim, c.Claim)
		}
		s.claims = append(s.claims, c)
	}
	slices.SortFunc(s.claims, func(a, b ClaimHeader) int { return strings.Compare(a.Header, b.Header) })
	for _, name := range rules.Headers {
		if err := checkHeaderName(name); err != nil {
			return nil, err
		}
		if where, carries := identity[folded(name)]; carries {
			return nil, fmt.Errorf("header %q carries a claim to %s, so it cannot be passed through from clients", name, where)
		}
		s.headers = append(s.headers, http.CanonicalHeaderKey(name))
	}
	slices.Sort(s.headers)
	s.headers = slices.Compact(s.headers)
	return s, nil
}

// Forward gives the headers for a request to the subgraph, in an order that
// depends on the rules alone: Authorization, claims by header name, passed headers
// by name and then as they came.
func (s *SubgraphForwarder) Forward(id *Identity, in http.Header) []Header {
	return s.Append(nil, id, in)
}

// Append does the same into a slice that is reused.
func (s *SubgraphForwarder) Append(dst []Header, id *Identity, in http.Header) []Header {
	if s.authorization {
		switch {
		case id != nil && id.authorization != "":
			dst = append(dst, Header{"Authorization", id.authorization})
		case id == nil:
			dst = appendPassed(dst, "Authorization", in)
		}
	}
	if id != nil {
		for _, c := range s.claims {
			if value, ok := id.headerValue(c.Claim); ok {
				dst = append(dst, Header{c.Header, value})
			}
		}
	}
	for _, name := range s.headers {
		dst = appendPassed(dst, name, in)
	}
	return dst
}

// AppendKey writes all that a request to this subgraph depends on besides its
// body: who asks, and everything forwarded. It is equal for two requests exactly
// when a subgraph may be asked once for both.
func (s *SubgraphForwarder) AppendKey(dst []byte, id *Identity, in http.Header) []byte {
	dst = strconv.AppendQuote(dst, id.Key())
	var buffer [8]Header
	for _, h := range s.Append(buffer[:0], id, in) {
		dst = append(dst, h.Name...)
		dst = append(dst, ':')
		dst = strconv.AppendQuote(dst, h.Value)
	}
	return dst
}

func appendPassed(dst []Header, name string, in http.Header) []Header {
	for _, value := range in[name] {
		if validHeaderValue(value) {
			dst = append(dst, Header{name, value})
		}
	}
	return dst
}
