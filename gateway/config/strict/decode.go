package strict

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// decoder reads one document.
type decoder struct {
	options  Options
	document *Document
	anchors  map[string]ast.Node
	errors   Errors
	nodes    int
	depth    int
}

func (d *decoder) fail(n ast.Node, path, format string, args ...any) {
	if len(d.errors) >= maxErrors {
		return
	}
	p := placeOf(n)
	d.errors = append(d.errors, &Error{
		File: d.options.File, Line: p.line, Column: p.column, Path: path, Message: fmt.Sprintf(format, args...),
	})
}

// defaults fills a value from the default tags of its type. Maps and lists start empty.
func (d *decoder) defaults(v reflect.Value) {
	if v.Kind() != reflect.Struct || isScalar(v) {
		return
	}
	for _, f := range fields(v.Type()) {
		inner := v.Field(f.index)
		if f.def != "" {
			if err := set(inner, f.def, field{}); err != nil { // a defect of the type: its first test finds it
				d.errors = append(d.errors, &Error{File: d.options.File, Path: f.name, Message: "default: " + err.Error()})
			}
		}
		d.defaults(inner)
	}
}

// missing reports required keys that are not there.
func (d *decoder) missing(v reflect.Value, path string) {
	if v.Kind() != reflect.Struct || isScalar(v) {
		return
	}
	for _, f := range fields(v.Type()) {
		at := join(path, f.name)
		if f.required && !d.document.Has(at) {
			d.errors = append(d.errors, d.document.Errorf(at, "it is required"))
		}
		inner := v.Field(f.index)
		switch inner.Kind() {
		case reflect.Slice:
			for i := range inner.Len() {
				d.missing(inner.Index(i), fmt.Sprintf("%s[%d]", at, i))
			}
		case reflect.Map:
			for _, key := range sortedKeys(inner) {
				d.missing(inner.MapIndex(key), join(at, key.String()))
			}
		default:
			d.missing(inner, at)
		}
	}
}

func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// resolve follows anchors, aliases and tags to the node that holds the value.
func (d *decoder) resolve(n ast.Node, path string) ast.Node {
	for range maxDepth {
		switch at := n.(type) {
		case *ast.AnchorNode:
			d.anchors[at.Name.GetToken().Value] = at.Value
			n = at.Value
		case *ast.AliasNode:
			name := at.Value.GetToken().Value
			target, ok := d.anchors[name]
			if !ok {
				d.fail(n, path, "there is no anchor &%s above", name)
				return nil
			}
			n = target
		case *ast.TagNode:
			d.fail(n, path, "tags such as %s are not accepted", at.GetToken().Value)
			return nil
		default:
			return n
		}
	}
	d.fail(n, path, "aliases lead on too far")
	return nil
}

// value reads a node into a value.
func (d *decoder) value(n ast.Node, v reflect.Value, path string, f field) {
	if n == nil {
		return
	}
	d.nodes++
	d.depth++
	defer func() { d.depth-- }()
	if d.nodes > maxNodes || d.depth > maxDepth {
		if d.nodes <= maxNodes+1 {
			d.fail(n, path, "the document is too large or too deeply nested")
		}
		return
	}
	if _, known := d.document.places[path]; !known {
		d.document.places[path] = placeOf(n)
	}
	if n = d.resolve(n, path); n == nil {
		return
	}
	if _, empty := n.(*ast.NullNode); empty {
		return // a key without a value is as good as left out
	}
	switch {
	case isScalar(v):
		d.scalar(n, v, path, f)
	case v.Kind() == reflect.Struct:
		d.structure(n, v, path)
	case v.Kind() == reflect.Map:
		d.mapping(n, v, path, f)
	case v.Kind() == reflect.Slice:
		d.list(n, v, path, f)
	default:
		d.fail(n, path, "a value of type %s cannot be read", v.Type())
	}
}

func (d *decoder) scalar(n ast.Node, v reflect.Value, path string, f field) {
	text, ok := scalarText(n)
	if !ok {
		d.fail(n, path, "a single value is expected here, not a %s", describe(n))
		return
	}
	text, err := d.expand(text)
	if err == nil {
		err = set(v, text, f)
	}
	if err != nil {
		d.fail(n, path, "%s", err)
	}
}

// scalarText is the text of a scalar as it was written, without its quotes.
func scalarText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func describe(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "mapping"
	case *ast.SequenceNode:
		return "list"
	}
	return "single value"
}

// entries are the pairs of a mapping. ok is false when the node is none.
func entries(n ast.Node) (pairs []*ast.MappingValueNode, ok bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// key is the text of a mapping's key; empty, with an error, when it is none.
func (d *decoder) key(pair *ast.MappingValueNode, path string) string {
	if pair.Key.IsMergeKey() {
		d.fail(pair.Key, path, "merge keys (<<) are not accepted: write the keys out")
		return ""
	}
	text, ok := scalarText(pair.Key)
	if !ok || text == "" {
		d.fail(pair.Key, path, "a key must be a text")
		return ""
	}
	d.document.places[join(path, text)] = placeOf(pair.Key)
	return text
}

func (d *decoder) structure(n ast.Node, v reflect.Value, path string) {
	pairs, ok := entries(n)
	all := fields(v.Type())
	if !ok {
		d.fail(n, path, "a mapping with keys such as %s is expected here, not a %s", strings.Join(names(all)[:min(3, len(all))], ", "), describe(n))
		return
	}
	for _, pair := range pairs {
		name := d.key(pair, path)
		if name == "" {
			continue
		}
		i := slices.IndexFunc(all, func(f field) bool { return f.name == name })
		if i < 0 {
			known := names(all)
			d.fail(pair.Key, join(path, name), "there is no such key%s; known here: %s", suggestion(name, known), strings.Join(known, ", "))
			continue
		}
		d.value(pair.Value, v.Field(all[i].index), join(path, name), all[i])
	}
}

func (d *decoder) mapping(n ast.Node, v reflect.Value, path string, f field) {
	pairs, ok := entries(n)
	if !ok {
		d.fail(n, path, "a mapping is expected here, not a %s", describe(n))
		return
	}
	out := reflect.MakeMapWithSize(v.Type(), len(pairs))
	for _, pair := range pairs {
		name := d.key(pair, path)
		if name == "" {
			continue
		}
		element := reflect.New(v.Type().Elem()).Elem()
		if !f.inherit {
			d.defaults(element)
		}
		d.value(pair.Value, element, join(path, name), field{})
		out.SetMapIndex(reflect.ValueOf(name), element)
	}
	v.Set(out)
}

func (d *decoder) list(n ast.Node, v reflect.Value, path string, f field) {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		// One value stands for a list of one.
		if _, single := scalarText(n); !single || !isScalar(reflect.New(v.Type().Elem()).Elem()) {
			d.fail(n, path, "a list is expected here, not a %s", describe(n))
			return
		}
		element := reflect.New(v.Type().Elem()).Elem()
		d.value(n, element, path+"[0]", f)
		v.Set(reflect.Append(reflect.MakeSlice(v.Type(), 0, 1), element))
		return
	}
	out := reflect.MakeSlice(v.Type(), 0, len(sequence.Values))
	for i, item := range sequence.Values {
		element := reflect.New(v.Type().Elem()).Elem()
		d.defaults(element)
		d.value(item, element, path+"["+strconv.Itoa(i)+"]", f)
		out = reflect.Append(out, element)
	}
	v.Set(out)
}

// expand replaces ${NAME} and ${NAME:-default}.
func (d *decoder) expand(text string) (string, error) {
	if d.options.Env == nil || !strings.Contains(text, "${") {
		return text, nil
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		if strings.HasSuffix(before, "$") { // $${ is ${ itself, its one dollar sign already written
			b.WriteByte('{')
			text = rest
			continue
		}
		inside, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", errors.New("${ is not closed by }; write $${ for the text ${ itself")
		}
		name, def, hasDefault := strings.Cut(inside, ":-")
		name = strings.TrimPrefix(name, "env.")
		if !isName(name) {
			return "", fmt.Errorf("%q is not the name of an environment variable; write $${ for the text ${ itself", name)
		}
		value, set := d.options.Env(name)
		switch {
		case (!set || value == "") && hasDefault:
			value = def
		case !set:
			return "", fmt.Errorf("the environment variable %s is not set; ${%s:-…} would give a default", name, name)
		}
		b.WriteString(value)
		text = after
	}
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
