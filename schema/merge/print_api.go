package merge

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/typesystem"
)

// PrintAPI prints an API schema: what clients may know, sorted by name, without what every schema has.
func PrintAPI(s *ast.Schema) string {
	doc := &ast.SchemaDocument{}
	if s.Description != "" {
		root := &ast.SchemaDefinition{Description: s.Description}
		for _, op := range typesystem.Operations {
			if name := typesystem.RootName(op); s.Types[name] != nil {
				root.OperationTypes = append(root.OperationTypes, &ast.OperationTypeDefinition{Operation: op, Type: name})
			}
		}
		doc.Schema = append(doc.Schema, root)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Directives)) {
		if d := s.Directives[name]; d.Position == nil || d.Position.Src == nil || !d.Position.Src.BuiltIn {
			doc.Directives = append(doc.Directives, d)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Types)) {
		d := s.Types[name]
		if d.BuiltIn {
			continue
		}
		if slices.ContainsFunc(d.Fields, introspects) {
			own := *d
			own.Fields = slices.DeleteFunc(slices.Clone(d.Fields), introspects)
			d = &own
		}
		doc.Definitions = append(doc.Definitions, d)
	}
	return Print(doc)
}

// introspects reports whether a field is one of those that every query root type has.
func introspects(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") }
