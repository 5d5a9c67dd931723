package servicetest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weft-gateway/weft/subgraphs/identity"
	"github.com/weft-gateway/weft/subgraphs/service"
)

// batchWindow is longer than services use, so that a busy machine seldom tears a batch.
const batchWindow = 20 * time.Millisecond

// now is the time at which everything in tests happens.
var now = time.Date(2026, time.November, 2, 9, 30, 15, 500, time.UTC)

// Client talks to a service under test.
type Client struct {
	// URL is where the service's GraphQL endpoint is.
	URL string
	// Service is the service itself.
	Service *service.Service

	t          *testing.T
	mu         sync.Mutex
	statements []string
}

// Start starts a service on a database and stops it when the test ends.
func Start(t *testing.T, open func(context.Context, service.Options) (*service.Service, error), databaseURL string) *Client {
	t.Helper()
	c := &Client{t: t}
	running, err := open(t.Context(), service.Options{
		DatabaseURL: databaseURL,
		BatchWindow: batchWindow,
		Now:         func() time.Time { return now },
		Observe: func(statement string) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.statements = append(c.statements, statement)
		},
	})
	if err != nil {
		t.Fatalf("start service: %v", err)
	}
	server := httptest.NewServer(running)
	t.Cleanup(func() {
		running.Drain()
		server.Close()
		if err := running.Close(); err != nil {
			t.Errorf("close service: %v", err)
		}
	})
	c.URL, c.Service = server.URL+"/graphql", running
	return c
}

// Caller is who a request comes from; the zero value is nobody.
type Caller struct {
	Subject string
	Scopes  string
}

// Header returns the headers in which the gateway forwards the caller's identity.
func (c Caller) Header() http.Header {
	h := http.Header{}
	if c.Subject != "" {
		h.Set(identity.SubjectHeader, c.Subject)
	}
	if c.Scopes != "" {
		h.Set(identity.ScopesHeader, c.Scopes)
	}
	return h
}

// Failure is an error of an answer.
type Failure struct {
	Message    string `json:"message"`
	Path       []any  `json:"path"`
	Extensions struct {
		Code string `json:"code"`
	} `json:"extensions"`
}

// Answer is what a service answers.
type Answer struct {
	Data   json.RawMessage `json:"data"`
	Errors []Failure       `json:"errors"`
}

// Ask runs an operation and returns the answer, whatever it is.
func (c *Client) Ask(caller Caller, query string, variables map[string]any) Answer {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.t.Fatalf("encode request: %v", err)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.URL, bytes.NewReader(body))
	if err != nil {
		c.t.Fatalf("make request: %v", err)
	}
	request.Header = caller.Header()
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatalf("send request: %v", err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer Answer
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		c.t.Fatalf("decode answer: %v", err)
	}
	return answer
}

// Get runs an operation that must succeed and reads its data into a value of type T.
func Get[T any](c *Client, caller Caller, query string, variables map[string]any) T {
	c.t.Helper()
	answer := c.Ask(caller, query, variables)
	if len(answer.Errors) > 0 {
		c.t.Fatalf("errors: %+v", answer.Errors)
	}
	var data T
	if err := json.Unmarshal(answer.Data, &data); err != nil {
		c.t.Fatalf("decode data: %v", err)
	}
	return data
}

// AtMost checks that do takes at most so many SQL statements. It may try many times: a machine
// that is busy elsewhere can tear what belongs together into two batches, and so two statements,
// but not every time.
func (c *Client) AtMost(t *testing.T, statements int, do func()) {
	t.Helper()
	const tries = 40
	var ran []string
	for range tries {
		c.Forget()
		do()
		if ran = c.Recorded(""); len(ran) <= statements {
			return
		}
	}
	t.Errorf("took %d statements, want at most %d:\n%s", len(ran), statements, strings.Join(ran, "\n"))
}

// Forget drops the statements that were recorded so far.
func (c *Client) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statements = nil
}

// Recorded returns the recorded statements that contain the text.
func (c *Client) Recorded(text string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.statements), func(s string) bool { return !strings.Contains(s, text) })
}

// Refused checks that an answer has one error, of this code.
func Refused(t *testing.T, answer Answer, code string) {
	t.Helper()
	if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != code {
		t.Errorf("errors = %+v, want one with code %s", answer.Errors, code)
	}
}
