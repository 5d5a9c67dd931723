package fieldset

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Print prints a field set in its canonical spacing, in the order in which it was written, without outer braces.
func Print(set ast.SelectionSet) string {
	var b strings.Builder
	write(&b, set)
	return b.String()
}

func write(b *strings.Builder, set ast.SelectionSet) {
	for i, selection := range set {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch sel := selection.(type) {
		case *ast.Field:
			if sel.Alias != "" && sel.Alias != sel.Name {
				b.WriteString(sel.Alias + ": ")
			}
			b.WriteString(sel.Name)
			writeArguments(b, sel.Arguments)
			writeDirectives(b, sel.Directives)
			if len(sel.SelectionSet) > 0 {
				b.WriteString(" { ")
				write(b, sel.SelectionSet)
				b.WriteString(" }")
			}
		case *ast.InlineFragment:
			b.WriteString("...")
			if sel.TypeCondition != "" {
				b.WriteString(" on " + sel.TypeCondition)
			}
			writeDirectives(b, sel.Directives)
			b.WriteString(" { ")
			write(b, sel.SelectionSet)
			b.WriteString(" }")
		case *ast.FragmentSpread:
			b.WriteString("..." + sel.Name)
		}
	}
}

func writeArguments(b *strings.Builder, arguments ast.ArgumentList) {
	if len(arguments) == 0 {
		return
	}
	b.WriteByte('(')
	for i, a := range arguments {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(a.Name + ": " + a.Value.String())
	}
	b.WriteByte(')')
}

func writeDirectives(b *strings.Builder, directives ast.DirectiveList) {
	for _, d := range directives {
		b.WriteString(" @" + d.Name)
		writeArguments(b, d.Arguments)
	}
}

// Equal reports whether two field sets select the same, whatever the order in which they are written.
func Equal(a, b ast.SelectionSet) bool { return Canonical(a) == Canonical(b) }

// Canonical prints a field set so that two of them that select the same print the same: selections sorted,
// those of one field or type condition joined.
func Canonical(set ast.SelectionSet) string {
	type group struct {
		head string
		sub  ast.SelectionSet
	}
	var groups []group
	add := func(head string, sub ast.SelectionSet) {
		for i := range groups {
			if groups[i].head == head {
				groups[i].sub = append(slices.Clone(groups[i].sub), sub...)
				return
			}
		}
		groups = append(groups, group{head, sub})
	}
	for _, selection := range set {
		var b strings.Builder
		switch sel := selection.(type) {
		case *ast.Field:
			b.WriteString(sel.Name)
			arguments := slices.Clone(sel.Arguments)
			slices.SortFunc(arguments, func(a, b *ast.Argument) int { return strings.Compare(a.Name, b.Name) })
			writeArguments(&b, arguments)
			writeDirectives(&b, sel.Directives)
			add(b.String(), sel.SelectionSet)
		case *ast.InlineFragment:
			b.WriteString("... on " + sel.TypeCondition)
			writeDirectives(&b, sel.Directives)
			add(b.String(), sel.SelectionSet)
		case *ast.FragmentSpread:
			add("..."+sel.Name, nil)
		}
	}
	parts := make([]string, len(groups))
	for i, g := range groups {
		parts[i] = g.head
		if len(g.sub) > 0 {
			parts[i] += " { " + Canonical(g.sub) + " }"
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}
