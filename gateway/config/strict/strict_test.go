package strict

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

type inner struct {
	Text string            `yaml:"text" enum:"red,green" default:"red"`
	N    int               `yaml:"n" min:"1" default:"3"`
	Span Duration          `yaml:"span" default:"2s"`
	Size Bytes             `yaml:"size"`
	On   bool              `yaml:"on" default:"true"`
	Need string            `yaml:"need" required:"true"`
	Free map[string]string `yaml:"free"`
}

type outer struct {
	One   inner            `yaml:"one"`
	List  []string         `yaml:"list"`
	Items []inner          `yaml:"items"`
	Named map[string]inner `yaml:"named" inherit:"true"`
}

func decode(text string) (outer, *Document, error) {
	var o outer
	env := map[string]string{"HOST": "example", "N": "7", "EMPTY": ""}
	doc, err := Decode([]byte(text), &o, Options{File: "x.yaml", Env: func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}})
	return o, doc, err
}

func TestDecode(t *testing.T) {
	got, doc, err := decode(`
# a comment
one:
  text: green
  n: ${N}
  span: 1m30s
  size: 1MiB
  on: false
  need: "http://${HOST}:${PORT:-80}/$${x}${EMPTY:-!}"
  free: {b: 1, a: yes}
list: single
items:
  - need: x
  - {need: y, size: 1_000, text: green}
named:
  a: &shared
    need: "${env.HOST}"
  b: *shared
`)
	if err != nil {
		t.Fatal(err)
	}
	want := outer{
		One: inner{
			Text: "green", N: 7, Span: Duration(90 * time.Second), Size: 1 << 20, Need: "http://example:80/${x}!",
			Free: map[string]string{"a": "yes", "b": "1"},
		},
		List: []string{"single"},
		Items: []inner{
			{Text: "red", N: 3, Span: Duration(2 * time.Second), On: true, Need: "x"},
			{Text: "green", N: 3, Span: Duration(2 * time.Second), On: true, Need: "y", Size: 1000},
		},
		Named: map[string]inner{"a": {Need: "example"}, "b": {Need: "example"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if e := doc.Errorf("items[1].size.nothing", "m"); e.Line != 14 || e.Column != 15 {
		t.Errorf("%v", e)
	}
}

func TestMistakes(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"unknown key", "one:\n  need: x\n  tetx: red\n", "x.yaml:3:3: one.tetx: there is no such key (is text meant?); known here: text, n, span, size, on, need, free"},
		{"hyphen", "one: {need: x}\nnaMed: {}\n", "x.yaml:2:1: naMed: there is no such key (is named meant?); known here: one, list, items, named"},
		{"several", "one:\n  need: x\n  n: 0\n  span: soon\n  size: much\n  on: maybe\n  text: grene\n",
			`x.yaml:3:6: one.n: 0 is too small: it is at least 1
x.yaml:4:9: one.span: "soon" is not a duration: write one such as 250µs, 30s or 5m
x.yaml:5:9: one.size: "much" is not a size: write one such as 64KiB, 1MiB or 4096
x.yaml:6:7: one.on: "maybe" is not accepted: it is true or false
x.yaml:7:9: one.text: "grene" is not accepted: it is one of red, green (is green meant?)`},
		{"required", "one: {n: 2}\n", "x.yaml:1:1: one.need: it is required"},
		{"empty", "", "x.yaml: one.need: it is required"},
		{"scalar for mapping", "one: 5\n", "x.yaml:1:6: one: a mapping with keys such as text, n, span is expected here, not a single value"},
		{"list for scalar", "one:\n  need: [a]\n", "x.yaml:2:9: one.need: a single value is expected here, not a list"},
		{"mapping for list", "one: {need: x}\nlist: {a: b}\n", "x.yaml:2:7: list: a list is expected here, not a mapping"},
		{"unset", "one:\n  need: ${NOPE}\n", "x.yaml:2:9: one.need: the environment variable NOPE is not set; ${NOPE:-…} would give a default"},
		{"unclosed", "one:\n  need: ${HOST\n", "x.yaml:2:9: one.need: ${ is not closed by }; write $${ for the text ${ itself"},
		{"bad name", "one:\n  need: ${1}\n", `x.yaml:2:9: one.need: "1" is not the name of an environment variable; write $${ for the text ${ itself`},
		{"alias", "one: *nothing\n", "there is no anchor"},
		{"merge key", "one:\n  <<: {need: x}\n", "merge keys (<<) are not accepted"},
		{"tag", "one:\n  need: !!str x\n", "tags such as !!str are not accepted"},
		{"two documents", "one: {need: x}\n---\nlist: []\n", "a second document begins here"},
		{"twice", "list: a\nlist: b\n", "list"},
		{"no YAML", "one: [\n", "x.yaml:"},
		{"deep", "list: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "x.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := decode(test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got\n%v\nwant\n%s", err, test.want)
			}
		})
	}
}

func TestUnits(t *testing.T) {
	for text, want := range map[string]Bytes{"0": 0, "4096": 4096, "64KiB": 65536, "1 MiB": 1 << 20, "2GB": 2e9, "5B": 5, "1kB": 1000} {
		var b Bytes
		if err := b.UnmarshalText([]byte(text)); err != nil || b != want {
			t.Errorf("%s: %d, %v", text, b, err)
		}
	}
	for _, text := range []string{"", "x", "-1", "99999999999GiB", "1.5MiB"} {
		var b Bytes
		if err := b.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is accepted as %d", text, b)
		}
	}
	var d Duration
	if err := d.UnmarshalText([]byte("-1s")); err == nil {
		t.Error("a negative duration is accepted")
	}
}

func TestSchema(t *testing.T) {
	s := Schema(reflect.TypeFor[outer]())
	out, err := s.Indented()
	if err != nil {
		t.Fatal(err)
	}
	one := s.Properties["one"]
	if one.Properties["on"].Default != true || one.Properties["n"].Default != int64(3) || one.Required[0] != "need" {
		t.Errorf("%s", out)
	}
	if named := s.Properties["named"].AdditionalProperties.(*JSONSchema); named.Properties["n"].Default != nil {
		t.Error("a map whose values inherit has defaults in its schema")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("one: {need: ${HOST}}\nlist: [a, &b c, *b]\n")
	f.Add("a: |\n  x\n---\n- ? b\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, _, err := decode(text)
		if err != nil && err.Error() == "" {
			t.Error("a mistake without a message")
		}
	})
}
