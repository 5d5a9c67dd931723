package registryapi

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whatever a body holds, the answer is a GraphQL response, and the fault is not the registry's.
func FuzzHandler(f *testing.F) {
	for _, body := range []string{
		publishOne, checkOne, readAll, "", "{", "[]", "null", `{"query":1}`, `{"query":"{__typename}","variables":[]}`,
		`{"query":"query($a: Int!) { versions(first: $a) { edges { cursor } } }","variables":{"a":null}}`,
		`{"query":"mutation($i: CheckSubgraphInput!) { checkSubgraph(input: $i) { status } }","variables":{"i":{"name":"a","sdl":"\u0000"}}}`,
		`{"query":"{ __schema { types { fields { type { fields { name } } } } } }"}`,
		`{"query":"subscription { a }"}`,
		`{"query":"{ ...F } fragment F on Query { ...F }"}`,
		`{"query":"query A { supergraph { number } } query B { supergraph { number } }"}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r, _ := newRegistry(t)
		handler := Handler(Options{Registry: r, Authenticate: authenticate, Log: slog.New(slog.DiscardHandler)})
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer bob")
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		answer := recorder.Body.String()
		if recorder.Code >= 500 || strings.Contains(answer, codeInternal) {
			t.Errorf("%d %s", recorder.Code, answer)
		}
		var decoded struct {
			Data   json.RawMessage
			Errors []wireError
		}
		if err := json.Unmarshal([]byte(answer), &decoded); err != nil || (decoded.Data == nil && decoded.Errors == nil) {
			t.Errorf("no GraphQL response (%v): %s", err, answer)
		}
	})
}
