// Package subscription opens subscriptions at subgraphs and reads their events.
//
// A Source belongs to one subgraph and knows how it is spoken to: over a WebSocket, with the subprotocol
// graphql-transport-ws or its predecessor graphql-ws, whichever the subgraph chooses, or over server-sent events in the
// distinct connections mode. Each subscription has a connection of its own. That makes it certain that no caller's events
// come over a connection that was opened in another's name: on a WebSocket, the first message says who is speaking for all
// that follow.
//
// A Stream has a goroutine that reads the connection, and one more on a WebSocket that watches whether the other side still
// lives; both end when the stream does, however it does. What was read and not yet taken waits in a queue with bounds. When
// the queue is full the connection is not read any further, so the subgraph feels that its client is slow; when it stays
// full for longer than the client is given, the stream ends with an error. A subscription that ended is not opened again:
// only the client knows what it missed.
package subscription

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// Protocol is how a subgraph sends the events of a subscription.
type Protocol string

// The protocols.
const (
	// Auto tries a WebSocket, and server-sent events where the subgraph does not know what a WebSocket is.
	Auto Protocol = ""
	// WebSocket is the subprotocol graphql-transport-ws or graphql-ws.
	WebSocket Protocol = "websocket"
	// SSE is server-sent events, in the distinct connections mode of GraphQL over SSE.
	SSE Protocol = "sse"
)

// Options say how a subgraph's subscriptions are opened. Zero values stand for the defaults.
type Options struct {
	// Subgraph is its name, for errors.
	Subgraph string
	// URL is where subscriptions are served: http, https, ws or wss. ws and http, and wss and https, mean the same here: what
	// is spoken is Protocol's to say.
	URL string
	// Socket is the path of a Unix socket to connect to instead of the URL's host.
	Socket   string
	Protocol Protocol
	// TLS configures https; nil for the system's certificate authorities.
	TLS *tls.Config
	// Headers are sent with every subscription, like a caller's.
	Headers []fetch.Header
	// ConnectTimeout bounds connecting, 5 seconds by default. AckTimeout bounds the time from then until the subgraph has
	// accepted the connection: connection_ack on a WebSocket, the header of the answer for server-sent events. 10 seconds
	// by default.
	ConnectTimeout, AckTimeout time.Duration
	// KeepAlive is how often the other side is asked for a sign of life, 15 seconds by default. A WebSocket that gives none
	// for as long again is lost; other connections are left to the keep-alive of TCP, with this interval.
	KeepAlive time.Duration
	// MaxMessage is the largest event in bytes, 1 MiB by default.
	MaxMessage int
	// MaxQueued is how many events wait for a slow client, 64 by default, and MaxQueuedBytes how many bytes they may have
	// together, 1 MiB by default; one event waits whatever its size. Patience is how long a full queue is put up with, 10
	// seconds by default.
	MaxQueued, MaxQueuedBytes int
	Patience                  time.Duration
}

// Request is one subscription.
type Request struct {
	// Body is the GraphQL request as JSON: query, operationName, variables. It must not change any more.
	Body []byte
	// Caller is on whose behalf it is made, never nil. Its headers are sent with the handshake, and once more as the payload
	// of connection_init, because that is where most servers look for them.
	Caller *fetch.Caller
}

// Stream is a subscription that was accepted. Next and Close may be called at the same time, Next by one goroutine only.
type Stream interface {
	// Next returns the next event, a complete GraphQL response that is the caller's to keep. At the end it returns io.EOF
	// when the subgraph completed the subscription, else an *fetch.Error, or ctx's error when ctx ended first; after Close,
	// ErrClosed.
	Next(ctx context.Context) ([]byte, error)
	// Close tells the subgraph that the subscription is over. It does not wait for its answer.
	Close()
}

// ErrClosed is what Next returns after Close.
var ErrClosed = errors.New("subscription: the stream was closed")

// Source opens the subscriptions of one subgraph. It is safe for concurrent use.
type Source struct {
	Options
	url *url.URL
	// upgrade and stream are the clients for WebSockets and for server-sent events.
	upgrade, stream *http.Client
	// noSocket remembers that the subgraph answers server-sent events and no WebSockets.
	noSocket atomic.Bool
}

// New returns the source of a subgraph's subscriptions. It connects to nothing yet.
func New(o Options) (*Source, error) {
	u, err := address(o.URL)
	if err != nil {
		return nil, fmt.Errorf("subgraph %q: subscriptions: %w", o.Subgraph, err)
	}
	switch o.Protocol {
	case Auto, WebSocket, SSE:
	default:
		return nil, fmt.Errorf("subgraph %q: subscriptions: protocol %q is not known; there are %s and %s", o.Subgraph, o.Protocol, WebSocket, SSE)
	}
	for _, d := range []time.Duration{o.ConnectTimeout, o.AckTimeout, o.KeepAlive, o.Patience} {
		if d < 0 {
			return nil, fmt.Errorf("subgraph %q: subscriptions: a time is negative; leave it out to get the default", o.Subgraph)
		}
	}
	if o.MaxMessage < 0 || o.MaxQueued < 0 || o.MaxQueuedBytes < 0 {
		return nil, fmt.Errorf("subgraph %q: subscriptions: a limit is negative; leave it out to get the default", o.Subgraph)
	}
	o.setDefaults()
	s := &Source{Options: o, url: u}
	s.upgrade, s.stream = s.clients()
	return s, nil
}

func (o *Options) setDefaults() {
	setDefault(&o.ConnectTimeout, 5*time.Second)
	setDefault(&o.AckTimeout, 10*time.Second)
	setDefault(&o.KeepAlive, 15*time.Second)
	setDefault(&o.Patience, 10*time.Second)
	setDefault(&o.MaxMessage, 1<<20)
	setDefault(&o.MaxQueued, 64)
	setDefault(&o.MaxQueuedBytes, 1<<20)
}

func setDefault[T time.Duration | int](option *T, value T) {
	if *option == 0 {
		*option = value
	}
}

// Subscribe opens a subscription. It returns when the subgraph has accepted the connection, which does not mean that it
// accepts the operation: a refusal of that is the stream's first and only event. The stream ends with ctx. The error is an
// *fetch.Error.
func (s *Source) Subscribe(ctx context.Context, req *Request) (Stream, error) {
	if s.Protocol == SSE || s.Protocol == Auto && s.noSocket.Load() {
		stream, err := s.openEvents(ctx, req)
		if err != nil {
			s.noSocket.Store(false) // what was found out may no longer hold
		}
		return stream, err
	}
	stream, err := s.openSocket(ctx, req)
	if s.Protocol != Auto || !errors.Is(err, errNoWebSocket) {
		return stream, err
	}
	stream, second := s.openEvents(ctx, req)
	if second != nil {
		// Neither works: the refusal of the WebSocket is told along, in the log, for it is the one to be expected.
		e := *fetch.Failed(s.Subgraph, second)
		e.Err = errors.Join(err, e.Err)
		return nil, &e
	}
	s.noSocket.Store(true)
	return stream, nil
}

// Close closes connections that are not in use. Streams go on.
func (s *Source) Close() {
	s.upgrade.CloseIdleConnections()
	s.stream.CloseIdleConnections()
}
