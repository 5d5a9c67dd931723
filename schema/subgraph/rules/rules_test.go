package rules

import (
	"strings"
	"testing"

	"github.com/weft-gateway/weft/schema/subgraph"
)

const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@provides", "@shareable"]) `

// check holds both sets of rules against one schema and answers the first error, or "".
func check(t *testing.T, sdl string) string {
	t.Helper()
	parsed, errors := subgraph.Parse(subgraph.Source{Name: "s", File: "s.graphql", SDL: sdl})
	if len(errors) == 0 {
		var expanded *subgraph.Expanded
		if expanded, errors = subgraph.Expand(parsed); len(errors) == 0 {
			_, errors = subgraph.Check(expanded, GraphQL(), Federation())
		}
	}
	if len(errors) == 0 {
		return ""
	}
	if l := errors[0].Locations; len(l) != 1 || l[0].Subgraph != "s" || l[0].File != "s.graphql" {
		t.Errorf("%s: at %v", sdl, l)
	}
	return string(errors[0].Code) + " " + errors[0].Coordinate + " " + errors[0].Message
}

func TestRules(t *testing.T) {
	for sdl, want := range map[string]string{
		`type Query { a: Nope }`:                                                                 `INVALID_GRAPHQL Query.a`,
		`type Query { a(x: Nope): Int }`:                                                         `INVALID_GRAPHQL Query.a(x:)`,
		`type Query { __a: Int }`:                                                                `INVALID_GRAPHQL Query.__a`,
		`type Query { a: Int } type join__T { a: Int }`:                                          `INVALID_GRAPHQL join__T`,
		`type Query { a: Int a: Int }`:                                                           `INVALID_GRAPHQL Query.a`,
		`type Query { a(x: Int, x: Int): Int }`:                                                  `INVALID_GRAPHQL Query.a(x:)`,
		`enum E { A A } type Query { a: E }`:                                                     `INVALID_GRAPHQL E.A`,
		`type Query { a: T } type T`:                                                             `INVALID_GRAPHQL T`,
		`type Query { a: I } input I { a: Int }`:                                                 `INVALID_GRAPHQL Query.a`,
		`type Query { a(x: Query): Int }`:                                                        `INVALID_GRAPHQL Query.a(x:)`,
		`type Query { a(x: Int! @deprecated): Int }`:                                             `INVALID_GRAPHQL Query.a(x:)`,
		`type Query { a: U } union U = Query | Query`:                                            `INVALID_GRAPHQL U`,
		`type Query { a: U } union U = String`:                                                   `INVALID_GRAPHQL U`,
		`type Query implements I { a: Int } interface I { a: Int! }`:                             `INVALID_GRAPHQL Query.a`,
		`type Query implements I { a: Int } interface I { b: Int }`:                              `INVALID_GRAPHQL Query.b`,
		`type Query { a(x: A): Int } input A { b: B! } input B { a: A! }`:                        `INVALID_GRAPHQL B.a`,
		`type Query { a(x: A): Int } input A @oneOf { b: Int! }`:                                 `INVALID_GRAPHQL A.b`,
		`type Query { a: Int @nope }`:                                                            `INVALID_GRAPHQL Query.a`,
		`type Query { a: Int @deprecated(why: "x") }`:                                            `INVALID_GRAPHQL Query.a`,
		`type Query @deprecated { a: Int }`:                                                      `INVALID_GRAPHQL Query`,
		`type Query { a(x: Int = "1"): Int }`:                                                    `INVALID_GRAPHQL Query.a(x:)`,
		`type Query { a(x: [Int!] = [1, null]): Int }`:                                           `INVALID_GRAPHQL Query.a(x:)`,
		federation + `type Query { t: T } type T @key(fields: "nope") { id: ID! }`:               `KEY_INVALID_FIELDS T`,
		federation + `type Query { t: T } type T @key(fields: "id @x") { id: ID! }`:              `KEY_INVALID_FIELDS T`,
		federation + `type Query { t: T } type T @key(fields: "id @skip(if: true)") { id: ID! }`: `KEY_DIRECTIVE_IN_FIELDS_ARG T`,
		federation + `type Query { t: T } type T @key(fields: "id") { id(a: Int): ID! }`:         `KEY_FIELDS_HAS_ARGS T`,
		federation + `type Query { t: T } type T { id: ID! @external @provides(fields: "id") }`:  `EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE T.id`,
		federation + `type Query { t: Int @provides(fields: "id") }`:                             `PROVIDES_ON_NON_OBJECT_FIELD Query.t`,
		federation + `type Query { t: T } type T { a: Int @external }`:                           `EXTERNAL_UNUSED T.a`,
		federation + `type Query { t: T } type T { a: Int b: Int @requires(fields: "a") }`:       `REQUIRES_FIELDS_MISSING_EXTERNAL T.b`,
		federation + `type Query { t: I } interface I { a: Int @shareable }`:                     `INVALID_SHAREABLE_USAGE I.a`,
		federation + `type Query { t: T } type T @key(fields: "id") { id: ID! } scalar FieldSet`: ``,
		federation + `type Query { t: T } type T @key(fields: "id # its number") { id: ID! }`:    ``,
		federation + `type Query { t: T } type T { a: Int @external b: Int @requires(fields: "` + strings.Repeat("a ", 15_001) + `") }`: `REQUIRES_INVALID_FIELDS T.b`,
		`schema { query: Q } type Q { a: Int } type Query { a: Int }`:                                                                   `ROOT_QUERY_USED Query`,
		`schema { query: Q mutation: M } type Q { a: M } type M { a: Q }`:                                                               ``,
		`type Query { a(x: [Int!] = 1, y: Float = 1, z: ID = 2): Int }`:                                                                 ``,
		`type Query {`: `INVALID_GRAPHQL `,
	} {
		got := check(t, sdl)
		if want == "" && got != "" || want != "" && !strings.HasPrefix(got, want+" ") {
			t.Errorf("%s:\n  got  %q\n  want %q", sdl, got, want)
		}
	}
}
