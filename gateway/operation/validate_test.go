package operation

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite golden files")

func loadSchema(t testing.TB, text string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: text})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func testSchema(t testing.TB) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	return loadSchema(t, string(text))
}

// listing prints errors one a line, as the golden files have them.
func listing(errs gqlerror.List) string {
	var b strings.Builder
	for _, err := range errs {
		var at []string
		for _, l := range err.Locations {
			at = append(at, l.String())
		}
		fmt.Fprintf(&b, "%s %s: %s\n", strings.Join(at, " "), err.Extensions["code"], err.Message)
	}
	return b.String()
}

// TestValidate runs every document of testdata/validate.txtar. A document is followed by the file NAME.errors when it is
// invalid; names that start with ok- must be valid.
func TestValidate(t *testing.T) {
	const path = "testdata/validate.txtar"
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	validator := NewValidator(testSchema(t), ValidatorOptions{Suggestions: true, Introspection: true})
	want := map[string]string{}
	for _, f := range archive.Files {
		if name, ok := strings.CutSuffix(f.Name, ".errors"); ok {
			want[name] = string(f.Data)
		}
	}
	fresh := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".errors") {
			continue
		}
		doc, errs := Parse(string(f.Data), DefaultLimits())
		if errs == nil {
			errs = validator.Validate(doc)
		}
		got := listing(errs)
		if ok := strings.HasPrefix(f.Name, "ok-"); ok != (got == "") {
			t.Errorf("%s: valid is %v\n%s", f.Name, got == "", got)
		}
		fresh.Files = append(fresh.Files, f)
		if got != "" {
			fresh.Files = append(fresh.Files, txtar.File{Name: f.Name + ".errors", Data: []byte(got)})
		}
		if !*update && got != want[f.Name] {
			t.Errorf("%s:\n%s\ngot\n%s\nwant\n%s", f.Name, f.Data, got, want[f.Name])
		}
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(path, txtar.Format(fresh), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestValidateReserved(t *testing.T) {
	validator := NewValidator(testSchema(t), ValidatorOptions{})
	doc, _ := Parse(`{ __schema { types { name } } nam }`, DefaultLimits())
	got := listing(validator.Validate(doc))
	want := "1:31 GRAPHQL_VALIDATION_FAILED: Cannot query field \"nam\" on type \"Query\".\n" +
		"1:3 GRAPHQL_VALIDATION_FAILED: Introspection is not allowed: \"__schema\" cannot be selected.\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestValidateErrorsAreBounded(t *testing.T) {
	validator := NewValidator(testSchema(t), ValidatorOptions{Suggestions: true})
	doc, errs := Parse("{"+strings.Repeat(" nam @x(y: $z)", 5_000)+"}", DefaultLimits())
	if errs != nil {
		t.Fatal(errs)
	}
	errs = validator.Validate(doc)
	if len(errs) != maxErrors+1 || !strings.HasPrefix(errs[maxErrors].Message, "Too many") {
		t.Errorf("%d errors, last %v", len(errs), errs[len(errs)-1])
	}
}

// TestValidateHostile holds the cost of documents made to be expensive: each is near the default limits.
func TestValidateHostile(t *testing.T) {
	validator := NewValidator(testSchema(t), ValidatorOptions{Suggestions: true, Introspection: true})
	repeat := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	documents := map[string]string{
		"same field": "{ named {" + strings.Repeat(" name", 40_000) + "} }",
		"same field in fragments": "{ named {" + repeat(2_000, func(i int) string { return fmt.Sprintf(" ...F%d", i) }) + "} }" +
			repeat(2_000, func(i int) string { return fmt.Sprintf(" fragment F%d on Named { x: name y: name z: name }", i) }),
		"fragments in fragments": "{ query { ...F0 } }" +
			repeat(13, func(i int) string {
				return fmt.Sprintf(" fragment F%d on Query { a: query { ...F%d } query { ...F%d } }", i, i+1, i+1)
			}) + " fragment F13 on Query { __typename }",
		"chain of fragments": "{ ...F0 }" +
			repeat(1_900, func(i int) string { return fmt.Sprintf(" fragment F%d on Query { ...F%d ...F%d }", i, i+1, i+1) }) +
			" fragment F1900 on Query { __typename }",
		"cycle of fragments": "{ ...F0 }" +
			repeat(1_900, func(i int) string { return fmt.Sprintf(" fragment F%d on Query { ...F%d ...F0 }", i, i+1) }) +
			" fragment F1900 on Query { ...F0 }",
		"siblings that nest": "{" + repeat(90, func(i int) string {
			return strings.Repeat(" query {", 90) + " a: __typename" + strings.Repeat("}", 90)
		}) + "}",
		"abstract and concrete": "{ named {" + strings.Repeat(` ... on Book { author { name } } ... on Shirt { author { name } } ... on Named { name }`, 3_000) + "} }",
		"variables": "query Q(" + repeat(6_000, func(i int) string { return fmt.Sprintf("$v%d: Int ", i) }) + ") {" +
			repeat(6_000, func(i int) string { return fmt.Sprintf(" a%d: items(first: $v%d) { name }", i, i) }) + "}",
		"operations": repeat(100, func(i int) string { return fmt.Sprintf("query Q%d($a: Int) { ...F } ", i) }) +
			"fragment F on Query {" + repeat(5_000, func(i int) string { return " items(first: $a) { name }" }) + "}",
		"value": "{ items(meta: [" + strings.Repeat("{a: [", 400) + strings.Repeat("]}", 400) + "]) { name } }",
	}
	for name, text := range documents {
		limits := DefaultLimits()
		limits.Aliases, limits.Fields, limits.RootFields = 0, 0, 0
		start := time.Now()
		doc, errs := Parse(text, limits)
		parsed := time.Since(start)
		if errs == nil {
			errs = validator.Validate(doc)
		}
		took := time.Since(start)
		t.Logf("%-26s %7d bytes, parse %v, all %v, %d errors", name, len(text), parsed, took, len(errs))
		if took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if len(errs) > 0 && name != "cycle of fragments" {
			t.Errorf("%s: %v", name, errs[0])
		}
	}
}
