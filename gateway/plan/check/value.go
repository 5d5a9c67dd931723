package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/response"
)

// typename checks how a __typename is written.
func (w *way) typename(f *response.Field, object string, at place) error {
	name := object
	if api := w.checker.graph.Supergraph.API; at.parent == object && !strings.Contains(at.path, ".") {
		for _, root := range []struct {
			usual string
			def   *ast.Definition
		}{{"Query", api.Query}, {"Mutation", api.Mutation}, {"Subscription", api.Subscription}} {
			if root.usual == object && root.def != nil {
				name = root.def.Name
			}
		}
	}
	if f.Kind != response.TypeName || f.Constant != "" && f.Constant != name {
		return fmt.Errorf("%s: the type of a %s is written as %q", at.path, name, f.Constant)
	}
	return nil
}

// scalar checks how a leaf is written.
func (w *way) scalar(f *response.Field, client *operation.Field, at place) error {
	if client.Set != nil {
		return nil
	}
	name := client.Definition.Type.Name()
	want, known := map[string]response.Scalar{
		"Int": response.Int, "Float": response.Float, "String": response.String, "Boolean": response.Boolean, "ID": response.ID,
	}[name]
	def := w.checker.graph.Supergraph.API.Types[name]
	if !known && def != nil && def.Kind == ast.Enum {
		want = response.Enum
		for _, v := range def.EnumValues {
			if !slices.Contains(f.Values, v.Name) {
				return fmt.Errorf("%s: the value %s of %s would be an error", at.path, v.Name, name)
			}
		}
	}
	if f.Scalar != want {
		return fmt.Errorf("%s: it is written as if its type were not %s", at.path, name)
	}
	return nil
}

func sameType(have *response.Type, want *ast.Type) bool {
	for ; have != nil && want != nil; have, want = have.Elem, want.Elem {
		if have.NonNull != want.NonNull {
			return false
		}
	}
	return have == nil && want == nil
}
