package supergraph

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

const head = `schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a") }
`

func TestReadErrors(t *testing.T) {
	for _, c := range []struct{ name, sdl, want string }{
		{"syntax", "type Query {", "Expected Name"},
		{"not a supergraph", "type Query { n: Int }", "this is not a supergraph schema"},
		{"a subgraph's own schema", `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3") type Query { n: Int }`, "this is not a supergraph schema"},
		{"unknown join version", `schema @link(url: "https://specs.apollo.dev/join/v0.9") { query: Query } type Query { n: Int }`, "version 0.9 of the join specification is not known"},
		{"join without version", `schema @link(url: "https://specs.apollo.dev/join") { query: Query } type Query { n: Int }`, "of the join specification is not known"},
		{"no join__Graph", `schema @link(url: "https://specs.apollo.dev/join/v0.5") { query: Query } type Query { n: Int }`, "no enum join__Graph"},
		{"unknown subgraph of a type", head + "type Query @join__type(graph: B) { n: Int }", "type Query: @join__type names the subgraph B"},
		{"unknown subgraph of a field", head + "type Query @join__type(graph: A) { n: Int @join__field(graph: B) }", "field Query.n: @join__field names the subgraph B"},
		{"subgraph without the type", strings.Replace(head, "A @join__graph", "B A @join__graph", 1) + "type Query @join__type(graph: A) { n: Int @join__field(graph: B) }", "does not have the type"},
		{"key that does not parse", head + "type Query @join__type(graph: A, key: \"a {\") { n: Int }", `field set "a {"`},
		{"empty key selection", head + "type Query @join__type(graph: A, key: \"a {}\") { n: Int }", "field set"},
		{"requires that does not parse", head + "type Query @join__type(graph: A) { n: Int @join__field(graph: A, requires: \"}\") }", "field Query.n: field set"},
		{"type that does not parse", head + "type Query @join__type(graph: A) { n: Int @join__field(graph: A, type: \"[Int\") }", `"[Int" is not a type`},
		{"type defined twice", head + "type Query @join__type(graph: A) { n: Int } type Query { m: Int }", "type Query is defined twice"},
		{"extension of nothing", head + "type Query @join__type(graph: A) { n: Int } extend type T { n: Int }", "extension of type T, which is not defined"},
		{"root type with another name", strings.Replace(head, "query: Query", "query: Root", 1) + "type Root @join__type(graph: A) { n: Int }", "the query root type is called Root"},
		{"field of a type that is not there", head + "type Query @join__type(graph: A) { t: T }", "the field Query.t has the type T, which is not defined"},
		{"type that the subgraph lacks", strings.Replace(head, "A @join__graph", "B A @join__graph", 1) + "type Query @join__type(graph: A) { t: T } type T @join__type(graph: B) { n: Int }", "type T has no @join__type for that subgraph"},
		{"everything hidden", strings.Replace(head, "{ query", `@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query`, 1) + "type Query @join__type(graph: A) @inaccessible { n: Int }", "API schema"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(c.sdl)
			if err == nil || !strings.HasPrefix(err.Error(), "supergraph: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

func TestParseType(t *testing.T) {
	for _, text := range []string{"Int", "Int!", "[Int]", "[Int!]!", "[[A]!]"} {
		got, err := ParseType(" " + text + " ")
		if err != nil || got.String() != text {
			t.Errorf("%q is read as %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "!", "[Int", "Int]", "Int!!", "[]", "Int Int", "A[B]", strings.Repeat("[", 40) + "A" + strings.Repeat("]", 40)} {
		if got, err := ParseType(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestFeatureURLs(t *testing.T) {
	for url, want := range map[string][2]string{
		"https://specs.apollo.dev/join/v0.5":  {"join", "0.5"},
		"https://specs.apollo.dev/join/v0.5/": {"join", "0.5"},
		"https://example.com/mine/v10.20":     {"mine", "10.20"},
		"https://example.com/mine":            {"mine", ""},
		"https://example.com/v1":              {"v1", ""},
		"v1.0":                                {"", "1.0"},
	} {
		if name, version := splitFeatureURL(url); name != want[0] || version != want[1] {
			t.Errorf("%s is %q %q, want %q", url, name, version, want)
		}
	}
}

// Whatever the text is, reading it ends with a supergraph or an error.
func FuzzReadSupergraph(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(txtar.Parse(text).Files[0].Data))
	}
	f.Add(head + "type Query @join__type(graph: A) { t: Query @join__field(graph: A, provides: \"... on Query { t { t { __typename } } }\") }")
	f.Fuzz(func(t *testing.T, sdl string) {
		s, err := Read(sdl)
		if err == nil && (s.API == nil || s.API.Query == nil) {
			t.Error("a supergraph without an API schema")
		}
	})
}
