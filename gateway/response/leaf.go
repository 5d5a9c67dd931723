package response

import (
	"math"
	"strconv"
)

// leaf writes a scalar or enum, or lists of them.
func (w *writer) leaf(f *Field, t *Type, p *Part, i int32) bool {
	n := &p.nodes[i]
	if n.kind == kindNull {
		return w.null(f, t)
	}
	if t.Elem == nil {
		if w.scalar(f, p, i) {
			return true
		}
		w.fail(CodeInvalid, "The subgraph's value of "+f.Coordinate+" is "+describe(f, p, i)+".")
		return w.nulled(t)
	}
	if n.kind != kindArray {
		w.fail(CodeInvalid, "The subgraph's value of "+f.Coordinate+" is not a list.")
		return w.nulled(t)
	}
	mark, depth := len(w.buf), len(w.path)
	w.buf = append(w.buf, '[')
	for c, k := i+1, 0; c < n.next; c, k = p.nodes[c].next, k+1 {
		if k > 0 {
			w.buf = append(w.buf, ',')
		}
		w.path = append(w.path[:depth], step{index: k})
		if !w.leaf(f, t.Elem, p, c) {
			w.path = w.path[:depth]
			w.buf = w.buf[:mark]
			return w.nulled(t)
		}
	}
	w.path = w.path[:depth]
	w.buf = append(w.buf, ']')
	return true
}

// scalar writes one value, false when the field's type does not have it (result coercion, GraphQL specification sections
// 3.5 and 3.9).
func (w *writer) scalar(f *Field, p *Part, i int32) bool {
	n := &p.nodes[i]
	raw := p.body[n.start:n.end]
	switch f.Scalar {
	case Int:
		if n.kind != kindNumber {
			return false
		}
		if n.flags&flagFraction == 0 && len(raw) < 10 {
			break
		}
		v, err := strconv.ParseFloat(string(raw), 64)
		if err != nil || v != math.Trunc(v) || v < math.MinInt32 || v > math.MaxInt32 {
			return false
		}
		w.buf = strconv.AppendInt(w.buf, int64(v), 10)
		return true
	case Float:
		if n.kind != kindNumber {
			return false
		}
	case String:
		if n.kind != kindString {
			return false
		}
	case Boolean:
		if n.kind != kindTrue && n.kind != kindFalse {
			return false
		}
	case ID:
		if n.kind == kindNumber && n.flags&flagFraction == 0 {
			w.buf = append(append(append(w.buf, '"'), raw...), '"')
			return true
		}
		if n.kind != kindString {
			return false
		}
	case Enum:
		if n.kind != kindString || !holds(f.Values, p.text(i)) {
			return false
		}
	}
	w.buf = append(w.buf, raw...)
	return true
}

// describe says in an error message what was found instead of a value of the field's type. It does not show the value:
// that of an enum may be one which the API schema hides.
func describe(f *Field, p *Part, i int32) string {
	wanted := [...]string{"any value", "a 32-bit integer", "a number", "a string", "a Boolean", "an ID", "one of the enum's values"}
	return p.nodes[i].kind.String() + ", not " + wanted[f.Scalar]
}
