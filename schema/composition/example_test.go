package composition_test

import (
	"fmt"

	"github.com/weft-gateway/weft/schema/composition"
)

func ExampleCompose() {
	result := composition.Compose([]composition.Subgraph{
		{Name: "orders", URL: "http://orders/graphql", File: "orders.graphql", SDL: `
			type Query { order: Order }
			type Order @key(fields: "id") { id: ID! total: Int }`},
		{Name: "stock", URL: "http://stock/graphql", File: "stock.graphql", SDL: `
			extend type Order @key(fields: "id") { id: ID! @external shipped: Boolean }`},
	})
	for _, d := range append(result.Errors, result.Hints...) {
		fmt.Println(d.Severity, d.Code, d.Message, d.Locations)
	}
	fmt.Println(result.Supergraph.API.Types["Order"].Fields.ForName("shipped").Type) // result.SDL is the supergraph
	// Output: Boolean
}

// What does not compose is told with a code and the places where it is written.
func ExampleCompose_refused() {
	result := composition.Compose([]composition.Subgraph{
		{Name: "orders", File: "orders.graphql", SDL: "type Query { total: Int }"},
		{Name: "stock", File: "stock.graphql", SDL: "type Query { total: String }"},
	})
	for _, d := range result.Errors {
		fmt.Println(d.Code, d.Coordinate, d.Locations)
	}
	// Output: FIELD_TYPE_MISMATCH Query.total [orders.graphql:1:14 stock.graphql:1:14]
}
