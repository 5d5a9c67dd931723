package composition

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// What schemas cost that are wide rather than many: a type with very many fields, a union with very many members, ….
// The time per element should hardly grow with their number, nor with that of the subgraphs that they are spread over.
func BenchmarkComposeWide(b *testing.B) {
	for _, w := range wide {
		for _, n := range []int{10_000, 40_000} {
			b.Run(fmt.Sprintf("%s=%d", w.name, n), func(b *testing.B) {
				subgraphs := w.write(n)
				b.ReportAllocs()
				for b.Loop() {
					if r := Compose(subgraphs); len(r.Errors) > 0 {
						b.Fatal(r.Errors[0])
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/element")
			})
		}
	}
}

// wide are schemas with n elements in one place.
var wide = []struct {
	name  string
	write func(n int) []Subgraph
}{
	{"fields", func(n int) []Subgraph {
		return spread(1, "type Query {", n, func(_, i int) string { return fmt.Sprintf(" f%d: Int", i) }, " }")
	}},
	{"roots", func(n int) []Subgraph { // the fields of Query, each in one of many subgraphs
		return spread(100, "type Query {", n, func(_, i int) string { return fmt.Sprintf(" f%d: Int", i) }, " }")
	}},
	{"entity", func(n int) []Subgraph { // the fields of an entity, likewise
		return spread(100, `type Query { e: E @shareable } type E @key(fields: "id") { id: ID!`, n,
			func(_, i int) string { return fmt.Sprintf(" f%d: Int", i) }, " }")
	}},
	{"implemented", func(n int) []Subgraph { // an interface and the types that implement it
		return spread(1, "type Query { i: I } interface I {"+fields(n)+" } type A implements I {"+fields(n)+" } type B implements I {"+fields(n),
			0, nil, " }")
	}},
	{"inaccessible", func(n int) []Subgraph {
		return spread(1, "type Query { i: I } interface I {"+fields(n)+" } type A implements I {", n,
			func(_, i int) string { return fmt.Sprintf(" f%d: Int", i) }, " b: Int @inaccessible @tag(name: \"x\") }")
	}},
	{"authorized", func(n int) []Subgraph {
		return spread(1, "type Query { i: I } interface I {"+fields(n)+" } type A implements I {", n,
			func(_, i int) string { return fmt.Sprintf(" f%d: Int @authenticated", i) }, " }")
	}},
	{"required", func(n int) []Subgraph { // each a field that needs one of another subgraph
		return append(
			spread(1, `type Query { e: E } type E @key(fields: "id") { id: ID!`, n, func(_, i int) string { return fmt.Sprintf(" f%d: Int", i) }, " }"),
			named("r", spread(1, `type E @key(fields: "id") { id: ID!`, n, func(_, i int) string {
				return fmt.Sprintf(" f%d: Int @external r%d: Int @requires(fields: \"f%d\")", i, i, i)
			}, " }"))...)
	}},
	{"overridden", func(n int) []Subgraph { // each a field that moves from one subgraph to another
		return append(
			spread(1, `type Query { e: E } type E @key(fields: "id") { id: ID!`, n, func(_, i int) string { return fmt.Sprintf(" f%d: Int", i) }, " }"),
			named("o", spread(1, `type E @key(fields: "id") { id: ID!`, n, func(_, i int) string {
				return fmt.Sprintf(" f%d: Int @override(from: \"s000\", label: \"percent(50)\")", i)
			}, " }"))...)
	}},
	{"provided", func(n int) []Subgraph {
		return append(
			spread(1, `type Query { e: E } type E @key(fields: "id") { id: ID!`, n, func(_, i int) string { return fmt.Sprintf(" f%d: Int @shareable", i) }, " }"),
			named("p", spread(1, "type Query {", n, func(_, i int) string { return fmt.Sprintf(" p%d: E @provides(fields: \"f%d\")", i, i%10) },
				` } type E @key(fields: "id") { id: ID!`+strings.ReplaceAll(fields(10), "Int", "Int @external")+" }"))...)
	}},
	{"values", func(n int) []Subgraph {
		return spread(1, "type Query { e(e: E): E } enum E {", n, func(_, i int) string { return fmt.Sprintf(" V%d", i) }, " }")
	}},
	{"inputs", func(n int) []Subgraph {
		return spread(1, "type Query { e(i: In): Int } input In {", n, func(_, i int) string { return fmt.Sprintf(" a%d: Int", i) }, " }")
	}},
	{"arguments", func(n int) []Subgraph {
		return spread(1, "type Query { e(", n, func(_, i int) string { return fmt.Sprintf(" a%d: Int", i) }, " ): Int }")
	}},
	{"members", func(n int) []Subgraph {
		return spread(1, "type Query { u: U } union U =", n, func(_, i int) string { return fmt.Sprintf(" | T%d", i) }, types(n, ""))
	}},
	{"scattered", func(n int) []Subgraph { // the members of a union, each known to one of many subgraphs
		return spread(20, "type Query { u%d: U } union U =", n, func(_, i int) string { return fmt.Sprintf(" | T%d", i) }, "%")
	}},
	{"implementations", func(n int) []Subgraph {
		return spread(1, "type Query { u: I } interface I { f: Int }"+types(n, " implements I"), 0, nil, "")
	}},
}

// spread writes subgraphs that each begin with head and end with tail, with n elements between them, divided among the
// subgraphs. In a head, "%d" stands for the subgraph's number; a tail of "%" for the definitions of the types that the
// elements name.
func spread(subgraphs int, head string, n int, element func(subgraph, i int) string, tail string) []Subgraph {
	var all []Subgraph
	for s := range subgraphs {
		var b, own strings.Builder
		b.WriteString(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible", "@tag", "@authenticated", "@external", "@requires", "@provides", "@override"]) `)
		b.WriteString(strings.ReplaceAll(head, "%d", strconv.Itoa(s)))
		for i := s; i < n; i += subgraphs {
			b.WriteString(element(s, i))
			fmt.Fprintf(&own, " type T%d { f%d: Int }", i, i)
		}
		if tail == "%" {
			b.WriteString(own.String())
		} else {
			b.WriteString(tail)
		}
		all = append(all, Subgraph{Name: fmt.Sprintf("s%03d", s), SDL: b.String()})
	}
	return all
}

// named gives the one subgraph another name.
func named(name string, subgraphs []Subgraph) []Subgraph {
	subgraphs[0].Name = name
	return subgraphs
}

func fields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " f%d: Int", i)
	}
	return b.String()
}

func types(n int, implements string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " type T%d%s { f: Int }", i, implements)
	}
	return b.String()
}
