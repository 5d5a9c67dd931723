package strict

import (
	"reflect"
	"strings"
)

// Key is one key of a type, for a reference. Path is as "auth.issuers[].url" and "subgraphs.named.*.url".
type Key struct {
	Path, Type, Default, Doc string
	Required                 bool
}

// Keys lists the keys of a type, in the order of its fields; each before those below it.
func Keys(t reflect.Type) []Key { return keys(nil, reflect.New(t).Elem(), "", true) }

func keys(all []Key, v reflect.Value, path string, defaults bool) []Key {
	for _, f := range fields(v.Type()) {
		k := Key{Path: join(path, f.name), Doc: f.doc, Required: f.required}
		if defaults {
			k.Default = f.def
		}
		inner, below, inherits := v.Field(f.index), k.Path, defaults
		switch {
		case isScalar(inner):
			k.Type = scalarName(inner, f)
		case inner.Kind() == reflect.Slice:
			inner = reflect.New(inner.Type().Elem()).Elem()
			below += "[]"
			k.Type = "list"
			if isScalar(inner) {
				k.Type = "list of " + scalarName(inner, f)
			}
		case inner.Kind() == reflect.Map:
			inner = reflect.New(inner.Type().Elem()).Elem()
			below += ".*"
			inherits = !f.inherit
			k.Type = "mapping"
			if isScalar(inner) {
				k.Type = "mapping to " + scalarName(inner, field{})
			}
		}
		all = append(all, k)
		if !isScalar(inner) {
			all = keys(all, inner, below, inherits)
		}
	}
	return all
}

// scalarName names what is accepted, as in a reference.
func scalarName(v reflect.Value, f field) string {
	switch v.Addr().Interface().(type) {
	case *Duration:
		return "duration"
	case *Bytes:
		return "size"
	}
	switch {
	case len(f.enum) > 0:
		return strings.Join(f.enum, ", ")
	case v.Kind() == reflect.Bool:
		return "true, false"
	case v.Kind() == reflect.String:
		return "text"
	}
	return "number"
}
