package server

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// This file reads JSON (RFC 8259) without building anything: it says where a
// value ends, or what is wrong and where. The text has been checked to be UTF-8
// before.

// maxNesting bounds how deep arrays and objects nest in a request. It also bounds
// the depth of the recursion below.
const maxNesting = 256

// syntaxError is the first place where a text stops being JSON.
type syntaxError struct {
	offset int
	what   string
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skipValue returns the offset behind the value that begins at i.
func skipValue(b []byte, i, depth int) (int, *syntaxError) {
	if i >= len(b) {
		return i, &syntaxError{i, "the text ends where a value has to be"}
	}
	switch c := b[i]; {
	case c == '"':
		end, _, err := skipString(b, i)
		return end, err
	case c == '{':
		return skipObject(b, i, depth+1)
	case c == '[':
		return skipArray(b, i, depth+1)
	case c == '-' || '0' <= c && c <= '9':
		return skipNumber(b, i)
	case c == 't':
		return skipWord(b, i, "true")
	case c == 'f':
		return skipWord(b, i, "false")
	case c == 'n':
		return skipWord(b, i, "null")
	}
	return i, &syntaxError{i, "no JSON value begins like this"}
}

func skipWord(b []byte, i int, word string) (int, *syntaxError) {
	if len(b)-i < len(word) || string(b[i:i+len(word)]) != word {
		return i, &syntaxError{i, "no JSON value begins like this"}
	}
	return i + len(word), nil
}

func skipObject(b []byte, i, depth int) (int, *syntaxError) {
	if depth > maxNesting {
		return i, &syntaxError{i, "arrays and objects nest too deep"}
	}
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1, nil
	}
	for {
		var err *syntaxError
		if _, _, i, err = skipKey(b, i); err != nil {
			return i, err
		}
		if i, err = skipValue(b, i, depth); err != nil {
			return i, err
		}
		var done bool
		if i, done, err = skipSeparator(b, i, '}'); err != nil || done {
			return i, err
		}
	}
}

// skipKey reads a key and its colon. The key lies between its quotes in
// b[i+1:keyEnd-1], where i is where the call began; next is where the value begins.
func skipKey(b []byte, i int) (keyEnd int, escaped bool, next int, err *syntaxError) {
	if i >= len(b) || b[i] != '"' {
		return i, false, i, &syntaxError{i, "a key in double quotes has to be here"}
	}
	keyEnd, escaped, err = skipString(b, i)
	if err != nil {
		return keyEnd, escaped, keyEnd, err
	}
	next = skipSpace(b, keyEnd)
	if next >= len(b) || b[next] != ':' {
		return keyEnd, escaped, next, &syntaxError{next, "a colon has to follow a key"}
	}
	return keyEnd, escaped, skipSpace(b, next+1), nil
}

// skipSeparator reads what follows a member or element: a comma, or the bracket
// that ends the whole, which makes done true.
func skipSeparator(b []byte, i int, closing byte) (next int, done bool, err *syntaxError) {
	i = skipSpace(b, i)
	if i < len(b) {
		switch b[i] {
		case ',':
			return skipSpace(b, i+1), false, nil
		case closing:
			return i + 1, true, nil
		}
	}
	return i, false, &syntaxError{i, "a comma or " + string(rune(closing)) + " has to be here"}
}

func skipArray(b []byte, i, depth int) (int, *syntaxError) {
	if depth > maxNesting {
		return i, &syntaxError{i, "arrays and objects nest too deep"}
	}
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1, nil
	}
	for {
		var err *syntaxError
		if i, err = skipValue(b, i, depth); err != nil {
			return i, err
		}
		var done bool
		if i, done, err = skipSeparator(b, i, ']'); err != nil || done {
			return i, err
		}
	}
}

func skipNumber(b []byte, i int) (int, *syntaxError) {
	digits := func() bool {
		start := i
		for i < len(b) && '0' <= b[i] && b[i] <= '9' {
			i++
		}
		return i > start
	}
	if b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if !digits() {
		return i, &syntaxError{i, "a number needs a digit here"}
	}
	if i < len(b) && b[i] == '.' {
		i++
		if !digits() {
			return i, &syntaxError{i, "a number needs a digit behind its point"}
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digits() {
			return i, &syntaxError{i, "a number needs a digit in its exponent"}
		}
	}
	return i, nil
}

// skipString returns the offset behind the closing quote, and whether the string
// has escapes.
func skipString(b []byte, i int) (end int, escaped bool, err *syntaxError) {
	for i++; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return i + 1, escaped, nil
		case c < ' ':
			return i, escaped, &syntaxError{i, "a control character in a string has to be escaped"}
		case c == '\\':
			escaped = true
			i++
			if i >= len(b) {
				return i, escaped, &syntaxError{i, "the text ends inside a string"}
			}
			switch b[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				if _, ok := hex4(b, i+1); !ok {
					return i, escaped, &syntaxError{i, "\\u needs four hexadecimal digits"}
				}
				i += 4
			default:
				return i, escaped, &syntaxError{i, "JSON has no such escape"}
			}
		}
	}
	return i, escaped, &syntaxError{i, "the text ends inside a string"}
}

func hex4(b []byte, i int) (rune, bool) {
	if len(b)-i < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[i : i+4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// unquote returns the text of a checked string without its quotes. Half of a
// surrogate pair alone becomes U+FFFD, as encoding/json has it.
func unquote(b []byte, escaped bool) string {
	b = b[1 : len(b)-1]
	if !escaped {
		return string(b)
	}
	var out strings.Builder
	out.Grow(len(b)) // an escape is never shorter than what it stands for
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			start := i
			for i+1 < len(b) && b[i+1] != '\\' {
				i++
			}
			out.Write(b[start : i+1])
			continue
		}
		i++
		switch b[i] {
		case 'b':
			out.WriteByte('\b')
		case 'f':
			out.WriteByte('\f')
		case 'n':
			out.WriteByte('\n')
		case 'r':
			out.WriteByte('\r')
		case 't':
			out.WriteByte('\t')
		case 'u':
			r, _ := hex4(b, i+1)
			i += 4
			if utf16.IsSurrogate(r) {
				r, i = pair(b, i, r)
			}
			out.WriteRune(r)
		default:
			out.WriteByte(b[i])
		}
	}
	return out.String()
}

// pair reads the second half of a surrogate pair behind i, the offset of the
// first half's last digit.
func pair(b []byte, i int, first rune) (rune, int) {
	if i+2 < len(b) && b[i+1] == '\\' && b[i+2] == 'u' {
		if second, ok := hex4(b, i+3); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, i + 6
			}
		}
	}
	return utf8.RuneError, i
}
