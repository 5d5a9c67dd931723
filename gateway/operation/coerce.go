package operation

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// coercer walks well-formed JSON beside an input type (specification section 3, "Input Coercion" of each type). It
// changes nothing: what must be written differently is noted as edits, in the order of their offsets.
type coercer struct {
	text     []byte
	edits    []edit
	inserted int // bytes of all edits of the request
}

// edit replaces drop bytes at an offset by others.
type edit struct {
	at, drop int
	with     []byte
}

// maxInserted is how many bytes coercion may add to the variables of one request. Without it a list of empty objects
// whose type has long defaults would grow without measure.
const maxInserted = 4 << 20

// fault is a value that does not fit. The path is collected from the inside out while the walk returns.
type fault struct {
	message string
	steps   []string
}

func faultf(format string, args ...any) *fault { return &fault{message: fmt.Sprintf(format, args...)} }

func (f *fault) in(step string) *fault {
	f.steps = append(f.steps, step)
	return f
}

// path writes `input.items[2].quantity`.
func (f *fault) path(variable string) string {
	var b strings.Builder
	b.WriteString(clip(variable))
	for _, step := range slices.Backward(f.steps) {
		b.WriteString(step)
		if b.Len() > maxPath {
			b.WriteString("…")
			break
		}
	}
	return b.String()
}

// apply writes text[start:end] with the edits made.
func (c *coercer) apply(dst []byte, start, end int) []byte {
	for _, e := range c.edits {
		dst = append(dst, c.text[start:e.at]...)
		dst = append(dst, e.with...)
		start = e.at + e.drop
	}
	return append(dst, c.text[start:end]...)
}

func (c *coercer) edit(at, drop int, with []byte) *fault {
	c.inserted += len(with)
	if c.inserted > maxInserted {
		return faultf("the variables grow by more than %d bytes when defaults are filled in", maxInserted)
	}
	c.edits = append(c.edits, edit{at, drop, with})
	return nil
}

// Constant bytes that edits insert.
var (
	openList  = []byte("[")
	closeList = []byte("]")
	quote     = []byte(`"`)
)

// value checks the value at pos and returns the offset after it.
func (c *coercer) value(pos int, t *inputType) (int, *fault) {
	if c.text[pos] == 'n' {
		if t.nonNull {
			return pos, faultf("expected a value of type %q, found null", t.text)
		}
		return pos + len("null"), nil
	}
	if t.elem != nil {
		return c.list(pos, t)
	}
	if t.named.kind == objectInput {
		return c.object(pos, t)
	}
	end := valueEnd(c.text, pos)
	return end, c.leaf(pos, end, t)
}

func (c *coercer) list(pos int, t *inputType) (int, *fault) {
	if c.text[pos] != '[' {
		// One value stands for a list of one (section 3.11).
		if f := c.edit(pos, 0, openList); f != nil {
			return pos, f
		}
		end, f := c.value(pos, t.elem)
		if f != nil {
			return pos, f
		}
		return end, c.edit(end, 0, closeList)
	}
	pos = skipSpace(c.text, pos+1)
	for i := 0; c.text[pos] != ']'; i++ {
		end, f := c.value(pos, t.elem)
		if f != nil {
			return pos, f.in("[" + strconv.Itoa(i) + "]")
		}
		pos = skipSpace(c.text, end)
		if c.text[pos] == ',' {
			pos = skipSpace(c.text, pos+1)
		}
	}
	return pos + 1, nil
}

// given is the set of fields that an object gives, by their numbers; the first 64 need no memory.
type given struct {
	few  uint64
	many []uint64
}

// add says whether the number was there before. n is the size of the set.
func (g *given) add(i, n int) bool {
	word, bit := &g.few, uint64(1)<<(i%64)
	if i >= 64 {
		if g.many == nil {
			g.many = make([]uint64, n/64)
		}
		word = &g.many[i/64-1]
	}
	had := *word&bit != 0
	*word |= bit
	return had
}

func (g *given) has(i int) bool {
	if i < 64 {
		return g.few&(1<<i) != 0
	}
	return g.many != nil && g.many[i/64-1]&(1<<(i%64)) != 0
}

func (c *coercer) object(pos int, t *inputType) (int, *fault) {
	n := t.named
	if c.text[pos] != '{' {
		return pos, c.mismatch(pos, t)
	}
	var fields given
	members := 0
	pos = skipSpace(c.text, pos+1)
	for c.text[pos] != '}' {
		nameEnd := stringEnd(c.text, pos)
		name := stringValue(c.text[pos:nameEnd])
		i, ok := n.index[string(name)]
		if !ok {
			return pos, faultf("field %q is not defined by type %q", clip(string(name)), n.name)
		}
		field := n.fields[i]
		// Whoever reads the object after us might take the other of the two.
		if fields.add(i, len(n.fields)) {
			return pos, faultf("field %q is given twice", field.def.Name)
		}
		members++
		pos = skipSpace(c.text, nameEnd)
		pos = skipSpace(c.text, pos+1) // after the colon
		if n.oneOf && c.text[pos] == 'n' {
			return pos, faultf("the field of a OneOf Input Object must be non-null").in("." + field.def.Name)
		}
		end, f := c.value(pos, field.typ)
		if f != nil {
			return pos, f.in("." + field.def.Name)
		}
		pos = skipSpace(c.text, end)
		if c.text[pos] == ',' {
			pos = skipSpace(c.text, pos+1)
		}
	}
	if n.oneOf && members != 1 {
		return pos, faultf("OneOf Input Object %q must specify exactly one key; %d are given", n.name, members)
	}
	return pos + 1, c.missing(pos, n, fields, members > 0)
}

// missing fills in the defaults of the fields that an object leaves out, before its closing brace at pos.
func (c *coercer) missing(pos int, n *namedInput, fields given, comma bool) *fault {
	for i, field := range n.fields {
		if fields.has(i) {
			continue
		}
		if field.required() {
			return faultf("field %q of required type %q is missing", field.def.Name, field.typ.text)
		}
		if field.value == nil {
			continue
		}
		with := field.member
		if !comma {
			with = with[1:]
		}
		comma = true
		if f := c.edit(pos, 0, with); f != nil {
			return f
		}
	}
	return nil
}

// leaf checks a scalar or enum value that is not null.
func (c *coercer) leaf(pos, end int, t *inputType) *fault {
	text := c.text[pos:end]
	isString := text[0] == '"'
	isNumber := text[0] == '-' || '0' <= text[0] && text[0] <= '9'
	fits := false
	switch t.named.kind {
	case anyInput:
		fits = true
	case stringInput:
		fits = isString
	case booleanInput:
		fits = text[0] == 't' || text[0] == 'f'
	case floatInput:
		fits = isNumber
		if isNumber && !finite(text) {
			return faultf("%s is out of the range of 64-bit floating point", clip(string(text)))
		}
	case intInput:
		if isNumber {
			return c.integer(pos, text, t)
		}
	case idInput:
		if isNumber {
			return c.id(pos, text, t)
		}
		fits = isString
	case enumInput:
		if isString {
			value := stringValue(text)
			if _, ok := t.named.values[string(value)]; !ok {
				return faultf("value %q does not exist in enum %q", clip(string(value)), t.named.name)
			}
			fits = true
		}
	}
	if !fits {
		return c.mismatch(pos, t)
	}
	return nil
}

// isInteger says whether a JSON number is written as an integer.
func isInteger(number []byte) bool {
	for _, c := range number {
		if c == '.' || c == 'e' || c == 'E' {
			return false
		}
	}
	return true
}

// finite says whether a JSON number is one of 64-bit floating point. Without an exponent only a very long one is not.
func finite(number []byte) bool {
	if len(number) < 300 && isInteger(number) {
		return true
	}
	_, err := strconv.ParseFloat(string(number), 64)
	return !errors.Is(err, strconv.ErrRange)
}

// integral is the value of a number like 1.0 or 1e3 that is an integer all the same.
func integral(number []byte) (int64, bool) {
	f, err := strconv.ParseFloat(string(number), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

func (c *coercer) integer(pos int, number []byte, t *inputType) *fault {
	if !isInteger(number) {
		i, ok := integral(number)
		if !ok || i != int64(int32(i)) {
			return c.mismatch(pos, t)
		}
		return c.edit(pos, len(number), strconv.AppendInt(nil, i, 10))
	}
	if !isInt32(number) {
		return faultf("Int cannot represent %s: it is not a 32-bit integer", clip(string(number)))
	}
	return nil
}

func isInt32(number []byte) bool {
	digits, limit := number, int64(math.MaxInt32)
	if number[0] == '-' {
		digits, limit = number[1:], -math.MinInt32
	}
	if len(digits) > 10 {
		return false
	}
	var n int64
	for _, c := range digits {
		n = n*10 + int64(c-'0')
	}
	return n <= limit
}

// id makes a string of an integer.
func (c *coercer) id(pos int, number []byte, t *inputType) *fault {
	if !isInteger(number) {
		i, ok := integral(number)
		if !ok {
			return c.mismatch(pos, t)
		}
		return c.edit(pos, len(number), append(strconv.AppendInt([]byte{'"'}, i, 10), '"'))
	}
	if f := c.edit(pos, 0, quote); f != nil {
		return f
	}
	return c.edit(pos+len(number), 0, quote)
}

// mismatch says that the kind of value at pos is not what the type wants. Strings and composites are not repeated: they
// may be long or confidential, and messages end up in logs.
func (c *coercer) mismatch(pos int, t *inputType) *fault {
	found := ""
	switch c.text[pos] {
	case '"':
		found = "a string"
	case '{':
		found = "an object"
	case '[':
		found = "a list"
	default:
		found = clip(string(c.text[pos:valueEnd(c.text, pos)]))
	}
	return faultf("expected a value of type %q, found %s", t.text, found)
}
