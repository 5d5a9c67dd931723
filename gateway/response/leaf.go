package response

import (
	"math"
	"strconv"
)

// leaf writes a field that is a scalar or enum, or lists of them.
func (w *writer) leaf(b []byte, f *Field, base int) ([]byte, bool) {
	if len(f.Sources) == 0 {
		return w.null(b, f, f.Type)
	}
	s := w.find(f.Sources[0], base)
	if s.node < 0 {
		return w.null(b, f, f.Type)
	}
	return w.values(b, f, f.Type, s.part, s.node)
}

// values writes the value of a leaf field, node i.
func (w *writer) values(b []byte, f *Field, t *Type, p *Part, i int32) ([]byte, bool) {
	n := &p.nodes[i]
	if n.kind == kindNull {
		return w.null(b, f, t)
	}
	if t.Elem == nil {
		if b, ok := scalar(b, f, p, i); ok {
			return b, true
		}
		w.fail(CodeInvalid, "The subgraph's value of "+f.Coordinate+" is "+describe(f, p, i)+".")
		return nulled(b, t)
	}
	if n.kind != kindArray {
		w.fail(CodeInvalid, "The subgraph's value of "+f.Coordinate+" is not a list.")
		return nulled(b, t)
	}
	mark, depth := len(b), len(w.path)
	b = append(b, '[')
	for c, k := i+1, 0; c < n.next; c, k = p.nodes[c].next, k+1 {
		if k > 0 {
			b = append(b, ',')
		}
		w.path = append(w.path[:depth], step{index: k})
		var ok bool
		if b, ok = w.values(b, f, t.Elem, p, c); !ok {
			w.path = w.path[:depth]
			return nulled(b[:mark], t)
		}
	}
	w.path = w.path[:depth]
	return append(b, ']'), true
}

// scalar appends one value; false when the field's type does not have it (result coercion, GraphQL specification sections
// 3.5 and 3.9).
func scalar(b []byte, f *Field, p *Part, i int32) ([]byte, bool) {
	n := &p.nodes[i]
	raw := p.body[n.start:n.end]
	switch f.Scalar {
	case Int:
		if n.kind != kindNumber {
			return b, false
		}
		if n.flags&flagFraction == 0 && len(raw) < 10 {
			break
		}
		v, err := strconv.ParseFloat(string(raw), 64)
		if err != nil || v != math.Trunc(v) || v < math.MinInt32 || v > math.MaxInt32 {
			return b, false
		}
		return strconv.AppendInt(b, int64(v), 10), true
	case Float:
		if n.kind != kindNumber {
			return b, false
		}
	case String:
		if n.kind != kindString {
			return b, false
		}
	case Boolean:
		if n.kind != kindTrue && n.kind != kindFalse {
			return b, false
		}
	case ID:
		if n.kind == kindNumber && n.flags&flagFraction == 0 {
			return append(append(append(b, '"'), raw...), '"'), true
		}
		if n.kind != kindString {
			return b, false
		}
	case Enum:
		if n.kind != kindString || !holds(f.Values, p.text(i)) {
			return b, false
		}
	}
	return append(b, raw...), true
}

// describe says in an error message what was found instead of a value of the field's type. It does not show the value:
// that of an enum may be one which the API schema hides.
func describe(f *Field, p *Part, i int32) string {
	wanted := [...]string{"any value", "a 32-bit integer", "a number", "a string", "a Boolean", "an ID", "one of the enum's values"}
	return p.nodes[i].kind.String() + ", not " + wanted[f.Scalar]
}
