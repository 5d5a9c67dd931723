package simulate

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// coerced is section 6.4.1 CoerceArgumentValues. gqlparser leaves the defaults of input objects to the executor.
func (x *execution) coerced(f *ast.Field, def *ast.FieldDefinition) map[string]any {
	args := f.ArgumentMap(x.variables)
	for _, d := range def.Arguments {
		if v, ok := args[d.Name]; ok {
			args[d.Name] = x.completed(d.Type, v)
		}
	}
	return args
}

// completed is an input value with the defaults of input objects that were not given (section 3.10 Input Coercion).
func (s *server) completed(t *ast.Type, v any) any {
	switch v := v.(type) {
	case []any:
		of := t.Elem
		if of == nil { // a custom scalar
			of = t
		}
		out := make([]any, len(v)) // gqlparser has nil, which reads as null, for an empty list
		for i, item := range v {
			out[i] = s.completed(of, item)
		}
		return out
	case map[string]any:
		def := s.schema.Types[t.Name()]
		if def.Kind != ast.InputObject {
			return v
		}
		out := map[string]any{}
		for _, f := range def.Fields {
			given, ok := v[f.Name]
			if !ok && f.DefaultValue != nil {
				var err error
				given, err = f.DefaultValue.Value(nil)
				ok = err == nil
			}
			if ok {
				out[f.Name] = s.completed(f.Type, given)
			}
		}
		return out
	}
	return v
}

// withArguments is the value of a field given its arguments: another for other arguments wherever that shows.
func withArguments(value any, def *ast.FieldDefinition, args map[string]any) any {
	if by, ok := value.(cases); ok {
		return by[argumentsText(args)]
	}
	if len(args) == 0 {
		return value
	}
	text := argumentsText(args)
	hash := fnv.New32a()
	hash.Write([]byte(text))
	sum := int(hash.Sum32() >> 1)
	switch v := value.(type) {
	case []any:
		if len(v) == 0 {
			return v
		}
		at := sum % len(v)
		return append(slices.Clone(v[at:]), v[:at]...)
	case string:
		if def.Type.NamedType == "String" {
			return v + "(" + text + ")"
		}
	case json.Number:
		if n, err := v.Int64(); err == nil && def.Type.NamedType == "Int" {
			return json.Number(fmt.Sprint(n + int64(sum%1000)))
		}
	}
	return value
}

// argumentsText is a canonical text of arguments: "first=2,order=NAME".
func argumentsText(args map[string]any) string {
	var parts []string
	for name, v := range args {
		text, err := json.Marshal(v)
		if err != nil {
			text = []byte("?")
		}
		parts = append(parts, name+"="+strings.Trim(string(text), `"`))
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}
