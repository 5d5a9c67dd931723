package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const requestTimeout = 30 * time.Second

// load sends requests and checks their answers.
type load struct {
	address, path string
	requests      *exchanges
	next          atomic.Int64
	size          int
	// reformatted says that the gateway writes equal JSON in another form. Its first answer is then what the others
	// are compared with.
	reformatted bool
}

func newLoad(endpoint string, requests *exchanges) (*load, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	return &load{address: u.Host, path: u.RequestURI(), requests: requests}, nil
}

// firstAnswer sends each of the requests that repeat once, and takes over the form of the answers where it differs.
func (l *load) firstAnswer() error {
	client := l.client()
	first, err := l.requests.number(0)
	if err != nil {
		return err
	}
	l.size = len(first.answer)
	for i := range l.requests.known {
		x := &l.requests.known[i]
		var different []byte
		err := l.ask(client, *x, func(answer []byte) { different = bytes.Clone(answer) })
		if err == nil {
			continue
		}
		if different == nil || !equalJSON(different, x.answer) {
			return err
		}
		x.answer, l.reformatted = different, true
	}
	return nil
}

func equalJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

func (l *load) client() *fasthttp.HostClient {
	return &fasthttp.HostClient{
		Addr: l.address, MaxConns: 1, ReadTimeout: requestTimeout, WriteTimeout: requestTimeout,
		MaxResponseBodySize: 64 << 20, RetryIfErr: func(*fasthttp.Request, int, error) (bool, bool) { return false, false },
	}
}

// run keeps a number of requests in flight until the time or the count is over, and returns how long each took.
func (l *load) run(ctx context.Context, connections int, duration time.Duration, most int) ([]time.Duration, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, duration, errTimeOver)
	defer cancel()
	var left atomic.Int64
	left.Store(int64(most))
	times := make([][]time.Duration, connections)
	failures := make([]error, connections)
	var workers sync.WaitGroup
	for w := range connections {
		workers.Go(func() {
			client := l.client()
			defer client.CloseIdleConnections()
			for ctx.Err() == nil && left.Add(-1) >= 0 {
				x, err := l.requests.number(int(l.next.Add(1)))
				if err == nil {
					began := time.Now()
					err = l.ask(client, x, nil)
					times[w] = append(times[w], time.Since(began))
				}
				if err != nil {
					failures[w] = err
					cancel() // one wrong answer ends the measurement
					return
				}
			}
		})
	}
	workers.Wait()
	if err := errors.Join(failures...); err != nil {
		return nil, err
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errTimeOver) {
		return nil, cause
	}
	return slices.Concat(times...), nil
}

var errTimeOver = errors.New("the time is over")

// ask sends a request. An answer that is not the expected one is an error, and is shown to differs.
func (l *load) ask(client *fasthttp.HostClient, x exchange, differs func([]byte)) error {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	request.SetRequestURI("http://" + l.address + l.path)
	request.Header.SetMethod(http.MethodPost)
	request.Header.SetContentType("application/json")
	request.Header.Set("Accept", "application/json")
	request.SetBodyRaw(x.body)
	if err := client.Do(request, response); err != nil {
		return fmt.Errorf("send a request: %w", err)
	}
	if response.StatusCode() != http.StatusOK {
		return fmt.Errorf("the gateway answers %d: %s", response.StatusCode(), clip(response.Body(), 0))
	}
	if !bytes.Equal(response.Body(), x.answer) {
		if differs != nil {
			differs(response.Body())
		}
		at := firstDifference(response.Body(), x.answer)
		return fmt.Errorf("a wrong answer, from byte %d on: %s\nexpected: %s", at, clip(response.Body(), at), clip(x.answer, at))
	}
	return nil
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func clip(b []byte, from int) string {
	const shown = 200
	from = max(0, from-20)
	return strconv.Quote(string(b[from:min(len(b), from+shown)]))
}
