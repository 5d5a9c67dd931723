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
