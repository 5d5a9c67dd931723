package subscription

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/weft-gateway/weft/gateway/fetch"
)

const (
	typeEvents = "text/event-stream"
	typeJSON   = "application/json"
	// accept names what a subgraph may answer with. One that finds fault with the operation may say so in plain JSON.
	accept    = typeEvents + ", application/graphql-response+json;q=0.9, application/json;q=0.8"
	userAgent = "weft"
)

// events is a subscription over server-sent events.
type events struct {
	source *Source
	body   io.ReadCloser
	queue  queue
	// ctx is the request's: it ends with the stream.
	ctx    context.Context
	cancel context.CancelFunc
}

// openEvents sends the request and waits for the header of its answer.
func (s *Source) openEvents(ctx context.Context, req *Request) (Stream, error) {
	// The request's context ends with the stream, so the time until the answer is bounded by other means.
	living, cancel := context.WithCancel(ctx)
	out, err := http.NewRequestWithContext(living, http.MethodPost, s.url.String(), bytes.NewReader(req.Body))
	if err != nil {
		cancel()
		return nil, s.unanswered(ctx, err)
	}
	out.Header = s.header(req.Caller)
	out.Header.Set("Content-Type", typeJSON)
	out.Header.Set("Accept", accept)
	out.Header.Set("User-Agent", userAgent)
	late := time.AfterFunc(s.ConnectTimeout+s.AckTimeout, cancel)
	res, err := s.stream.Do(out)
	if err == nil && !late.Stop() {
		err = errors.Join(context.DeadlineExceeded, res.Body.Close())
	}
	if err != nil {
		late.Stop()
		cancel()
		return nil, s.unanswered(ctx, err)
	}
	c := &events{source: s, body: res.Body, ctx: living, cancel: cancel}
	c.queue.init(&s.Options)
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")) // what cannot be read is no media type that is known
	encoding := res.Header.Get("Content-Encoding")
	switch {
	case encoding != "" && encoding != "identity":
		err = s.malformed(fmt.Errorf("content encoding %q, which was not asked for", clip(encoding)))
	case media == typeEvents && res.StatusCode == http.StatusOK:
		go c.receive(newEventStream(res.Body, s.MaxMessage+1))
		return c, nil
	case media == typeJSON || strings.HasSuffix(media, "+json"):
		go c.receiveOne(res.StatusCode)
		return c, nil
	case res.StatusCode != http.StatusOK:
		err = s.status(res.StatusCode, fmt.Errorf("content type %q", clip(media)))
	default:
		err = s.malformed(fmt.Errorf("content type %q, which is no event stream", clip(media)))
	}
	c.finish()
	return nil, err
}

// Next implements Stream.
func (c *events) Next(ctx context.Context) ([]byte, error) { return c.queue.take(ctx) }

// Close implements Stream.
func (c *events) Close() {
	c.queue.drop(ErrClosed)
	c.cancel() // ends the request, and so the reading
}

// recovered makes a panic the end of the stream; to be deferred.
func (c *events) recovered() {
	if p := recover(); p != nil {
		c.queue.end(c.source.broken(p))
	}
}

// finish gives the connection up.
func (c *events) finish() {
	c.cancel()
	_ = c.body.Close() // what is not read yet is of no interest
}

// receive reads events until the connection or the subscription ends.
func (c *events) receive(from *eventStream) {
	defer c.finish()
	defer c.recovered()
	for {
		name, data, err := from.next()
		if err == nil {
			err = c.accept(name, data)
		}
		switch {
		case err == nil:
		case err == errEventTooLarge:
			c.queue.end(c.source.tooLarge())
			return
		case err == io.EOF && name == "complete", err == ErrClosed:
			c.queue.end(err)
			return
		default:
			c.queue.end(c.ended(err))
			return
		}
	}
}

// accept takes an event in. The error is what the stream ends with.
func (c *events) accept(name string, data []byte) error {
	switch {
	case name == "complete":
		return io.EOF
	case name != "next" || len(data) == 0: // an event of another kind, or one without data to keep the connection alive
		return nil
	case !json.Valid(data) || bytes.TrimSpace(data)[0] != '{':
		return c.source.malformed(errors.New("the data of an event is not a JSON object"))
	}
	return c.put(data)
}

func (c *events) put(event []byte) error {
	err := c.queue.put(event)
	if err == errFull {
		return c.source.tooSlow()
	}
	return err
}

// ended is why a stream ended whose reading did with an error.
func (c *events) ended(err error) error {
	var e *fetch.Error
	switch {
	case errors.As(err, &e):
		return e
	case c.ctx.Err() != nil:
		return ErrClosed
	}
	return c.source.lost(err)
}

// receiveOne reads an answer that is one response: a subgraph that finds fault with the operation may give it instead of a
// stream with one event.
func (c *events) receiveOne(status int) {
	defer c.finish()
	defer c.recovered()
	body, err := io.ReadAll(io.LimitReader(c.body, int64(c.source.MaxMessage)+1))
	switch {
	case err != nil:
		err = c.ended(err)
	case len(body) > c.source.MaxMessage:
		err = c.source.tooLarge()
	case !isResponse(body):
		err = c.source.status(status, errors.New("the answer is JSON, but no GraphQL response"))
	default:
		if err = c.put(body); err == nil {
			err = io.EOF
		}
	}
	c.queue.end(err)
}

// isResponse says whether a body is a GraphQL response.
func isResponse(body []byte) bool {
	var response struct {
		Data   json.RawMessage `json:"data"`
		Errors json.RawMessage `json:"errors"`
	}
	return json.Unmarshal(body, &response) == nil && (response.Data != nil || response.Errors != nil)
}
