package operation

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/weft-gateway/weft/gateway/jsonstring"
)

// maxJSONDepth is how deep arrays and objects of the variables may nest.
const maxJSONDepth = 200

// jsonScanner checks JSON text strictly (RFC 8259) without building anything of it. Only text it accepted is walked by
// the functions below, which know it to be well formed.
type jsonScanner struct {
	text []byte
	pos  int
}

// jsonError is a fault of the text at a byte offset.
type jsonError struct {
	offset int
	reason string
}

func (e *jsonError) Error() string { return fmt.Sprintf("%s at byte %d", e.reason, e.offset+1) }

func (s *jsonScanner) fail(reason string) error {
	if s.pos >= len(s.text) {
		reason = "unexpected end"
	}
	return &jsonError{s.pos, reason}
}

// checkJSON accepts exactly one JSON value with white space around it.
func checkJSON(text []byte) error {
	s := jsonScanner{text: text}
	if err := s.value(0); err != nil {
		return err
	}
	s.space()
	if s.pos < len(text) {
		return s.fail("unexpected data after the value")
	}
	return nil
}

func (s *jsonScanner) space() { s.pos = skipSpace(s.text, s.pos) }

func (s *jsonScanner) value(depth int) error {
	s.space()
	if s.pos >= len(s.text) {
		return s.fail("")
	}
	switch c := s.text[s.pos]; {
	case c == '"':
		return s.str()
	case c == '{' || c == '[':
		if depth >= maxJSONDepth {
			return s.fail(fmt.Sprintf("values nest more than %d levels deep", maxJSONDepth))
		}
		if c == '{' {
			return s.object(depth + 1)
		}
		return s.array(depth + 1)
	case c == '-' || '0' <= c && c <= '9':
		return s.number()
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.word("null")
	}
	return s.fail("a value is expected")
}

func (s *jsonScanner) word(word string) error {
	for i := range len(word) {
		if s.pos >= len(s.text) || s.text[s.pos] != word[i] {
			return s.fail("a value is expected")
		}
		s.pos++
	}
	return nil
}

func (s *jsonScanner) array(depth int) error {
	s.pos++
	s.space()
	if s.is(']') {
		s.pos++
		return nil
	}
	for {
		if err := s.value(depth); err != nil {
			return err
		}
		s.space()
		switch {
		case s.is(','):
			s.pos++
		case s.is(']'):
			s.pos++
			return nil
		default:
			return s.fail("',' or ']' is expected")
		}
	}
}

func (s *jsonScanner) object(depth int) error {
	s.pos++
	s.space()
	if s.is('}') {
		s.pos++
		return nil
	}
	for {
		s.space()
		if !s.is('"') {
			return s.fail("a quoted name is expected")
		}
		if err := s.str(); err != nil {
			return err
		}
		s.space()
		if !s.is(':') {
			return s.fail("':' is expected")
		}
		s.pos++
		if err := s.value(depth); err != nil {
			return err
		}
		s.space()
		switch {
		case s.is(','):
			s.pos++
		case s.is('}'):
			s.pos++
			return nil
		default:
			return s.fail("',' or '}' is expected")
		}
	}
}

func (s *jsonScanner) is(c byte) bool { return s.pos < len(s.text) && s.text[s.pos] == c }

// str checks a string. It must be UTF-8: what is sent on as it is must be what others can read.
func (s *jsonScanner) str() error {
	s.pos++
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == '"':
			s.pos++
			return nil
		case c == '\\':
			n := jsonstring.EscapeLength(s.text[s.pos:])
			if n == 0 {
				return s.badEscape()
			}
			s.pos += n
		case c < 0x20:
			return s.fail("a control character in a string")
		case c < utf8.RuneSelf:
			s.pos++
		default:
			r, size := utf8.DecodeRune(s.text[s.pos:])
			if r == utf8.RuneError && size <= 1 {
				return s.fail("a string that is not UTF-8")
			}
			s.pos += size
		}
	}
	return s.fail("")
}

// badEscape says what is wrong with the escape here.
func (s *jsonScanner) badEscape() error {
	s.pos++
	if s.pos < len(s.text) && s.text[s.pos] == 'u' {
		return s.fail("four hexadecimal digits are expected after \\u")
	}
	return s.fail("an unknown escape sequence")
}

func (s *jsonScanner) number() error {
	if s.is('-') {
		s.pos++
	}
	if s.is('0') {
		s.pos++
	} else if err := s.digits(); err != nil {
		return err
	}
	if s.is('.') {
		s.pos++
		if err := s.digits(); err != nil {
			return err
		}
	}
	if s.is('e') || s.is('E') {
		s.pos++
		if s.is('+') || s.is('-') {
			s.pos++
		}
		return s.digits()
	}
	return nil
}

func (s *jsonScanner) digits() error {
	start := s.pos
	for s.pos < len(s.text) && '0' <= s.text[s.pos] && s.text[s.pos] <= '9' {
		s.pos++
	}
	if s.pos == start {
		return s.fail("a digit is expected")
	}
	return nil
}

// The functions from here on walk text that checkJSON accepted.

func skipSpace(text []byte, pos int) int {
	for pos < len(text) {
		switch text[pos] {
		case ' ', '\t', '\n', '\r':
			pos++
		default:
			return pos
		}
	}
	return pos
}

// trimSpace removes what JSON knows as white space, which is less than Unicode does.
func trimSpace(text []byte) []byte { return bytes.Trim(text, " \t\n\r") }

// valueEnd is the offset after the value that starts at pos.
func valueEnd(text []byte, pos int) int {
	switch text[pos] {
	case '"':
		return stringEnd(text, pos)
	case '{', '[':
		depth := 0
		for {
			switch text[pos] {
			case '"':
				pos = stringEnd(text, pos)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return pos + 1
				}
			}
			pos++
		}
	}
	for pos < len(text) {
		switch text[pos] {
		case ',', '}', ']', ' ', '\t', '\n', '\r':
			return pos
		}
		pos++
	}
	return pos
}

// stringEnd is the offset after the string that starts at pos.
func stringEnd(text []byte, pos int) int {
	for pos++; text[pos] != '"'; pos++ {
		if text[pos] == '\\' {
			pos++
		}
	}
	return pos + 1
}

// stringValue is what a string means, quotes and escapes removed. It points into the text when there are no escapes.
func stringValue(text []byte) []byte {
	inner := text[1 : len(text)-1]
	if bytes.IndexByte(inner, '\\') >= 0 {
		return jsonstring.Unescape(make([]byte, 0, len(inner)), inner)
	}
	return inner
}
