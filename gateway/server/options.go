package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Options says how a Server behaves. Only Snapshot is required; zero values mean
// the defaults that the fields name.
type Options struct {
	// Snapshot returns the current Snapshot, or nil while there is none yet:
	// requests are then answered with 503.
	Snapshot func() Snapshot

	// Path is where GraphQL is served. Default /graphql.
	Path string

	// Authenticate says who sends a request, or why it is denied. It runs before
	// the body is read. nil: everyone is anonymous.
	Authenticate func(*http.Request) (identity any, denied *Denied)

	// AuthenticateToken does the same for the bearer token in the connection_init
	// message of a WebSocket, where browsers cannot set headers. What is there but is
	// no bearer token arrives as it is, to be refused. nil: such tokens are refused.
	AuthenticateToken func(ctx context.Context, token string) (identity any, denied *Denied)

	// Playground is served to browsers at / and below /playground/. nil: none.
	Playground http.Handler

	Limits   Limits
	Timeouts Timeouts
	CORS     CORS
	Compress Compression
	Health   Health

	// Logger receives the access log and defects. Default: nothing is logged.
	Logger *slog.Logger
}

// Denied is the answer to a request whose caller was not accepted.
type Denied struct {
	// Status is the HTTP status, 401, 403 or 503.
	Status int
	// WWWAuthenticate is the header of that name; empty for none.
	WWWAuthenticate string
	// RetryAfter is when to try again, for a 503; zero for no such header.
	RetryAfter time.Duration
	// Body is the GraphQL response that says why.
	Body []byte
}

// Limits bounds what one client can make the server hold.
type Limits struct {
	// BodyBytes bounds a request's body. Default 1 MiB.
	BodyBytes int64
	// HeaderBytes bounds a request's line and headers, and so a GET's query.
	// Default 64 KiB.
	HeaderBytes int
	// Tokens bounds a document that arrives over a streaming transport. Default
	// 15,000. Documents that arrive by POST and GET are bounded by the Snapshot.
	Tokens int
	// Streams bounds the WebSockets and event streams that are open at once.
	// Default 10,000.
	Streams int
	// StreamOperations bounds the operations that run at once on one WebSocket.
	// Default 100.
	StreamOperations int
}

// Timeouts bounds how long things take.
type Timeouts struct {
	// Request is the deadline of one query or mutation. Default 30 s.
	Request time.Duration
	// ReadHeader bounds the reading of a request's headers. Default 10 s.
	ReadHeader time.Duration
	// Read bounds the reading of a whole request. Default 30 s.
	Read time.Duration
	// Write bounds a request from the end of its headers to the end of its answer.
	// Default: Request and 30 s for a slow client to take the bytes.
	Write time.Duration
	// Idle is how long a connection is kept without a request. Default 120 s.
	Idle time.Duration
	// Drain is how long a stopping server still accepts requests while it already
	// says that it is not ready, so that load balancers look elsewhere first.
	// Default 0.
	Drain time.Duration
	// Shutdown is how long requests in flight may still take after that. Default
	// 30 s.
	Shutdown time.Duration
	// KeepAlive is the interval of the signs of life on streams. Default 15 s.
	KeepAlive time.Duration
	// StreamWrite is how long a client of a stream may take to take what is written to
	// it; a client that takes longer is cut off. Default 30 s.
	StreamWrite time.Duration
}

// Health is what /health/ready asks beside the Snapshot.
type Health struct {
	// Ready returns why the process should get no traffic, or nil. It has to be
	// quick. nil: always ready.
	Ready func() error
}

// Compression of answers with gzip. It is off by default: it costs more CPU time
// than everything else that the gateway does with an answer, and usually a proxy
// in front does it already.
type Compression struct {
	Enabled bool
	// MinBytes is the smallest answer worth the effort. Default 1,400, which fills
	// one packet.
	MinBytes int
	// Level is gzip's, 1 to 9. Default 1.
	Level int
}

const (
	defaultPath        = "/graphql"
	defaultBodyBytes   = 1 << 20
	defaultHeaderBytes = 64 << 10
	defaultTokens      = 15_000
	defaultStreams     = 10_000

	defaultStreamOperations = 100

	defaultMinCompress = 1_400
)

// withDefaults fills what was left out and checks the rest.
func (o Options) withDefaults() (Options, error) {
	if o.Snapshot == nil {
		return o, errors.New("server: Options.Snapshot is missing: there is nothing to serve")
	}
	if o.Path == "" {
		o.Path = defaultPath
	}
	if !strings.HasPrefix(o.Path, "/") || o.Path == "/" || strings.HasPrefix(o.Path, "/health") ||
		strings.HasPrefix(o.Path, playgroundPrefix) {
		return o, fmt.Errorf("server: GraphQL cannot be served at %q: the path has to start with / and must not be /, /health or /playground", o.Path)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}

	if err := o.Limits.fill(); err != nil {
		return o, err
	}
	if err := o.Timeouts.fill(); err != nil {
		return o, err
	}
	if o.Compress.MinBytes == 0 {
		o.Compress.MinBytes = defaultMinCompress
	}
	if o.Compress.Level == 0 {
		o.Compress.Level = 1
	}
	if o.Compress.Level < 1 || o.Compress.Level > 9 {
		return o, fmt.Errorf("server: compression level %d: gzip knows 1 (fastest) to 9 (smallest)", o.Compress.Level)
	}
	return o, o.CORS.check()
}

func (l *Limits) fill() error {
	if l.BodyBytes < 0 || l.HeaderBytes < 0 || l.Tokens < 0 || l.Streams < 0 || l.StreamOperations < 0 {
		return errors.New("server: a limit is negative; leave it out to get the default")
	}
	if l.BodyBytes == 0 {
		l.BodyBytes = defaultBodyBytes
	}
	if l.HeaderBytes == 0 {
		l.HeaderBytes = defaultHeaderBytes
	}
	if l.Tokens == 0 {
		l.Tokens = defaultTokens
	}
	if l.Streams == 0 {
		l.Streams = defaultStreams
	}
	if l.StreamOperations == 0 {
		l.StreamOperations = defaultStreamOperations
	}
	return nil
}

func (t *Timeouts) fill() error {
	for _, d := range []time.Duration{
		t.Request, t.ReadHeader, t.Read, t.Write, t.Idle, t.Drain, t.Shutdown, t.KeepAlive, t.StreamWrite,
	} {
		if d < 0 {
			return errors.New("server: a timeout is negative; leave it out to get the default")
		}
	}
	setDefault(&t.Request, 30*time.Second)
	setDefault(&t.ReadHeader, 10*time.Second)
	setDefault(&t.Read, 30*time.Second)
	setDefault(&t.Write, t.Request+30*time.Second)
	setDefault(&t.Idle, 120*time.Second)
	setDefault(&t.Shutdown, 30*time.Second)
	setDefault(&t.KeepAlive, 15*time.Second)
	setDefault(&t.StreamWrite, 30*time.Second)
	return nil
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}
