package operation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// documents are what preparing is measured with: an ordinary operation and a huge one.
func documents() map[string]string {
	ordinary := `query Page($id: ID!, $first: Int = 10, $where: ItemFilter, $detail: Boolean!) {
  shop(id: $id) { ...Shop owner { name nick(short: true) } items(first: $first) { ...Item } }
  item(where: $where) { ...Item ... on Shirt { shirtSize: size author { name } } }
  search(text: "all") { __typename ... on Named { name } ... on Book @include(if: $detail) { pages author { name nick } } }
  named { name ... on Person { nick } ... on Shop { ...Shop } }
}
fragment Shop on Shop { name size firstThree: items(first: 3) @skip(if: $detail) { name } }
fragment Item on Item { name price(currency: USD) shop { name size } ... on Book { pages size author { name } } }`
	var huge strings.Builder
	huge.WriteString("{")
	for i := range 2_000 {
		fmt.Fprintf(&huge, " a%d: shop(id: %d) { name size owner { name nick } }", i, i)
	}
	huge.WriteString("}")
	return map[string]string{"ordinary": ordinary, "12000 fields": huge.String()}
}

func BenchmarkParse(b *testing.B) {
	for name, text := range documents() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, errs := Parse(text, DefaultLimits()); errs != nil {
					b.Fatal(errs)
				}
			}
		})
	}
}

// BenchmarkValidate has gqlparser's validator beside ours: the reason for having our own should stay measurable.
func BenchmarkValidate(b *testing.B) {
	schema := testSchema(b)
	ours := NewValidator(schema, ValidatorOptions{Introspection: true})
	theirs := rules.NewDefaultRules()
	for name, text := range documents() {
		doc, errs := Parse(text, DefaultLimits())
		if errs != nil {
			b.Fatal(errs)
		}
		b.Run(name+"/weft", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if errs := ours.Validate(doc); errs != nil {
					b.Fatal(errs)
				}
			}
		})
		b.Run(name+"/gqlparser", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if errs := validator.ValidateWithRules(schema, doc, theirs); errs != nil {
					b.Fatal(errs)
				}
			}
		})
	}
}
