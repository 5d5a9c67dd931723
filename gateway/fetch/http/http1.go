package http

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// http1 speaks HTTP/1.1. fasthttp keeps the connections and reads answers; requests are written here, so that what is
// the same for all of them is rendered once and each is one write.
type http1 struct {
	Options
	host *fasthttp.HostClient
	// head is the request up to the headers that differ.
	head []byte
	// closed: connections that are still in use are not kept when they no longer are.
	closed atomic.Bool
}

// staleAfter is how long a connection may have been idle to carry a mutation. The server may have closed an older one
// without our having seen it, and a mutation cannot be sent again to find out.
const staleAfter = time.Second

func newHTTP1(o Options, u *url.URL) *http1 {
	c := &http1{Options: o}
	addr := u.Host
	if u.Port() == "" {
		port := "80"
		if u.Scheme == "https" {
			port = "443"
		}
		addr = net.JoinHostPort(u.Hostname(), port)
	}
	tlsConfig := o.TLS
	if tlsConfig != nil {
		tlsConfig = tlsConfig.Clone()
		tlsConfig.NextProtos = []string{"http/1.1"}
	}
	c.host = &fasthttp.HostClient{
		Addr:                addr,
		IsTLS:               u.Scheme == "https",
		TLSConfig:           tlsConfig,
		MaxConns:            o.MaxConnections,
		MaxConnWaitTimeout:  o.Timeout,
		MaxIdleConnDuration: o.MaxIdle,
		ConnPoolStrategy:    fasthttp.LIFO,
		ReadBufferSize:      16 << 10,
		DialTimeout: func(addr string, timeout time.Duration) (net.Conn, error) {
			if timeout <= 0 || timeout > o.ConnectTimeout {
				timeout = o.ConnectTimeout
			}
			if o.Socket != "" {
				return net.DialTimeout("unix", o.Socket, timeout)
			}
			return net.DialTimeout("tcp", addr, timeout)
		},
	}
	c.head = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nAccept: %s\r\nUser-Agent: %s\r\n",
		u.RequestURI(), u.Host, contentType, accept, userAgent)
	for _, h := range o.Headers {
		c.head = appendHeader(c.head, h)
	}
	return c
}

func appendHeader(b []byte, h fetch.Header) []byte {
	b = append(append(b, h.Name...), ": "...)
	return append(append(b, h.Value...), "\r\n"...)
}

// Close implements Client.
func (c *http1) Close() {
	c.closed.Store(true)
	c.host.CloseIdleConnections()
}

// requests holds the buffers that requests are written from.
var requests = sync.Pool{New: func() any { b := make([]byte, 0, 8<<10); return &b }}

// Fetch implements fetch.Fetcher.
func (c *http1) Fetch(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	deadline := time.Now().Add(c.Timeout)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	buffer := requests.Get().(*[]byte)
	message, err := c.render((*buffer)[:0], req)
	defer func() {
		if cap(message) <= maxPooledBody {
			*buffer = message
			requests.Put(buffer)
		}
	}()
	if err != nil {
		return nil, &fetch.Error{Code: fetch.CodeInternal, Subgraph: c.Subgraph, Err: err,
			Message: fmt.Sprintf("Subgraph %q was not asked: a header to be forwarded is not valid.", c.Subgraph)}
	}
	a := answers.Get().(*answer)
	reused, err := c.exchange(ctx, deadline, message, a, req.Mutation)
	if err == errUnanswered && reused && !req.Mutation && ctx.Err() == nil {
		// The server closed the connection while it was idle. It will have done so to others: they are not tried.
		c.host.CloseIdleConnections()
		a.raw.Reset()
		_, err = c.exchange(ctx, deadline, message, a, false)
	}
	status := a.raw.StatusCode()
	switch media, encoding := a.raw.Header.ContentType(), a.raw.Header.ContentEncoding(); {
	case err != nil:
		err = c.explain(ctx, err, status)
	case len(encoding) > 0 || !ordinary(media):
		err = c.check(status, string(media), string(encoding))
	}
	if err != nil {
		a.Free()
		return nil, err
	}
	a.Response = fetch.Response{Status: status, Body: a.raw.Body(), Header: a.header, Free: a}
	return &a.Response, nil
}

// explain makes an error of the fetch of one of the exchange.
func (c *http1) explain(ctx context.Context, err error, status int) error {
	switch {
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		return c.tooLarge(status)
	case errors.Is(err, fasthttp.ErrNoFreeConns):
		return &fetch.Error{Code: fetch.CodeOverload, Subgraph: c.Subgraph, Err: err,
			Message: fmt.Sprintf("Too many requests to subgraph %q are under way.", c.Subgraph)}
	}
	return c.fail(ctx, err)
}

// render writes the whole request.
func (c *http1) render(b []byte, req *fetch.Request) ([]byte, error) {
	b = append(b, c.head...)
	for _, h := range req.Caller.Headers() {
		if err := checkHeader(h); err != nil {
			return b, err
		}
		b = appendHeader(b, h)
	}
	b = strconv.AppendInt(append(b, "Content-Length: "...), int64(len(req.Body)), 10)
	return append(append(b, "\r\n\r\n"...), req.Body...), nil
}

// errUnanswered says that a connection ended before the first byte of an answer.
var errUnanswered = errors.New("the connection was closed before an answer")

// aLongTimeAgo is a deadline that has passed.
var aLongTimeAgo = time.Unix(1, 0)

// exchange sends the message and reads the answer. It says whether the connection had been used before.
func (c *http1) exchange(ctx context.Context, deadline time.Time, message []byte, a *answer, fresh bool) (bool, error) {
	left := time.Until(deadline)
	if left <= 0 {
		return false, context.DeadlineExceeded
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	cc, err := c.host.AcquireConn(left, false)
	for fresh && err == nil && !cc.LastUseTime().IsZero() && time.Since(cc.LastUseTime()) > staleAfter {
		// The pool gives the most recently used connection first, so it runs out of stale ones, and dials.
		c.host.CloseConn(cc)
		cc, err = c.host.AcquireConn(left, false)
	}
	if err != nil {
		return false, err
	}
	reused := !cc.LastUseTime().IsZero()
	conn := cc.Conn()
	keep := false
	defer func() {
		if keep {
			c.host.ReleaseConn(cc)
		} else {
			c.host.CloseConn(cc)
		}
	}()
	if err := conn.SetDeadline(deadline); err != nil {
		return reused, errUnanswered
	}
	watched := ctx
	if u, ok := ctx.(fetch.Untimed); ok {
		watched = u.Untimed()
	}
	var cancelled func() bool
	if watched.Done() != nil {
		cancelled = context.AfterFunc(watched, func() { _ = conn.SetDeadline(aLongTimeAgo) })
	}
	err = c.roundTrip(conn, message, a)
	// A connection whose deadline may be moved by another goroutine is not used again.
	undisturbed := cancelled == nil || cancelled()
	keep = err == nil && undisturbed && !a.raw.ConnectionClose() && !c.closed.Load() && time.Since(cc.CreatedTime()) < c.MaxAge
	if err == errTrailing {
		keep, err = false, nil
	}
	return reused, err
}

// errTrailing says that the server sent more than its answer: the connection is out of step.
var errTrailing = errors.New("bytes after the answer")

func (c *http1) roundTrip(conn net.Conn, message []byte, a *answer) error {
	a.raw.Header.SetNoDefaultContentType(true)
	_, writeErr := conn.Write(message)
	// A server may answer, and close, before it has read everything: the answer says more than the failed write.
	br := c.host.AcquireReader(conn)
	defer c.host.ReleaseReader(br)
	if _, err := br.Peek(1); err != nil {
		return unanswered(err, writeErr)
	}
	if err := a.read(br, c.MaxResponse); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	if writeErr != nil || br.Buffered() > 0 {
		return errTrailing
	}
	return nil
}

// unanswered tells a timeout from a connection that has ended.
func unanswered(err, writeErr error) error {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, bufio.ErrBufferFull) {
		return err
	}
	if writeErr != nil && errors.As(writeErr, &timeout) && timeout.Timeout() {
		return writeErr
	}
	return errUnanswered
}
