// Package server is the gateway's door: it listens, speaks HTTP and the GraphQL
// over HTTP specification, and hands well-formed requests of known callers to the
// current [Snapshot].
//
// A request passes, in this order: a limit on its size, cross-site protection,
// authentication, the transport that fits it, the Snapshot. POST and GET are this
// package's own transports: they read into a pooled buffer and write the answer's
// bytes as they are. WebSocket and server-sent events are gqlgen's. All of them
// hang in one gqlgen handler.Server per Snapshot; a WebSocket outlives it, so each
// operation on one finds the executor of the Snapshot of its moment.
//
// What is shared between requests is the Server, which never changes after New
// but for the pointer to the current Snapshot's handler and the draining flag, and
// the pools. An exchange belongs to the goroutine that serves it.
package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Server is the client-facing http.Handler.
type Server struct {
	options Options
	cors    *cors

	current  atomic.Pointer[endpoint] // of the Snapshot seen last
	building sync.Mutex

	draining atomic.Bool
	streams  streams
	gzips    sync.Pool // of *gzipWriter
}

// New checks the options and makes the handler. It does not listen: see
// [Server.Run].
func New(o Options) (*Server, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, cors: newCORS(o.CORS)}
	s.streams.init(o.Limits.Streams)
	return s, nil
}

const (
	livePath         = "/health/live"
	readyPath        = "/health/ready"
	playgroundPrefix = "/playground"
)

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{
		Context:        r.Context(),
		ResponseWriter: w,
		start:          time.Now(),
		id:             requestID(r.Header),
	}
	r = r.WithContext(x)
	level := slog.LevelInfo
	defer func() {
		s.recovered(x, r, recover())
		x.log(s.options.Logger, r, level)
		if x.status == statusAborted {
			panic(http.ErrAbortHandler)
		}
	}()

	header := w.Header()
	header[requestIDHeader] = []string{x.id}
	if s.draining.Load() {
		header.Set("Connection", "close") // so that clients move on before the door closes
	}
	if s.options.Compress.Enabled {
		x.acceptsGzip = acceptsGzip(r.Header)
		header.Add("Vary", "Accept-Encoding")
	}

	switch path := r.URL.Path; {
	case path == s.options.Path:
		s.serveGraphQL(x, r)
	case path == livePath:
		level = slog.LevelDebug
		s.serveLive(x, r)
	case path == readyPath:
		level = slog.LevelDebug
		s.serveReady(x, r)
	case s.options.Playground != nil && isPlayground(r):
		level = slog.LevelDebug
		s.options.Playground.ServeHTTP(x, r)
	default:
		s.writeFault(x, mediaJSON, &fault{http.StatusNotFound, CodeNotFound,
			"nothing is served here; GraphQL is at " + s.options.Path})
	}
}

// isPlayground says whether a request is for the Playground: for its files, or
// for / by a browser.
func isPlayground(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, playgroundPrefix+"/") {
		return true
	}
	return r.URL.Path == "/" && wantsPage(r)
}

// wantsPage says whether a person opens an address in a browser.
func wantsPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		strings.Contains(r.Header.Get("Accept"), "text/html")
}

// statusAborted marks an exchange whose answer broke off: a client must not take
// the part it got for the whole.
const statusAborted = -1

// recovered turns a panic into an answer and a line in the log. v is what
// recover returned.
func (s *Server) recovered(x *exchange, r *http.Request, v any) {
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		x.status = statusAborted
		return
	}
	s.options.Logger.LogAttrs(r.Context(), slog.LevelError, "panic while serving a request",
		slog.String("request_id", x.id),
		slog.String("panic", fmt.Sprint(v)),
		slog.String("stack", string(debug.Stack())))
	if x.hijacked {
		return
	}
	if x.status != 0 {
		x.status = statusAborted
		return
	}
	s.writeFault(x, x.accept.media, faultInternal)
}
