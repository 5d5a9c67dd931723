package server

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
)

// Close codes of the protocol graphql-transport-ws.
const (
	closeUnauthorized = 4401
	closeForbidden    = 4403
)

// initTimeout is how long a WebSocket may be silent before its first message.
const initTimeout = 10 * time.Second

// webSocketTransport is gqlgen's WebSocket transport with this server's
// authentication and limits.
type webSocketTransport struct {
	server *Server
	began  *endpoint // of the handshake
}

var _ graphql.Transport = (*webSocketTransport)(nil)

func (t *webSocketTransport) Supports(r *http.Request) bool { return isWebSocket(r) }

func (t *webSocketTransport) Do(w http.ResponseWriter, r *http.Request, _ graphql.GraphExecutor) {
	s := t.server
	ctx, leave, ok := s.streams.enter(r.Context())
	if !ok {
		s.writeFault(w, mediaJSON, faultStreams)
		return
	}
	defer leave()
	if x := exchangeOf(w); x != nil {
		x.streamWrite = s.options.Timeouts.StreamWrite
	}
	transport.Websocket{
		Implementation: transport.CoderWebsocketImplementation{
			// checkCrossSite has looked at the origin, and answers in GraphQL's format.
			AcceptOptions: websocket.AcceptOptions{InsecureSkipVerify: true},
		},
		InitTimeout: initTimeout,
		InitFunc: func(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
			return s.initWebSocket(ctx, r, payload)
		},
		KeepAlivePingInterval: s.options.Timeouts.KeepAlive,
		PingPongInterval:      s.options.Timeouts.KeepAlive,
		PayloadReadLimit:      &s.options.Limits.BodyBytes,
	}.Do(w, r.WithContext(ctx), &currentExecutor{s, t.began})
}

// initWebSocket decides who speaks on a WebSocket: the handshake's Authorization
// header has been looked at; without one it is the token in the first message.
func (s *Server) initWebSocket(ctx context.Context, r *http.Request, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
	if s.options.Authenticate == nil || r.Header.Get("Authorization") != "" {
		return ctx, nil, nil
	}
	var identity any
	var denied *Denied
	switch token, given, readable := initToken(payload); {
	case !given:
		identity, denied = s.options.Authenticate(r)
	case !readable:
		denied = &Denied{Status: http.StatusUnauthorized}
	case s.options.AuthenticateToken == nil:
		denied = &Denied{Status: http.StatusForbidden}
	default:
		identity, denied = s.options.AuthenticateToken(ctx, token)
	}
	if denied == nil {
		return withIdentity(ctx, identity), nil, nil
	}
	code, reason := closeForbidden, "Forbidden"
	if denied.Status == http.StatusUnauthorized {
		code, reason = closeUnauthorized, "Unauthorized"
	}
	ctx = transport.AppendCloseReason(transport.WithWebsocketCloseCode(ctx, code), reason)
	return ctx, nil, errors.New(denied.message())
}

// message is the first message of the denial's GraphQL response.
func (d *Denied) message() string {
	var body struct{ Errors []struct{ Message string } }
	if json.Unmarshal(d.Body, &body) == nil && len(body.Errors) > 0 {
		return body.Errors[0].Message
	}
	return "the connection was not authenticated"
}

// initToken finds the token in a WebSocket's first message. Clients that nobody is
// logged in to leave it out or send it empty. Everything else is meant to say who
// speaks: what is no bearer token is given as it is, so that it is refused, and
// does not turn into an anonymous caller. It is not readable when it is no text.
func initToken(payload transport.InitPayload) (token string, given, readable bool) {
	for _, name := range [...]string{"Authorization", "authorization"} {
		switch value := payload[name].(type) {
		case nil:
		case string:
			if value == "" || given {
				continue
			}
			if token, given = bearerToken(value), true; token == "" {
				token = value
			}
		default:
			return "", true, false
		}
	}
	return token, given, true
}

// bearerToken takes the token from "Bearer …".
func bearerToken(authorization string) string {
	scheme, token, ok := strings.Cut(authorization, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func isWebSocket(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// checkHandshake refuses what cannot become a WebSocket (RFC 6455, 4.2.1), so that
// the refusal has the format of all others.
func checkHandshake(r *http.Request) *fault {
	switch {
	case r.Method != http.MethodGet || r.ProtoMajor != 1:
		return malformed("a WebSocket begins with a GET over HTTP/1.1")
	case !strings.Contains(strings.ToLower(r.Header.Get("Connection")), "upgrade"):
		return malformed("a WebSocket's handshake has the header Connection: Upgrade")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		return malformed("a WebSocket's handshake has the header Sec-WebSocket-Version: 13")
	case !isHandshakeKey(r.Header.Get("Sec-WebSocket-Key")):
		return malformed("a WebSocket's handshake has the header Sec-WebSocket-Key, 16 bytes in base64")
	}
	return nil
}

func isHandshakeKey(key string) bool {
	raw, err := base64.StdEncoding.DecodeString(key)
	return err == nil && len(raw) == 16
}

// answerStream answers over server-sent events, with gqlgen's transport. That
// reads a JSON body, and logs one that it cannot read; it gets one that is known
// to be well-formed.
func (s *Server) answerStream(x *exchange, r *http.Request, p *params, exec graphql.GraphExecutor) {
	body, err := json.Marshal(struct {
		Query         string          `json:"query"`
		OperationName string          `json:"operationName,omitempty"`
		Variables     json.RawMessage `json:"variables,omitempty"`
		Extensions    json.RawMessage `json:"extensions,omitempty"`
	}{p.query, p.operationName, p.variables, p.extensions})
	if err != nil {
		s.writeFault(x, x.accept.media, malformed("the request could not be read"))
		return
	}
	x.outcome(p.operationName, NeedsStream)
	ctx, leave, ok := s.streams.enter(r.Context())
	if !ok {
		s.writeFault(x, x.accept.media, faultStreams)
		return
	}
	defer leave()
	ctx, fail := context.WithCancel(ctx)
	defer fail()
	r = r.WithContext(ctx)
	r.Body = io.NopCloser(bytes.NewReader(body))

	// A stream outlives the timeouts that bound a request and its answer. A
	// connection that knows no deadlines has none to lift.
	control := http.NewResponseController(x.ResponseWriter)
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
	x.Header().Set("X-Accel-Buffering", "no") // or a proxy in front holds events back
	events := newEventWriter(x, s.options.Timeouts.StreamWrite, fail)
	defer events.end(ctx)
	transport.SSE{KeepAlivePingInterval: s.options.Timeouts.KeepAlive}.Do(events, r, exec)
}
