package subgraphlist

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/schema/composition"
)

func noEnv(string) (string, bool) { return "", false }

func TestSchemas(t *testing.T) {
	subgraph := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if string(body) != `{"query":"{ _service { sdl } }"}` || r.Header.Get("X-Key") != "k" {
			t.Errorf("asked %s %v", body, r.Header)
		}
		fmt.Fprint(w, `{"data":{"_service":{"sdl":"type Query { c: Int }"}}}`)
	}))
	defer subgraph.Close()
	folder := t.TempDir()
	schemaFile := filepath.Join(folder, "a.graphql")
	if err := os.WriteFile(schemaFile, []byte("type Query { a: Int }"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "supergraph.yaml")
	list, err := Parse(file, []byte(`
federation_version: =2.9.0
subgraphs:
  c:
    schema:
      subgraph_url: `+subgraph.URL+`
      introspection_headers: {X-Key: k}
  b:
    routing_url: http://b/
    schema:
      sdl: |
        type Query { b: Int }
  a:
    routing_url: http://a/
    schema: {file: ./a.graphql}
`), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	got, failed, err := list.Schemas(t.Context())
	if err != nil || len(failed) > 0 {
		t.Fatal(failed, err)
	}
	want := []composition.Subgraph{
		{Name: "a", URL: "http://a/", SDL: "type Query { a: Int }", File: schemaFile},
		{Name: "b", URL: "http://b/", SDL: "type Query { b: Int }\n"},
		{Name: "c", URL: subgraph.URL, SDL: "type Query { c: Int }"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if files := list.Files(); !reflect.DeepEqual(files, []string{file, schemaFile}) {
		t.Errorf("files: %v", files)
	}
}

func TestSubgraphsThatDoNotAnswer(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"no JSON", "<html>", "answers 200 OK with no GraphQL response"},
		{"errors", `{"errors":[{"message":"not here"}]}`, "not here"},
		{"nothing", `{"data":{"_service":null}}`, "answers _service.sdl with nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, test.body) }))
			defer server.Close()
			list, err := Parse("x.yaml", []byte("subgraphs: {a: {schema: {subgraph_url: '"+server.URL+"'}}}"), noEnv)
			if err != nil {
				t.Fatal(err)
			}
			_, failed, err := list.Schemas(t.Context())
			if err != nil || len(failed) != 1 || failed[0].Code != "DOWNSTREAM_SERVICE_ERROR" || !strings.Contains(failed[0].Message, test.want) {
				t.Errorf("%v, %v", failed, err)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no subgraphs", "federation_version: 2\n", "subgraphs: it is required"},
		{"empty", "subgraphs: {}\n", "it names no subgraph"},
		{"no schema", "subgraphs:\n  a:\n    routing_url: x\n", "subgraphs.a.schema: it is required"},
		{"no source", "subgraphs:\n  a: {schema: {introspection_headers: {}}}\n", "found none of them"},
		{"two sources", "subgraphs:\n  a: {schema: {file: a, sdl: b}}\n", "x.yaml:2:7: subgraphs.a.schema: a schema comes from one of file, sdl and subgraph_url; found file and sdl"},
		{"graphref", "subgraphs:\n  a: {schema: {graphref: a@b, subgraph: c}}\n", "not fetched from graph references"},
		{"misspelt", "subgraphs:\n  a: {routing_uri: x, schema: {sdl: b}}\n", "(is routing_url meant?)"},
		{"version", "federation_version: three\nsubgraphs:\n  a: {schema: {sdl: b}}\n", "not a version of Federation"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse("x.yaml", []byte(test.text), noEnv)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	list, err := Parse("x.yaml", []byte("subgraphs:\n  a: {schema: {file: nothing.graphql}}\n"), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = list.Schemas(t.Context()); err == nil || !strings.Contains(err.Error(), "x.yaml:2:16: subgraphs.a.schema.file: open nothing.graphql") {
		t.Errorf("%v", err)
	}
}
