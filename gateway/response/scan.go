package response

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"unicode/utf8"

	"github.com/weft-gateway/weft/gateway/jsonstring"
)

// SyntaxError says where and why a subgraph's answer is not a GraphQL response in JSON.
type SyntaxError struct {
	Offset  int
	Message string
}

// Error implements error.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("at byte %d: %s", e.Offset, e.Message)
}

func (d *decoder) fail(format string, args ...any) error {
	return &SyntaxError{Offset: d.pos, Message: fmt.Sprintf(format, args...)}
}

// unexpected reports the byte at the current position.
func (d *decoder) unexpected(wanted string) error {
	if d.pos >= len(d.body) {
		return d.fail("the text ends where %s is expected", wanted)
	}
	return d.fail("%q where %s is expected", rune(d.body[d.pos]), wanted)
}

// space skips white space, of which there usually is none.
func (d *decoder) space() {
	if d.pos < len(d.body) && d.body[d.pos] <= ' ' {
		d.spaces()
	}
}

func (d *decoder) spaces() {
	for d.pos < len(d.body) {
		switch d.body[d.pos] {
		case ' ', '\n', '\r', '\t':
			d.pos++
		default:
			return
		}
	}
}

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// str reads a string from its opening quote to its closing one and verifies it: escapes as RFC 8259 has them, no control
// characters, valid UTF-8. It returns the node's flags.
func (d *decoder) str() (uint8, error) {
	var flags uint8
	body, pos := d.body, d.pos+1
	for {
		// Eight bytes at a time while none of them is a quote, a backslash, a control character or beyond ASCII. The lowest
		// byte that is marked is one of those; higher marks may be false, through borrows.
		for pos+8 <= len(body) {
			x := binary.LittleEndian.Uint64(body[pos:])
			mark := (x | (x - ' '*lowBits) | ((x ^ '"'*lowBits) - lowBits) | ((x ^ '\\'*lowBits) - lowBits)) & highBits
			if mark != 0 {
				pos += bits.TrailingZeros64(mark) >> 3
				break
			}
			pos += 8
		}
		if pos >= len(body) {
			d.pos = len(body)
			return 0, d.fail("a string does not end")
		}
		switch c := body[pos]; {
		case c == '"':
			d.pos = pos + 1
			return flags, nil
		case c == '\\':
			flags |= flagEscapes
			n := jsonstring.EscapeLength(body[pos:])
			if n == 0 {
				d.pos = pos
				return 0, d.fail("an escape that JSON does not have in a string")
			}
			pos += n
		case c < ' ':
			d.pos = pos
			return 0, d.fail("a control character (%#02x) in a string", c)
		case c < utf8.RuneSelf:
			pos++
		default:
			r, n := utf8.DecodeRune(body[pos:])
			if r == utf8.RuneError && n == 1 {
				d.pos = pos
				return 0, d.fail("a string is not valid UTF-8")
			}
			pos += n
		}
	}
}

// number reads a number by the grammar of RFC 8259 section 6. It returns the node's flags.
func (d *decoder) number() (uint8, error) {
	var flags uint8
	if d.body[d.pos] == '-' {
		d.pos++
	}
	switch c := d.peek(); {
	case c == '0':
		d.pos++
	case '1' <= c && c <= '9':
		d.digits()
	default:
		return 0, d.unexpected("a digit")
	}
	if d.peek() == '.' {
		flags = flagFraction
		d.pos++
		if !d.digits() {
			return 0, d.unexpected("a digit")
		}
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		flags = flagFraction
		d.pos++
		if c := d.peek(); c == '+' || c == '-' {
			d.pos++
		}
		if !d.digits() {
			return 0, d.unexpected("a digit")
		}
	}
	return flags, nil
}

// peek returns the byte at the current position, 0 at the end.
func (d *decoder) peek() byte {
	if d.pos < len(d.body) {
		return d.body[d.pos]
	}
	return 0
}

// digits skips digits and says whether there was one.
func (d *decoder) digits() bool {
	from, pos := d.pos, d.pos
	for pos < len(d.body) && d.body[pos]-'0' <= 9 {
		pos++
	}
	d.pos = pos
	return pos > from
}

// literal reads true, false or null.
func (d *decoder) literal(text string) error {
	if end := d.pos + len(text); end <= len(d.body) && string(d.body[d.pos:end]) == text {
		d.pos = end
		return nil
	}
	return d.unexpected("a value")
}
