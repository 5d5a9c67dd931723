package fieldset

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"pgregory.net/rapid"
)

// document lets field sets be read on a schema document.
type document struct{ *ast.SchemaDocument }

func (d document) Definition(name string) *ast.Definition { return d.Definitions.ForName(name) }

func (d document) Field(parent *ast.Definition, name string) *ast.FieldDefinition {
	return parent.Fields.ForName(name)
}

const schema = `
type Query { t: T }
type T { id: ID! n(a: Int, b: Int! = 1): Int o: [O!]! u: U i: I r(x: Int!): Int }
type O { s: String }
interface I { s: String }
union U = T | O
`

func parsed(t testing.TB) document {
	doc, err := parser.ParseSchema(&ast.Source{Input: schema})
	if err != nil {
		t.Fatal(err)
	}
	return document{doc}
}

func TestWalk(t *testing.T) {
	s := parsed(t)
	for text, want := range map[string]string{
		"id":                             "T.id",
		"{ id n }":                       "T.id T.n",
		"id o { s __typename }":          "T.id T.o O.s",
		"n(a: 1)":                        "T.n",
		"u { ... on O { s } __typename}": "T.u O.s",
		"... on T { id } i { s }":        "T.id T.i I.s",
		"... { id }":                     "T.id",
		"u { ... on T { id } }":          "T.u T.id",
		"r(x: 1)":                        "T.r",
	} {
		set, err := Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var seen []string
		err = Walk(s, s.Definition("T"), set, func(p *ast.Definition, f *ast.FieldDefinition, _ *ast.Field) {
			seen = append(seen, p.Name+"."+f.Name)
		})
		if got := strings.Join(seen, " "); err != nil || got != want {
			t.Errorf("%q selects %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestWalkRefuses(t *testing.T) {
	s := parsed(t)
	for text, want := range map[string]string{
		"nope":              `no field "nope"`,
		"o":                 "needs a selection",
		"id { x }":          "no fields to select",
		"x: id":             "aliases",
		"n(z: 1)":           `no argument "z"`,
		"r":                 `needs the argument "x"`,
		"u { s }":           `no field "s" in type "U"`,
		"... on Nope { s }": `no type "Nope"`,
		"...F":              "named fragments",
	} {
		set, err := Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if err := Walk(s, s.Definition("T"), set, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want an error with %q", text, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "{}", "id(", "id }", "} id {", "[id]", "{ id } { id }", strings.Repeat("a{", 5000)} {
		if set, err := Parse(text); err == nil {
			t.Errorf("%q parses as %q", text, Print(set))
		}
	}
}

func TestTooLong(t *testing.T) {
	for text, want := range map[string]bool{
		strings.Repeat("a ", 15_000):         false,
		strings.Repeat("a ", 15_001):         true,
		strings.Repeat(" ", 20_000) + "a":    false,
		strings.Repeat("a ", 10_000) + "\"":  false, // wrong otherwise
		"a #" + strings.Repeat(" a", 20_000): false,
		strings.Repeat("a { ", 15_000) + "a": true,
	} {
		if _, err := Parse(text); errors.Is(err, ErrTooLong) != want {
			t.Errorf("%.20q… of %d characters: %.100v", text, len(text), err)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, pair := range [][2]string{
		{"id name", "name  id"},
		{"{ a { b c } }", "a { c } a { b }"},
		{"... on T { x y }", "... on T { y } ... on T { x }"},
		{"n(a: 1, b: 2)", "n(b: 2 a: 1)"},
	} {
		a, errA := Parse(pair[0])
		b, errB := Parse(pair[1])
		if errA != nil || errB != nil || !Equal(a, b) {
			t.Errorf("%q and %q select the same", pair[0], pair[1])
		}
	}
	a, _ := Parse("a b")
	b, _ := Parse("a b { c }")
	if Equal(a, b) {
		t.Error("different selections are taken for equal")
	}
	if ds, _ := Parse("a @x b { c @y @x }"); strings.Join(Directives(ds), " ") != "x y" {
		t.Errorf("directives: %v", Directives(ds))
	}
}

// What is printed parses again, as the same selection.
func TestPrintParses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`(a|b|c)( (d|e)( \{ f( g)? \})?)?( \.\.\. on (T|U) \{ x(\(y: (1|"s\\n")\))? \})?`).Draw(t, "set")
		set, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(Print(set))
		if err != nil || Print(again) != Print(set) || !Equal(set, again) {
			t.Fatalf("%q prints as %q, which parses as %q, %v", text, Print(set), Print(again), err)
		}
		canonical, err := Parse(Canonical(set))
		if err != nil || Canonical(canonical) != Canonical(set) {
			t.Fatalf("%q has the canonical form %q, whose own is %q, %v", text, Canonical(set), Canonical(canonical), err)
		}
	})
}

// withoutPositions is a copy of a field set as parsePlain makes it.
func withoutPositions(set ast.SelectionSet) ast.SelectionSet {
	var plain ast.SelectionSet
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			own := *sel
			own.Position, own.SelectionSet = nil, withoutPositions(sel.SelectionSet)
			plain = append(plain, &own)
		case *ast.InlineFragment:
			own := *sel
			own.Position, own.SelectionSet = nil, withoutPositions(sel.SelectionSet)
			plain = append(plain, &own)
		default:
			plain = append(plain, sel)
		}
	}
	return plain
}

// comparePlain holds the short way of reading field sets against the parser of operations.
func comparePlain(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) (plain bool) {
	t.Helper()
	set, ok := parsePlain(text)
	if !ok {
		return false
	}
	if want, err := parseAny(text); err != nil || !reflect.DeepEqual(set, withoutPositions(want)) {
		t.Fatalf("%q is read as %q, want %q, %v", text, Print(set), Print(want), err)
	}
	return true
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]bool{
		"id": true, "{ id }": true, " a,b\n{ c d{e} } ": true, "... on T { x } ...{y}": true, "...on T{x}": true, "on { on }": true, "query { a }": true,
		"": false, "{}": false, "a {}": false, "a }": false, "{ a": false, "{ a } b": false, "a: b": false, "a(b: 1)": false, "a @b": false, "...F": false,
		"... on T": false, "1a": false, "a # b": false, "\u00e9": false, "..": false, "...": false, strings.Repeat("a ", maxPlain): false,
	} {
		if comparePlain(t, text) != want {
			t.Errorf("%q: plain %t, want %t", text, !want, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		token := rapid.SampledFrom([]string{"a", "on", "b1", "{", "}", "...", "... on T {", " ", ",", ":", "_"})
		comparePlain(t, strings.Join(rapid.SliceOfN(token, 0, 12).Draw(t, "tokens"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between")))
	})
}

func FuzzFieldSet(f *testing.F) {
	for _, s := range []string{"id", "{ a b { c } }", "... on T { x }", "a(b: [1, {c: $d}])", "}{"} {
		f.Add(s)
	}
	s := parsed(f)
	f.Fuzz(func(t *testing.T, text string) {
		comparePlain(t, text)
		if set, err := Parse(text); err == nil {
			_ = Walk(s, s.Definition("T"), set, nil)
			if again, err := Parse(Canonical(set)); err == nil && len(Directives(set)) == 0 && !Equal(set, again) {
				t.Errorf("%q: the canonical form %q selects something else", text, Canonical(set))
			}
		}
	})
}
