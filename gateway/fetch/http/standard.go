package http

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/url"
	"sync"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// standard speaks through net/http: HTTP/2 and TLS.
type standard struct {
	Options
	client nethttp.Client
	url    *url.URL
	// headers are those of a mutation; repeatable are those of other requests: they have an Idempotency-Key without a value,
	// which is not sent and tells net/http that it may send the request again when a kept connection was closed.
	headers, repeatable nethttp.Header
}

func newStandard(o Options, u *url.URL) *standard {
	dialer := &net.Dialer{Timeout: o.ConnectTimeout}
	protocols := new(nethttp.Protocols)
	switch {
	case o.Protocol == HTTP2 && u.Scheme == "http":
		protocols.SetUnencryptedHTTP2(true)
	case o.Protocol == HTTP2:
		protocols.SetHTTP2(true)
	default:
		protocols.SetHTTP1(true)
		protocols.SetHTTP2(true)
	}
	c := &standard{Options: o, url: u, headers: nethttp.Header{
		"Content-Type": {contentType}, "Accept": {accept}, "User-Agent": {userAgent},
	}}
	for _, h := range o.Headers {
		c.headers.Add(h.Name, h.Value)
	}
	c.repeatable = c.headers.Clone()
	c.repeatable["Idempotency-Key"] = []string{}
	c.client = nethttp.Client{
		Transport: &nethttp.Transport{
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				if o.Socket != "" {
					network, addr = "unix", o.Socket
				}
				return dialer.DialContext(ctx, network, addr)
			},
			TLSClientConfig:        o.TLS,
			TLSHandshakeTimeout:    o.ConnectTimeout,
			DisableCompression:     true,
			MaxConnsPerHost:        o.MaxConnections,
			MaxIdleConnsPerHost:    o.MaxConnections,
			IdleConnTimeout:        o.MaxIdle,
			MaxResponseHeaderBytes: 16 << 10,
			Protocols:              protocols,
		},
		// A redirect would carry the caller's headers to another place.
		CheckRedirect: func(*nethttp.Request, []*nethttp.Request) error { return nethttp.ErrUseLastResponse },
	}
	return c
}

// Close implements Client.
func (c *standard) Close() { c.client.CloseIdleConnections() }

// pooled is the buffer that a body was read into.
type pooled struct{ bytes.Buffer }

var bodies = sync.Pool{New: func() any { return new(pooled) }}

// Free implements the release of a fetch.Response.
func (p *pooled) Free() {
	if p.Cap() <= maxPooledBody {
		p.Reset()
		bodies.Put(p)
	}
}

// Fetch implements fetch.Fetcher.
func (c *standard) Fetch(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	limited, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	headers := c.repeatable
	if req.Mutation {
		headers = c.headers
	}
	if forwarded := req.Caller.Headers(); len(forwarded) > 0 {
		headers = headers.Clone()
		for _, h := range forwarded {
			if err := checkHeader(h); err != nil {
				return nil, &fetch.Error{Code: fetch.CodeInternal, Subgraph: c.Subgraph, Err: err,
					Message: fmt.Sprintf("Subgraph %q was not asked: a header to be forwarded is not valid.", c.Subgraph)}
			}
			headers.Add(h.Name, h.Value)
		}
	}
	// net/http may read the body after the request has returned, and again through GetBody: it gets a copy.
	body := bytes.Clone(req.Body)
	out := (&nethttp.Request{
		Method: nethttp.MethodPost, URL: c.url, Host: c.url.Host, Header: headers,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
		GetBody: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil },
	}).WithContext(limited)
	res, err := c.client.Do(out)
	if err != nil {
		return nil, c.fail(ctx, withoutURL(err))
	}
	defer res.Body.Close()
	if err := c.check(res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("Content-Encoding")); err != nil {
		return nil, err
	}
	if res.ContentLength > int64(c.MaxResponse) {
		return nil, c.tooLarge(res.StatusCode)
	}
	into := bodies.Get().(*pooled)
	if res.ContentLength > 0 {
		into.Grow(int(res.ContentLength) + bytes.MinRead)
	}
	if _, err := into.ReadFrom(io.LimitReader(res.Body, int64(c.MaxResponse)+1)); err != nil {
		into.Free()
		return nil, c.fail(ctx, err)
	}
	if into.Len() > c.MaxResponse {
		into.Free()
		return nil, c.tooLarge(res.StatusCode)
	}
	return &fetch.Response{Status: res.StatusCode, Body: into.Bytes(), Header: res.Header.Get, Free: into}, nil
}

// withoutURL takes the address out of an error of net/http.
func withoutURL(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
