// Package mock makes a GraphQL server of a schema alone. Every value follows from what it belongs to: the type, the
// key and the field. So the mocks of several subgraphs agree with each other, and with a mock of the whole graph's API
// schema, which tells what a gateway in front of them has to answer, byte for byte.
//
// A mock is strict: it validates each operation against its schema, and refuses representations whose fields are not
// the ones that the other mocks would have given. It supports what the benchmark's operations need, and says so where
// an operation needs more: no interfaces or unions but _Entity, no conditions.
package mock

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Data says how much of everything there is. Coordinates are written Type.field.
type Data struct {
	// Keys holds, for each entity, the field that identifies it. Its values are the numbers from 1 to the population.
	Keys       map[string]string
	Population map[string]int
	// Lengths are those of lists; other lists have three entries.
	Lengths map[string]int
	// Words is how many words texts have; others have two.
	Words map[string]int
}

// Bounds on what a mock remembers. A benchmark's documents are few; its requests may all differ.
const (
	maxDocuments = 1 << 12
	maxAnswers   = 1 << 12
	maxBody      = 32 << 20
)

// Server answers the operations of one schema.
type Server struct {
	schema *ast.Schema
	data   *Data
	// Delay is how long each answer is held back, for subgraphs that are far away.
	Delay time.Duration

	requests atomic.Int64

	mu        sync.RWMutex
	documents map[string]*document
	answers   map[string][]byte // by request body
}

// New makes a server.
func New(schema *ast.Schema, data *Data) *Server {
	return &Server{schema: schema, data: data, documents: map[string]*document{}, answers: map[string][]byte{}}
}

// Requests is how many requests were answered so far.
func (s *Server) Requests() int64 { return s.requests.Load() }

type request struct {
	Query         string                     `json:"query"`
	OperationName string                     `json:"operationName"`
	Variables     map[string]json.RawMessage `json:"variables"`
}

// Answer answers a request, the body of a POST. The result must not be changed.
func (s *Server) Answer(body []byte) ([]byte, error) {
	s.mu.RLock()
	answer, known := s.answers[string(body)]
	s.mu.RUnlock()
	if known {
		return answer, nil
	}
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	doc, err := s.document(r.Query)
	if err != nil {
		return nil, err
	}
	answer, err = doc.execute(s, &r)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	if len(s.answers) >= maxAnswers {
		clear(s.answers)
	}
	s.answers[string(body)] = answer
	s.mu.Unlock()
	return answer, nil
}

func (s *Server) document(query string) (*document, error) {
	s.mu.RLock()
	doc, known := s.documents[query]
	s.mu.RUnlock()
	if known {
		return doc, nil
	}
	parsed, errs := gqlparser.LoadQueryWithRules(s.schema, query, nil)
	if errs != nil {
		return nil, errs
	}
	doc = newDocument(parsed)
	s.mu.Lock()
	if len(s.documents) >= maxDocuments {
		clear(s.documents)
	}
	s.documents[query] = doc
	s.mu.Unlock()
	return doc, nil
}

// ServeFastHTTP answers over HTTP, as cheaply as can be: what a stub spends is missing to the gateway that is measured.
func (s *Server) ServeFastHTTP(ctx *fasthttp.RequestCtx) {
	s.requests.Add(1)
	if s.Delay > 0 {
		time.Sleep(s.Delay)
	}
	if !ctx.IsPost() {
		ctx.Error("POST a GraphQL request", http.StatusMethodNotAllowed)
		return
	}
	ctx.SetContentType("application/json")
	answer, err := s.Answer(ctx.PostBody())
	if err != nil {
		var b bytes.Buffer
		writeError(&b, err)
		answer = b.Bytes()
	}
	ctx.Response.SetBodyRaw(answer)
}

func writeError(b *bytes.Buffer, err error) {
	message, _ := json.Marshal(err.Error()) // a string always encodes
	fmt.Fprintf(b, `{"errors":[{"message":%s}]}`, message)
}

// Handler is the HTTP server of several mocks, each at /its-name, with /requests telling how many requests each had.
func Handler(servers map[string]*Server) *fasthttp.Server {
	return &fasthttp.Server{
		Name:               "stub",
		MaxRequestBodySize: maxBody,
		NoDefaultDate:      true,
		Handler: func(ctx *fasthttp.RequestCtx) {
			path := string(ctx.Path())
			if path == "/requests" {
				requests := make(map[string]int64, len(servers))
				for name, s := range servers {
					requests[name] = s.Requests()
				}
				_ = json.NewEncoder(ctx).Encode(requests) // numbers always encode
				return
			}
			s, ok := servers[path[1:]]
			if !ok {
				ctx.Error("there is no such subgraph", http.StatusNotFound)
				return
			}
			s.ServeFastHTTP(ctx)
		},
	}
}
