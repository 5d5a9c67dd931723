package server

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"

	"github.com/99designs/gqlgen/graphql"
)

// postTransport is POST with a JSON body.
type postTransport struct {
	server   *Server
	snapshot Snapshot
}

var _ graphql.Transport = (*postTransport)(nil)

func (t *postTransport) Supports(r *http.Request) bool { return r.Method == http.MethodPost }

func (t *postTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	s, x := t.server, exchangeOf(w)
	buf := bodies.Get().(*bodyBuffer)
	if f := buf.read(r, s.options.Limits.BodyBytes); f != nil {
		buf.free()
		if f.status == http.StatusRequestEntityTooLarge {
			f = s.tooLarge()
		}
		s.writeFault(x, x.accept.media, f)
		return
	}
	p, f := parseBody(buf.bytes)
	if f != nil {
		buf.free()
		s.writeFault(x, x.accept.media, f)
		return
	}
	if s.answer(x, r, t.snapshot, &p, exec) {
		buf.free() // only then: after a panic somebody may still read it
	}
}

// getTransport is GET with the parameters in the URL.
type getTransport struct {
	server   *Server
	snapshot Snapshot
}

var _ graphql.Transport = (*getTransport)(nil)

func (t *getTransport) Supports(r *http.Request) bool { return r.Method == http.MethodGet }

func (t *getTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	s, x := t.server, exchangeOf(w)
	x.readOnly = true
	// What a GET answers depends on who asks, which caches on the way do not know.
	// The Snapshot may say otherwise in its Response.
	x.Header().Set("Cache-Control", "no-store")
	p, f := parseQueryString(r.URL.RawQuery)
	if f != nil {
		s.writeFault(x, x.accept.media, f)
		return
	}
	s.answer(x, r, t.snapshot, &p, exec)
}

// answer runs a well-formed request and writes what came of it. It returns false
// after a panic, which it has answered. It recovers here and not only in
// ServeHTTP because gqlgen's handler in between recovers too, and would answer in
// its own way.
func (s *Server) answer(x *exchange, r *http.Request, snapshot Snapshot, p *params, exec graphql.GraphExecutor) (finished bool) {
	defer func() {
		if !finished {
			s.recovered(x, r, recover())
		}
	}()
	switch {
	case x.accept.streamFirst:
		s.answerStream(x, r, p, exec)
	case !s.execute(x, r, snapshot, p):
	case x.accept.stream:
		s.answerStream(x, r, p, exec)
	default:
		s.writeFault(x, x.accept.media, faultNeedsStream)
	}
	return true
}

// execute asks the Snapshot and writes its answer, unless it says that the
// operation needs a stream.
func (s *Server) execute(x *exchange, r *http.Request, snapshot Snapshot, p *params) (needsStream bool) {
	x.life.begin(r.Context(), s.options.Timeouts.Request)
	defer x.life.end()
	response := snapshot.Execute(&x.life, &Request{
		Query:         p.query,
		OperationName: p.operationName,
		Variables:     p.variables,
		Extensions:    p.extensions,
		Identity:      x.identity,
		ID:            x.id,
		Header:        r.Header,
		ReadOnly:      x.readOnly,
	})
	if response == nil {
		response = &Response{Kind: Failed}
	}
	x.outcome(p.operationName, response.Kind)
	if needsStream = response.Kind == NeedsStream; !needsStream {
		s.writeResponse(x, response)
	}
	if response.Release != nil {
		response.Release()
	}
	return needsStream
}

// writeResponse writes what a Snapshot answered.
func (s *Server) writeResponse(x *exchange, response *Response) {
	header := x.Header()
	for name, values := range response.Header { // each name once: order does not matter
		header[name] = values
	}
	media := x.accept.media
	status, instead := http.StatusOK, faultInternal
	switch response.Kind {
	case Executed:
	case RequestError:
		if media == mediaGraphQL {
			status = http.StatusBadRequest
		}
	case MutationRefused:
		status, instead = http.StatusMethodNotAllowed, faultMutationByGET
		header.Set("Allow", "POST, OPTIONS")
	case TimedOut:
		status, instead = http.StatusGatewayTimeout, faultTimeout
	case Unavailable:
		status, instead = http.StatusServiceUnavailable, faultUnavailable
		header.Set("Retry-After", "1")
	default:
		status = http.StatusInternalServerError
	}
	if len(response.Body) == 0 {
		s.writeFault(x, media, instead)
		return
	}
	s.writeBody(x, media, status, response.Body)
}

// bodyBuffer holds a request's body, and is used again for another's.
type bodyBuffer struct{ bytes []byte }

var bodies = sync.Pool{New: func() any { return &bodyBuffer{make([]byte, 0, 4<<10)} }}

const (
	// maxTrusted is how much of a Content-Length is believed before bytes come.
	maxTrusted = 64 << 10
	// maxKept bounds the buffers in the pool, so that a few large bodies do not
	// stay in memory for ever.
	maxKept = 256 << 10
)

// free gives the buffer back.
func (b *bodyBuffer) free() {
	if cap(b.bytes) > maxKept {
		return
	}
	b.bytes = b.bytes[:0]
	bodies.Put(b)
}

// read reads the whole body, but not more than limit bytes.
func (b *bodyBuffer) read(r *http.Request, limit int64) *fault {
	if expected := int(min(r.ContentLength, maxTrusted)); expected >= cap(b.bytes) {
		b.bytes = make([]byte, 0, expected+1) // and one for the read that finds the end
	}
	for {
		if len(b.bytes) == cap(b.bytes) {
			b.bytes = append(b.bytes, 0)[:len(b.bytes)]
		}
		n, err := r.Body.Read(b.bytes[len(b.bytes):cap(b.bytes)])
		b.bytes = b.bytes[:len(b.bytes)+n]
		if int64(len(b.bytes)) > limit {
			return &fault{status: http.StatusRequestEntityTooLarge}
		}
		switch {
		case err == nil:
		case err == io.EOF:
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return &fault{http.StatusRequestTimeout, CodeRequestTimeout,
				fmt.Sprintf("the body did not arrive in time; %d bytes did", len(b.bytes))}
		default:
			return malformed(fmt.Sprintf("the body broke off after %d bytes", len(b.bytes)))
		}
	}
}
