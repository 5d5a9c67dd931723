package operation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

func TestParse(t *testing.T) {
	small := Limits{Bytes: 400, Tokens: 60, Depth: 3, Fields: 8, RootFields: 4, Aliases: 2, Directives: 2, Fragments: 2, Operations: 2}
	tests := []struct{ name, text, want string }{
		{"fine", `{ a { b { c } } }`, ``},
		{"empty", ` # nothing`, `GRAPHQL_PARSE_FAILED: Syntax Error: the document is empty; expected an operation.`},
		{"syntax", `{ a( }`, `1:6 GRAPHQL_PARSE_FAILED: Syntax Error: Expected Name, found }`},
		{"unclosed", `{ a`, `1:4 GRAPHQL_PARSE_FAILED: Syntax Error: Expected Name, found <EOF>`},
		{"schema definition", `type Query { a: Int }`, `1:1 GRAPHQL_PARSE_FAILED: Syntax Error: Unexpected Name "type"`},
		{"not UTF-8", "{ a(b: \"\xff\") }", `GRAPHQL_PARSE_FAILED: Syntax Error: the document is not valid UTF-8.`},
		{"fragment variables", `{ ...F } fragment F($a: Int) on Query { a }`, `1:21 GRAPHQL_PARSE_FAILED: Syntax Error: fragment "F" defines variables; only operations can.`},
		{"bytes", `{ a } #` + strings.Repeat("x", 400), `MAX_BYTES_LIMIT: The document has 407 bytes; at most 400 are allowed.`},
		{"tokens", `{` + strings.Repeat(" a", 80) + `}`, `MAX_TOKENS_LIMIT: The document has more than 60 tokens.`},
		{"depth", `query Q { a { b { c { d } } } }`, `1:1 MAX_DEPTH_LIMIT: Operation "Q" has 4 levels of fields; at most 3 are allowed.`},
		{"depth through fragments", `{ a { ...F } } fragment F on T { b { ... { c { d } } } }`, `1:1 MAX_DEPTH_LIMIT: The operation has 4 levels of fields; at most 3 are allowed.`},
		{"depth in a cycle", `{ a { ...F } } fragment F on T { b { ...F } }`, ``},
		{"root fields", `{ a b ... { c ...F } } fragment F on T { d e }`, `1:1 MAX_ROOT_FIELDS_LIMIT: The operation has 5 root fields; at most 4 are allowed.`},
		{"fields", `{ a { ...F ...F } b { ...F } } fragment F on T { x y z }`, `1:1 MAX_FIELDS_LIMIT: The operation has 11 fields; at most 8 are allowed.`},
		{"aliases", `{ x: a y: a z: a w: w }`, `1:1 MAX_ALIASES_LIMIT: The operation has 3 aliases; at most 2 are allowed.`},
		{"directives", `query ($a: Int @x) @x { a @x }`, `MAX_DIRECTIVES_LIMIT: The document has 3 directives; at most 2 are allowed.`},
		{"directives on fragments", `{ ...F @x } fragment F on T @x { ... @x { a } }`, `MAX_DIRECTIVES_LIMIT: The document has 3 directives; at most 2 are allowed.`},
		{"fragments", `{ a } fragment A on T { a } fragment B on T { a } fragment C on T { a }`, `MAX_FRAGMENTS_LIMIT: The document has 3 fragments; at most 2 are allowed.`},
		{"operations", `query A { a } query B { a } query C { a }`, `MAX_OPERATIONS_LIMIT: The document has 3 operations; at most 2 are allowed.`},
	}
	for _, test := range tests {
		doc, errs := Parse(test.text, small)
		got := strings.TrimSpace(listing(errs))
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.name, got, test.want)
		}
		if (doc == nil) != (errs != nil) {
			t.Errorf("%s: document %v with errors %v", test.name, doc, errs)
		}
	}
}

// The indentation of a block string's further lines is no part of its value (specification, section 2.9.4).
func TestParseBlockString(t *testing.T) {
	doc, errs := Parse("{ say(text: \"\"\"Hello\n    World\n      again\"\"\") { x } }", DefaultLimits())
	if errs != nil {
		t.Fatal(errs)
	}
	field := doc.Operations[0].SelectionSet[0].(*ast.Field)
	if got := field.Arguments[0].Value.Raw; got != "Hello\nWorld\n  again" {
		t.Errorf("got %q", got)
	}
}

func TestParseBillionFields(t *testing.T) {
	text := "{ ...F0 }"
	for i := range 80 {
		text += fmt.Sprintf(" fragment F%d on T { a { ...F%d ...F%d } }", i, i+1, i+1)
	}
	text += " fragment F80 on T { a }"
	_, errs := Parse(text, DefaultLimits())
	want := "1:1 MAX_FIELDS_LIMIT: The operation has too many fields; at most 50000 are allowed.\n"
	if got := listing(errs); got != want {
		t.Errorf("got %s", got)
	}
}

func TestParseDeepWithoutLimits(t *testing.T) {
	text := "{ ...F0 }"
	for i := range 20_000 {
		text += fmt.Sprintf(" fragment F%d on T { ...F%d }", i, i+1)
	}
	_, errs := Parse(text, Limits{})
	if len(errs) == 0 || errs[0].Extensions["code"] != CodeMaxDepth {
		t.Errorf("got %v", errs)
	}
}

func TestSelect(t *testing.T) {
	two, _ := Parse(`query A { a } mutation B { b }`, Limits{})
	one, _ := Parse(`query A { a }`, Limits{})
	none, _ := Parse(`fragment F on T { a }`, Limits{})
	if op, err := Select(two, "B"); err != nil || op.Name != "B" {
		t.Error(op, err)
	}
	if op, err := Select(one, ""); err != nil || op.Name != "A" {
		t.Error(op, err)
	}
	if _, err := Select(two, ""); err == nil || err.Message != "The document has 2 operations: operationName must say which one to execute." {
		t.Error(err)
	}
	if _, err := Select(one, "C"); err == nil || err.Message != `Unknown operation named "C".` {
		t.Error(err)
	}
	if _, err := Select(none, ""); err == nil || err.Extensions["code"] != CodeOperationResolution {
		t.Error(err)
	}
}

// FuzzValidate holds that no document panics or is validated into something inconsistent.
func FuzzValidate(f *testing.F) {
	for _, seed := range []string{
		`{ shop(id: 1) { ...S } } fragment S on Shop { name }`,
		`query Q($a: [Int!] = [1], $k: Key!) @note(text: "x") { items(first: 3.5, meta: {a: [$a]}) { name ... on Book { pages } } byKey(key: $k) { name } }`,
		`subscription { itemChanged { name } }`, `{ __schema { types { name } } }`, `{ a: named { b: name } a: named { b: name } }`,
	} {
		f.Add(seed)
	}
	validator := NewValidator(testSchema(f), ValidatorOptions{Suggestions: true, Introspection: true})
	inputs := NewInputTypes(validator.schema)
	f.Fuzz(func(t *testing.T, text string) {
		doc, errs := Parse(text, DefaultLimits())
		if errs != nil || len(validator.Validate(doc)) > 0 {
			return
		}
		for _, op := range doc.Operations {
			if _, errs := inputs.Compile(op); errs != nil {
				t.Fatalf("%s\nis valid, but its variables do not compile: %v", text, errs)
			}
		}
	})
}
