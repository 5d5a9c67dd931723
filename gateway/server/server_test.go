package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	jsonType  = "Content-Type: application/json"
	acceptGQL = "Accept: application/graphql-response+json"
	acceptAll = "Accept: application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"
)

func get(query string) string { return "/graphql?query=" + url.QueryEscape(query) }

// TestGraphQLOverHTTP holds the rules of the specification, one line each.
func TestGraphQLOverHTTP(t *testing.T) {
	const hello = `{"query":"{hello}"}`
	big := `{"query":"` + strings.Repeat("x", 2000) + `"}`
	tests := []struct {
		name    string
		method  string
		target  string
		body    string
		headers []string
		status  int
		media   string // json unless given
		code    string
	}{
		{"POST", "POST", "/graphql", hello, []string{jsonType}, 200, "", ""},
		{"POST with charset", "POST", "/graphql", hello, []string{"Content-Type: application/json; charset=UTF-8"}, 200, "", ""},
		{"POST for any type", "POST", "/graphql", hello, []string{jsonType, "Accept: */*"}, 200, "", ""},
		{"POST for the GraphQL type", "POST", "/graphql", hello, []string{jsonType, acceptGQL}, 200, "graphql", ""},
		{"POST for both types", "POST", "/graphql", hello, []string{jsonType, acceptAll}, 200, "graphql", ""},
		{"POST for application/*", "POST", "/graphql", hello, []string{jsonType, "Accept: application/*"}, 200, "", ""},
		{"POST for HTML", "POST", "/graphql", hello, []string{jsonType, "Accept: text/html"}, 406, "", CodeNotAcceptable},
		{"POST for another charset", "POST", "/graphql", hello, []string{jsonType, "Accept: application/json; charset=iso-8859-1"}, 406, "", CodeNotAcceptable},
		{"partial data", "POST", "/graphql", `{"query":"{partial}"}`, []string{jsonType, acceptGQL}, 200, "graphql", ""},
		{"request error", "POST", "/graphql", `{"query":"{invalid}"}`, []string{jsonType, acceptGQL}, 400, "graphql", "GRAPHQL_VALIDATION_FAILED"},
		{"request error as JSON", "POST", "/graphql", `{"query":"{invalid}"}`, []string{jsonType}, 200, "", "GRAPHQL_VALIDATION_FAILED"},
		{"no content type", "POST", "/graphql", hello, nil, 415, "", CodeUnsupportedMediaType},
		{"a form", "POST", "/graphql", "query=%7Bhello%7D", []string{"Content-Type: application/x-www-form-urlencoded"}, 415, "", CodeUnsupportedMediaType},
		{"plain text", "POST", "/graphql", hello, []string{"Content-Type: text/plain"}, 415, "", CodeUnsupportedMediaType},
		{"another charset", "POST", "/graphql", hello, []string{"Content-Type: application/json; charset=iso-8859-1"}, 415, "", CodeUnsupportedMediaType},
		{"a packed body", "POST", "/graphql", hello, []string{jsonType, "Content-Encoding: gzip"}, 415, "", CodeUnsupportedMediaType},
		{"no body", "POST", "/graphql", "", []string{jsonType}, 400, "", CodeMalformedRequest},
		{"nonsense", "POST", "/graphql", "NONSENSE", []string{jsonType}, 400, "", CodeMalformedRequest},
		{"half a body", "POST", "/graphql", `{"query":`, []string{jsonType, acceptGQL}, 400, "graphql", CodeMalformedRequest},
		{"no query", "POST", "/graphql", `{"qeury":"{hello}"}`, []string{jsonType}, 400, "", CodeMalformedRequest},
		{"a query of the wrong type", "POST", "/graphql", `{"query":{}}`, []string{jsonType}, 400, "", CodeMalformedRequest},
		{"an operation name of the wrong type", "POST", "/graphql", `{"query":"{hello}","operationName":1}`, []string{jsonType}, 400, "", CodeMalformedRequest},
		{"variables of the wrong type", "POST", "/graphql", `{"query":"{hello}","variables":[]}`, []string{jsonType}, 400, "", CodeMalformedRequest},
		{"extensions of the wrong type", "POST", "/graphql", `{"query":"{hello}","extensions":"x"}`, []string{jsonType}, 400, "", CodeMalformedRequest},
		{"nulls", "POST", "/graphql", `{"query":"{hello}","operationName":null,"variables":null,"extensions":null}`, []string{jsonType}, 200, "", ""},
		{"a batch", "POST", "/graphql", `[` + hello + `]`, []string{jsonType}, 400, "", CodeBatchingNotEnabled},
		{"too large", "POST", "/graphql", big, []string{jsonType}, 413, "", CodePayloadTooLarge},
		{"GET", "GET", get("{hello}"), "", []string{"Accept: application/json"}, 200, "", ""},
		{"GET for the GraphQL type", "GET", get("{hello}"), "", []string{acceptGQL}, 200, "graphql", ""},
		{"GET without Accept", "GET", get("{hello}"), "", nil, 200, "", ""},
		{"GET with variables", "GET", get("{hello}") + "&variables=%7B%22a%22%3A1%7D", "", nil, 200, "", ""},
		{"GET with empty parameters", "GET", get("{hello}") + "&variables=&operationName=&extensions=null", "", nil, 200, "", ""},
		{"GET with broken variables", "GET", get("{hello}") + "&variables=%7B", "", nil, 400, "", CodeMalformedRequest},
		{"GET with two JSON values", "GET", get("{hello}") + "&variables=%7B%7D%7B%7D", "", nil, 400, "", CodeMalformedRequest},
		{"GET with a list of variables", "GET", get("{hello}") + "&variables=%5B%5D", "", nil, 400, "", CodeMalformedRequest},
		{"GET with a broken escape", "GET", "/graphql?query=%zz", "", nil, 400, "", CodeMalformedRequest},
		{"GET with two queries", "GET", get("{hello}") + "&query=x", "", nil, 400, "", CodeMalformedRequest},
		{"GET without a query", "GET", "/graphql", "", nil, 400, "", CodeMalformedRequest},
		{"mutation by GET", "GET", get("mutation{bump}"), "", nil, 405, "", CodeMethodNotAllowed},
		{"PUT", "PUT", "/graphql", hello, []string{jsonType}, 405, "", CodeMethodNotAllowed},
		{"HEAD", "HEAD", get("{hello}"), "", nil, 405, "", CodeMethodNotAllowed},
		{"subscription without a stream", "POST", "/graphql", `{"query":"subscription{ticks}"}`, []string{jsonType}, 406, "", CodeNotAcceptable},
		{"deadline", "POST", "/graphql", `{"query":"{slow}"}`, []string{jsonType}, 504, "", CodeGatewayTimeout},
		{"turned away", "POST", "/graphql", `{"query":"{busy}"}`, []string{jsonType}, 503, "", CodeNotReady},
		{"panic", "POST", "/graphql", `{"query":"{panic}"}`, []string{jsonType}, 500, "", CodeInternalServerError},
		{"no response", "POST", "/graphql", `{"query":"{nil}"}`, []string{jsonType}, 500, "", CodeInternalServerError},
		{"another path", "GET", "/nothing", "", nil, 404, "", CodeNotFound},
		{"the root, without a Playground", "GET", "/", "", []string{"Accept: text/html"}, 404, "", CodeNotFound},
	}
	s, _ := newTest(t, func(o *Options) {
		o.Limits.BodyBytes = 1000
		o.Timeouts.Request = 20 * time.Millisecond
	})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := do(s, test.method, test.target, test.body, test.headers...)
			if w.Code != test.status {
				t.Fatalf("status %d, want %d: %s", w.Code, test.status, w.Body)
			}
			if got := code(t, w.Body.Bytes()); got != test.code && test.name != "partial data" {
				t.Errorf("code %q, want %q: %s", got, test.code, w.Body)
			}
			want := "application/json; charset=utf-8"
			if test.media == "graphql" {
				want = "application/graphql-response+json; charset=utf-8"
			}
			if got := w.Header().Get("Content-Type"); got != want {
				t.Errorf("Content-Type %q, want %q", got, want)
			}
			if test.status == 405 && w.Header().Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			if w.Header().Get("X-Request-Id") == "" {
				t.Error("no request id")
			}
		})
	}
}

func TestRequestReachesSnapshot(t *testing.T) {
	s, fake := newTest(t, func(o *Options) {
		o.Authenticate = func(*http.Request) (any, *Denied) { return "alice", nil }
	})
	w := do(s, "POST", "/graphql",
		`{"query":"query A {\n\thello \u00e9\ud83d\ude00}","operationName":"A","variables":{ "a" : [1,"\u0041"] },"extensions":{"plan":true}}`,
		jsonType, "X-Request-Id: from-proxy.1")
	if w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	got := fake.last.Load()
	if got.Query != "query A {\n\thello é😀}" || got.OperationName != "A" ||
		string(got.Variables) != `{ "a" : [1,"\u0041"] }` || string(got.Extensions) != `{"plan":true}` ||
		got.Identity != "alice" || got.ID != "from-proxy.1" || got.ReadOnly {
		t.Errorf("%+v", got)
	}
	if fake.released.Load() != 1 {
		t.Error("the response was not released once")
	}
	if w := do(s, "GET", get("{hello}")+"&variables=+%7B%22a%22:1%7D", ""); w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
		t.Error(w.Code, w.Header())
	}
	if got = fake.last.Load(); !got.ReadOnly || string(got.Variables) != `{"a":1}` || got.ID == "" {
		t.Errorf("%+v", got)
	}
}

func TestAuthentication(t *testing.T) {
	s, fake := newTest(t, func(o *Options) {
		o.Authenticate = func(r *http.Request) (any, *Denied) {
			if r.Header.Get("Authorization") == "Bearer good" {
				return "alice", nil
			}
			return nil, &Denied{
				Status: 401, WWWAuthenticate: `Bearer realm="weft"`, RetryAfter: 1500 * time.Millisecond,
				Body: []byte(`{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}`),
			}
		}
	})
	w := do(s, "POST", "/graphql", `not even JSON`, jsonType)
	if w.Code != 401 || w.Header().Get("WWW-Authenticate") != `Bearer realm="weft"` || code(t, w.Body.Bytes()) != "UNAUTHENTICATED" {
		t.Error(w.Code, w.Header(), w.Body)
	}
	if got := w.Header().Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After = %q", got)
	}
	if fake.last.Load() != nil {
		t.Error("a denied request reached the snapshot")
	}
	if w := do(s, "POST", "/graphql", `{"query":"{hello}"}`, jsonType, "Authorization: Bearer good"); w.Code != 200 {
		t.Error(w.Code, w.Body)
	}
}

func TestEachRequestKeepsItsSnapshot(t *testing.T) {
	first, second := newFake(), newFake()
	second.name = "second"
	var current Snapshot
	entered, leave := make(chan struct{}), make(chan struct{})
	first.execute = func(context.Context, *Request) *Response {
		close(entered)
		<-leave
		return &Response{Body: []byte(`{"data":{"hello":"first"}}`)}
	}
	s, err := New(Options{Snapshot: func() Snapshot { return current }})
	if err != nil {
		t.Fatal(err)
	}
	if w := do(s, "POST", "/graphql", `{"query":"{hello}"}`, jsonType); w.Code != 503 || code(t, w.Body.Bytes()) != CodeNotReady {
		t.Error(w.Code, w.Body)
	}
	if w := do(s, "GET", "/health/ready", ""); w.Code != 503 {
		t.Error(w.Code, w.Body)
	}
	current = first
	if w := do(s, "GET", "/health/ready", ""); w.Code != 200 {
		t.Error(w.Code, w.Body)
	}
	done := make(chan string)
	go func() { done <- do(s, "POST", "/graphql", `{"query":"{hello}"}`, jsonType).Body.String() }()
	<-entered
	current = second
	if got := do(s, "POST", "/graphql", `{"query":"{hello}"}`, jsonType).Body.String(); got != `{"data":{"hello":"second"}}` {
		t.Error(got)
	}
	close(leave)
	if got := <-done; got != `{"data":{"hello":"first"}}` {
		t.Error(got)
	}
}

func TestHealth(t *testing.T) {
	var reason error
	s, _ := newTest(t, func(o *Options) { o.Health.Ready = func() error { return reason } })
	if w := do(s, "GET", "/health/live", ""); w.Code != 200 || w.Body.String() != `{"status":"live"}` {
		t.Error(w.Code, w.Body)
	}
	if w := do(s, "HEAD", "/health/ready", ""); w.Code != 200 {
		t.Error(w.Code, w.Body)
	}
	if w := do(s, "POST", "/health/ready", ""); w.Code != 405 {
		t.Error(w.Code, w.Body)
	}
	reason = errors.New("the registry is away")
	if w := do(s, "GET", "/health/ready", ""); w.Code != 503 || !strings.Contains(w.Body.String(), "the registry is away") {
		t.Error(w.Code, w.Body)
	}
}

func TestPlaygroundIsForBrowsers(t *testing.T) {
	s, _ := newTest(t, func(o *Options) {
		o.Playground = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "page") })
	})
	browser := "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	if w := do(s, "GET", "/", "", browser); w.Body.String() != "page" {
		t.Error(w.Code, w.Body)
	}
	if w := do(s, "GET", "/playground/assets/a.js", ""); w.Body.String() != "page" {
		t.Error(w.Code, w.Body)
	}
	if w := do(s, "GET", "/", "", "Accept: */*"); w.Code != 404 {
		t.Error(w.Code, w.Body)
	}
	if w := do(s, "GET", "/graphql", "", browser); w.Code != 303 || w.Header().Get("Location") != "/" {
		t.Error(w.Code, w.Header())
	}
	if w := do(s, "GET", get("{hello}"), "", browser); w.Code != 200 {
		t.Error(w.Code, w.Body)
	}
}

func TestCompression(t *testing.T) {
	s, _ := newTest(t, func(o *Options) { o.Compress.Enabled = true })
	long := `{"query":"{long}"}`
	w := do(s, "POST", "/graphql", long, jsonType, "Accept-Encoding: br, gzip;q=0.5")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Vary") != "Accept-Encoding" {
		t.Fatal(w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || !bytes.Contains(body, []byte("xxxx")) {
		t.Error(err, len(body))
	}
	for name, headers := range map[string][]string{
		"refused":   {jsonType, "Accept-Encoding: gzip;q=0"},
		"not asked": {jsonType},
	} {
		if w := do(s, "POST", "/graphql", long, headers...); w.Header().Get("Content-Encoding") != "" {
			t.Error(name, w.Header())
		}
	}
	if w := do(s, "POST", "/graphql", `{"query":"{hello}"}`, jsonType, "Accept-Encoding: gzip"); w.Header().Get("Content-Encoding") != "" {
		t.Error("a small answer was compressed")
	}
}

func TestLogHasNoSecrets(t *testing.T) {
	var out bytes.Buffer
	logger, err := NewLogger(&out, "json", "debug")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := newTest(t, func(o *Options) { o.Logger = logger })
	for _, query := range []string{"{hello}", "{panic}", "{invalid}"} {
		do(s, "POST", "/graphql?token=s3cret", `{"query":"`+query+` # s3cret","operationName":"Op","variables":{"password":"s3cret"}}`,
			jsonType, "Authorization: Bearer s3cret", "Cookie: s3cret")
	}
	do(s, "GET", get("{hello}")+"&variables=%7B%22a%22%3A%22s3cret%22%7D", "")
	do(s, "POST", "/graphql", `{"query":"subscription{ticks}","variables":{"a":"s3cret"}} s3cret`, jsonType, "Accept: text/event-stream")
	log := out.String()
	if strings.Contains(log, "s3cret") {
		t.Errorf("the log holds a secret:\n%s", log)
	}
	for _, want := range []string{`"operation":"Op"`, `"outcome":"executed"`, `"status":200`, `"outcome":"request_error"`, `"panic":"boom"`, `"stack":`, `"request_id":`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %s:\n%s", want, log)
		}
	}
}

func TestNewLogger(t *testing.T) {
	for _, bad := range [][2]string{{"xml", ""}, {"", "loud"}} {
		if _, err := NewLogger(io.Discard, bad[0], bad[1]); err == nil {
			t.Error(bad)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	s, _ := newTest(t)
	for given, kept := range map[string]bool{
		"abc-1": true, "": false, "a b": false, "é": false, strings.Repeat("a", 129): false, "a\"b": false,
	} {
		w := do(s, "GET", "/health/live", "", "X-Request-Id: "+given)
		if got := w.Header().Get("X-Request-Id"); (got == given) != kept || got == "" {
			t.Errorf("%q became %q", given, got)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	snapshot := func() Snapshot { return nil }
	for name, o := range map[string]Options{
		"no snapshot":        {},
		"path":               {Snapshot: snapshot, Path: "graphql"},
		"path of health":     {Snapshot: snapshot, Path: "/health/live"},
		"negative limit":     {Snapshot: snapshot, Limits: Limits{BodyBytes: -1}},
		"negative timeout":   {Snapshot: snapshot, Timeouts: Timeouts{Idle: -1}},
		"compression level":  {Snapshot: snapshot, Compress: Compression{Level: 12}},
		"origin with path":   {Snapshot: snapshot, CORS: CORS{Origins: []string{"https://a.example/"}}},
		"all and one origin": {Snapshot: snapshot, CORS: CORS{Origins: []string{"*", "https://a.example"}}},
		"all with cookies":   {Snapshot: snapshot, CORS: CORS{Origins: []string{"*"}, Credentials: true}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
