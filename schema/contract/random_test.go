package contract_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/schema/composition"
	"github.com/weft-gateway/weft/schema/contract"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// shop are subgraphs in which each ~ is a place for tags.
var shop = []string{`
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@tag", "@shareable", "@inaccessible"])
type Query ~ {
  product(sku: ID! ~, in: Currency = EUR ~): Product ~
  search(by: Filter = {text: "a", order: DOWN} ~, first: Int ~): [Found!] ~
  node(id: ID!): Node ~
  hidden: Stock @inaccessible
}
type Mutation ~ { rename(sku: ID! ~, to: Name ~): Product ~ }
interface Node ~ { id: ID! ~ owner(deep: Boolean ~): Owner ~ }
interface Owner ~ { name: Name ~ }
type Product implements Node ~ @key(fields: "id") { id: ID! ~ owner(deep: Boolean ~): Shop ~ price(in: Currency ~): Money ~ weight: Float ~ }
type Shop implements Node & Owner ~ { id: ID! ~ owner(deep: Boolean ~): Shop ~ name: Name ~ address: Address ~ }
type Address ~ @shareable { street: String ~ }
type Stock ~ { level: Int ~ of: Product ~ }
union Found ~ = Product | Shop | Stock
scalar Name ~
scalar Money ~
enum Currency ~ { EUR ~ USD ~ }
enum Order ~ { UP ~ DOWN ~ }
input Filter ~ { text: String ~ order: Order ~ required: Int! = 1 ~ deeper: Filter ~ }
`, `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@tag", "@shareable", "@external", "@requires"])
type Query ~ { reviews(of: ID! ~): [Review] ~ }
type Product @key(fields: "id") { id: ID! ~ weight: Float @external reviews: [Review!] ~ cheap: Boolean ~ @requires(fields: "weight") }
type Review ~ { text: String ~ by: Address ~ product: Product ~ }
type Address @shareable { street: String ~ }
`}

var tagNames = []string{"public", "partner", "internal"}

// tagged gives the places for tags some tags. Most have one that the filter includes, if it includes any, so that not all
// contracts are empty.
func tagged(t *rapid.T, f contract.Filter) *supergraph.Supergraph {
	density := rapid.SampledFrom([]int{2, 20, 40, 100}).Draw(t, "one in how many places is tagged otherwise")
	usual := ""
	if len(f.Include) > 0 {
		usual = ` @tag(name: "` + f.Include[0] + `")`
	}
	var subgraphs []composition.Subgraph
	for i, sdl := range shop {
		var b strings.Builder
		for j, part := range strings.Split(sdl, "~") {
			if j > 0 {
				tags := usual
				if rapid.IntRange(1, density).Draw(t, "chance") == 1 {
					tags = ""
					for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(tagNames), 0, 2, rapid.ID[string]).Draw(t, "tags") {
						tags += ` @tag(name: "` + name + `")`
					}
				}
				b.WriteString(tags)
			}
			b.WriteString(part)
		}
		name := string(rune('a' + i))
		subgraphs = append(subgraphs, composition.Subgraph{Name: name, URL: "http://" + name, SDL: b.String()})
	}
	r := composition.Compose(subgraphs)
	if len(r.Errors) > 0 {
		t.Fatal(list(r.Errors))
	}
	return r.Supergraph
}

func someFilter(t *rapid.T) contract.Filter {
	f := contract.Filter{HideUnreachable: rapid.Bool().Draw(t, "hide unreachable")}
	for _, tag := range tagNames {
		switch rapid.IntRange(0, 3).Draw(t, tag) {
		case 0:
			f.Include = append(f.Include, tag)
		case 1:
			f.Exclude = append(f.Exclude, tag)
		}
	}
	return f
}

// Whatever is tagged and filtered, a contract is made or an error says why not; and what is made shows what it should.
func TestRandom(t *testing.T) {
	made, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		f := someFilter(t)
		if f.Check() != nil {
			return
		}
		source := tagged(t, f)
		got, found := contract.Apply(source, f)
		if got == nil {
			refused++
			if !broken(found) {
				t.Fatalf("no contract and no error: %s", list(found))
			}
			for _, d := range found {
				if d.Code == diagnostic.InvalidFederationSupergraph {
					t.Fatalf("a contract that cannot be read: %s", d.Message)
				}
			}
			return
		}
		made++
		checkContract(t, source, got, f)
		checkShown(t, source, got, f)
		if other, _ := contract.Apply(source, f); other.SDL != got.SDL {
			t.Errorf("the contract differs from one time to the other")
		}
		if f.HideUnreachable {
			f.HideUnreachable = false
			if f.Check() != nil {
				return
			}
			// With all types shown there may be more that clashes, but never less that is shown.
			if whole, _ := contract.Apply(source, f); whole != nil {
				checkSubset(t, whole.API, got.API)
			}
		}
	})
	t.Logf("%d made, %d refused", made, refused)
}

// checkShown holds what a contract shows against the tags of the supergraph.
func checkShown(t *rapid.T, source, made *supergraph.Supergraph, f contract.Filter) {
	has := func(ds ast.DirectiveList, tags []string) bool {
		return slices.ContainsFunc(ds, func(d *ast.Directive) bool {
			return d.Name == "tag" && slices.Contains(tags, d.Arguments[0].Value.Raw)
		})
	}
	for name, d := range made.API.Types {
		whole := source.Definition(name)
		if d.BuiltIn || whole == nil {
			continue
		}
		if has(whole.Directives, f.Exclude) {
			t.Errorf("the type %s is shown", name)
		}
		for _, v := range d.EnumValues {
			if has(whole.EnumValues.ForName(v.Name).Directives, f.Exclude) {
				t.Errorf("%s.%s is shown", name, v.Name)
			}
		}
		output := d.Kind == ast.Object || d.Kind == ast.Interface
		for _, field := range d.Fields {
			own := whole.Fields.ForName(field.Name)
			if own == nil {
				continue // of introspection
			}
			if has(own.Directives, f.Exclude) {
				t.Errorf("%s.%s is shown", name, field.Name)
			}
			if output && len(f.Include) > 0 && !has(own.Directives, f.Include) && !has(whole.Directives, f.Include) {
				t.Errorf("%s.%s is shown, and not included", name, field.Name)
			}
			for _, a := range field.Arguments {
				if has(own.Arguments.ForName(a.Name).Directives, f.Exclude) {
					t.Errorf("%s.%s(%s:) is shown", name, field.Name, a.Name)
				}
			}
		}
	}
}

// Filters that cannot be meant are refused, and nothing is made by them.
func TestFilter(t *testing.T) {
	r := composition.Compose([]composition.Subgraph{{Name: "a", SDL: "type Query { a: Int }"}})
	for _, f := range []contract.Filter{
		{},
		{Include: []string{"a", "b"}, Exclude: []string{"c", "b"}},
		{Include: []string{" "}},
		{Exclude: []string{""}},
	} {
		if f.Check() == nil {
			t.Errorf("%+v is accepted", f)
		}
		if made, found := contract.Apply(r.Supergraph, f); made != nil || !broken(found) {
			t.Errorf("%+v makes a contract", f)
		}
	}
	if made, found := contract.Apply(r.Supergraph, contract.Filter{HideUnreachable: true}); made == nil || len(found) > 0 {
		t.Errorf("hiding nothing: %s", list(found))
	}
}

// A type may have very many fields: what is done with each must not grow with their number.
func TestWideTypes(t *testing.T) {
	const wide = 10_000
	var b strings.Builder
	b.WriteString(`schema
		@link(url: "https://specs.apollo.dev/link/v1.0")
		@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
		@link(url: "https://specs.apollo.dev/tag/v0.3") { query: Query }
	enum join__Graph { A @join__graph(name: "a", url: "http://a") }
	type Query @join__type(graph: A) { a: A i: I }
	`)
	for _, head := range []string{"interface I", "type A implements I"} {
		b.WriteString(head + " @join__type(graph: A) { x: Int\n")
		for i := range wide {
			fmt.Fprintf(&b, "f%d: Int @tag(name: \"internal\")\n", i)
		}
		b.WriteString("}\n")
	}
	source, err := supergraph.Read(b.String())
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	made, found := contract.Apply(source, contract.Filter{Exclude: []string{"internal"}})
	if made == nil || len(made.API.Types["A"].Fields) != 1 {
		t.Fatal(list(found))
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("a contract over %d fields takes %v", wide, took)
	} else {
		t.Log(took)
	}
}
