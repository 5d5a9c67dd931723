package composition

import (
	"fmt"
	"testing"

	"github.com/weft-gateway/weft/internal/largegraph"
	"github.com/weft-gateway/weft/schema/merge"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// large is a graph of n subgraphs and some 50 n types.
func large(n int) []Subgraph {
	var all []Subgraph
	for _, s := range largegraph.Write(n) {
		all = append(all, Subgraph{Name: s.Name, URL: s.URL, SDL: s.SDL, File: s.Name + ".graphql"})
	}
	return all
}

func BenchmarkCompose(b *testing.B) {
	for _, n := range []int{10, 30, 100} {
		b.Run(fmt.Sprintf("subgraphs=%d", n), func(b *testing.B) {
			subgraphs := large(n)
			b.ReportAllocs()
			for b.Loop() {
				r := Compose(subgraphs)
				if len(r.Errors) > 0 {
					b.Fatal(r.Errors[0])
				}
				b.ReportMetric(float64(len(r.Supergraph.API.Types)), "types")
			}
		})
	}
}

// What each step of a composition takes. Checking and validating are what would not be done again if the subgraphs that
// did not change were kept from the composition before.
func BenchmarkSteps(b *testing.B) {
	subgraphs := large(100)
	prepare := func() []*subgraph.Validated {
		checked, errors := check(subgraphs)
		upgraded, found := subgraph.Upgrade(checked)
		validated, more := validate(upgraded)
		if len(errors)+len(found)+len(more) > 0 {
			b.Fatal(errors, found, more)
		}
		return validated
	}
	validated := prepare()
	merged, _ := merge.Merge(validated)
	sdl := merge.Print(merged.Document)
	super, _ := read(sdl)
	for _, step := range []struct {
		name string
		run  func()
	}{
		{"check and validate", func() { prepare() }},
		{"merge", func() { merge.Merge(validated) }},
		{"print", func() { merge.Print(merged.Document) }},
		{"read", func() { read(sdl) }},
		{"satisfy", func() { satisfy(super, validated) }},
	} {
		b.Run(step.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				step.run()
			}
		})
	}
}
