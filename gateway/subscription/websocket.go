package subscription

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// Close codes of graphql-transport-ws, which servers of its predecessor use too.
const (
	closeBadMessage   websocket.StatusCode = 4400
	closeUnauthorized websocket.StatusCode = 4401
	closeForbidden    websocket.StatusCode = 4403
)

const (
	// farewell bounds the last message of a stream. The closing handshake has bounds of its own.
	farewell = time.Second
	// overhead is what a message may have around its payload.
	overhead = 1 << 10
)

// socket is a subscription over a WebSocket.
type socket struct {
	source  *Source
	conn    *websocket.Conn
	dialect *dialect
	queue   queue

	// ctx ends when nobody wants the stream any more.
	ctx    context.Context
	cancel context.CancelFunc
	// received is closed when the goroutine that reads has ended.
	received chan struct{}
	// waiting is set while that goroutine waits for room in the queue, and heard is when it last read or waited: a pong that
	// lies unread is no sign of death.
	waiting atomic.Bool
	heard   atomic.Int64
}

// openSocket connects, introduces the caller, and asks for the subscription.
func (s *Source) openSocket(ctx context.Context, req *Request) (Stream, error) {
	limited, cancel := context.WithTimeout(ctx, s.ConnectTimeout+s.AckTimeout)
	defer cancel()
	header := s.header(req.Caller)
	conn, d, err := s.dial(limited, header)
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	if err := s.greet(limited, conn, d, header); err != nil {
		return nil, s.explain(ctx, errors.Join(err, conn.CloseNow()))
	}
	if err := conn.Write(limited, websocket.MessageText, d.startMessage(req.Body)); err != nil {
		return nil, s.explain(ctx, errors.Join(err, conn.CloseNow()))
	}
	c := &socket{source: s, conn: conn, dialect: d, received: make(chan struct{})}
	c.queue.init(&s.Options)
	c.ctx, c.cancel = context.WithCancel(ctx)
	c.heard.Store(time.Now().UnixNano())
	go c.receive()
	go c.watch()
	return c, nil
}

// dial performs the handshake.
func (s *Source) dial(ctx context.Context, header http.Header) (*websocket.Conn, *dialect, error) {
	h := header.Clone()
	h.Set("User-Agent", userAgent)
	conn, resp, err := websocket.Dial(ctx, s.url.String(), &websocket.DialOptions{
		HTTPClient: s.upgrade, HTTPHeader: h, Subprotocols: []string{modern, legacy},
	})
	switch {
	case err == nil:
	case resp == nil:
		return nil, nil, err
	case resp.StatusCode == http.StatusSwitchingProtocols:
		return nil, nil, s.malformed(err)
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden:
		return nil, nil, s.status(resp.StatusCode, err)
	default:
		return nil, nil, s.status(resp.StatusCode, errNoWebSocket)
	}
	conn.SetReadLimit(int64(s.MaxMessage) + overhead)
	if d := dialectOf(conn.Subprotocol()); d != nil {
		return conn, d, nil
	}
	_ = conn.CloseNow() // there is nothing to be said without a protocol
	return nil, nil, s.malformed(fmt.Errorf("%w: it chose neither of the subprotocols %s and %s", errNoWebSocket, modern, legacy))
}

// greet says who is speaking and waits until that is accepted.
func (s *Source) greet(ctx context.Context, conn *websocket.Conn, d *dialect, header http.Header) error {
	var payload [][2]string
	for name, values := range header {
		payload = append(payload, [2]string{name, strings.Join(values, ", ")})
	}
	slices.SortFunc(payload, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	if err := conn.Write(ctx, websocket.MessageText, begin(payload)); err != nil {
		return err
	}
	for {
		m, err := s.readMessage(ctx, conn, d)
		if err != nil {
			return err
		}
		switch m.kind {
		case kindAck:
			return nil
		case kindAlive:
		case kindPing:
			if err := conn.Write(ctx, websocket.MessageText, pong); err != nil {
				return err
			}
		case kindRefusal:
			return s.refused(fmt.Errorf("connection_error: %s", clip(string(m.payload))))
		default:
			return s.malformed(errors.New("it did not wait for the subscription to be asked for"))
		}
	}
}

// readMessage reads the next message.
func (s *Source) readMessage(ctx context.Context, conn *websocket.Conn, d *dialect) (message, error) {
	form, text, err := conn.Read(ctx)
	if err != nil {
		return message{}, err
	}
	if form != websocket.MessageText {
		return message{}, s.malformed(errors.New("a message is binary"))
	}
	m, err := d.read(text)
	if err != nil {
		return message{}, s.malformed(err)
	}
	if len(m.payload) > s.MaxMessage {
		return message{}, s.tooLarge()
	}
	return m, nil
}

// explain makes an *fetch.Error of what went wrong while a stream was opened.
func (s *Source) explain(ctx context.Context, err error) error {
	var e *fetch.Error
	if errors.As(err, &e) {
		return e
	}
	if websocket.CloseStatus(err) >= 0 || errors.Is(err, websocket.ErrMessageTooBig) {
		return s.ended(err)
	}
	return s.unanswered(ctx, err)
}

// ended makes an *fetch.Error of what ended a connection.
func (s *Source) ended(err error) *fetch.Error {
	var e *fetch.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, websocket.ErrMessageTooBig):
		return s.tooLarge()
	}
	switch websocket.CloseStatus(err) {
	case closeUnauthorized, closeForbidden, websocket.StatusPolicyViolation:
		return s.refused(err)
	}
	return s.lost(err)
}

// Next implements Stream.
func (c *socket) Next(ctx context.Context) ([]byte, error) { return c.queue.take(ctx) }

// Close implements Stream.
func (c *socket) Close() {
	c.queue.drop(ErrClosed)
	c.cancel()
}

// receive reads the connection until it or the subscription ends.
func (c *socket) receive() {
	defer close(c.received)
	defer func() {
		if p := recover(); p != nil {
			c.queue.end(c.source.broken(p))
		}
	}()
	for {
		// The watching goroutine closes the connection, so nothing else needs to end this.
		m, err := c.source.readMessage(context.Background(), c.conn, c.dialect)
		c.heard.Store(time.Now().UnixNano())
		if err == nil {
			err = c.accept(m)
		}
		switch {
		case err == nil:
		case err == io.EOF || err == ErrClosed:
			c.queue.end(err)
			return
		default:
			c.queue.end(c.source.ended(err))
			return
		}
	}
}

// accept takes a message in. The error is what the stream ends with.
func (c *socket) accept(m message) error {
	switch m.kind {
	case kindEvent:
		return c.put(m.payload)
	case kindFailure:
		if err := c.put(failure(m.payload)); err != nil {
			return err
		}
		return io.EOF
	case kindEnd:
		return io.EOF
	case kindPing:
		ctx, cancel := context.WithTimeout(c.ctx, c.source.KeepAlive)
		defer cancel()
		return c.conn.Write(ctx, websocket.MessageText, pong)
	case kindAlive:
		return nil
	case kindRefusal:
		return c.source.refused(fmt.Errorf("connection_error: %s", clip(string(m.payload))))
	}
	return c.source.malformed(errors.New("it accepted the connection twice"))
}

func (c *socket) put(event []byte) error {
	c.waiting.Store(true)
	err := c.queue.put(event)
	c.heard.Store(time.Now().UnixNano())
	c.waiting.Store(false)
	if err == errFull {
		return c.source.tooSlow()
	}
	return err
}

// watch asks for signs of life, and closes the connection when the stream has ended on either side.
func (c *socket) watch() {
	defer c.cancel()
	tick := time.NewTicker(c.source.KeepAlive)
	defer tick.Stop()
	for {
		select {
		case <-c.ctx.Done():
			c.leave()
			return
		case <-c.received:
			c.part()
			return
		case <-tick.C:
			if c.alive() {
				continue
			}
			c.queue.end(c.source.lost(errors.New("it gave no sign of life")))
			_ = c.conn.CloseNow() // the other side is not there to shake hands
			return
		}
	}
}

// alive asks for a sign of life.
func (c *socket) alive() bool {
	ctx, cancel := context.WithTimeout(c.ctx, c.source.KeepAlive)
	defer cancel()
	if c.conn.Ping(ctx) == nil || ctx.Err() != context.DeadlineExceeded {
		return true // or closed, which the goroutine that reads finds out with the reason
	}
	return c.waiting.Load() || time.Since(time.Unix(0, c.heard.Load())) < c.source.KeepAlive
}

// leave ends the subscription from this side.
func (c *socket) leave() {
	c.queue.end(ErrClosed)
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	// A server that is gone already needs no goodbye.
	_ = c.conn.Write(ctx, websocket.MessageText, c.dialect.stopMessage())
	_ = c.conn.Close(websocket.StatusNormalClosure, "")
	<-c.received
}

// part closes the connection after the subscription has ended.
func (c *socket) part() {
	code := websocket.StatusNormalClosure
	var e *fetch.Error
	if errors.As(c.queue.reason(), &e) && e.Code == fetch.CodeMalformed {
		code = closeBadMessage
	}
	_ = c.conn.Close(code, "") // whatever the other side says, this is over
}
