package server

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// boundedConn is a connection on which each write has to be done within a time. A
// client that takes no bytes would otherwise hold the goroutine that writes, and
// all that the stream holds, until TCP gives up or for ever.
type boundedConn struct {
	net.Conn
	timeout time.Duration
}

// boundWrites makes a hijacked connection one with bounded writes.
func boundWrites(conn net.Conn, rw *bufio.ReadWriter, timeout time.Duration) (net.Conn, *bufio.ReadWriter) {
	bounded := &boundedConn{conn, timeout}
	_ = rw.Writer.Flush() // what it may hold is lost with Reset; where this fails, the next write does
	rw.Writer.Reset(bounded)
	return bounded, rw
}

// Write implements net.Conn. A write that failed ends the connection: a part of a
// message may be gone, and whoever reads from it has to learn that it is over.
func (c *boundedConn) Write(b []byte) (int, error) {
	err := c.SetWriteDeadline(time.Now().Add(c.timeout))
	n := 0
	if err == nil {
		n, err = c.Conn.Write(b)
	}
	if err != nil {
		_ = c.Close()
	}
	return n, err
}

// eventWriter is the ResponseWriter of an event stream: each event has to be taken
// by the client within a time. The deadline stands only while something is written,
// since HTTP/2 ends a stream whose deadline passes even when nothing waits.
//
// gqlgen's transport writes signs of life in a goroutine of its own, which may still
// be about to when the transport has returned; end keeps it from an answer that is
// over.
type eventWriter struct {
	*exchange
	control *http.ResponseController
	timeout time.Duration
	fail    context.CancelFunc // ends the stream

	mu   sync.Mutex
	over bool
}

func newEventWriter(x *exchange, timeout time.Duration, fail context.CancelFunc) *eventWriter {
	return &eventWriter{exchange: x, control: http.NewResponseController(x.ResponseWriter), timeout: timeout, fail: fail}
}

// Write implements http.ResponseWriter. A Flush follows.
func (w *eventWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return 0, io.ErrClosedPipe
	}
	// A connection that knows no deadlines has none to set.
	_ = w.control.SetWriteDeadline(time.Now().Add(w.timeout))
	n, err := w.exchange.Write(b)
	if err != nil {
		w.failed()
	}
	return n, err
}

// Flush implements http.Flusher.
func (w *eventWriter) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	_ = w.control.SetWriteDeadline(time.Now().Add(w.timeout))
	if err := w.control.Flush(); err != nil {
		w.failed()
		return
	}
	_ = w.control.SetWriteDeadline(time.Time{})
}

// failed gives the stream up. The deadline stays, so that the end of the answer does
// not wait either.
func (w *eventWriter) failed() {
	w.over = true
	w.fail()
}

// end lets nothing more be written. What net/http writes to complete the answer has
// the time that one event has, where the next request on the connection sets a
// deadline of its own; elsewhere that one would meet this one.
func (w *eventWriter) end(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	w.over = true
	if server, ok := ctx.Value(http.ServerContextKey).(*http.Server); ok && server.WriteTimeout > 0 {
		_ = w.control.SetWriteDeadline(time.Now().Add(w.timeout))
	}
}
