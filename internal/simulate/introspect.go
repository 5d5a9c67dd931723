package simulate

import "github.com/vektah/gqlparser/v2/ast"

// introspect is the value of __schema or __type: of a schema the root types, of a type its name and kind.
func (s *server) introspect(field string, args map[string]any) any {
	if field == "__schema" {
		fields := map[string]any{"queryType": typeObject(s.schema.Query)}
		if s.schema.Mutation != nil {
			fields["mutationType"] = typeObject(s.schema.Mutation)
		}
		return &Object{Fields: fields}
	}
	name, _ := args["name"].(string)
	if def := s.schema.Types[name]; def != nil {
		return typeObject(def)
	}
	return nil
}

func typeObject(def *ast.Definition) *Object {
	return &Object{Fields: map[string]any{"name": def.Name, "kind": string(def.Kind)}}
}
