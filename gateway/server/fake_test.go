package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// fakeSnapshot is an engine that knows a document by a word in it.
type fakeSnapshot struct {
	schema   *ast.Schema
	name     string
	execute  func(ctx context.Context, req *Request) *Response // instead of the words
	last     atomic.Pointer[Request]
	stream   func(ctx context.Context) json.RawMessage // the events of ticks, instead of two; nil ends them
	events   atomic.Int64                              // for stream to count with
	released atomic.Int64
}

var fakeSchema = gqlparser.MustLoadSchema(&ast.Source{Name: "fake.graphql", Input: `
	type Query { hello: String who: String }
	type Mutation { bump: Int }
	type Subscription { ticks: Int forever: Int }
`})

// newerSchema has a field that fakeSchema has not, and lacks one.
var newerSchema = gqlparser.MustLoadSchema(&ast.Source{Name: "newer.graphql", Input: `
	type Query { hello: String newer: String }
	type Subscription { ticks: Int }
`})

func newFake() *fakeSnapshot { return &fakeSnapshot{schema: fakeSchema, name: "first"} }

func (f *fakeSnapshot) Schema() *ast.Schema { return f.schema }

func (f *fakeSnapshot) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (f *fakeSnapshot) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	text := op.RawQuery
	switch {
	case strings.Contains(text, "who"):
		who, _ := IdentityFrom(ctx).(string)
		data, _ := json.Marshal(map[string]string{"who": who})
		return graphql.OneShot(&graphql.Response{Data: data})
	case strings.Contains(text, "panic"):
		panic("boom")
	case strings.Contains(text, "forever"):
		return func(ctx context.Context) *graphql.Response {
			<-ctx.Done()
			return nil
		}
	case strings.Contains(text, "ticks") && f.stream != nil:
		return func(ctx context.Context) *graphql.Response {
			event := f.stream(ctx)
			if event == nil {
				return nil
			}
			return &graphql.Response{Data: event}
		}
	case strings.Contains(text, "ticks"):
		n := 0
		return func(ctx context.Context) *graphql.Response {
			if n++; n > 2 {
				return nil
			}
			return &graphql.Response{Data: json.RawMessage(`{"ticks":` + string(rune('0'+n)) + `}`)}
		}
	}
	return graphql.OneShot(&graphql.Response{Data: json.RawMessage(`{"hello":"` + f.name + `"}`)})
}

func (f *fakeSnapshot) Execute(ctx context.Context, req *Request) *Response {
	f.last.Store(&Request{
		Query: req.Query, OperationName: req.OperationName,
		Variables: append([]byte(nil), req.Variables...), Extensions: append([]byte(nil), req.Extensions...),
		Identity: req.Identity, ID: req.ID, Header: req.Header, ReadOnly: req.ReadOnly,
	})
	if f.execute != nil {
		return f.execute(ctx, req)
	}
	release := func() { f.released.Add(1) }
	answer := func(kind Kind, body string) *Response {
		return &Response{Kind: kind, Body: []byte(body), Release: release}
	}
	switch q := req.Query; {
	case strings.Contains(q, "panic"):
		panic("boom")
	case strings.Contains(q, "nil"):
		return nil
	case strings.Contains(q, "mutation") && req.ReadOnly:
		return answer(MutationRefused, "")
	case strings.Contains(q, "subscription"):
		return answer(NeedsStream, "")
	case strings.Contains(q, "invalid"):
		return answer(RequestError, `{"errors":[{"message":"no","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`)
	case strings.Contains(q, "partial"):
		return answer(Executed, `{"data":{"hello":null},"errors":[{"message":"down","path":["hello"]}]}`)
	case strings.Contains(q, "slow"):
		<-ctx.Done()
		return answer(TimedOut, "")
	case strings.Contains(q, "busy"):
		return answer(Unavailable, "")
	case strings.Contains(q, "long"):
		return answer(Executed, `{"data":{"hello":"`+strings.Repeat("x", 5000)+`"}}`)
	}
	return answer(Executed, `{"data":{"hello":"`+f.name+`"}}`)
}

// newTest makes a Server over a fake with the given changes to its options.
func newTest(t testing.TB, change ...func(*Options)) (*Server, *fakeSnapshot) {
	t.Helper()
	fake := newFake()
	o := Options{Snapshot: func() Snapshot { return fake }}
	for _, c := range change {
		c(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s, fake
}

// do sends one request to a handler. Headers are "Name: value".
func do(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	var reader io.Reader = http.NoBody
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, reader)
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// code is extensions.code of the first error in a response.
func code(t testing.TB, body []byte) string {
	t.Helper()
	var response struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(body, &response); err != nil {
		t.Fatalf("the body is not JSON: %v: %s", err, body)
	}
	if len(response.Errors) == 0 {
		return ""
	}
	if response.Errors[0].Message == "" {
		t.Errorf("an error has no message: %s", body)
	}
	return response.Errors[0].Extensions.Code
}
