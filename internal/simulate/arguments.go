package simulate

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

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
