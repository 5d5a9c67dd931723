package composition

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// What schemas cost that are wide rather than many: a type with very many fields, a union with very many members, ….
func BenchmarkComposeWide(b *testing.B) {
	for _, n := range []int{2_000, 8_000} {
		for _, name := range slices.Sorted(maps.Keys(wide)) {
			write := wide[name]
			b.Run(fmt.Sprintf("%s=%d", name, n), func(b *testing.B) {
				var s strings.Builder
				write(&s, n)
				subgraphs := []Subgraph{{Name: "a", SDL: s.String()}}
				for b.Loop() {
					if r := Compose(subgraphs); len(r.Errors) > 0 {
						b.Fatal(r.Errors[0])
					}
				}
			})
		}
	}
}

var wide = map[string]func(s *strings.Builder, n int){
	"fields": func(s *strings.Builder, n int) {
		s.WriteString("type Query {")
		for i := range n {
			fmt.Fprintf(s, " f%d: Int", i)
		}
		s.WriteString(" }")
	},
	"values": func(s *strings.Builder, n int) {
		s.WriteString("type Query { e: E } enum E {")
		for i := range n {
			fmt.Fprintf(s, " V%d", i)
		}
		s.WriteString(" }")
	},
	"arguments": func(s *strings.Builder, n int) {
		s.WriteString("type Query { e(")
		for i := range n {
			fmt.Fprintf(s, " a%d: Int", i)
		}
		s.WriteString(" ): Int }")
	},
	"inputs": func(s *strings.Builder, n int) {
		s.WriteString("type Query { e(i: In): Int } input In {")
		for i := range n {
			fmt.Fprintf(s, " a%d: Int", i)
		}
		s.WriteString(" }")
	},
	"members": func(s *strings.Builder, n int) {
		s.WriteString("type Query { u: U } union U = T0")
		for i := range n {
			fmt.Fprintf(s, " | T%d", i+1)
		}
		for i := range n + 1 {
			fmt.Fprintf(s, " type T%d { f: Int }", i)
		}
	},
	"implementations": func(s *strings.Builder, n int) {
		s.WriteString("type Query { u: I } interface I { f: Int } type T0 implements I { f: Int }")
		for i := range n {
			fmt.Fprintf(s, " type T%d implements I { f: Int }", i+1)
		}
	},
}
