package link

import (
	"slices"
	"strings"
	"testing"
)

func TestConnectDefinitions(t *testing.T) {
	links, problems := read(t, `extend schema @link(url: "https://specs.apollo.dev/connect/v0.2", as: "rest", import: [{name: "@source", as: "@api"}, {name: "ConnectHTTP", as: "HTTP"}])`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	doc := ConnectDefinitions(links.All[0])
	var names []string
	for _, d := range doc.Directives {
		names = append(names, "@"+d.Name)
	}
	for _, d := range doc.Definitions {
		names = append(names, d.Name)
	}
	if want := "@rest @api rest__URLPathTemplate rest__JSONSelection rest__ConnectorErrors rest__HTTPHeaderMapping rest__ConnectBatch rest__SourceHTTP HTTP"; strings.Join(names, " ") != want {
		t.Errorf("%v, want %s", names, want)
	}
	if got := doc.Directives[0].Arguments.ForName("http").Type.String(); got != "HTTP" {
		t.Errorf("http: %s", got)
	}
	if got := doc.Definitions.ForName("HTTP").Fields.ForName("headers").Type.String(); got != "[rest__HTTPHeaderMapping!]" {
		t.Errorf("headers: %s", got)
	}
}

// A preview is linked only where a subgraph asks for it.
func TestSupergraphConnect(t *testing.T) {
	for _, c := range []struct {
		linked []Version
		want   Version
	}{
		{[]Version{{0, 1}}, Version{0, 3}},
		{[]Version{{0, 1}, {0, 3}}, Version{0, 3}},
		{[]Version{{0, 4}, {0, 2}}, Version{0, 4}},
	} {
		if got := SupergraphConnect(c.linked); got != c.want {
			t.Errorf("%v are linked as %v, want %v", c.linked, got, c.want)
		}
	}
}

func TestElements(t *testing.T) {
	for url, want := range map[string]string{
		"https://specs.apollo.dev/federation/v2.1":     "@composeDirective",
		"https://specs.apollo.dev/federation/v2.6":     "Policy",
		"https://specs.apollo.dev/link/v1.0":           "Purpose",
		"https://specs.apollo.dev/connect/v0.4":        "JSONSelection",
		"https://specs.apollo.dev/requiresScopes/v0.1": "Scope",
		"https://specs.apollo.dev/cost/v0.1":           "@listSize",
	} {
		u, err := ParseURL(url)
		if err != nil {
			t.Fatal(err)
		}
		if elements, known := Elements(u); !known || !slices.Contains(elements, want) {
			t.Errorf("%s has %v, known: %t; want %s among them", url, elements, known, want)
		}
	}
	for _, url := range []string{"https://specs.apollo.dev/federation/v2.99", "https://specs.apollo.dev/connect/v0.9", "https://specs.apollo.dev/cost/v0.2", "https://specs.apollo.dev/tag/v0.0", "https://example.com/cost/v0.1"} {
		u, err := ParseURL(url)
		if err != nil {
			t.Fatal(err)
		}
		if elements, known := Elements(u); known {
			t.Errorf("%s is taken for known, with %v", url, elements)
		}
	}
}
