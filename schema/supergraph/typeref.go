package supergraph

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// maxTypeDepth bounds the nesting of lists in a type.
const maxTypeDepth = 32

// ParseType parses a type reference such as "[User!]!".
func ParseType(text string) (*ast.Type, error) {
	t, rest, ok := parseType(strings.TrimSpace(text), 0)
	if !ok || strings.TrimSpace(rest) != "" {
		return nil, fmt.Errorf("%q is not a type", text)
	}
	return t, nil
}

func parseType(s string, depth int) (t *ast.Type, rest string, ok bool) {
	s = strings.TrimLeft(s, " ")
	if depth > maxTypeDepth {
		return nil, s, false
	}
	if strings.HasPrefix(s, "[") {
		elem, rest, ok := parseType(s[1:], depth+1)
		rest = strings.TrimLeft(rest, " ")
		if !ok || !strings.HasPrefix(rest, "]") {
			return nil, s, false
		}
		t, rest = ast.ListType(elem, nil), strings.TrimLeft(rest[1:], " ")
		if strings.HasPrefix(rest, "!") {
			t.NonNull, rest = true, rest[1:]
		}
		return t, rest, true
	}
	i := strings.IndexAny(s, "!] ")
	if i < 0 {
		i = len(s)
	}
	if i == 0 || strings.Contains(s[:i], "[") {
		return nil, s, false
	}
	t, rest = ast.NamedType(s[:i], nil), strings.TrimLeft(s[i:], " ")
	if strings.HasPrefix(rest, "!") {
		t.NonNull, rest = true, rest[1:]
	}
	return t, rest, true
}
