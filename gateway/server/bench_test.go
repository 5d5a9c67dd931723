package server

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// discard is a ResponseWriter that costs nothing.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// again is a body that can be read again.
type again struct{ strings.Reader }

func (a *again) Close() error { return nil }

// BenchmarkPOST is what the server costs around an engine that costs nothing.
func BenchmarkPOST(b *testing.B) {
	const body = `{"query":"query Heavy($id: ID!) {\n  users {\n    ...User\n    reviews { ...Review }\n  }\n}","operationName":"Heavy","variables":{"id":"1"}}`
	for name, size := range map[string]int{"100B": 100, "87kB": 87_000} {
		b.Run(name, func(b *testing.B) {
			response := &Response{Body: []byte(`{"data":"` + strings.Repeat("x", size-11) + `"}`)}
			s, fake := newTest(b)
			fake.execute = nil
			fast := &fastSnapshot{fakeSnapshot: fake, response: response}
			s.options.Snapshot = func() Snapshot { return fast }
			r, err := http.NewRequest("POST", "/graphql", nil)
			if err != nil {
				b.Fatal(err)
			}
			r.Header = http.Header{"Content-Type": {typeJSON}, "Accept": {typeJSON}}
			reader := &again{}
			r.Body, r.ContentLength = reader, int64(len(body))
			w := &discard{header: http.Header{}}
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for b.Loop() {
				reader.Reset(body)
				s.ServeHTTP(w, r)
			}
		})
	}
}

type fastSnapshot struct {
	*fakeSnapshot
	response *Response
}

func (f *fastSnapshot) Execute(context.Context, *Request) *Response { return f.response }

func BenchmarkParseBody(b *testing.B) {
	body := []byte(`{"query":"` + strings.Repeat(`  field { id name }\n`, 100) + `","operationName":"Heavy","variables":{"ids":[1,2,3,4],"filter":{"name":"x"}}}`)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, f := parseBody(body); f != nil {
			b.Fatal(f.message)
		}
	}
}
