package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql/handler"
)

// endpoint is a Snapshot and the handler that carries its transports.
type endpoint struct {
	snapshot Snapshot
	handler  *handler.Server
}

// newHandler makes the gqlgen server of one Snapshot with all transports.
func (s *Server) newHandler(snapshot Snapshot) *handler.Server {
	h := handler.New(snapshot)
	h.AddTransport(&webSocketTransport{s})
	h.AddTransport(&postTransport{s, snapshot})
	h.AddTransport(&getTransport{s, snapshot})
	h.SetParserTokenLimit(s.options.Limits.Tokens)
	h.SetRecoverFunc(s.recoverStream)
	h.Use(streamRules{s})
	return h
}

// handlerOf returns the handler of a Snapshot, made when it is first seen.
func (s *Server) handlerOf(snapshot Snapshot) *handler.Server {
	if e := s.current.Load(); e != nil && e.snapshot == snapshot {
		return e.handler
	}
	s.building.Lock()
	defer s.building.Unlock()
	if e := s.current.Load(); e != nil && e.snapshot == snapshot {
		return e.handler
	}
	e := &endpoint{snapshot, s.newHandler(snapshot)}
	s.current.Store(e)
	return e.handler
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
	s.handlerOf(snapshot).ServeHTTP(x, r)
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
