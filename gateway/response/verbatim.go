package response

import "strconv"

// An answer that one fetch gives in the client's own order and shape need not be taken apart and put together again: it is
// read once along the shape, and copied in runs of bytes as long as can be. What is read is judged as it is otherwise. At
// the first thing that would make the response differ from the answer (white space, another order, members nobody asked
// for, a null where none may be, a value of another type, errors), reading stops, and the answer is decoded and written as
// any other, which tells what is wrong.

// Verbatim says whether objects of this shape can be copied from a single answer: one source for everything, under the
// names that the client uses, and nothing that depends on runtime types.
func (o *Object) Verbatim(names *Names) bool {
	if o.Inherited != 1 || len(o.Before) > 0 || len(o.Links) > 0 || o.TypeName.Slot >= 0 || len(o.Cases) != 1 {
		return false
	}
	c := &o.Cases[0]
	if len(c.Links) > 0 || c.Order != nil {
		return false
	}
	for i := range c.Fields {
		if !c.Fields[i].verbatim(names) {
			return false
		}
	}
	return true
}

func (f *Field) verbatim(names *Names) bool {
	switch {
	case f.Hidden:
		return false
	case f.Kind == TypeName:
		return f.Constant != ""
	case len(f.Sources) != 1 || f.Sources[0].Slot != 0 || names.Text(f.Sources[0].Name) != f.Name:
		return false
	case f.Kind == Composite:
		return f.Object.Verbatim(names)
	}
	return f.Kind == Leaf
}

// copier reads one answer. out holds what differs from the answer so far: all up to from, which is where the run begins
// that is still to be copied.
type copier struct {
	decoder
	conds   []bool
	out     []byte
	from    int
	objects int // that may still be read
	values  int
}

// CopyVerbatim makes the response of the answer in body, when root is the shape of all of it (see Object.Verbatim). own
// says that the response stands in dst, to which it was appended, and not in body. ok is false when the answer has to be
// decoded.
func CopyVerbatim(dst, body []byte, root *Object, conds []bool, limits Limits) (response []byte, own, ok bool) {
	if len(body) > limits.Bytes {
		return nil, false, false
	}
	c := copier{
		decoder: decoder{Part: &Part{body: body}, limits: limits},
		conds:   conds, out: dst, objects: limits.Objects, values: limits.Nodes,
	}
	if !c.text(`{"data":`) || !c.object(root, 1) || !c.text(`}`) {
		return nil, false, false
	}
	end := c.pos
	if c.space(); c.pos != len(body) {
		return nil, false, false
	}
	if c.from == 0 {
		return body[:end:end], false, true
	}
	return append(c.out, body[c.from:end]...), true, true
}

// text reads exactly this.
func (c *copier) text(s string) bool {
	end := c.pos + len(s)
	if end > len(c.body) || string(c.body[c.pos:end]) != s {
		return false
	}
	c.pos = end
	return true
}

// key reads a member's name and the colon, as the shape has them.
func (c *copier) key(k []byte) bool {
	end := c.pos + len(k)
	if end > len(c.body) || string(c.body[c.pos:end]) != string(k) {
		return false
	}
	c.pos = end
	return true
}

// flush copies the run that ends here.
func (c *copier) flush() {
	c.out = append(c.out, c.body[c.from:c.pos]...)
	c.from = c.pos
}

func (c *copier) object(o *Object, depth int) bool {
	if c.objects--; c.objects < 0 || depth >= c.limits.Depth || !c.text("{") {
		return false
	}
	fields := o.Cases[0].Fields
	written, read := false, false // whether there were fields, and such that the answer has
	for i := range fields {
		f := &fields[i]
		if !c.conds[f.Cond] {
			continue
		}
		if f.Kind == TypeName {
			// It follows from the shape, so no subgraph has to be asked for it. One that was tells it where it stands.
			if c.told(f, read) {
				if written && !read {
					from := c.pos - len(f.Key) - len(f.Constant) - len(`""`)
					c.out = append(append(c.out, c.body[c.from:from]...), ',')
					c.from = from
				}
				written, read = true, true
				continue
			}
			c.flush()
			if written {
				c.out = append(c.out, ',')
			}
			c.out = append(append(append(append(c.out, f.Key...), '"'), f.Constant...), '"')
			written = true
			continue
		}
		switch {
		case read:
			if !c.text(",") {
				return false
			}
		case written:
			c.flush()
			c.out = append(c.out, ',')
		}
		written, read = true, true
		if !c.key(f.Key) || !c.value(f, f.Type, depth+1) {
			return false
		}
	}
	return c.text("}")
}

// told reads the name of an object's type where the answer has it, after a comma where that is not the first member; false
// when it does not, and nothing is read.
func (c *copier) told(f *Field, comma bool) bool {
	start := c.pos
	if (!comma || c.text(",")) && c.key(f.Key) && c.text(`"`) && c.text(f.Constant) && c.text(`"`) {
		return true
	}
	c.pos = start
	return false
}

func (c *copier) value(f *Field, t *Type, depth int) bool {
	if c.values--; c.values < 0 {
		return false
	}
	switch first := c.peek(); {
	case first == 'n':
		return !t.NonNull && c.text("null")
	case t.Elem != nil:
		return first == '[' && c.list(f, t.Elem, depth)
	case f.Kind == Composite:
		return c.object(f.Object, depth)
	}
	return c.scalar(f)
}

func (c *copier) list(f *Field, item *Type, depth int) bool {
	if depth >= c.limits.Depth {
		return false
	}
	c.pos++
	if c.text("]") {
		return true
	}
	for c.value(f, item, depth+1) {
		if !c.text(",") {
			return c.text("]")
		}
	}
	return false
}

// scalar reads a value as scalar would have it, but for those that are to be written in another form, and for lists and
// objects as values of custom scalars.
func (c *copier) scalar(f *Field) bool {
	start := c.pos
	switch first := c.peek(); {
	case first == '"':
		flags, err := c.str()
		switch f.Scalar {
		case Any, String, ID:
			return err == nil
		case Enum:
			return err == nil && flags == 0 && holds(f.Values, c.body[start+1:c.pos-1])
		}
	case first == '-' || '0' <= first && first <= '9':
		flags, err := c.number()
		switch f.Scalar {
		case Any, Float:
			return err == nil
		case Int:
			return err == nil && flags == 0 && isInt32(c.body[start:c.pos])
		case ID:
			if err != nil || flags != 0 {
				return false
			}
			number := c.body[start:c.pos]
			c.out = append(append(c.out, c.body[c.from:start]...), '"')
			c.out = append(append(c.out, number...), '"')
			c.from = c.pos
			return true
		}
	case first == 't':
		return (f.Scalar == Any || f.Scalar == Boolean) && c.text("true")
	case first == 'f':
		return (f.Scalar == Any || f.Scalar == Boolean) && c.text("false")
	}
	return false
}

// isInt32 says whether a number without a fraction is one of 32 bits.
func isInt32(number []byte) bool {
	if len(number) < 10 {
		return true
	}
	_, err := strconv.ParseInt(string(number), 10, 32)
	return err == nil
}
