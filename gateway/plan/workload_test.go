package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/plan/check"
	"github.com/weft-gateway/weft/internal/simulate"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// workload is an operation on a graph whose planning is measured.
type workload struct {
	name      string
	sources   []simulate.Source
	operation string
}

// ready is a workload of which everything but planning is done.
func (w workload) ready(t testing.TB) (*plan.Planner, *operation.Operation, *check.Checker) {
	t.Helper()
	super := w.compose(t)
	op, err := w.normal(t)
	if err != nil {
		t.Fatal(err)
	}
	checker, err := check.New(super)
	if err != nil {
		t.Fatal(err)
	}
	return plan.NewPlanner(querygraph.New(super)), op, checker
}

func (w workload) compose(t testing.TB) *supergraph.Supergraph {
	t.Helper()
	composed, err := compose(w.sources, "http://subgraph.invalid")
	if err != nil {
		t.Fatal(err)
	}
	return composed.Supergraph
}

// normal is the operation's normal form, if it has one within bounds.
func (w workload) normal(t testing.TB) (*operation.Operation, error) {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: w.operation})
	if err != nil {
		t.Fatal(err)
	}
	return operation.Normalise(operation.NewSchema(w.compose(t)), doc, doc.Operations[0])
}

const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@requires", "@external"])
`

// ordinary are operations as clients send them, on a shop of four services.
func ordinary() []workload {
	shop := []simulate.Source{
		{Name: "accounts", SDL: federation + `type Query { me: User user(id: ID!): User users: [User] }
			type User @key(fields: "id") { id: ID! name: String username: String birthday: Int }`},
		{Name: "inventory", SDL: federation + `type Product @key(fields: "upc") { upc: String! weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }`},
		{Name: "products", SDL: federation + `type Query { topProducts(first: Int = 5): [Product] product(upc: String!): Product }
			type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`},
		{Name: "reviews", SDL: federation + `type Review @key(fields: "id") { id: ID! body: String author: User product: Product }
			type User @key(fields: "id") { id: ID! reviews: [Review] }
			type Product @key(fields: "upc") { upc: String! reviews: [Review] }`},
	}
	return []workload{
		{"small", shop, `query($upc: String!) { product(upc: $upc) { upc name price } }`},
		{"medium", shop, `{ topProducts { upc name reviews { body author { id name } } } }`},
		{"large", shop, `fragment User on User { id username name }
			fragment Review on Review { id body }
			fragment Product on Product { inStock name price shippingEstimate upc weight }
			{ users { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
			  topProducts { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } }`},
	}
}

// hostile are operations on graphs that are hard to plan, of growing sizes.
func hostile() []workload {
	var out []workload
	add := func(kind string, sizes []int, make func(n int) ([]simulate.Source, string)) {
		for _, n := range sizes {
			sources, text := make(n)
			out = append(out, workload{fmt.Sprintf("%s/%d", kind, n), sources, text})
		}
	}
	add("implementations", []int{10, 30, 100}, implementations)
	add("implementations_nested", []int{10, 30, 100}, implementationsNested)
	add("implementations_unlike", []int{5, 10, 20}, implementationsUnlike)
	add("subgraphs", []int{10, 30, 50}, subgraphsSharingKeys)
	add("subgraphs_shared_fields", []int{10, 30, 50}, subgraphsSharingFields)
	add("selections", []int{100, 1000, 10000}, manySelections)
	add("recursion", []int{10, 50, 200}, recursion)
	add("requires", []int{5, 10, 20, 40}, requiresChain)
	add("union", []int{10, 30, 100}, wideUnion)
	add("fragments", []int{10, 100, 1000}, manyFragments)
	add("conditions", []int{1, 4, 16}, conditionsInEachOther)
	add("variables", []int{100, 1000, 10000}, manyVariables)
	add("directives", []int{10, 100, 300}, manyDirectives)
	return out
}

func repeat(n int, each func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(each(i))
	}
	return b.String()
}

// implementations are n implementations of an interface, whose fields come from two subgraphs.
func implementations(n int) ([]simulate.Source, string) {
	return []simulate.Source{
		{Name: "a", SDL: federation + "type Query { nodes: [Node] } interface Node { id: ID! }\n" +
			repeat(n, func(i int) string {
				return fmt.Sprintf("type T%d implements Node @key(fields: \"id\") { id: ID! a: Int }\n", i)
			})},
		{Name: "b", SDL: federation + repeat(n, func(i int) string {
			return fmt.Sprintf("type T%d @key(fields: \"id\") { id: ID! b%d: Int }\n", i, i)
		})},
	}, "{ nodes { id " + repeat(n, func(i int) string { return fmt.Sprintf("... on T%d { a b%d } ", i, i) }) + "} }"
}

// implementationsNested select through an interface of n implementations in several levels, all of whose fields come from
// two subgraphs.
func implementationsNested(n int) ([]simulate.Source, string) {
	return []simulate.Source{
		{Name: "a", SDL: federation + "type Query { nodes: [Node] } interface Node { id: ID! next: Node }\n" +
			repeat(n, func(i int) string {
				return fmt.Sprintf("type T%d implements Node @key(fields: \"id\") { id: ID! next: Node }\n", i)
			})},
		{Name: "b", SDL: federation + "interface Node { id: ID! name: String }\n" + repeat(n, func(i int) string {
			return fmt.Sprintf("type T%d implements Node @key(fields: \"id\") { id: ID! name: String own%d: Int }\n", i, i)
		})},
	}, "{ nodes { name next { name next { name next { name } } } } }"
}

// implementationsUnlike are like nested ones, but each type has fields of its own selected at each level.
func implementationsUnlike(n int) ([]simulate.Source, string) {
	sources, _ := implementationsNested(n)
	own := repeat(n, func(i int) string { return fmt.Sprintf("... on T%d { own%d } ", i, i) })
	return sources, "{ nodes { " + own + " next { " + own + " next { " + own + "} } } }"
}

// subgraphsSharingKeys are n subgraphs that can all be entered from each other, each with a field of its own.
func subgraphsSharingKeys(n int) ([]simulate.Source, string) {
	sources := make([]simulate.Source, n)
	for i := range n {
		sdl := fmt.Sprintf("type T @key(fields: \"id\") @key(fields: \"code\") { id: ID! code: ID! f%d: Int next%d: T }", i, i)
		if i == 0 {
			sdl += " type Query { t: T }"
		}
		sources[i] = simulate.Source{Name: fmt.Sprintf("s%02d", i), SDL: federation + sdl}
	}
	level := func(inner string) string {
		return repeat(n, func(i int) string { return fmt.Sprintf("f%d ", i) }) + inner
	}
	return sources, "{ t { " + level("next0 { "+level("next1 { "+level("")+"}")+"}") + "} }"
}

// subgraphsSharingFields are n subgraphs of which each has most fields, composite ones too: there are very many ways.
func subgraphsSharingFields(n int) ([]simulate.Source, string) {
	sources := make([]simulate.Source, n)
	for i := range n {
		sdl := "type T @key(fields: \"id\") { id: ID! "
		for f := range n {
			if (f+i)%3 != 0 {
				sdl += fmt.Sprintf("f%d: Int @shareable ", f)
			}
			if (f+i)%4 != 0 && f < 6 {
				sdl += fmt.Sprintf("next%d: T @shareable ", f)
			}
		}
		sdl += "}"
		if i == 0 {
			sdl += " type Query { t: T }"
		}
		sources[i] = simulate.Source{Name: fmt.Sprintf("s%02d", i), SDL: federation + sdl}
	}
	all := repeat(n, func(i int) string { return fmt.Sprintf("f%d ", i) })
	return sources, "{ t { " + all + repeat(6, func(i int) string {
		return fmt.Sprintf("next%d { %s next%d { %s } } ", i, all, (i+1)%6, all)
	}) + "} }"
}

// manySelections are n fields under a few entities, by aliases.
func manySelections(n int) ([]simulate.Source, string) {
	return []simulate.Source{
			{Name: "a", SDL: federation + `type Query { t(n: Int): T } type T @key(fields: "id") { id: ID! a(n: Int): Int }`},
			{Name: "b", SDL: federation + `type T @key(fields: "id") { id: ID! b(n: Int): Int next: T }`},
		}, "{ " + repeat(n/10, func(i int) string {
			return fmt.Sprintf("t%d: t(n: %d) { ", i, i) + repeat(4, func(j int) string { return fmt.Sprintf("a%d: a(n: %d) b%d: b(n: %d) ", j, j, j, j) }) + " next { a b } } "
		}) + "}"
}

// recursion goes n levels deep through types that lead to each other, each in another subgraph.
func recursion(n int) ([]simulate.Source, string) {
	return []simulate.Source{
		{Name: "a", SDL: federation + `type Query { t: T } type T @key(fields: "id") { id: ID! a: Int u: U } type U @key(fields: "id") { id: ID! }`},
		{Name: "b", SDL: federation + `type U @key(fields: "id") { id: ID! b: Int t: T } type T @key(fields: "id") { id: ID! c: Int }`},
	}, "{ t { " + repeat(n, func(int) string { return "a c u { b t { " }) + "a c" + strings.Repeat(" } }", n) + " } }"
}

// requiresChain is a field that requires a field of another subgraph, which requires another, and so on n times.
func requiresChain(n int) ([]simulate.Source, string) {
	sources := make([]simulate.Source, n)
	for i := range n {
		sdl := `type T @key(fields: "id") { id: ID! `
		switch i {
		case 0:
			sdl += "f0: Int } type Query { t: T }"
		case 1:
			sdl += "f0: Int @external f1: Int @requires(fields: \"f0\") }"
		default:
			sdl += fmt.Sprintf("f%d: Int @external f%d: Int @external f%d: Int @requires(fields: \"f%d f%d\") }", i-2, i-1, i, i-1, i-2)
		}
		sources[i] = simulate.Source{Name: fmt.Sprintf("s%02d", i), SDL: federation + sdl}
	}
	return sources, fmt.Sprintf("{ t { f%d } }", n-1)
}

// wideUnion is a union of n types of which each subgraph knows a part.
func wideUnion(n int) ([]simulate.Source, string) {
	const parts = 4
	sources := []simulate.Source{{Name: "a", SDL: federation + "type Query { any: [Any] } union Any = " +
		repeat(n, func(i int) string { return fmt.Sprintf("| T%d ", i) }) + "\n" +
		repeat(n, func(i int) string {
			return fmt.Sprintf("type T%d @key(fields: \"id\") { id: ID! a: Int }\n", i)
		})}}
	for p := range parts {
		sources = append(sources, simulate.Source{Name: fmt.Sprintf("p%d", p), SDL: federation +
			"union Any = " + repeat(n, func(i int) string {
			if i%parts != p {
				return ""
			}
			return fmt.Sprintf("| T%d ", i)
		}) + "\n" + repeat(n, func(i int) string {
			if i%parts != p {
				return ""
			}
			return fmt.Sprintf("type T%d @key(fields: \"id\") { id: ID! p%d: Int more: [Any] }\n", i, i)
		})})
	}
	own := repeat(n, func(i int) string { return fmt.Sprintf("... on T%d { a p%d ", i, i) + "%s } " })
	inner := strings.ReplaceAll(own, "%s", "")
	return sources, "{ any { " + strings.ReplaceAll(own, "%s", "more { ...Inner }") + " } } fragment Inner on Any { " + inner + " }"
}

// manyFragments are n named fragments, each using two others.
func manyFragments(n int) ([]simulate.Source, string) {
	sources, _ := recursion(1)
	return sources, "{ t { ...F0 } } " + repeat(n, func(i int) string {
		spread := ""
		if 2*i+2 < n {
			spread = fmt.Sprintf("...F%d ...F%d", 2*i+1, 2*i+2)
		}
		return fmt.Sprintf("fragment F%d on T { x%d: a u { y%d: b } %s } ", i, i, i, spread)
	})
}

// conditionsInEachOther are n levels of a field, each wanted in two ways, with a key that is needed whatever is wanted.
func conditionsInEachOther(n int) ([]simulate.Source, string) {
	head := repeat(2*n, func(i int) string { return fmt.Sprintf("$v%d: Boolean! ", i) })
	levels := repeat(n, func(i int) string {
		return fmt.Sprintf("fragment F%d on T { name size next @include(if: $v%d) { ...F%d } next @include(if: $v%d) { ...F%d } } ", i, 2*i, i+1, 2*i+1, i+1)
	})
	return []simulate.Source{{Name: "a", SDL: federation + `type Query { t: T } type T { name: String size: Int weight: Int next: T }`}},
		"query(" + head + ") { t { ...F0 } } " + levels + fmt.Sprintf("fragment F%d on T { name size weight }", n)
}

// manyVariables are n variables in one argument, each declared.
func manyVariables(n int) ([]simulate.Source, string) {
	head := repeat(n, func(i int) string { return fmt.Sprintf("$v%d: Int ", i) })
	return []simulate.Source{{Name: "a", SDL: federation + `type Query { sum(of: [Int]): Int t: T } type T @key(fields: "id") { id: ID! }`},
			{Name: "b", SDL: federation + `type T @key(fields: "id") { id: ID! b: Int }`}},
		"query(" + head + ") { t { b } sum(of: [" + repeat(n, func(i int) string { return fmt.Sprintf("$v%d ", i) }) + "]) }"
}

// manyDirectives are n selections of a field, each with a directive of its own, half of them on fragments in each other.
func manyDirectives(n int) ([]simulate.Source, string) {
	const d = "directive @d(n: Int) on FIELD | INLINE_FRAGMENT\n"
	beside := repeat(n/2, func(i int) string { return fmt.Sprintf("a @d(n: %d) ", i) })
	within := repeat(n/2, func(i int) string { return fmt.Sprintf("... @d(n: %d) { b ", i) })
	return []simulate.Source{
		{Name: "a", SDL: federation + d + `type Query { t: T } type T @key(fields: "id") { id: ID! a: Int }`},
		{Name: "b", SDL: federation + d + `type T @key(fields: "id") { id: ID! b: Int }`},
	}, "{ t { " + beside + within + strings.Repeat("} ", n/2) + "} }"
}
