package http

import (
	"bufio"
	"fmt"
	"math/bits"
	nethttp "net/http"
	"sync"

	"github.com/valyala/fasthttp"

	"github.com/weft-gateway/weft/gateway/fetch"
)

// answer is a pooled response of HTTP/1.1.
type answer struct {
	fetch.Response
	raw  fasthttp.Response
	body *body // that raw reads into; nil before that
}

var answers = sync.Pool{New: func() any { return new(answer) }}

// Free implements the release of a fetch.Response.
func (a *answer) Free() {
	if a.body != nil {
		a.body.b = a.raw.SwapBody(nil)
		a.body.release()
		a.body = nil
	}
	a.raw.Reset()
	a.Response = fetch.Response{}
	answers.Put(a)
}

// header looks a header up.
func (a *answer) header(name string) string { return string(a.raw.Header.Peek(name)) }

// maxInterim bounds the interim responses before an answer (RFC 9110, section 15.2).
const maxInterim = 8

// read reads the answer. It does as fasthttp's ReadLimitBody does, with memory that fits the body's length.
func (a *answer) read(br *bufio.Reader, limit int) error {
	for n := 0; ; n++ {
		if err := a.raw.Header.Read(br); err != nil {
			return err
		}
		if status := a.raw.StatusCode(); status < 100 || status > 199 || status == nethttp.StatusSwitchingProtocols {
			break
		}
		if n == maxInterim {
			return fmt.Errorf("more than %d interim responses", maxInterim)
		}
	}
	switch status := a.raw.StatusCode(); {
	case status == nethttp.StatusSwitchingProtocols, status == nethttp.StatusNoContent, status == nethttp.StatusNotModified:
		return nil // these have no body, whatever the header says
	}
	length := a.raw.Header.ContentLength()
	if length <= limit {
		a.body = acquireBody(length)
		a.raw.SwapBody(a.body.b)
	}
	if err := a.raw.ReadBody(br, limit); err != nil || length != chunked {
		return err
	}
	return a.raw.Header.ReadTrailer(br)
}

// chunked is what fasthttp gives for the length of a body in chunks. One that ends with the connection is -2.
const chunked = -1

// body is pooled memory for a body.
type body struct{ b []byte }

// maxPooledBody bounds the memory that is kept between requests in one piece.
const maxPooledBody = 1 << 20

// pooledBodies holds memory by its size, class n from 2ⁿ bytes. In a single pool each piece would grow, in time, to the
// size of the largest answer.
var pooledBodies [21]sync.Pool

// minBody is the least memory that is worth a pool's while; unknown is where reading begins when the length is not told.
const (
	minBody = 1 << 9
	unknown = 1 << 14
)

// acquireBody returns memory for n bytes, be they more or less than that (n < 0: nobody knows).
func acquireBody(n int) *body {
	if n < 0 {
		n = unknown
	}
	class := bits.Len(uint(max(n, minBody) - 1))
	if class >= len(pooledBodies) {
		return &body{b: make([]byte, 0, n)}
	}
	if b, ok := pooledBodies[class].Get().(*body); ok {
		return b
	}
	return &body{b: make([]byte, 0, 1<<class)}
}

// release gives the memory back. It may have grown.
func (b *body) release() {
	if c := cap(b.b); c >= minBody && c <= maxPooledBody {
		b.b = b.b[:0]
		pooledBodies[bits.Len(uint(c))-1].Put(b)
	}
}
