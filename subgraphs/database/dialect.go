package database

import (
	"strconv"
	"strings"
)

// Dialect is the kind of SQL that a database speaks. Statements are written once, in the common
// ground of both, with ? for each argument.
type Dialect string

// The dialects, by the names of the folders that hold their migrations.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// rebind turns the placeholders ? into the dialect's own. A ? between single quotes is text.
func (d Dialect) rebind(query string) string {
	if d == SQLite || !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + 16)
	quoted, number := false, 0
	for _, r := range query {
		switch {
		case r == '\'':
			quoted = !quoted
			b.WriteRune(r)
		case r == '?' && !quoted:
			number++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(number))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Placeholders returns n placeholders for an IN list: "?, ?, ?".
func Placeholders(n int) string {
	if n <= 0 {
		return ""
	}
	return strings.Repeat("?, ", n-1) + "?"
}

// Arguments returns values as the arguments of a statement.
func Arguments[T any](values []T) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

// EscapeLike returns text with the wildcards of LIKE escaped by a backslash, for use with
// LIKE ? ESCAPE '\'.
func EscapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
