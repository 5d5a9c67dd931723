package server

import "github.com/weft-gateway/weft/gateway/jsonstring"

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
			n := jsonstring.EscapeLength(b[i:])
			if n == 0 {
				return i, escaped, badEscape(b, i+1)
			}
			i += n - 1
		}
	}
	return i, escaped, &syntaxError{i, "the text ends inside a string"}
}

// badEscape says what is wrong with the escape whose backslash stands before i.
func badEscape(b []byte, i int) *syntaxError {
	switch {
	case i >= len(b):
		return &syntaxError{i, "the text ends inside a string"}
	case b[i] == 'u':
		return &syntaxError{i, "\\u needs four hexadecimal digits"}
	}
	return &syntaxError{i, "JSON has no such escape"}
}

// unquote returns the text of a checked string without its quotes.
func unquote(b []byte, escaped bool) string {
	b = b[1 : len(b)-1]
	if !escaped {
		return string(b)
	}
	var text [2 << 10]byte // enough for most documents; what is longer is copied once more
	return string(jsonstring.Unescape(text[:0], b))
}
