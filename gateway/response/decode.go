package response

import (
	"math"
	"math/bits"

	"github.com/weft-gateway/weft/gateway/jsonstring"
)

// Limits bound what is accepted of subgraphs and made of it.
type Limits struct {
	// Depth is how deep lists and objects may nest.
	Depth int
	// Nodes is how many JSON values an answer may hold.
	Nodes int
	// Errors is how many of an answer's errors are kept.
	Errors int
	// Objects is how many objects a request may come across while its fetches are rendered and its response is written, and
	// Bytes how long the response may be. They are limits of their own because an entity that stands at many places is there
	// only once in the answers: what is written may be longer than what was read by any factor.
	Objects, Bytes int
}

// DefaultLimits returns limits that no sensible answer reaches.
func DefaultLimits() Limits {
	return Limits{Depth: 256, Nodes: 1 << 23, Errors: 200, Objects: 1 << 24, Bytes: 256 << 20}
}

// decoder reads one body.
type decoder struct {
	*Part
	pos    int
	names  *Names
	limits Limits
	// repeats is how much may still be searched for members that occur twice: without a bound, an object of nothing but
	// repeated members would cost quadratic time.
	repeats int
}

// bytesPerNode is how much text there usually is for each value: names, punctuation, the value.
const bytesPerNode = 16

// Decode reads a GraphQL response: a JSON object (RFC 8259) with the members data, errors and extensions, others ignored.
// Members of data that names does not hold are verified and dropped; of members that occur twice the last one counts. It
// returns a *SyntaxError when the body is not such an object. The part keeps body and must be released.
func Decode(body []byte, names *Names, limits Limits) (*Part, error) {
	if uint64(len(body)) > math.MaxUint32/2 {
		return nil, &SyntaxError{Message: "the text is too long"}
	}
	p := acquirePart(16 + len(body)/bytesPerNode)
	p.body = body
	p.hints = cleared(p.hints, 4<<bits.Len(uint(names.Len())))
	p.seen = cleared(p.seen, names.Len())
	d := decoder{Part: p, names: names, limits: limits, repeats: 1<<20 + 4*len(body)}
	if err := d.envelope(); err != nil {
		p.Release()
		return nil, err
	}
	p.blame(names)
	return p, nil
}

// cleared returns a slice of n zeros, s itself where it is large enough.
func cleared[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// value reads one value into nodes; depth is that of the container it stands in.
func (d *decoder) value(name Name, depth int) error {
	if d.pos >= len(d.body) {
		return d.unexpected("a value")
	}
	if len(d.nodes) >= d.limits.Nodes {
		return d.fail("more than %d values", d.limits.Nodes)
	}
	self := len(d.nodes)
	n := node{start: uint32(d.pos), name: name, next: int32(self + 1)}
	var err error
	switch c := d.body[d.pos]; c {
	case '"':
		n.kind = kindString
		n.flags, err = d.str()
	case '{', '[':
		if depth >= d.limits.Depth {
			return d.fail("lists and objects nest deeper than %d", d.limits.Depth)
		}
		d.nodes = append(d.nodes, n)
		d.pos++
		k := kindObject
		if c == '{' {
			err = d.members(self, depth+1)
		} else {
			k = kindArray
			err = d.items(depth + 1)
		}
		at := &d.nodes[self]
		at.kind, at.end, at.next = k, uint32(d.pos), int32(len(d.nodes))
		return err
	case 't':
		n.kind = kindTrue
		err = d.literal("true")
	case 'f':
		n.kind = kindFalse
		err = d.literal("false")
	case 'n':
		err = d.literal("null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		n.kind = kindNumber
		n.flags, err = d.number()
	default:
		return d.unexpected("a value")
	}
	n.end = uint32(d.pos)
	d.nodes = append(d.nodes, n)
	return err
}

// items reads the items of a list, up to and with its closing bracket.
func (d *decoder) items(depth int) error {
	d.space()
	if d.peek() == ']' {
		d.pos++
		return nil
	}
	for {
		d.space()
		if err := d.value(0, depth); err != nil {
			return err
		}
		d.space()
		switch d.peek() {
		case ',':
			d.pos++
		case ']':
			d.pos++
			return nil
		default:
			return d.unexpected("',' or ']'")
		}
	}
}

// members reads the members of the object at node self, up to and with its closing brace.
func (d *decoder) members(self, depth int) error {
	d.space()
	if d.peek() == '}' {
		d.pos++
		return nil
	}
	// A subgraph answers in the order it was asked, and lists repeat the same members: the name that followed this one
	// last time is tried before it is looked up.
	hint := d.hint(0, depth)
	var filter uint64 // of the names that occurred
	for {
		d.space()
		name, err := d.name(*hint)
		if err != nil {
			return err
		}
		*hint = name
		hint = d.hint(name, depth)
		child := len(d.nodes)
		if err := d.value(name, depth); err != nil {
			return err
		}
		if name == 0 {
			d.nodes = d.nodes[:child]
		} else {
			// A member can only be a repeated one if its name is in the filter and the newest object that has such a member is
			// this one or one inside of it.
			bit := uint64(1) << (name & 63)
			if filter&bit != 0 && d.seen[name] > int32(self) {
				if err := d.supersede(self, child, name); err != nil {
					return err
				}
			}
			filter |= bit
			d.seen[name] = int32(self) + 1
		}
		d.space()
		switch d.peek() {
		case ',':
			d.pos++
		case '}':
			d.pos++
			return nil
		default:
			return d.unexpected("',' or '}'")
		}
	}
}

// hint is where the name is remembered that followed another one, in an object at a depth; what followed 0 came first. The
// depth tells selections of one type apart that differ in what they go on to. Where two meet in one place, a name is looked
// up that need not be.
func (d *decoder) hint(name Name, depth int) *Name {
	const apart = 37 // of names that follow each other at one depth and the next
	return &d.hints[(int(name)+apart*depth)&(len(d.hints)-1)]
}

// supersede takes the name from an earlier member of the object at self that is called as its newest one, child.
func (d *decoder) supersede(self, child int, name Name) error {
	for c := int32(self + 1); c < int32(child); c = d.nodes[c].next {
		if d.repeats--; d.repeats < 0 {
			return d.fail("too many repeated members")
		}
		if d.nodes[c].name == name {
			d.nodes[c].name = 0
			return nil
		}
	}
	return nil
}

// name reads a member's name and the colon after it and the space after that. hint is the name expected.
func (d *decoder) name(hint Name) (Name, error) {
	if d.peek() != '"' {
		return 0, d.unexpected("a member's name")
	}
	if text := d.names.list[hint]; hint != 0 {
		from := d.pos + 1
		end := from + len(text)
		if end+1 < len(d.body) && d.body[end] == '"' && d.body[end+1] == ':' && string(d.body[from:end]) == text {
			d.pos = end + 2
			d.space()
			return hint, nil
		}
	}
	text, err := d.key()
	if err != nil {
		return 0, err
	}
	return lookup(d.names, text), d.colon()
}

// key reads a string and returns its text.
func (d *decoder) key() ([]byte, error) {
	from := d.pos + 1
	flags, err := d.str()
	if err != nil {
		return nil, err
	}
	text := d.body[from : d.pos-1]
	if flags&flagEscapes != 0 {
		return jsonstring.Unescape(nil, text), nil
	}
	return text, nil
}

// colon reads the colon between a name and its value, and the space around it.
func (d *decoder) colon() error {
	d.space()
	if d.peek() != ':' {
		return d.unexpected("':'")
	}
	d.pos++
	d.space()
	return nil
}
