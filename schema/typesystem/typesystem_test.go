package typesystem

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// whole uses all that a type system can have.
const whole = `
"What the schema is for." schema { query: Root mutation: Change subscription: Stream }
directive @mark(with: [Shade!]! = [LIGHT], of: Filter) repeatable on OBJECT | INTERFACE | UNION | ENUM | SCALAR | INPUT_OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @must(x: Int!) on FIELD_DEFINITION | OBJECT | SCHEMA
directive @ask(of: Filter @mark(with: DARK)) on FIELD | QUERY
scalar Url @specifiedBy(url: "u") @mark
enum Shade @mark { LIGHT DARK @deprecated(reason: "r") }
input Filter @mark { a: Int = 1 b: [Filter!] = [{ a: 2, b: [] }] c: Other d: Other! = { e: true } }
input Other { e: Boolean @mark f: Filter g: Other }
input Choice @oneOf { l: Int r: String }
interface Node @mark { id: ID! near(first: Int = 3, f: Filter): [Node] }
interface Named implements Node { id: ID! name: String near(first: Int, f: Filter): [Named] both: Any }
type Root @must(x: 1) @must(x: 2) { node(id: ID!, c: Choice @mark): Node! @mark @mark(with: []) any: [Any!]! shade: Shade url: Url @deprecated }
type Change { set(f: Filter! = { d: { e: false } }): Root @must(x: 3) }
type Stream { ticks: Int }
union Any @mark = Root | One | Two
type One implements Node & Named @mark(of: { c: { f: { a: 5 } } }) { id: ID! name: String! near(first: Int, f: Filter, more: Int = 2): [One!]! both: Two }
type Two implements Node { id: ID! near(first: Int, f: Filter): [Two] one: One }
`

var token = regexp.MustCompile(`"[^"]*"|[A-Za-z_0-9]+|[^\sA-Za-z_0-9]`)

// mutate changes a token or two: it drops them, repeats them, or writes another in their place.
func mutate(r *rand.Rand, sdl string) string {
	tokens := token.FindAllString(sdl, -1)
	for range 1 + r.IntN(3)/2 {
		i, j := r.IntN(len(tokens)), r.IntN(len(tokens))
		switch r.IntN(6) {
		case 0:
			tokens = append(tokens[:i:i], tokens[i+1:]...)
		case 1:
			tokens = append(tokens[:i:i], append([]string{tokens[i]}, tokens[i:]...)...)
		case 2, 3:
			tokens[i] = tokens[j]
		case 4:
			tokens[i] = []string{"!", "__x", "Int", "true", "null", "Root", "Node", "Filter", "Shade", "Any", "@mark", "= 1"}[r.IntN(12)]
		case 5: // repeats some tokens elsewhere
			n := min(len(tokens), i+2+r.IntN(8))
			tokens = append(tokens[:j:j], append(append([]string{}, tokens[i:n]...), tokens[j:]...)...)
		}
	}
	return strings.Join(tokens, " ")
}

// document parses SDL together with what GraphQL itself defines. It answers nil for what Build is not made for.
func document(sdl string) *ast.SchemaDocument {
	doc, err := parser.ParseSchema(&ast.Source{Input: sdl})
	if err != nil || doc == nil || len(doc.Extensions)+len(doc.SchemaExtension)+len(doc.DirectiveExtensions) > 0 {
		return nil
	}
	all := validator.PreludeDocument()
	for _, d := range doc.Directives {
		if all.Directives.ForName(d.Name) != nil {
			return nil // the reference lets them be defined anew
		}
	}
	all.Merge(doc)
	return all
}

// compare holds Build against the library that it stands for: the same documents are accepted, and what is made of them
// is the same. It answers whether the document parses, and whether it is accepted.
func compare(t *testing.T, sdl string) (parses, accepted bool) {
	own, other := document(sdl), document(sdl)
	if own == nil {
		return false, false
	}
	got, err := Build(own)
	want, expected := validator.ValidateSchemaDocument(other)
	if (err == nil) != (expected == nil) {
		t.Fatalf("error %v, want %v, for\n%s", err, expected, sdl)
	}
	if err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("another schema is made of\n%s", sdl)
	}
	return true, err == nil
}

func TestSameAsReference(t *testing.T) {
	if _, accepted := compare(t, whole); !accepted {
		t.Fatal("the schema without a mistake is refused")
	}
	r := rand.New(rand.NewPCG(1, 1))
	accepted, refused := 0, 0
	for range 2000 {
		switch parses, ok := compare(t, mutate(r, whole)); {
		case ok:
			accepted++
		case parses:
			refused++
		}
	}
	if accepted < 50 || refused < 50 {
		t.Errorf("%d mutations are accepted and %d refused: they test one side only", accepted, refused)
	}
}

func FuzzBuild(f *testing.F) {
	f.Add(whole)
	f.Add("type Query { a(a: Int, a: Int): Query a: [Query] }")
	f.Add("type Mutation { a: Int } input A { b: B! } input B { a: A! }")
	f.Fuzz(func(t *testing.T, sdl string) { compare(t, sdl) })
}

// The error names the rule that is broken and the place of it.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ sdl, want string }{
		{"type Query { a: Int }\ntype Query { b: Int }", `2:6: the type Query is defined more than once`},
		{"type Query { a: Int\n a: Int }", `2:2: the field Query.a is defined more than once`},
		{"type Query { a(b: Int, b: Int): Int }", `1:24: the argument Query.a(b:) is defined more than once`},
		{"type Query { a: A }", `1:17: the field Query.a has the type A, which is not defined`},
		{"type Query { a: A } input A { b: Int }", `1:14: the field Query.a has the type A, which is an input type`},
		{"type Query { a: A } enum A { B B }", `1:32: the value A.B is defined more than once`},
		{"type Query { a: A } enum A { true }", `1:30: the enum A cannot have the value true`},
		{"type Query { a: A } union A = Query | Query", `1:27: the union A has the member Query more than once`},
		{"type Query { a: A } union A = Int", `1:27: the union A has the member Int, which is no object type`},
		{"type Query { a: A } type A", `1:26: the type A has no fields`},
		{"type Query implements A { a: Int } interface A { b: Int }", `1:6: the type Query lacks the field b of the interface A`},
		{"type Query implements A { b: Int } interface A { b: ID }", `1:27: the field Query.b has the type Int, which does not fit ID of A.b`},
		{"type Query implements A { b: Int } interface A { b(c: Int): Int }", `1:27: the field Query.b lacks the argument c of A.b`},
		{"type Query implements A { b(c: Int!): Int } interface A { b: Int }", `1:29: the argument Query.b(c:) is required, but A.b does not have it`},
		{"type Query { a: Int @no }", `1:22: the directive @no is not defined`},
		{"type Query { a: Int @deprecated @deprecated }", `1:34: the directive @deprecated is not repeatable, but applied more than once`},
		{"type Query { a: Int @oneOf }", `1:22: the directive @oneOf cannot be applied on FIELD_DEFINITION`},
		{"type Query { a(i: A): Int } input A { b: B! } input B { a: A! }", `1:57: the input type A needs a value of itself, by way of A.b, B.a`},
		{"schema { query: Q } type Query { a: Int }", `1:10: the query root type Q is not defined`},
		{"type Query { __a: Int }", `1:14: the name __a begins with two underscores, which is kept for introspection`},
	} {
		_, err := Build(document(c.sdl))
		if err == nil || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.sdl, err, c.want)
		}
	}
}
