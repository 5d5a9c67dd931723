package operation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"
)

// naive is specification section 5.3.2 to the letter: all pairs of fields, recursively.
type naive struct {
	schema *ast.Schema
}

func (n naive) collect(set ast.SelectionSet) []*ast.Field {
	var fields []*ast.Field
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			fields = append(fields, sel)
		case *ast.InlineFragment:
			fields = append(fields, n.collect(sel.SelectionSet)...)
		case *ast.FragmentSpread:
			fields = append(fields, n.collect(sel.Definition.SelectionSet)...)
		}
	}
	return fields
}

func (n naive) canMerge(fields []*ast.Field) bool {
	for i, a := range fields {
		for _, b := range fields[i+1:] {
			if a.Alias != b.Alias {
				continue
			}
			if !n.sameShape(a, b) {
				return false
			}
			exclusive := a.ObjectDefinition != b.ObjectDefinition &&
				a.ObjectDefinition.Kind == ast.Object && b.ObjectDefinition.Kind == ast.Object
			if exclusive {
				continue
			}
			if a.Name != b.Name || !sameArguments(a.Arguments, b.Arguments) {
				return false
			}
			if !n.canMerge(append(n.collect(a.SelectionSet), n.collect(b.SelectionSet)...)) {
				return false
			}
		}
	}
	return true
}

func (n naive) sameShape(a, b *ast.Field) bool {
	if !(&overlaps{document: &document{Validator: &Validator{schema: n.schema}}}).sameShape(a.Definition.Type, b.Definition.Type) {
		return false
	}
	fields := append(n.collect(a.SelectionSet), n.collect(b.SelectionSet)...)
	for i, a := range fields {
		for _, b := range fields[i+1:] {
			if a.Alias == b.Alias && !n.sameShape(a, b) {
				return false
			}
		}
	}
	return true
}

// every checks each selection set of the document, as the rule says.
func (n naive) every(set ast.SelectionSet) bool {
	if !n.canMerge(n.collect(set)) {
		return false
	}
	for _, sel := range set {
		var below ast.SelectionSet
		switch sel := sel.(type) {
		case *ast.Field:
			below = sel.SelectionSet
		case *ast.InlineFragment:
			below = sel.SelectionSet
		case *ast.FragmentSpread:
			below = sel.Definition.SelectionSet
		}
		if !n.every(below) {
			return false
		}
	}
	return true
}

// selections draws a selection set of a type of the test schema; names collide often.
func selections(t *rapid.T, typ string, depth int, fragments int) string {
	var b strings.Builder
	b.WriteString("{")
	for range rapid.IntRange(1, 3).Draw(t, "n") {
		alias := rapid.SampledFrom([]string{"", "", "", "", "", "", "x: ", "y: "}).Draw(t, "alias")
		leaves := map[string][]string{
			"Query":  {"__typename"},
			"Named":  {"name", "__typename"},
			"Item":   {"name", "price", "price(currency: USD)"},
			"Book":   {"name", "price", "pages", "size"},
			"Shirt":  {"name", "price(currency: EUR)", "size"},
			"Shop":   {"name", "size"},
			"Person": {"name", "nick"},
		}[typ]
		composites := map[string][][2]string{
			"Query":  {{"named", "Named"}, {"query", "Query"}, {"items", "Item"}},
			"Item":   {{"shop", "Shop"}},
			"Book":   {{"shop", "Shop"}, {"author", "Person"}},
			"Shirt":  {{"shop", "Shop"}, {"author", "Person"}},
			"Shop":   {{"items", "Item"}, {"items(first: 1)", "Item"}},
			"Named":  nil,
			"Person": nil,
		}[typ]
		inner := map[string][]string{
			"Query": {"Query"},
			"Named": {"Named", "Item", "Book", "Shirt", "Shop", "Person"},
			"Item":  {"Named", "Item", "Book", "Shirt"},
			"Book":  {"Named", "Item", "Book"}, "Shirt": {"Named", "Item", "Shirt"},
			"Shop": {"Shop", "Named"}, "Person": {"Person"},
		}[typ]
		switch kind := rapid.IntRange(0, 5).Draw(t, "kind"); {
		case kind <= 1 && len(composites) > 0 && depth > 0:
			c := rapid.SampledFrom(composites).Draw(t, "composite")
			b.WriteString(" " + alias + c[0] + " " + selections(t, c[1], depth-1, fragments))
		case kind == 2 && depth > 0:
			on := rapid.SampledFrom(inner).Draw(t, "on")
			b.WriteString(" ... on " + on + " " + selections(t, on, depth-1, fragments))
		case kind == 3 && fragments > 0 && typ != "Query":
			fmt.Fprintf(&b, " ...F%d", rapid.IntRange(0, fragments-1).Draw(t, "spread"))
		default:
			b.WriteString(" " + alias + rapid.SampledFrom(leaves).Draw(t, "leaf"))
		}
	}
	b.WriteString(" }")
	return b.String()
}

func TestOverlapAgreesWithTheSpecification(t *testing.T) {
	validator := NewValidator(testSchema(t), ValidatorOptions{})
	valid, invalid := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		const fragments = 3
		text := selections(t, "Query", 5, fragments)
		for i := range fragments { // F0 spreads nothing, F1 may spread F0 and so on: no cycles
			text += fmt.Sprintf(" fragment F%d on Named %s", i, selections(t, "Named", 3, i))
			text = fmt.Sprintf("{ f%d: named { ...F%d }%s", i, i, text[1:])
		}
		doc, errs := Parse(text, DefaultLimits())
		if errs != nil {
			t.Fatal(errs)
		}
		errs = validator.Validate(doc)
		conflict := false
		for _, err := range errs {
			if !strings.Contains(err.Message, "conflict because") {
				t.Fatalf("%s\n%v", text, err)
			}
			conflict = true
		}
		want := naive{validator.schema}.every(doc.Operations[0].SelectionSet)
		if conflict == want {
			t.Fatalf("%s\nmergeable %v, validation says %v", text, want, errs)
		}
		if want {
			valid++
		} else {
			invalid++
		}
	})
	t.Logf("%d valid, %d invalid documents", valid, invalid)
	if valid == 0 || invalid == 0 {
		t.Errorf("%d valid, %d invalid documents: the generator is one-sided", valid, invalid)
	}
}

// TestOverlapBudget has documents whose merged selections are more than anyone can look at: which fields meet differs from
// path to path.
func TestOverlapBudget(t *testing.T) {
	validator := NewValidator(testSchema(t), ValidatorOptions{})
	// State j of layer i stands for a "b" taken j layers before: after 24 layers there are 2^24 sets of states.
	var layers, uses strings.Builder
	const height = 24
	for i := range height {
		for j := range i + 1 {
			fmt.Fprintf(&uses, " u%d_%d: query { ...L%d_%d }", i, j, i, j)
			if j == 0 {
				fmt.Fprintf(&layers, " fragment L%d_0 on Query { a: query { ...L%d_0 } b: query { ...L%d_0 ...L%d_1 } }", i, i+1, i+1, i+1)
			} else {
				fmt.Fprintf(&layers, " fragment L%d_%d on Query { a: query { ...L%d_%d } b: query { ...L%d_%d } }", i, j, i+1, j+1, i+1, j+1)
			}
		}
	}
	for j := range height + 1 {
		fmt.Fprintf(&layers, " fragment L%d_%d on Query { x%d: query { __typename } }", height, j, j)
	}
	// In each level the selections of the interface meet those of every object type, which differ.
	parents := "{ named { ... on Named { name } " + strings.Repeat("... on Item { x: shop { items { ... on Book { x: shop { size } } ... on Shirt { x: shop { name } } ", 20) +
		strings.Repeat("} } } ", 20) + "} }"
	for name, text := range map[string]string{"layers": "{ ...L0_0" + uses.String() + " }" + layers.String(), "parents": parents} {
		doc, errs := Parse(text, Limits{})
		if errs != nil {
			t.Fatal(errs)
		}
		errs = validator.Validate(doc) // without a budget it would not end
		if name == "layers" && (len(errs) == 0 || errs[len(errs)-1].Extensions["code"] != CodeMaxComplexity) {
			t.Errorf("%s: %v", name, listing(errs))
		}
		if _, errs := Parse(text, DefaultLimits()); name == "layers" && errs == nil {
			t.Error("the default limits let it through to validation")
		}
	}
}
