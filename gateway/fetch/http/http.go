// Package http sends requests to subgraphs over HTTP.
//
// There are two clients behind one constructor. Plain HTTP/1.1, which is what most subgraphs speak inside a network, goes
// over connections kept by fasthttp's HostClient, with requests written from bytes that were prepared once. HTTPS and
// HTTP/2 go through net/http, which negotiates them. Both keep the same promises: a request has a deadline, an answer has
// a largest size, a mutation is never sent twice, and what is no JSON is an error that says what it was.
package http

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"strings"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// Protocol is the version of HTTP that a subgraph is asked in.
type Protocol string

// The protocols.
const (
	Auto  Protocol = ""      // HTTP/1.1 for http, what TLS negotiates for https
	HTTP1 Protocol = "http1" // HTTP/1.1
	HTTP2 Protocol = "http2" // HTTP/2, over TLS or (h2c) without
)

// Options say how a subgraph is reached.
type Options struct {
	// Subgraph is its name, for errors.
	Subgraph string
	// URL is its endpoint: http or https.
	URL string
	// Socket is the path of a Unix socket to connect to instead of the URL's host.
	Socket string
	// Protocol is Auto by default.
	Protocol Protocol
	// TLS configures https; nil for the system's certificate authorities.
	TLS *tls.Config
	// Headers are sent with every request.
	Headers []fetch.Header
	// Timeout bounds each request, 30 seconds by default; ConnectTimeout bounds connecting, 5 seconds by default.
	Timeout, ConnectTimeout time.Duration
	// MaxResponse is the largest answer in bytes, 64 MiB by default.
	MaxResponse int
	// MaxConnections bounds the connections, 1024 by default; further requests wait for one. MaxIdle is how long an unused
	// connection is kept, 30 seconds by default.
	MaxConnections int
	MaxIdle        time.Duration
	// MaxAge is how long a connection of HTTP/1.1 is used, 10 minutes by default: a host's new addresses get their share.
	MaxAge time.Duration
}

// Client is a Fetcher over HTTP.
type Client interface {
	fetch.Fetcher
	// Close closes connections that are not in use.
	Close()
}

// New returns a client for one subgraph.
func New(o Options) (Client, error) {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("subgraph %q: the URL cannot be read: %w", o.Subgraph, err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("subgraph %q: the URL %q is not one with http:// or https:// and a host", o.Subgraph, u.Redacted())
	case u.User != nil:
		return nil, fmt.Errorf("subgraph %q: the URL holds a user; give credentials as a header instead", o.Subgraph)
	}
	for _, h := range o.Headers {
		if err := checkHeader(h); err != nil {
			return nil, fmt.Errorf("subgraph %q: %w", o.Subgraph, err)
		}
	}
	o.setDefaults()
	switch {
	case o.Protocol == HTTP1, o.Protocol == Auto && u.Scheme == "http":
		return newHTTP1(o, u), nil
	case o.Protocol == HTTP2, o.Protocol == Auto:
		return newStandard(o, u), nil
	}
	return nil, fmt.Errorf("subgraph %q: protocol %q is not known; there are http1 and http2", o.Subgraph, o.Protocol)
}

func (o *Options) setDefaults() {
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.ConnectTimeout <= 0 {
		o.ConnectTimeout = 5 * time.Second
	}
	if o.MaxResponse <= 0 {
		o.MaxResponse = 64 << 20
	}
	if o.MaxConnections <= 0 {
		o.MaxConnections = 1024
	}
	if o.MaxAge <= 0 {
		o.MaxAge = 10 * time.Minute
	}
	if o.MaxIdle <= 0 {
		o.MaxIdle = 30 * time.Second
	}
}

const (
	contentType = "application/json"
	accept      = "application/graphql-response+json, application/json;q=0.9"
	userAgent   = "weft"
)

// check refuses answers that are no JSON.
func (o *Options) check(status int, contentType, encoding string) error {
	if encoding != "" && encoding != "identity" {
		return &fetch.Error{Code: fetch.CodeMalformed, Subgraph: o.Subgraph, Status: status,
			Message: fmt.Sprintf("Subgraph %q compressed its answer, which it was not asked to do.", o.Subgraph),
			Err:     fmt.Errorf("content encoding %q", encoding)}
	}
	if isJSON(contentType) {
		return nil
	}
	if status < 200 || status > 299 {
		return &fetch.Error{Code: fetch.CodeHTTP, Subgraph: o.Subgraph, Status: status,
			Message: fmt.Sprintf("Subgraph %q answered with HTTP status %d.", o.Subgraph, status),
			Err:     fmt.Errorf("content type %q", contentType)}
	}
	return &fetch.Error{Code: fetch.CodeMalformed, Subgraph: o.Subgraph, Status: status,
		Message: fmt.Sprintf("Subgraph %q answered with content type %q where JSON is expected.", o.Subgraph, contentType)}
}

// ordinary spares the usual content types the closer look.
func ordinary(contentType []byte) bool {
	switch string(contentType) {
	case "application/json", "application/json; charset=utf-8", "application/graphql-response+json",
		"application/graphql-response+json; charset=utf-8":
		return true
	}
	return false
}

// isJSON says whether a content type promises JSON; none at all is given the benefit of the doubt.
func isJSON(contentType string) bool {
	if contentType == "" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json"))
}

// fail makes an *fetch.Error of what went wrong on the way. ctx is that of the caller.
func (o *Options) fail(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fetch.Failed(o.Subgraph, fmt.Errorf("%w: %w", cause, err))
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fetch.Failed(o.Subgraph, fmt.Errorf("%w: %w", context.DeadlineExceeded, err))
	}
	return fetch.Failed(o.Subgraph, err)
}

// tooLarge is the error of an answer beyond the limit.
func (o *Options) tooLarge(status int) error {
	return &fetch.Error{Code: fetch.CodeTooLarge, Subgraph: o.Subgraph, Status: status,
		Message: fmt.Sprintf("Subgraph %q answered with more than %d bytes.", o.Subgraph, o.MaxResponse)}
}
