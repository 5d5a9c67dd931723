package typesystem

import "github.com/vektah/gqlparser/v2/ast"

// Operations lists the operations in the order in which a schema lists their root types.
var Operations = []ast.Operation{ast.Query, ast.Mutation, ast.Subscription}

// RootName is the usual name of an operation's root type (GraphQL specification, section 3.3.1): the one that it has in a
// schema that does not say otherwise, in every subgraph's schema once it is expanded, and in every supergraph.
func RootName(op ast.Operation) string {
	switch op {
	case ast.Mutation:
		return "Mutation"
	case ast.Subscription:
		return "Subscription"
	}
	return "Query"
}
