package supergraph

import (
	"strings"
	"testing"
)

// A supergraph that asks for more than a gateway can do is read, and told apart from one that can be served.
func TestUnsupported(t *testing.T) {
	const query = "type Query @join__type(graph: A) { n: Int }"
	const connect = `@link(url: "https://specs.apollo.dev/connect/v0.3", for: EXECUTION) @join__directive(graphs: [A], name: "link", args: {url: "https://specs.apollo.dev/connect/v0.2", import: [{name: "@connect", as: "@rest"}]})`
	linking := func(links string) string { return strings.Replace(head, "{ query", links+" { query", 1) + query }
	core := func(links string) string {
		return "schema " + links + ` { query: Query } enum join__Graph { A @join__graph(name: "a", url: "http://a") } ` + query
	}
	for _, c := range []struct {
		name, sdl, code string
		says            []string
	}{
		{"nothing linked", linking(""), "", nil},
		{"all that is known", linking(`@link(url: "https://specs.apollo.dev/inaccessible/v0.1", for: SECURITY) @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY) @link(url: "https://specs.apollo.dev/cacheTag/v0.1", for: EXECUTION)`), "", nil},
		{"unknown, and for nothing", linking(`@link(url: "https://example.com/audit/v1.0")`), "", nil},
		{"unknown, for security", linking(`@link(url: "https://example.com/audit/v1.0", for: SECURITY)`), "UNSUPPORTED_LINKED_FEATURE", []string{"https://example.com/audit/v1.0 for SECURITY", "https://specs.apollo.dev/policy/v0.1"}},
		{"unknown, for execution", linking(`@link(url: "https://example.com/audit/v1.0", for: EXECUTION)`), "UNSUPPORTED_LINKED_FEATURE", []string{"for EXECUTION"}},
		{"a version to come", linking(`@link(url: "https://specs.apollo.dev/policy/v0.2", for: SECURITY)`), "UNSUPPORTED_LINKED_FEATURE", []string{"policy/v0.2"}},
		{"a major version to come", linking(`@link(url: "https://specs.apollo.dev/policy/v1.0", for: SECURITY)`), "UNSUPPORTED_LINKED_FEATURE", []string{"policy/v1.0"}},
		{"no specification's URL", linking(`@link(url: "audit", for: SECURITY)`), "UNSUPPORTED_LINKED_FEATURE", []string{"links audit"}},
		{"core v0.2", core(`@core(feature: "https://specs.apollo.dev/core/v0.2") @core(feature: "https://specs.apollo.dev/join/v0.2", for: EXECUTION)`), "", nil},
		{"core v0.1", core(`@core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1")`), "", nil},
		{"core v0.1 with a purpose", core(`@core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION)`), "UNSUPPORTED_LINKED_FEATURE", []string{"core v0.1 does not know", "link v1.0"}},
		{"connectors linked and not used", linking(connect), "", nil},
		{"a connector", strings.Replace(linking(connect), "n: Int", `n: Int @join__directive(graphs: [A], name: "rest", args: {http: {GET: "/n"}, selection: "$"})`, 1), "UNSUPPORTED_FEATURE", []string{`subgraph "a"`, "connect/v0.2", "GraphQL service"}},
		{"a source", linking(connect + ` @join__directive(graphs: [A], name: "connect__source", args: {name: "x"})`), "UNSUPPORTED_FEATURE", []string{`subgraph "a"`}},
		{"another directive kept", strings.Replace(linking(connect), "n: Int", `n: Int @join__directive(graphs: [A], name: "federation__cacheTag", args: {format: "n"})`, 1), "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Read(c.sdl)
			if err != nil {
				t.Fatal(err)
			}
			found := s.Unsupported()
			if c.code == "" {
				if len(found) > 0 {
					t.Errorf("found %v", found)
				}
				return
			}
			if len(found) != 1 || string(found[0].Code) != c.code {
				t.Fatalf("found %v, want one %s", found, c.code)
			}
			for _, text := range c.says {
				if !strings.Contains(found[0].Message, text) {
					t.Errorf("%q does not say %q", found[0].Message, text)
				}
			}
		})
	}
}
