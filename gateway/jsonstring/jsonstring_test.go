package jsonstring

import (
	"encoding/json"
	"strings"
	"testing"
)

var texts = []string{
	"", "plain", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "é😀\u2028", "\xff\xfea\xc3", "a\xed\xa0\x80b", strings.Repeat("long ", 1000) + "\n",
}

// strings of JSON without their quotes, some of them none.
var escaped = []string{
	"", "plain", `\"\\\/\b\f\n\r\t`, `\u00e9\u00E9`, `\ud83d\ude00`, `\ud83d`, `\ude00\ud83d`, `\ud83d\ud83d\ude00`, `\ud83dx`, `\ud83d\u0041`,
	`\ud83d\n`, `a\`, `\u12`, `\u12g4`, `\x`, "\xff", "\\u0000é", strings.Repeat(`\n`, 3000),
}

func TestAppend(t *testing.T) {
	for _, s := range texts {
		checkAppend(t, s)
	}
}

// checkAppend: encoding/json reads what is written.
func checkAppend(t *testing.T, s string) {
	t.Helper()
	var got string
	written := Append([]byte("x"), s)
	if err := json.Unmarshal(written[1:], &got); err != nil || got != strings.ToValidUTF8(string([]rune(s)), "\ufffd") {
		t.Errorf("%q: %s, %v", s, written, err)
	}
}

func TestUnescape(t *testing.T) {
	for _, s := range escaped {
		checkUnescape(t, s)
	}
}

// checkUnescape: what encoding/json reads as a string is read as the same text, and what it refuses because of an escape is
// refused.
func checkUnescape(t *testing.T, inner string) {
	t.Helper()
	for i := 0; i < len(inner); i++ {
		switch {
		case inner[i] == '"' || inner[i] < ' ':
			return // the string would end here, or is none
		case inner[i] == '\\':
			n := EscapeLength([]byte(inner[i:]))
			if want := json.Valid([]byte(`"` + inner[i:min(i+max(n, 2), len(inner))] + `"`)); want != (n > 0) {
				t.Fatalf("%q: an escape of length %d at %d", inner, n, i)
			}
			if n == 0 {
				return
			}
			i += n - 1
		}
	}
	var want string
	if err := json.Unmarshal([]byte(`"`+inner+`"`), &want); err != nil {
		t.Fatalf("%q: %v", inner, err)
	}
	// Bytes that are not UTF-8 are the verifier's matter.
	got := string(Unescape([]byte("x"), []byte(inner)))
	if got = strings.ToValidUTF8(string([]rune(got[1:])), "\ufffd"); got != want {
		t.Errorf("%q: %q, not %q", inner, got, want)
	}
}

func FuzzAppend(f *testing.F) {
	for _, s := range texts {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkAppend(t, s) })
}

func FuzzUnescape(f *testing.F) {
	for _, s := range escaped {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkUnescape(t, s) })
}
