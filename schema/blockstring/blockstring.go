// Package blockstring prepares GraphQL text for a parser that reads block strings otherwise than the specification does.
//
// The indentation that the lines of a block string share is no part of its value, and the first line is not looked at
// for it (specification, section 2.9.4, BlockStringValue). The parser does look at it, so that a text which begins
// right behind its quotes keeps the indentation of all further lines. Here that indentation is taken out beforehand.
package blockstring

import "strings"

// Prepare takes out of the block strings of a text the indentation that is not part of their values. Everything outside
// of them keeps its line and column. A text without such block strings is answered as it is.
func Prepare(text string) string {
	if !strings.Contains(text, quotes) {
		return text
	}
	var b strings.Builder
	copied := 0
	for i := 0; i < len(text); {
		switch {
		case text[i] == '#':
			i += lineLength(text[i:])
		case strings.HasPrefix(text[i:], quotes):
			begin := i + len(quotes)
			end, closed := content(text, begin)
			if !closed {
				return text // for the parser to refuse
			}
			i = end + len(quotes)
			if indent := sharedIndent(text[begin:end]); indent > 0 {
				b.WriteString(text[copied:begin])
				taken := dedent(&b, text[begin:end], indent)
				b.WriteString(quotes)
				b.WriteString(strings.Repeat(" ", taken)) // what follows stays in its column
				copied = i
			}
		case text[i] == '"':
			i += stringLength(text[i:])
		default:
			i++
		}
	}
	if copied == 0 {
		return text
	}
	b.WriteString(text[copied:])
	return b.String()
}

const quotes = `"""`

// content finds the end of the content of a block string that begins at i.
func content(text string, i int) (end int, closed bool) {
	for i < len(text) {
		next := strings.Index(text[i:], quotes)
		if next < 0 {
			return 0, false
		}
		if i += next; text[i-1] != '\\' {
			return i, true
		}
		i += len(quotes) // \""" stands for three quotes
	}
	return 0, false
}

// stringLength is the length of the string that a text begins with.
func stringLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n', '\r':
			return i
		}
	}
	return len(text)
}

// lineLength is the length of the line that a text begins with, without its end.
func lineLength(text string) int {
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		return i
	}
	return len(text)
}

// sharedIndent is the indentation that the lines of a block string's content share, 0 where the parser finds it by
// itself: where the first line is blank.
func sharedIndent(content string) int {
	first := lineLength(content)
	if first == len(content) || indentOf(content[:first]) == first {
		return 0
	}
	shared := -1
	for rest := content[first:]; rest != ""; {
		rest = rest[1:] // the end of the line before; the second half of \r\n ends a blank line
		length := lineLength(rest)
		if indent := indentOf(rest[:length]); indent < length && (shared < 0 || indent < shared) {
			shared = indent
		}
		rest = rest[length:]
	}
	return max(shared, 0)
}

// dedent writes the content of a block string without the indentation of its further lines, and answers how much the
// last of them lost.
func dedent(b *strings.Builder, content string, indent int) int {
	first := lineLength(content)
	b.WriteString(content[:first])
	taken := 0
	for rest := content[first:]; rest != ""; {
		end := rest[0]
		rest = rest[1:]
		length := lineLength(rest)
		taken = min(indent, length)
		if end == '\r' && !strings.HasPrefix(rest, "\n") {
			end = '\n' // a \r with nothing left between it and the next \n would end no line of its own
		}
		b.WriteByte(end)
		b.WriteString(rest[taken:length])
		rest = rest[length:]
	}
	return taken
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
