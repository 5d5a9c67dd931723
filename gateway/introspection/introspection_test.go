package introspection

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
)

var update = flag.Bool("update", false, "rewrite golden files")

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func load(t testing.TB, text string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: text})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

var _ Variables = (*operation.Variables)(nil)

// given is variables of a test.
type given map[string]string

func (g given) Get(name string) ([]byte, bool) {
	raw, ok := g[name]
	return []byte(raw), ok
}

// TestEverything holds the whole introspection of testdata/schema.graphql in a golden file. The golden file was compared
// with what graphql-js answers for the same schema: it differs in the descriptions of built-in types, in the order of
// definitions, and in default values, which stand as they were written.
func TestEverything(t *testing.T) {
	const golden = "testdata/full.json"
	query := read(t, "testdata/full.graphql")
	schema := load(t, read(t, "testdata/schema.graphql"))
	if errs := validate(schema, query); errs != nil {
		t.Fatal(errs)
	}
	body, err := New(schema).Execute(context.Background(), query, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, body, "", " "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, golden); got.String() != want {
		t.Errorf("the answer differs from %s; see git diff after go test -update", golden)
	}
	for range 20 { // maps are iterated in random order
		again, err := New(load(t, read(t, "testdata/schema.graphql"))).Execute(context.Background(), query, nil)
		if err != nil || !bytes.Equal(body, again) {
			t.Fatal("two introspections of one schema differ")
		}
	}
}

func validate(schema *ast.Schema, query string) error {
	doc, errs := operation.Parse(query, operation.DefaultLimits())
	if errs == nil {
		errs = operation.NewValidator(schema, operation.ValidatorOptions{Introspection: true}).Validate(doc)
	}
	if errs != nil {
		return errs
	}
	return nil
}

func TestExecute(t *testing.T) {
	schema := load(t, read(t, "testdata/schema.graphql"))
	introspector := New(schema)
	tests := []struct {
		query     string
		variables given
		want      string
	}{
		{`{ __typename t: __typename }`, nil, `{"__typename":"Root","t":"Root"}`},
		{`{ __type(name: "Nothing") { name } }`, nil, `{"__type":null}`},
		{`{ __type(name: "Date") { __typename name kind url: specifiedByURL fields { name } isOneOf ofType { name } } }`, nil,
			`{"__type":{"__typename":"__Type","name":"Date","kind":"SCALAR","url":"https://example.com/date","fields":null,"isOneOf":null,"ofType":null}}`},
		{`{ a: __type(name: "Range") { isOneOf } b: __type(name: "Filter") { isOneOf } }`, nil, `{"a":{"isOneOf":true},"b":{"isOneOf":false}}`},
		{`{ __type(name: "Size") { enumValues { name } all: enumValues(includeDeprecated: true) { name deprecationReason } } }`, nil,
			`{"__type":{"enumValues":[{"name":"SMALL"},{"name":"LARGE"}],"all":[{"name":"SMALL","deprecationReason":null},{"name":"MEDIUM","deprecationReason":"two are enough"},{"name":"LARGE","deprecationReason":null}]}}`},
		{`{ __type(name: "Root") { fields { name args { name } } } }`, nil,
			`{"__type":{"fields":[{"name":"item","args":[{"name":"sku"}]},{"name":"items","args":[{"name":"filter"},{"name":"first"}]},{"name":"search","args":[{"name":"text"}]},{"name":"matrix","args":[]}]}}`},
		{`query ($old: Boolean, $n: String!) { __type(name: $n) { fields(includeDeprecated: $old) { isDeprecated } } }`, given{"n": `"Root"`, "old": `true`},
			`{"__type":{"fields":[{"isDeprecated":false},{"isDeprecated":false},{"isDeprecated":false},{"isDeprecated":false},{"isDeprecated":true},{"isDeprecated":true}]}}`},
		{`query ($n: String! = "Ch\u0061nge") { __type(name: $n) { name } }`, nil, `{"__type":{"name":"Change"}}`},
		{`query ($yes: Boolean!, $no: Boolean = false) { __type(name: "Book") { name @include(if: $yes) kind @skip(if: $yes) ... @include(if: $no) { description } ...F @skip(if: $no) } } fragment F on __Type { interfaces { name } }`,
			given{"yes": "true"}, `{"__type":{"name":"Book","interfaces":[{"name":"Item"},{"name":"Node"}]}}`},
		{`{ __type(name: "Item") { possibleTypes { name } fields { name } fields { type { name kind ofType { name } } } } }`, nil,
			`{"__type":{"possibleTypes":[{"name":"Book"},{"name":"Shirt"}],"fields":[{"name":"id","type":{"name":null,"kind":"NON_NULL","ofType":{"name":"ID"}}},{"name":"name","type":{"name":"String","kind":"SCALAR","ofType":null}}]}}`},
		{`{ __type(name: "Result") { possibleTypes { name } interfaces { name } } }`, nil, `{"__type":{"possibleTypes":[{"name":"Shirt"},{"name":"Book"}],"interfaces":null}}`},
		{`{ __schema { subscriptionType { name } mutationType { name } ... on __Schema { queryType { name } } } ... on Root { __typename } }`, nil,
			`{"__schema":{"subscriptionType":null,"mutationType":{"name":"Change"},"queryType":{"name":"Root"}},"__typename":"Root"}`},
		{`{ __schema { description directives { name } } }`, nil,
			`{"__schema":{"description":"A shop,\nwith \"quotes\".","directives":[{"name":"note"},{"name":"include"},{"name":"skip"},{"name":"deprecated"},{"name":"specifiedBy"},{"name":"oneOf"}]}}`},
		{`{ __type(name: "Filter") { inputFields { name defaultValue } } }`, nil,
			`{"__type":{"inputFields":[{"name":"text","defaultValue":"\"x\""},{"name":"sizes","defaultValue":"SMALL"},{"name":"range","defaultValue":null},{"name":"since","defaultValue":null}]}}`},
	}
	for _, test := range tests {
		if err := validate(schema, test.query); err != nil {
			t.Errorf("%s: %v", test.query, err)
		}
		for range 2 { // the second time from memory
			body, err := introspector.Execute(context.Background(), test.query, test.variables)
			if err != nil {
				t.Errorf("%s: %v", test.query, err)
				continue
			}
			if want := `{"data":` + test.want + `}`; string(body) != want {
				t.Errorf("%s\n got %s\nwant %s", test.query, body, want)
			}
		}
	}
}

func TestExecuteRefuses(t *testing.T) {
	introspector := New(load(t, read(t, "testdata/schema.graphql")))
	tests := []struct {
		query     string
		variables given
		want      string
	}{
		{`{ __schema`, nil, "Syntax Error"},
		{`mutation { __typename }`, nil, "one query operation"},
		{`{ items { name } }`, nil, `type "Root" has no field "items" that introspection answers`},
		{`{ __schema { name } }`, nil, `type "__Schema" has no field "name"`},
		{`{ __schema }`, nil, `needs a selection`},
		{`{ __type { name } }`, nil, `argument name of __type is missing`},
		{`query ($n: String) { __type(name: $n) { name } }`, given{"n": "3"}, `$n is not a String`},
		{`query ($n: String) { __type(name: "x") { name @skip(if: $n) } }`, given{"n": `"x"`}, `$n is not a Boolean`},
		{`{ __schema { ...F } }`, nil, `unknown fragment "F"`},
		{`{ __type(name: "Root") { ...F } } fragment F on __Type { a: ofType { ...F } b: ofType { ...F } }`, nil, `levels deep`},
		{`{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }`, nil, ""}, // deep, but not too large
	}
	for _, test := range tests {
		_, err := introspector.Execute(context.Background(), test.query, test.variables)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s\n got %v\nwant %s", test.query, err, test.want)
		}
	}
}

// large is a schema of n object types with ten fields each.
func large(n int) string {
	var b strings.Builder
	b.WriteString("type Query { t0: T0 }\n")
	for i := range n {
		fmt.Fprintf(&b, "\"Type number %d\"\ntype T%d {\n", i, i)
		for j := range 10 {
			fmt.Fprintf(&b, "  field%d(first: Int = 10, after: String): [T%d!]!\n", j, (i*7+j)%n)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func TestTooLarge(t *testing.T) {
	introspector := New(load(t, large(2_000)))
	// With a variable it is answered in the caller's time. What is answered while it is prepared has a deadline of its
	// own, which a slow machine with the race detector meets first.
	query := "query ($x: Boolean) { __schema {" + func() string {
		var b strings.Builder
		for i := range 1_000 {
			fmt.Fprintf(&b, " a%d: types { fields(includeDeprecated: $x) { args { type { name } } } }", i)
		}
		return b.String()
	}() + "} }"
	if _, err := introspector.Execute(context.Background(), query, nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := introspector.Execute(ctx, `query ($x: Boolean) { __schema { types { fields(includeDeprecated: $x) { name args { type { name } } } } } }`, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkExecute(b *testing.B) {
	introspector := New(load(b, large(1_000)))
	full := read(b, "testdata/full.graphql")
	conditional := strings.Replace(full, "query Everything", "query Everything($unused: Boolean)", 1)
	for _, bench := range []struct{ name, query string }{{"from memory", full}, {"worked out", conditional}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				body, err := introspector.Execute(context.Background(), bench.query, nil)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(body)))
			}
		})
	}
}

func FuzzExecute(f *testing.F) {
	f.Add(`{ __schema { types { name fields { name } } } __type(name: "Size") { enumValues { name } } }`)
	f.Add(`query ($a: Boolean) { __typename @skip(if: $a) ...F } fragment F on Root { x: __type(name: "Root") { ...F kind } }`)
	introspector := New(load(f, read(f, "testdata/schema.graphql")))
	f.Fuzz(func(t *testing.T, query string) {
		body, err := introspector.Execute(context.Background(), query, given{"a": "true"})
		if err == nil && !json.Valid(body) {
			t.Fatalf("%s\n%s", query, body)
		}
	})
}
