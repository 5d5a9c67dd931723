package merge

import (
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"pgregory.net/rapid"
)

func TestGraphNames(t *testing.T) {
	for _, c := range []struct{ names, graphs []string }{
		{[]string{"orders", "my-shop", "1st", "v_2"}, []string{"ORDERS", "MY_SHOP", "_1ST", "V_2_"}},
		{[]string{"a-b", "a_b", "A.B"}, []string{"A_B_1", "A_B_2", "A_B_3"}},
		{[]string{"a_b", "a-b", "a_b_1"}, []string{"A_B_1", "A_B_2", "A_B_1_"}},
		{[]string{"größe"}, []string{"GR__E"}},
		{[]string{"日本", "--a", "__b", "_c", "_1"}, []string{"_", "_A", "_B", "_C", "_1_"}},
		{[]string{"日本", "é", "_1", "--a", "-a"}, []string{"_1", "_2", "_1_", "_A_1", "_A_2"}},
	} {
		got := graphNames(c.names)
		if !slices.Equal(got, c.graphs) {
			t.Errorf("%q: %q, want %q", c.names, got, c.graphs)
		}
		sorted := slices.Clone(got)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != len(c.names) {
			t.Errorf("%q: names collide: %q", c.names, got)
		}
	}
}

// value reads a literal.
func value(t testing.TB, text string) *ast.Value {
	t.Helper()
	doc, err := parser.ParseSchema(&ast.Source{Input: "type T { f(a: X = " + text + "): Int }"})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Definitions[0].Fields[0].Arguments[0].DefaultValue
}

func TestConjunction(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   string
	}{
		{[]string{`[["a"]]`, `[["b"]]`}, `[["a", "b"]]`},
		{[]string{`[["a"], ["b"]]`, `[["c", "a"]]`}, `[["a", "c"]]`},
		{[]string{`[["a"], ["b"]]`, `[["c"], ["d"]]`}, `[["a", "c"], ["a", "d"], ["b", "c"], ["b", "d"]]`},
		{[]string{`[["a", "a"]]`, `[["a"]]`}, `[["a"]]`},
		{[]string{`[[]]`, `[["a"]]`}, `[["a"]]`},
	} {
		var values []*ast.Value
		for _, v := range c.values {
			values = append(values, value(t, v))
		}
		if got := printValue(conjunction(values, len(values))); got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
	}
}

// A conjunction asks for what each of its parts asks for.
func TestConjunctionCovers(t *testing.T) {
	names := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	alternatives := rapid.SliceOfN(rapid.SliceOfN(names, 1, 3), 1, 3)
	literal := func(all [][]string) *ast.Value {
		v := &ast.Value{Kind: ast.ListValue}
		for _, a := range all {
			inner := &ast.Value{Kind: ast.ListValue}
			for _, n := range a {
				inner.Children = append(inner.Children, &ast.ChildValue{Value: &ast.Value{Kind: ast.StringValue, Raw: n}})
			}
			v.Children = append(v.Children, &ast.ChildValue{Value: inner})
		}
		return v
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := alternatives.Draw(t, "a"), alternatives.Draw(t, "b")
		both := conjunction([]*ast.Value{literal(a), literal(b)}, 2)
		if !implies(both, literal(a)) || !implies(both, literal(b)) {
			t.Fatalf("%v and %v give %s, which asks for less", a, b, printValue(both))
		}
	})
}

func TestMaximumAndUnion(t *testing.T) {
	if got := maximum([]*ast.Value{value(t, "3"), value(t, "12"), value(t, "-4")}, 3); got.Raw != "12" {
		t.Errorf("maximum: %s", got.Raw)
	}
	if got := printValue(union([]*ast.Value{value(t, `["a", "b"]`), value(t, `["b", "c"]`)}, 2)); got != `["a", "b", "c"]` {
		t.Errorf("union: %s", got)
	}
	if got := allTrue([]*ast.Value{value(t, "true"), value(t, "false")}, 2); got.Raw != "false" {
		t.Errorf("all true: %s", got.Raw)
	}
}

func TestSameValue(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"1", "1.0", true}, {"1", "2", false}, {`"a"`, `"""a"""`, true}, {`"a"`, "a", false}, {"[1, 2]", "[2, 1]", false},
		{"{a: 1, b: [2]}", "{b: [2], a: 1}", true}, {"{a: 1}", "{a: 1, b: 2}", false}, {"null", "null", true}, {"true", "false", false},
	} {
		if got := sameValue(value(t, c.a), value(t, c.b)); got != c.same {
			t.Errorf("%s and %s: %t, want %t", c.a, c.b, got, c.same)
		}
	}
}

func TestLabels(t *testing.T) {
	for label, ok := range map[string]bool{
		"a": true, "Rollout:v1.2/x-y_z": true, "percent(0)": true, "percent(100)": true, "percent(12.5)": true,
		"": false, "1a": false, "a b": false, "percent(101)": false, "percent(-1)": false, "percent(1e1)": false, "percent(": false, "percent(0.123456789)": false,
	} {
		if err := checkLabel(label); (err == nil) != ok {
			t.Errorf("label %q: %v", label, err)
		}
	}
}

// Texts survive being printed and parsed, wherever they stand.
func TestPrintKeepsTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-z "\\\t\n]|é|😀|"""){0,20}`).Draw(t, "text")
		doc := &ast.SchemaDocument{Definitions: ast.DefinitionList{{
			Kind: ast.Object, Name: "T", Description: text,
			Fields: ast.FieldList{{
				Name: "f", Description: text, Type: ast.NamedType("Int", nil),
				Arguments: ast.ArgumentDefinitionList{{
					Name: "a", Description: text, Type: ast.NamedType("String", nil),
					DefaultValue: &ast.Value{Kind: ast.StringValue, Raw: text},
				}},
			}},
		}}}
		sdl := Print(doc)
		again, err := parser.ParseSchema(&ast.Source{Input: sdl})
		if err != nil {
			t.Fatalf("%v\n%s", err, sdl)
		}
		d := again.Definitions[0]
		f := d.Fields[0]
		for where, got := range map[string]string{
			"type": d.Description, "field": f.Description, "argument": f.Arguments[0].Description, "default value": f.Arguments[0].DefaultValue.Raw,
		} {
			if got != text {
				t.Fatalf("%s: %q comes back as %q\n%s", where, text, got, sdl)
			}
		}
	})
}
