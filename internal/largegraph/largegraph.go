// Package largegraph writes subgraphs for a graph as large as one likes, to measure composition and the start of a gateway.
package largegraph

import (
	"fmt"
	"strings"
)

// Subgraph is one of the subgraphs.
type Subgraph struct{ Name, URL, SDL string }

// typesPerSubgraph is how many types each subgraph of a large graph defines on its own.
const typesPerSubgraph = 50

// Write writes the subgraphs of a company: each defines entities and value types of its own, an enum and an input, extends
// entities of its neighbours with fields that require others, and adds to a few hubs that every subgraph extends.
func Write(n int) []Subgraph {
	var all []Subgraph
	for i := range n {
		var b strings.Builder
		line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
		line(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@tag", "@inaccessible"])`)
		line("type Query {")
		entities := typesPerSubgraph / 2
		for e := range entities {
			line("  q%d_%d(id: ID!, by: By%d): E%d_%d", i, e, i, i, e)
		}
		line("}\ninput By%d { name: String limit: Int = 10 state: State%d }\nenum State%d { NEW OPEN CLOSED }", i, i, i)
		line("interface Node @tag(name: \"node\") { id: ID! }")
		line("union Any = E%d_0 | E%d_1", i, i)
		line("type Page @shareable { next: String previous: String }")
		for h := range 5 {
			line("type Hub%d @key(fields: \"id\") { id: ID! h%d_%d: E%d_%d%s }", h, i, h, i, h,
				required(i > 0, fmt.Sprintf("r%d_%d", i, h), fmt.Sprintf("base%d", h)))
		}
		if i == 0 {
			for h := range 5 {
				line("extend type Hub%d { base%d: Int @shareable }", h, h)
			}
		}
		for e := range entities {
			line("\"Entity %d of subgraph %d.\"\ntype E%d_%d implements Node @key(fields: \"id\") @key(fields: \"code\") {", e, i, i, e)
			line("  id: ID!\n  code: String!\n  value: V%d_%d\n  next: E%d_%d\n  hub: Hub%d\n  page(first: Int = 20): Page\n  secret: Int @inaccessible", i, e, i, (e+1)%entities, e%5)
			line("  weight: Float @tag(name: \"public\")\n}")
			line("type V%d_%d { a: Int b: String c: [State%d!] d: V%d_%d }", i, e, i, i, (e+1)%entities)
		}
		for e := range 10 {
			owner := (i + 1 + e) % n
			if owner == i {
				continue
			}
			line("type E%d_%d @key(fields: \"id\") { id: ID! weight: Float @external x%d_%d: Int @requires(fields: \"weight\") }", owner, e, i, e)
		}
		name := fmt.Sprintf("s%03d", i)
		all = append(all, Subgraph{Name: name, URL: "http://" + name, SDL: b.String()})
	}
	return all
}

// required is a field that needs a field of the first subgraph, and that field.
func required(needed bool, name, of string) string {
	if !needed {
		return ""
	}
	return fmt.Sprintf(" %s: Int @external %s: Int @requires(fields: %q)", of, name, of)
}
