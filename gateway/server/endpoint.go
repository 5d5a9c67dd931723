package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler"
)

// endpoint is a Snapshot, the handler that carries its transports, and the executor
// of operations that come by WebSockets which may have begun before it.
type endpoint struct {
	snapshot Snapshot
	handler  *handler.Server
	executor *executor.Executor
}

// newEndpoint makes the gqlgen server of one Snapshot with all transports, and the
// executor of its own that operations on WebSockets run with: gqlgen's server gives
// its executor to its transports only. Both have the same settings.
func (s *Server) newEndpoint(snapshot Snapshot) *endpoint {
	e := &endpoint{snapshot, handler.New(snapshot), executor.New(snapshot)}
	e.handler.AddTransport(&webSocketTransport{s, e})
	e.handler.AddTransport(&postTransport{s, snapshot})
	e.handler.AddTransport(&getTransport{s, snapshot})
	for _, settings := range []interface {
		SetParserTokenLimit(int)
		SetRecoverFunc(graphql.RecoverFunc)
		Use(graphql.HandlerExtension)
	}{e.handler, e.executor} {
		settings.SetParserTokenLimit(s.options.Limits.Tokens)
		settings.SetRecoverFunc(s.recoverStream)
		settings.Use(streamRules{s})
	}
	return e
}

// endpointOf returns the endpoint of a Snapshot, made when it is first seen.
func (s *Server) endpointOf(snapshot Snapshot) *endpoint {
	if e := s.current.Load(); e != nil && e.snapshot == snapshot {
		return e
	}
	s.building.Lock()
	defer s.building.Unlock()
	if e := s.current.Load(); e != nil && e.snapshot == snapshot {
		return e
	}
	e := s.newEndpoint(snapshot)
	s.current.Store(e)
	return e
}

// serveGraphQL takes a request as far as its transport.
func (s *Server) serveGraphQL(x *exchange, r *http.Request) {
	origin := r.Header.Get("Origin")
	if r.Method == http.MethodOptions {
		s.cors.preflight(x, r)
		return
	}
	if origin != "" {
		s.cors.annotate(x.Header(), origin)
	}
	x.accept = negotiate(r.Header)

	upgrade := isWebSocket(r)
	if f := s.checkRequest(x, r, upgrade); f != nil {
		s.writeFault(x, x.accept.media, f)
		return
	}
	if s.toPlayground(x, r) {
		return
	}
	if f := s.cors.checkCrossSite(r); f != nil {
		s.writeFault(x, x.accept.media, f)
		return
	}

	// Browsers cannot set headers on a WebSocket's handshake: without a token there,
	// the caller is asked for in the first message.
	if s.options.Authenticate != nil && !(upgrade && r.Header.Get("Authorization") == "") {
		identity, denied := s.options.Authenticate(r)
		if denied != nil {
			s.writeDenied(x, x.accept.media, denied)
			return
		}
		x.identity = identity
	}

	snapshot := s.options.Snapshot()
	if snapshot == nil {
		s.writeFault(x, x.accept.media, faultNotReady)
		return
	}
	s.endpointOf(snapshot).handler.ServeHTTP(x, r)
}

// checkRequest looks at what the headers alone tell.
func (s *Server) checkRequest(x *exchange, r *http.Request, upgrade bool) *fault {
	switch {
	case upgrade:
		return checkHandshake(r)
	case r.Method != http.MethodPost && r.Method != http.MethodGet:
		return faultMethod
	case x.accept.media == mediaNone && !x.accept.stream:
		if wantsPage(r) && s.options.Playground != nil {
			return nil // it is led to the Playground
		}
		return faultNotAcceptable
	case r.Method == http.MethodPost:
		if f := checkContentType(r.Header); f != nil {
			return f
		}
		if r.ContentLength > s.options.Limits.BodyBytes {
			return s.tooLarge()
		}
	}
	return nil
}

func (s *Server) tooLarge() *fault {
	return &fault{http.StatusRequestEntityTooLarge, CodePayloadTooLarge,
		fmt.Sprintf("the body is larger than %d bytes, which is the limit here", s.options.Limits.BodyBytes)}
}

// toPlayground leads a person who opened the endpoint's address in a browser to
// the page made for people.
func (s *Server) toPlayground(x *exchange, r *http.Request) bool {
	if s.options.Playground == nil || !wantsPage(r) || r.URL.RawQuery != "" {
		return false
	}
	http.Redirect(x, r, "/", http.StatusSeeOther)
	return true
}

// recoverStream answers for a panic in one operation of a stream.
func (s *Server) recoverStream(ctx context.Context, v any) error {
	s.options.Logger.LogAttrs(ctx, slog.LevelError, "panic while serving a stream",
		slog.String("request_id", RequestIDFrom(ctx)),
		slog.String("panic", fmt.Sprint(v)),
		slog.String("stack", string(debug.Stack())))
	return faultInternal.graphQL()
}
