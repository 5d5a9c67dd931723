package subgraph_test

import (
	"testing"

	"github.com/weft-gateway/weft/schema/subgraph"
	"github.com/weft-gateway/weft/schema/subgraph/rules"
)

// FuzzParse feeds the steps that one subgraph goes through before it meets others with anything: none may panic.
func FuzzParse(f *testing.F) {
	for _, sdl := range []string{
		"type Query { a: Int }",
		"schema { query: Q } type Q { a(b: [In!] = [{c: 1}]): U } input In { c: Int } union U = Q",
		"extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", as: \"f\", import: [{name: \"@key\", as: \"@k\"}]) type T @k(fields: \"a { b }\") { a: T b: ID! @f__external }",
		"extend type T @key(fields: \"id\") { id: ID! @external } interface I implements I { id: ID }",
		"schema @core(feature: \"https://specs.apollo.dev/core/v0.1\") { query: Query }",
		"extend schema @link(url: \"\", import: [1, null, {as: 2}]) directive @link on FIELD",
	} {
		f.Add(sdl)
	}
	f.Fuzz(func(t *testing.T, sdl string) {
		parsed, found := subgraph.Parse(subgraph.Source{Name: "a", SDL: sdl})
		if len(found) > 0 {
			return
		}
		expanded, found := subgraph.Expand(parsed)
		if len(found) > 0 {
			return
		}
		checked, found := subgraph.Check(expanded, rules.GraphQL(), rules.Alone(expanded.Schema()))
		if len(found) > 0 {
			return
		}
		upgraded, _ := subgraph.Upgrade([]*subgraph.Checked{checked})
		for _, u := range upgraded {
			subgraph.Validate(u, rules.Federation())
		}
	})
}
