package execute

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/gateway/response"
)

// oracle completes values as the GraphQL specification says (section 6.4.3), over maps and with panics for errors that
// go up: slow and plain.
type oracle struct {
	flag   bool
	data   any
	path   []any
	errors map[string]bool
}

// failed is thrown for a null that its place cannot hold.
type failed struct{}

func (c *oracle) answer(root *response.Object, x *thing) *oracle {
	c.errors = map[string]bool{}
	c.data = c.catch(false, func() any { return c.fields(root, x) })
	return c
}

// catch makes a failure null where null may stand, and lets it go up elsewhere.
func (c *oracle) catch(nonNull bool, complete func() any) (v any) {
	depth := len(c.path)
	defer func() {
		if p := recover(); p != nil {
			if _, ours := p.(failed); !ours || nonNull {
				panic(p)
			}
			c.path = c.path[:depth]
			v = nil
		}
	}()
	return complete()
}

func (c *oracle) fail() {
	c.errors[fmt.Sprint(c.path)] = true
	panic(failed{})
}

func (c *oracle) fields(o *response.Object, x *thing) any {
	out := map[string]any{}
	for i := range o.Cases[0].Fields {
		f := &o.Cases[0].Fields[i]
		if f.Hidden || f.Cond == 1 && !c.flag {
			continue
		}
		c.path = append(c.path, f.Name)
		out[f.Name] = c.field(f, x)
		c.path = c.path[:len(c.path)-1]
	}
	return out
}

func (c *oracle) field(f *response.Field, x *thing) any {
	switch f.Kind {
	case response.Denied:
		return c.catch(f.Type.NonNull, func() any { c.fail(); return nil })
	case response.TypeName:
		return f.Constant
	case response.Leaf:
		return c.complete(f, f.Type, []any{x.slots[f.Sources[0].Slot][f.Sources[0].Name]})
	}
	var values []any
	for _, s := range f.Sources {
		values = append(values, x.slots[s.Slot][s.Name])
	}
	return c.complete(f, f.Type, values)
}

// complete completes what is at one place: a value by source, of which any may be nil.
func (c *oracle) complete(f *response.Field, t *response.Type, values []any) any {
	return c.catch(t.NonNull, func() any {
		if !slices.ContainsFunc(values, func(v any) bool { return v != nil }) {
			if t.NonNull {
				c.fail()
			}
			return nil
		}
		if t.Elem != nil {
			return c.list(f, t, values)
		}
		if f.Kind == response.Leaf {
			return c.leaf(f, values[0])
		}
		for _, v := range values {
			if v, ok := v.(view); ok && v.of.slots[v.slot] != nil {
				return c.fields(f.Object, visible(f.Object, values))
			}
		}
		if !slices.ContainsFunc(values, func(v any) bool { _, isView := v.(view); return v != nil && !isView }) {
			if t.NonNull {
				c.fail()
			}
			return nil
		}
		c.fail()
		return nil
	})
}

// visible is the thing as it is seen through the values: what one source does not tell is not there.
func visible(o *response.Object, values []any) *thing {
	x := &thing{slots: make([]map[response.Name]any, o.Inherited)}
	for i, v := range values {
		if v, ok := v.(view); ok {
			x.slots[i] = v.of.slots[v.slot]
			if i == 0 {
				x.slots = append(x.slots[:o.Inherited], v.of.slots[o.Inherited:]...)
			}
		}
	}
	for len(x.slots) < o.Inherited+len(o.Links) {
		x.slots = append(x.slots, nil)
	}
	return x
}

func (c *oracle) list(f *response.Field, t *response.Type, values []any) any {
	lists := make([][]any, len(values))
	length := -1
	for i, v := range values {
		if l, ok := v.([]any); ok {
			lists[i] = l
			length = max(length, len(l))
		}
	}
	if length < 0 {
		c.fail()
	}
	out := []any{}
	for i := range length {
		item := make([]any, len(values))
		for k, l := range lists {
			if i < len(l) {
				item[k] = l[i]
			}
		}
		c.path = append(c.path, i)
		out = append(out, c.complete(f, t.Elem, item))
		c.path = c.path[:len(c.path)-1]
	}
	return out
}

func (c *oracle) leaf(f *response.Field, v any) any {
	number, isNumber := v.(json.Number)
	text, isText := v.(string)
	_, isBool := v.(bool)
	whole := isNumber && !strings.ContainsAny(number.String(), ".eE")
	switch f.Scalar {
	case response.Int:
		if isNumber {
			if n, err := number.Float64(); err == nil && n == math.Trunc(n) && math.Abs(n) < 1<<31 {
				return json.Number(fmt.Sprintf("%.0f", n))
			}
		}
	case response.Float:
		if isNumber {
			return v
		}
	case response.String:
		if isText {
			return v
		}
	case response.Boolean:
		if isBool {
			return v
		}
	case response.ID:
		if isText {
			return v
		}
		if whole {
			return number.String()
		}
	case response.Enum:
		if isText && slices.Contains(f.Values, text) {
			return v
		}
	default:
		return v
	}
	c.fail()
	return nil
}

// check compares a response with what the oracle says.
func check(t *rapid.T, body []byte, want *oracle, w *world) {
	var got struct {
		Data   any
		Errors []struct {
			Message string
			Path    []any
		}
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&got); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if !reflect.DeepEqual(got.Data, want.data) {
		wanted, _ := json.Marshal(want.data)
		t.Fatalf("got  %s\nwant %s\nfrom %v %v", body, wanted, w.bases, w.store)
	}
	paths := map[string]bool{}
	for _, e := range got.Errors {
		paths[fmt.Sprint(e.Path)] = true
	}
	if !reflect.DeepEqual(paths, want.errors) {
		t.Fatalf("errors at %v, not %v: %s", paths, want.errors, body)
	}
}
