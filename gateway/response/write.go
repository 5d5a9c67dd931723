package response

// writer writes the response. A method that returns false has met null where the schema has a non-null type: what it
// wrote is to be cut off, and the null goes to the parent (GraphQL specification, section 6.4.4).
type writer struct {
	*Answers
	buf  []byte
	errs *Errors
}

// Write appends the complete response to dst: data by the shape of root, the errors collected in errs and those that
// arise while writing, and extensions, a JSON object or nil.
func (a *Answers) Write(dst []byte, root *Object, errs *Errors, extensions []byte) []byte {
	w := writer{Answers: a, buf: append(dst, `{"data":`...), errs: errs}
	mark := len(w.buf)
	a.fillRoot()
	if k, how := a.enter(root, 0, true); how != entered || !w.object(root, k, 0) {
		w.buf = append(w.buf[:mark], "null"...)
	}
	a.stack, a.path = a.stack[:0], a.path[:0]
	if len(errs.list) > 0 || errs.dropped > 0 {
		w.buf = errs.append(append(w.buf, `,"errors":`...))
	}
	if extensions != nil {
		w.buf = append(append(w.buf, `,"extensions":`...), extensions...)
	}
	return append(w.buf, '}')
}

// object writes the object whose frame is at base.
func (w *writer) object(o *Object, kase, base int) bool {
	fields := o.Cases[kase].Fields
	w.buf = append(w.buf, '{')
	empty := true
	for i := range fields {
		f := &fields[i]
		if f.Hidden || !w.conds[f.Cond] {
			continue
		}
		if !empty {
			w.buf = append(w.buf, ',')
		}
		empty = false
		w.buf = append(w.buf, f.Key...)
		depth := len(w.path)
		w.path = append(w.path, step{field: f})
		ok := w.field(f, o, base)
		w.path = w.path[:depth]
		if !ok {
			return false
		}
	}
	w.buf = append(w.buf, '}')
	return true
}

func (w *writer) field(f *Field, o *Object, base int) bool {
	switch f.Kind {
	case Leaf:
		if len(f.Sources) == 0 {
			return w.null(f, f.Type)
		}
		s := w.find(f.Sources[0], base)
		if s.node < 0 {
			return w.null(f, f.Type)
		}
		return w.leaf(f, f.Type, w.parts[s.part], s.node)
	case Composite:
		at := w.open(f, base)
		ok := w.composite(f, f.Type, at)
		w.stack = w.stack[:at]
		return ok
	case TypeName:
		if f.Constant != "" {
			w.buf = append(append(append(w.buf, '"'), f.Constant...), '"')
			return true
		}
		if name := w.typeName(o, base); name != nil {
			w.buf = AppendString(w.buf, string(name))
			return true
		}
		return w.null(f, f.Type)
	default:
		w.fail(f.Denial.Code, f.Denial.Message)
		return w.nulled(f.Type)
	}
}

// composite writes the values of a composite field, which end the stack at at.
func (w *writer) composite(f *Field, t *Type, at int) bool {
	mark := len(w.buf)
	if t.Elem == nil {
		k, how := w.enter(f.Object, at, false)
		if how != entered {
			return w.unentered(f, t, how)
		}
		if !w.object(f.Object, k, at) {
			w.buf = w.buf[:mark]
			return w.nulled(t)
		}
		return true
	}
	n, depth := len(f.Sources), len(w.path)
	list, wrong := w.openItems(at, n)
	if !list {
		if wrong {
			w.fail(CodeInvalid, "The subgraph's value of "+f.Coordinate+" is not a list.")
			return w.nulled(t)
		}
		return w.null(f, t)
	}
	w.buf = append(w.buf, '[')
	for i := 0; w.nextItem(at, n); i++ {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.path = append(w.path[:depth], step{index: i})
		ok := w.composite(f, t.Elem, at+n)
		w.stack = w.stack[:at+n]
		if !ok {
			w.path = w.path[:depth]
			w.buf = w.buf[:mark]
			return w.nulled(t)
		}
	}
	w.path = w.path[:depth]
	w.buf = append(w.buf, ']')
	return true
}

// unentered writes null for what is not an object that can stand here.
func (w *writer) unentered(f *Field, t *Type, how entry) bool {
	switch how {
	case absent:
		return w.null(f, t)
	case notObject:
		w.fail(CodeInvalid, "The subgraph's value of "+f.Coordinate+" is not an object.")
	case typeless:
		if !w.covered() {
			w.fail(CodeUnknownType, "The type of an object of "+f.Coordinate+" is not known: no subgraph told its __typename.")
		}
	case typeUnknown:
		// The type is not named: the API schema may hide it.
		w.fail(CodeUnknownType, "An object of "+f.Coordinate+" has a type that cannot stand there.")
	}
	return w.nulled(t)
}

// null writes null, or reports that it may not stand here unless an error says so already.
func (w *writer) null(f *Field, t *Type) bool {
	if !t.NonNull {
		w.buf = append(w.buf, "null"...)
		return true
	}
	if !w.covered() {
		w.fail(CodeNull, "Cannot return null for non-nullable field "+f.Coordinate+".")
	}
	return false
}

// nulled writes null for a value that an error was reported for.
func (w *writer) nulled(t *Type) bool {
	if t.NonNull {
		return false
	}
	w.buf = append(w.buf, "null"...)
	return true
}

// fail reports an error at the place that is being written.
func (w *writer) fail(code, message string) {
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
