package strict

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// field is a struct field as its tags describe it.
type field struct {
	index    int
	name     string
	doc      string
	def      string
	enum     []string
	min      int64
	hasMin   bool
	required bool
	// inherit: the values of this map have no defaults, what they leave out is taken from elsewhere.
	inherit bool
}

// fields lists the fields of a struct type that have a key, in their order.
func fields(t reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("yaml")
		if name == "" || name == "-" || !f.IsExported() {
			continue
		}
		one := field{
			index: i, name: name, doc: f.Tag.Get("doc"), def: f.Tag.Get("default"),
			required: f.Tag.Get("required") == "true", inherit: f.Tag.Get("inherit") == "true",
		}
		if e := f.Tag.Get("enum"); e != "" {
			one.enum = strings.Split(e, ",")
		}
		if m := f.Tag.Get("min"); m != "" {
			one.min, _ = strconv.ParseInt(m, 10, 64) // what is no number is 0
			one.hasMin = true
		}
		all = append(all, one)
	}
	return all
}

func names(all []field) []string {
	out := make([]string, len(all))
	for i, f := range all {
		out[i] = f.name
	}
	return out
}

// scalar is a type that reads itself from text.
type scalar interface {
	encoding.TextUnmarshaler
	// Accepts is the JSON Schema of the texts and numbers accepted.
	Accepts() *JSONSchema
}

func asScalar(v reflect.Value) (scalar, bool) {
	if !v.CanAddr() {
		return nil, false
	}
	s, ok := v.Addr().Interface().(scalar)
	return s, ok
}

// set reads a scalar's text into a value. The error says what is accepted.
func set(v reflect.Value, text string, f field) error {
	if s, ok := asScalar(v); ok {
		if err := s.UnmarshalText([]byte(text)); err != nil {
			return err
		}
		if f.hasMin && v.CanInt() && v.Int() < f.min {
			return fmt.Errorf("%q is too small", text)
		}
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		if len(f.enum) > 0 && !contains(f.enum, text) {
			return fmt.Errorf("%q is not accepted: it is one of %s%s", text, strings.Join(f.enum, ", "), suggestion(text, f.enum))
		}
		v.SetString(text)
	case reflect.Bool:
		switch text {
		case "true", "false":
			v.SetBool(text == "true")
		default:
			return fmt.Errorf("%q is not accepted: it is true or false", text)
		}
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		if f.hasMin && n < f.min {
			return fmt.Errorf("%d is too small: it is at least %d", n, f.min)
		}
		if v.OverflowInt(n) {
			return fmt.Errorf("%d is too large", n)
		}
		v.SetInt(n)
	default:
		return fmt.Errorf("a value of type %s cannot be read", v.Type())
	}
	return nil
}

// isScalar reports whether values of a type are written as scalars.
func isScalar(v reflect.Value) bool {
	if _, ok := asScalar(v); ok {
		return true
	}
	switch v.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
		return true
	}
	return false
}
