package supergraph

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/typesystem"
)

// Document parses the supergraph's SDL anew, for a caller that changes it. Extensions are folded into what they extend,
// and there is exactly one schema definition.
func (s *Supergraph) Document() (*ast.SchemaDocument, error) {
	doc, err := parse(s.SDL)
	if err != nil {
		return nil, fmt.Errorf("supergraph: %w", err)
	}
	schema := &ast.SchemaDefinition{}
	for _, d := range slices.Concat(doc.Schema, doc.SchemaExtension) {
		if schema.Description == "" {
			schema.Description = d.Description
		}
		schema.Directives = append(schema.Directives, d.Directives...)
		schema.OperationTypes = append(schema.OperationTypes, d.OperationTypes...)
	}
	if len(doc.Schema) == 0 { // the root types are then those with the usual names
		for _, op := range typesystem.Operations {
			root := typesystem.RootName(op)
			if schema.OperationTypes.ForType(root) == nil && doc.Definitions.ForName(root) != nil {
				schema.OperationTypes = append(schema.OperationTypes, &ast.OperationTypeDefinition{Operation: op, Type: root})
			}
		}
	}
	doc.Schema, doc.SchemaExtension = ast.SchemaDefinitionList{schema}, nil
	return doc, nil
}
