package http

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

func TestReadAnswer(t *testing.T) {
	const limit = 5000
	long := strings.Repeat("x", 3000)
	for _, tc := range []struct {
		name, wire, body string
		status           int
		fails            func(error) bool
	}{
		{"length", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", "body", 200, nil},
		{"nothing", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", 200, nil},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbb8\r\n" + long + "\r\n4\r\nbody\r\n0\r\n\r\n", long + "body", 200, nil},
		{"chunks and a trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n", "body", 200, nil},
		{"until it closes", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + long, long, 200, nil},
		{"interim responses", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nbody", "body", 500, nil},
		{"no content", "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n", "", 204, nil},
		{"endless interim responses", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 100), "", 103, func(err error) bool { return err != io.EOF }},
		{"too long", "HTTP/1.1 200 OK\r\nContent-Length: 5001\r\n\r\n", "", 200, func(err error) bool { return errors.Is(err, fasthttp.ErrBodyTooLarge) }},
		{"too many chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("bb8\r\n"+long+"\r\n", 3), "", 200,
			func(err error) bool { return errors.Is(err, fasthttp.ErrBodyTooLarge) }},
		{"cut off", "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nbody", "", 200, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		{"cut off chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX", "", 200, func(error) bool { return true }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for range 3 { // with memory that was used before, too
				a := answers.Get().(*answer)
				err := a.read(bufio.NewReader(strings.NewReader(tc.wire)), limit)
				switch {
				case tc.fails != nil:
					if err == nil || !tc.fails(err) {
						t.Errorf("the error is %v", err)
					}
				case err != nil || a.raw.StatusCode() != tc.status || string(a.raw.Body()) != tc.body:
					t.Errorf("got status %d, %q, %v", a.raw.StatusCode(), a.raw.Body(), err)
				}
				a.Free()
			}
		})
	}
}

// TestMemoryFitsAnswers: after a large answer, a small one does not hold the large one's memory.
func TestMemoryFitsAnswers(t *testing.T) {
	for i := range 40 {
		size := []int{100_000, 1000}[i%2]
		a := answers.Get().(*answer)
		wire := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", size, strings.Repeat("x", size))
		if err := a.read(bufio.NewReader(strings.NewReader(wire)), 1<<20); err != nil {
			t.Fatal(err)
		}
		if got := cap(a.raw.Body()); got < size || got > 2*size {
			t.Fatalf("%d bytes are held for %d", got, size)
		}
		a.Free()
	}
	for _, n := range []int{-1, 0, 1, minBody, minBody + 1, 1000, 1024, maxPooledBody, maxPooledBody + 1} {
		b := acquireBody(n)
		if cap(b.b) < n || cap(b.b) > max(2*n, unknown) {
			t.Errorf("%d bytes for %d", cap(b.b), n)
		}
		b.release()
	}
}
