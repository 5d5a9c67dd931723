package response

import "github.com/weft-gateway/weft/gateway/jsonstring"

// writer writes the response. Its methods append to b, and return it. Those that return false have met null where the
// schema has a non-null type: what they appended is to be cut off, and the null goes to the parent (GraphQL
// specification, section 6.4.4).
type writer struct {
	*Answers
	errs *Errors
	// incidents counts the nulls and errors whose treatment depends on where they stand.
	incidents int
}

// Write appends the complete response to dst: data by the shape of root, the errors collected in errs and those that
// arise while writing, and extensions, a JSON object or nil.
func (a *Answers) Write(dst []byte, root *Object, errs *Errors, extensions []byte) []byte {
	w := writer{Answers: a, errs: errs}
	b := append(dst, `{"data":`...)
	mark := len(b)
	a.spans.reset()
	a.fillRoot()
	k, how := a.enter(root, 0, true)
	ok := how == entered
	if ok {
		b, ok = w.object(b, root, k, 0)
	}
	if a.budget < 0 || len(b)-mark > a.maxBytes {
		ok = false
		errs.Reset(1)
		errs.Add(Error{Code: CodeTooLarge, Message: "The response is too large: an operation with fewer or shorter lists is needed."})
	}
	if !ok {
		b = append(b[:mark], "null"...)
	}
	a.stack, a.path = a.stack[:0], a.path[:0]
	if len(errs.list) > 0 || errs.dropped > 0 {
		b = errs.append(append(b, `,"errors":`...))
	}
	if extensions != nil {
		b = append(append(b, `,"extensions":`...), extensions...)
	}
	return append(b, '}')
}

// object writes the object whose frame is at base.
func (w *writer) object(b []byte, o *Object, kase, base int) ([]byte, bool) {
	if len(b) > w.maxBytes {
		w.budget = -1
		return b, false
	}
	fields, order := o.Cases[kase].Fields, o.Cases[kase].Order
	count := len(fields)
	if order != nil {
		count = len(order)
	}
	depth := len(w.path)
	w.path = append(w.path, step{})
	before := byte('{')
	for i := range count {
		at := i
		if order != nil {
			turn := &order[i]
			if !w.conds[turn.Cond] || turn.Unless != 0 && w.conds[turn.Unless] {
				continue
			}
			at = turn.Field
		}
		f := &fields[at]
		if f.Hidden || !w.conds[f.Cond] {
			continue
		}
		b = append(append(b, before), f.Key...)
		before = ','
		w.path[depth].field = f
		var ok bool
		if f.Kind == Leaf {
			b, ok = w.leaf(b, f, base)
		} else {
			b, ok = w.field(b, f, o, base)
		}
		if !ok {
			w.path = w.path[:depth]
			return b, false
		}
	}
	w.path = w.path[:depth]
	if before == '{' {
		b = append(b, '{')
	}
	return append(b, '}'), true
}

// field writes a field that is no leaf.
func (w *writer) field(b []byte, f *Field, o *Object, base int) ([]byte, bool) {
	switch f.Kind {
	case Composite:
		at := w.open(f, base)
		var ok bool
		if f.linked(o) {
			b, ok = w.shared(b, f, at)
		} else {
			b, ok = w.composite(b, f, f.Type, at)
		}
		w.stack = w.stack[:at]
		return b, ok
	case TypeName:
		if f.Constant != "" {
			return append(append(append(b, '"'), f.Constant...), '"'), true
		}
		if name := w.typeName(o, base); name != nil {
			return jsonstring.Append(b, string(name)), true
		}
		return w.null(b, f, f.Type)
	default:
		w.fail(f.Denial.Code, f.Denial.Message)
		return nulled(b, f.Type)
	}
}

// composite writes the values of a composite field, which end the stack at at.
func (w *writer) composite(b []byte, f *Field, t *Type, at int) ([]byte, bool) {
	if t.Elem == nil {
		if f.Object.Alike > 0 {
			return w.alike(b, f, t, at)
		}
		return w.one(b, f, t, at)
	}
	mark := len(b)
	n, depth := len(f.Sources), len(w.path)
	list, wrong := w.openItems(at, n)
	if !list {
		if wrong {
			w.fail(CodeInvalid, "The subgraph's value of "+f.Coordinate+" is not a list.")
			return nulled(b, t)
		}
		return w.null(b, f, t)
	}
	b = append(b, '[')
	for i := 0; w.nextItem(at, n); i++ {
		if i > 0 {
			b = append(b, ',')
		}
		w.path = append(w.path[:depth], step{index: i})
		var ok bool
		b, ok = w.composite(b, f, t.Elem, at+n)
		w.stack = w.stack[:at+n]
		if !ok {
			w.path = w.path[:depth]
			w.spans.reset()
			return nulled(b[:mark], t)
		}
	}
	w.path = w.path[:depth]
	return append(b, ']'), true
}

// one writes the object that a composite field leads to, whose frame is at at.
func (w *writer) one(b []byte, f *Field, t *Type, at int) ([]byte, bool) {
	mark := len(b)
	k, how := w.enter(f.Object, at, false)
	if how != entered {
		return w.unentered(b, f, t, how)
	}
	b, ok := w.object(b, f.Object, k, at)
	if !ok {
		w.spans.reset() // some may be in what is cut off
		return nulled(b[:mark], t)
	}
	return b, true
}

// unentered writes null for what is not an object that can stand here.
func (w *writer) unentered(b []byte, f *Field, t *Type, how entry) ([]byte, bool) {
	switch how {
	case absent:
		return w.null(b, f, t)
	case notObject:
		w.fail(CodeInvalid, "The subgraph's value of "+f.Coordinate+" is not an object.")
	case typeless:
		w.incidents++
		if !w.covered() {
			w.fail(CodeUnknownType, "The type of an object of "+f.Coordinate+" is not known: no subgraph told its __typename.")
		}
	case typeUnknown:
		// The type is not named: the API schema may hide it.
		w.fail(CodeUnknownType, "An object of "+f.Coordinate+" has a type that cannot stand there.")
	}
	return nulled(b, t)
}

// null writes null, or reports that it may not stand here unless an error says so already.
func (w *writer) null(b []byte, f *Field, t *Type) ([]byte, bool) {
	if t.NonNull {
		w.incidents++
		if !w.covered() {
			w.fail(CodeNull, "Cannot return null for non-nullable field "+f.Coordinate+".")
		}
	}
	return nulled(b, t)
}

// nulled writes null where it may stand.
func nulled(b []byte, t *Type) ([]byte, bool) {
	if t.NonNull {
		return b, false
	}
	return append(b, "null"...), true
}

// fail reports an error at the place that is being written.
func (w *writer) fail(code, message string) {
	w.incidents++
	if w.errs.full() {
		w.errs.dropped++
		return
	}
	w.errs.Add(Error{Message: message, Path: w.at(), Code: code})
}

// covered says whether an error tells already of what is at, above or below the place that is being written.
func (w *writer) covered() bool {
	if w.errs.full() {
		return true
	}
	for i := range w.errs.list {
		if p := w.errs.list[i].Path; len(p) > 0 && w.touches(p) {
			return true
		}
	}
	return false
}

// touches says whether the path that is being written and p are the same as far as both go.
func (w *writer) touches(p Path) bool {
	for i, s := range w.path {
		if i == len(p) {
			return true
		}
		if s.field == nil && (p[i].Name != "" || p[i].Index != s.index) || s.field != nil && p[i].Name != s.field.Name {
			return false
		}
	}
	return true
}
