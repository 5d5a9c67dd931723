package registryapi

import (
	"context"

	"github.com/99designs/gqlgen/complexity"
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/weft-gateway/weft/schema/registry/api"
)

// maxSelections bounds an operation with its fragments written out. A short document can hold fragments that
// each spread the next one twice; whatever walks them one by one, gqlgen's calculation of complexity first of
// all, would not come to an end.
const maxSelections = 5_000

// bounds refuses operations that would cost too much, before anything runs.
type bounds struct{ schema graphql.ExecutableSchema }

var (
	_ graphql.HandlerExtension        = (*bounds)(nil)
	_ graphql.OperationContextMutator = (*bounds)(nil)
)

// ExtensionName implements graphql.HandlerExtension.
func (*bounds) ExtensionName() string { return "Bounds" }

// Validate implements graphql.HandlerExtension.
func (b *bounds) Validate(schema graphql.ExecutableSchema) error {
	b.schema = schema
	return nil
}

// MutateOperationContext implements graphql.OperationContextMutator.
func (b *bounds) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if selections(op.Operation.SelectionSet, map[string]int{}) >= maxSelections {
		return coded(codeComplexity, "the operation selects more than %d fields, fragments written out", maxSelections)
	}
	if c := complexity.Calculate(ctx, b.schema, op.Operation, op.Variables); c > api.MaxComplexity {
		return coded(codeComplexity, "the operation has complexity %d; at most %d is executed. Ask for smaller pages, or for fewer schemas at once",
			c, api.MaxComplexity)
	}
	return nil
}

// selections counts what a selection set selects, each fragment once for each spread. It stops counting at
// maxSelections. Validation has refused fragments that contain themselves.
func selections(set ast.SelectionSet, fragments map[string]int) int {
	n := 0
	for _, s := range set {
		n++
		switch s := s.(type) {
		case *ast.Field:
			n += selections(s.SelectionSet, fragments)
		case *ast.InlineFragment:
			n += selections(s.SelectionSet, fragments)
		case *ast.FragmentSpread:
			size, counted := fragments[s.Name]
			if !counted {
				size = selections(s.Definition.SelectionSet, fragments)
				fragments[s.Name] = size
			}
			n += size
		}
		if n >= maxSelections {
			return maxSelections
		}
	}
	return n
}
