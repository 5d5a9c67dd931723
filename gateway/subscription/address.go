package subscription

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// address reads the URL of a subgraph's subscriptions; its scheme becomes http or https.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the URL cannot be read: %w", err)
	}
	switch u.Scheme {
	case "ws":
		u.Scheme = "http"
	case "wss":
		u.Scheme = "https"
	case "http", "https":
	default:
		return nil, fmt.Errorf("the URL %q begins with none of http://, https://, ws:// and wss://", u.Redacted())
	}
	switch {
	case u.Host == "":
		return nil, fmt.Errorf("the URL %q has no host", u.Redacted())
	case u.User != nil:
		return nil, errors.New("the URL holds a user; give credentials as a header instead")
	}
	return u, nil
}

// clients are the HTTP clients for WebSockets, which begin with HTTP/1.1, and for server-sent events, which do not care.
func (s *Source) clients() (upgrade, stream *http.Client) {
	dialer := &net.Dialer{
		Timeout:         s.ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: s.KeepAlive, Interval: s.KeepAlive, Count: 3},
	}
	client := func(set func(*http.Protocols)) *http.Client {
		protocols := new(http.Protocols)
		protocols.SetHTTP1(true)
		set(protocols)
		return &http.Client{
			Transport: &http.Transport{
				DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
					if s.Socket != "" {
						network, addr = "unix", s.Socket
					}
					return dialer.DialContext(ctx, network, addr)
				},
				TLSClientConfig:        s.TLS.Clone(),
				TLSHandshakeTimeout:    s.ConnectTimeout,
				DisableCompression:     true,
				MaxResponseHeaderBytes: 16 << 10,
				Protocols:              protocols,
			},
			// A redirect would carry the caller's headers to another place.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return client(func(*http.Protocols) {}), client(func(p *http.Protocols) { p.SetHTTP2(true) })
}

// header is what a subscription is opened with.
func (s *Source) header(caller *fetch.Caller) http.Header {
	h := http.Header{}
	for _, list := range [][]fetch.Header{s.Headers, caller.Headers()} {
		for _, each := range list {
			if forwarded(each.Name) {
				h.Add(each.Name, each.Value)
			}
		}
	}
	return h
}

// forwarded is false for headers that belong to one connection and would break the handshake of another. The rest of what
// cannot be sent net/http refuses.
func forwarded(name string) bool {
	name = http.CanonicalHeaderKey(name)
	switch name {
	case "Connection", "Upgrade", "Content-Length", "Content-Type", "Accept", "Accept-Encoding", "Expect", "Te":
		return false
	}
	return !strings.HasPrefix(name, "Sec-Websocket-")
}
