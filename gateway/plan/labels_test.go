package plan_test

import (
	"fmt"
	"testing"

	"github.com/weft-gateway/weft/internal/simulate"
)

const labelsLink = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires", "@override", "@shareable"]) `

// labelled is a graph in which leaves move, a field that leads to others, a root field, and, with one label
// in both directions, a field of an interface.
var labelled = []simulate.Source{
	{Name: "products", SDL: labelsLink + `
		type Query { products: [Product] all: [Named] first: Product }
		interface Named { name: String }
		type Product implements Named @key(fields: "upc") {
			upc: ID! name: String @override(from: "inventory", label: "swap") price: Int weight: Int size: Int maker: Maker
		}
		type Part implements Named @key(fields: "id") { id: ID! name: String }
		type Maker @key(fields: "id") { id: ID! city: String }`},
	{Name: "inventory", SDL: labelsLink + `
		type Query { first: Product @override(from: "products", label: "root") }
		interface Named { name: String }
		type Product implements Named @key(fields: "upc") {
			upc: ID! name: String price: Int @override(from: "products", label: "price") weight: Int @override(from: "products", label: "percent(5)")
			maker: Maker @override(from: "products", label: "maker")
		}
		type Part implements Named @key(fields: "id") { id: ID! name: String @override(from: "products", label: "swap") }
		type Maker @key(fields: "id") { id: ID! since: Int }`},
	{Name: "shipping", SDL: labelsLink + `
		type Product @key(fields: "upc") { upc: ID! size: Int @external estimate: Int @requires(fields: "size") }`},
}

const labelledData = `{
	"Query": {"products": ["@Product:1", "@Product:2"], "all": ["@Product:1", "@Part:1"], "first": "@Product:1"},
	"Product:1": {"upc": "1", "name": "Table", "price": 899, "weight": 100, "size": 3, "estimate": 50, "maker": "@Maker:1"},
	"Product:2": {"upc": "2", "name": "Couch", "price": 1299, "weight": 1000, "size": 9, "estimate": 0, "maker": null},
	"Part:1": {"id": "1", "name": "Screw"},
	"Maker:1": {"id": "1", "city": "Bergen", "since": 1987}
}`

// TestLabels plans and runs operations with every choice among the labels of progressive @override: the answer is always
// that of one server, and a plan depends on nothing but the labels that it names.
func TestLabels(t *testing.T) {
	r, err := newRig(labelled, []byte(labelledData))
	if err != nil {
		t.Fatal(err)
	}
	labels := []string{"maker", "percent(5)", "price", "root", "swap"}
	for text, dependsOn := range map[string]int{ // how many labels
		"{products{upc}}":                                       0,
		"{products{price}}":                                     1,
		"{products{price weight}}":                              2,
		"{products{estimate}}":                                  0,
		"{products{estimate price name}}":                       2,
		"{products{maker{city}}}":                               1,
		"{products{maker{since}}}":                              1,
		"{all{name}}":                                           1,
		"{all{__typename ...on Product{price}}}":                1,
		"{first{upc}}":                                          1,
		"{first{estimate price weight maker{city since} name}}": 5,
	} {
		want := r.monolith.Execute(simulate.Request{Query: text})
		made := map[string]string{} // plans by the labels that they depend on
		for choice := range 1 << len(labels) {
			active := map[string]bool{}
			for i, label := range labels {
				active[label] = choice>>i&1 == 1
			}
			r.graph.Labels = active
			p, err := r.prepare(text)
			if err != nil {
				t.Fatalf("%s with %v: %v", text, active, err)
			}
			body, err := r.run(p, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := sameAnswer(body, want, nil); err != nil {
				t.Errorf("%s with %v: %v", text, active, err)
			}
			if len(p.plan.Labels) != dependsOn {
				t.Errorf("%s with %v depends on %v", text, active, p.plan.Labels)
			}
			key := ""
			for _, label := range p.plan.Labels {
				key += fmt.Sprintf("%s=%v ", label, active[label])
			}
			explained := p.plan.Explain().Text()
			if have, ok := made[key]; ok && have != explained {
				t.Errorf("%s: two plans for %s:\n%s\n%s", text, key, have, explained)
			}
			made[key] = explained
		}
		if len(made) != 1<<dependsOn {
			t.Errorf("%s: %d choices among %d labels", text, len(made), dependsOn)
		}
	}
}
