package blockstring

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
	"pgregory.net/rapid"
)

func TestPrepare(t *testing.T) {
	for text, want := range map[string]string{
		`type Query { n: Int }`:                     `type Query { n: Int }`,
		"\"\"\"a\n  b\"\"\" x":                      "\"\"\"a\nb\"\"\"   x",
		"\"\"\"a\n    b\n  c\n\"\"\" x":             "\"\"\"a\n  b\nc\n\"\"\" x",
		"\"\"\"a\r\n\tb\"\"\"":                      "\"\"\"a\r\nb\"\"\" ",
		"\"\"\"  a\n    b\n\n    c\"\"\"":           "\"\"\"  a\nb\n\nc\"\"\"    ",
		"\"\"\"\n  a\n    b\n\"\"\"":                "\"\"\"\n  a\n    b\n\"\"\"",
		"\"\"\"a\n  \\\"\"\" b\n   c\"\"\"":         "\"\"\"a\n\\\"\"\" b\n c\"\"\"  ",
		"\"\"\"a\r \n b\"\"\"":                      "\"\"\"a\n\nb\"\"\" ",
		"# \"\"\"a\n  b\"\"\"\n":                    "# \"\"\"a\n  b\"\"\"\n",
		"\"q \\\" \\\"\\\"\\\"\" \"\"\"a\n b\"\"\"": "\"q \\\" \\\"\\\"\\\"\" \"\"\"a\nb\"\"\" ",
		"\"\"\"a\n  b":                              "\"\"\"a\n  b",
		"\"\"\"\"\"\" \"\"\"a\n  b\"\"\"":           "\"\"\"\"\"\" \"\"\"a\nb\"\"\"  ",
	} {
		if got := Prepare(text); got != want {
			t.Errorf("%q is prepared as %q, want %q", text, got, want)
		}
	}
}

// value is BlockStringValue of the specification, section 2.9.4.
func value(raw string) string {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(raw), "\n")
	common := -1
	for i, line := range lines {
		if indent := indentOf(line); i > 0 && indent < len(line) && (common < 0 || indent < common) {
			common = indent
		}
	}
	for i := range lines {
		if i > 0 && common > 0 {
			lines[i] = lines[i][min(common, len(lines[i])):]
		}
	}
	blank := func(line string) bool { return indentOf(line) == len(line) }
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

// Whatever a block string holds, the parser reads of the prepared text what the specification says, and finds what
// follows where it was.
func TestPreparedValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringOfN(rapid.RuneFrom([]rune("ab \t\n\r#")), 0, 20, -1).Draw(t, "content")
		text := quotes + raw + quotes + ` "after"`
		first, second := read(t, Prepare(text))
		if first.Value != value(raw) {
			t.Fatalf("%q is read as %q, want %q", raw, first.Value, value(raw))
		}
		_, unprepared := read(t, text)
		if second.Pos.Line != unprepared.Pos.Line || second.Pos.Column != unprepared.Pos.Column {
			t.Fatalf("%q: what follows moved from %d:%d to %d:%d", raw, unprepared.Pos.Line, unprepared.Pos.Column, second.Pos.Line, second.Pos.Column)
		}
	})
}

func read(t *rapid.T, text string) (first, second lexer.Token) {
	l := lexer.New(&ast.Source{Input: text})
	first, err := l.ReadToken()
	if err != nil {
		t.Fatal(err)
	}
	second, err = l.ReadToken()
	if err != nil {
		t.Fatal(err)
	}
	return first, second
}

// No text makes it fail, and preparing twice is preparing once.
func FuzzPrepare(f *testing.F) {
	f.Add("\"\"\"a\n  b\"\"\" # \"\"\" \"x\\\" \"")
	f.Add("\"\"\"a\n  \\\"\"\"")
	f.Fuzz(func(t *testing.T, text string) {
		once := Prepare(text)
		if twice := Prepare(once); twice != once {
			t.Errorf("%q is prepared as %q and then as %q", text, once, twice)
		}
	})
}
