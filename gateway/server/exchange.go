package server

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// exchange is one HTTP request and its answer: the ResponseWriter that the
// handlers see, and the context that the request carries. Both in one value is one
// allocation a request.
type exchange struct {
	context.Context
	http.ResponseWriter

	life     lifetime // of what is executed for it
	start    time.Time
	id       string
	identity any
	accept   accepted

	// For the access log.
	status    int
	bytes     int64
	operation string
	kind      Kind
	hasKind   bool
	hijacked  bool

	acceptsGzip bool
	readOnly    bool

	// streamWrite bounds each write on a WebSocket.
	streamWrite time.Duration
	// operations counts what runs on a stream.
	operations atomic.Int64
}

var (
	_ http.Flusher  = (*exchange)(nil)
	_ http.Hijacker = (*exchange)(nil)
)

type exchangeKey struct{}

// Value finds the exchange itself, and else what the context has.
func (x *exchange) Value(key any) any {
	if _, ok := key.(exchangeKey); ok {
		return x
	}
	return x.Context.Value(key)
}

// IdentityFrom returns what Options.Authenticate or AuthenticateToken said of the
// request's caller; nil for an anonymous one.
func IdentityFrom(ctx context.Context) any {
	if identity, ok := ctx.Value(identityKey{}).(*streamIdentity); ok {
		return identity.value
	}
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x.identity
	}
	return nil
}

// RequestIDFrom returns the id of the request, or "" outside of one.
func RequestIDFrom(ctx context.Context) string {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x.id
	}
	return ""
}

// identityKey finds an identity that came after the HTTP request, in the first
// message of a WebSocket.
type identityKey struct{}

type streamIdentity struct{ value any }

func withIdentity(ctx context.Context, identity any) context.Context {
	return context.WithValue(ctx, identityKey{}, &streamIdentity{identity})
}

// exchangeOf finds the exchange behind a ResponseWriter.
func exchangeOf(w http.ResponseWriter) *exchange {
	x, _ := w.(*exchange)
	return x
}

func (x *exchange) WriteHeader(status int) {
	if x.status == 0 && status >= 200 {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

func (x *exchange) Write(b []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	n, err := x.ResponseWriter.Write(b)
	x.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what lies below.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// Flush is asked for by streaming transports.
func (x *exchange) Flush() {
	_ = http.NewResponseController(x.ResponseWriter).Flush() // a stream that cannot flush only comes late
}

// Hijack is asked for by WebSockets.
func (x *exchange) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(x.ResponseWriter).Hijack()
	if err == nil {
		x.hijacked = true
		x.status = http.StatusSwitchingProtocols
		if x.streamWrite > 0 {
			conn, rw = boundWrites(conn, rw, x.streamWrite)
		}
	}
	return conn, rw, err
}

// outcome notes for the access log what a request turned out to be.
func (x *exchange) outcome(operation string, kind Kind) {
	x.operation, x.kind, x.hasKind = operation, kind, true
}

// log writes the access log's line. It says nothing that a client may want to
// keep for itself: no token, no cookie, no document and no variables.
func (x *exchange) log(logger *slog.Logger, r *http.Request, level slog.Level) {
	if x.status >= 500 {
		level = slog.LevelError
	}
	if !logger.Enabled(r.Context(), level) {
		return
	}
	attrs := make([]slog.Attr, 0, 11)
	attrs = append(attrs,
		slog.String("request_id", x.id),
		slog.String("method", clip(r.Method, 16)),
		slog.String("path", clip(r.URL.Path, 200)),
		slog.String("proto", r.Proto),
		slog.Int("status", x.status),
		slog.Int64("bytes", x.bytes),
		slog.Float64("duration_ms", float64(time.Since(x.start).Microseconds())/1000),
		slog.String("remote", r.RemoteAddr),
		slog.String("user_agent", clip(r.UserAgent(), 120)),
	)
	if x.hasKind {
		attrs = append(attrs,
			slog.String("operation", clip(x.operation, 100)),
			slog.String("outcome", x.kind.String()))
	}
	logger.LogAttrs(r.Context(), level, "request", attrs...)
}

// clip bounds what a client can put into one field of the log.
func clip(s string, most int) string {
	if len(s) > most {
		return s[:most]
	}
	return s
}

const requestIDHeader = "X-Request-Id"

// requestID takes the id that a proxy in front gave the request, when it is short
// and plain, or makes one.
func requestID(header http.Header) string {
	if given := header[requestIDHeader]; len(given) == 1 && plainID(given[0]) {
		return given[0]
	}
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails (crypto/rand)
	var text [32]byte
	hex.Encode(text[:], raw[:])
	return string(text[:])
}

func plainID(id string) bool {
	if len(id) == 0 || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') &&
			c != '-' && c != '_' && c != '.' && c != ':' {
			return false
		}
	}
	return true
}
