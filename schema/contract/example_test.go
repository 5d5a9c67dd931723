package contract_test

import (
	"fmt"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/contract"
	"github.com/weft-gateway/weft/schema/merge"
)

func ExampleApply() {
	composed := composition.Compose([]composition.Subgraph{{Name: "shop", URL: "http://shop", SDL: `
		extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])
		type Query { product(id: ID!): Product }
		type Product @key(fields: "id") { id: ID! name: String cost: Int @tag(name: "internal") }
	`}})
	public, found := contract.Apply(composed.Supergraph, contract.Filter{Exclude: []string{"internal"}})
	for _, d := range found {
		fmt.Println(d)
	}
	fmt.Print(merge.PrintAPI(public.API))
	// Output:
	// type Product {
	//   id: ID!
	//   name: String
	// }
	//
	// type Query {
	//   product(id: ID!): Product
	// }
}
