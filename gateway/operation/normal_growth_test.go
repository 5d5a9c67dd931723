package operation_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/weft-gateway/weft/gateway/operation"
)

// growing are families of documents in which fields are selected in more and more ways, on the types of normalSDL.
var growing = []struct {
	name  string
	sizes []int
	text  func(n int) string
	// literals is how many a document's conditions may be made of, for one of size n.
	literals func(n int) int
}{
	// The same fields in fragments that each have a condition.
	{"beside", []int{10, 30, 100, 1000}, func(n int) string {
		return booleans(n) + "{ user { " + each(n, func(i int) string { return fmt.Sprintf("... @include(if: $v%d) { name peer { id } } ", i) }) + "} }"
	}, func(n int) int { return 6 * n }},
	// Conditions of two variables each.
	{"pairs", []int{10, 30, 100, 1000}, func(n int) string {
		return booleans(n) + "{ user { " + each(n, func(i int) string {
			return fmt.Sprintf("... @include(if: $v%d) { name @skip(if: $v%d) peer { id } } ", i, (i+1)%n)
		}) + "} }"
	}, func(n int) int { return 10 * n }},
	// A field that is selected twice in one that is selected twice, and so on: the same under both.
	{"levels", []int{3, 6, 12}, func(n int) string {
		return booleans(2*n) + "{ user { ...F0 } } " + each(n, func(i int) string {
			return fmt.Sprintf("fragment F%d on Node { id peer @include(if: $v%d) { ...F%d } peer @include(if: $v%d) { ...F%d } } ", i, 2*i, i+1, 2*i+1, i+1)
		}) + fmt.Sprintf("fragment F%d on Node { id }", n)
	}, func(n int) int { return 8 * n }},
	// The same with something of its own under each.
	{"levels_unlike", []int{3, 6, 12}, func(n int) string {
		return booleans(2*n) + "{ user { ...F0 } } " + each(n, func(i int) string {
			return fmt.Sprintf("fragment F%d on Node { id peer @include(if: $v%d) { id ...F%d } peer @include(if: $v%d) { __typename ...F%d } } ", i, 2*i, i+1, 2*i+1, i+1)
		}) + fmt.Sprintf("fragment F%d on Node { id }", n)
	}, func(n int) int { return 32 * n }},
	// Many ways at each of three levels.
	{"levels_wide", []int{3, 10, 20}, func(n int) string {
		level := func(name string, from int, inner string) string {
			return "fragment " + name + " on Node { " + each(n, func(i int) string { return fmt.Sprintf("peer @include(if: $v%d) { %s } ", from+i, inner) }) + "} "
		}
		return booleans(3*n) + "{ user { ...A } } " + level("A", 0, "...B") + level("B", n, "...C") + level("C", 2*n, "id")
	}, func(n int) int { return 12 * n }},
	// Conditions in conditions.
	{"nested", []int{10, 30, 100}, func(n int) string {
		return booleans(n) + "{ user { " + each(n, func(i int) string { return fmt.Sprintf("... @include(if: $v%d) { name a%d: id ", i, i) }) + strings.Repeat("} ", n) + "} }"
	}, func(n int) int { return n * (n + 2) }},
	// Types that are all unlike lead to each other.
	{"types", []int{2, 4, 8}, func(n int) string {
		own := "... on User { kind } ... on Shop { owner { kind } } ... on Post { text } "
		return "{ node { " + strings.Repeat(own+"peer { ", n) + own + strings.Repeat("} ", n) + "} }"
	}, func(int) int { return 0 }},
}

func each(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}

func booleans(n int) string {
	return "query(" + each(n, func(i int) string { return fmt.Sprintf("$v%d: Boolean! ", i) }) + ")"
}

// What a normal form is made of grows as the document does, and not as the ways through it.
func TestNormalFormsStaySmall(t *testing.T) {
	n := newNormals(t)
	for _, family := range growing {
		for _, size := range family.sizes {
			t.Run(fmt.Sprintf("%s/%d", family.name, size), func(t *testing.T) {
				text := family.text(size)
				op := n.normalise(t, text)
				if op == nil {
					t.Fatalf("not valid, or too large:\n%s", text)
				}
				literals := 0
				for _, c := range op.Conditions {
					for _, term := range c.Terms {
						literals += len(term)
					}
				}
				sets := map[*operation.SelectionSet]bool{}
				different(op.Root, sets)
				if limit := family.literals(size); literals > limit || len(sets) > len(text)/10 {
					t.Errorf("conditions of %d literals, where %d would do, and %d selection sets", literals, limit, len(sets))
				}
				if size < 10 {
					n.check(t, text)
				}
			})
		}
	}
}

// different finds the selection sets that an operation has, each once.
func different(s *operation.SelectionSet, seen map[*operation.SelectionSet]bool) {
	if seen[s] {
		return
	}
	seen[s] = true
	for _, c := range s.Cases {
		for _, f := range c.Fields {
			if f.Set != nil {
				different(f.Set, seen)
			}
		}
	}
}

// A field that is selected in more ways than anyone could mean is refused, with a message that names it.
func TestTooConditional(t *testing.T) {
	n := newNormals(t)
	const levels = 13
	for name, text := range map[string]string{
		// Each level must hold in one of two ways: 8,192 ways in all.
		`"User.id"`: booleans(2*levels) + "{ user { ...F0 } } " + each(levels, func(i int) string {
			return fmt.Sprintf("fragment F%d on Node { ...F%d @include(if: $v%d) ...F%d @include(if: $v%d) } ", i, i+1, 2*i, i+1, 2*i+1)
		}) + fmt.Sprintf("fragment F%d on Node { id }", levels),
		// Each field needs all variables so far.
		`"User.name"`: booleans(900) + "{ user { " + each(900, func(i int) string { return fmt.Sprintf("... @include(if: $v%d) { a%d: name ", i, i) }) +
			strings.Repeat("} ", 900) + "} }",
	} {
		doc, errs := operation.Parse(text, operation.DefaultLimits())
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		_, err := operation.Normalise(n.schema, doc, doc.Operations[0])
		var conditional operation.TooConditionalError
		if !errors.As(err, &conditional) || conditional.Coordinate != name || !strings.Contains(err.Error(), "under one condition") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func BenchmarkNormalise(b *testing.B) {
	n := newNormals(b)
	for _, family := range growing {
		for _, size := range family.sizes {
			b.Run(fmt.Sprintf("%s/%d", family.name, size), func(b *testing.B) {
				doc, errs := operation.Parse(family.text(size), operation.DefaultLimits())
				if len(errs) > 0 {
					b.Fatal(errs)
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := operation.Normalise(n.schema, doc, doc.Operations[0]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
