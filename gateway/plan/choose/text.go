package choose

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// ArgumentsText is the same for the same arguments, in whatever order they are given.
func ArgumentsText(args ast.ArgumentList) string {
	if len(args) == 0 {
		return ""
	}
	sorted := slices.Clone(args)
	slices.SortFunc(sorted, func(a, b *ast.Argument) int { return strings.Compare(a.Name, b.Name) })
	var b strings.Builder
	for _, a := range sorted {
		b.WriteString(a.Name)
		b.WriteByte(':')
		b.WriteString(a.Value.String())
		b.WriteByte(',')
	}
	return b.String()
}

// selectionText writes a field set so that equal ones are written alike.
func selectionText(set ast.SelectionSet) string {
	var b strings.Builder
	var write func(set ast.SelectionSet)
	write = func(set ast.SelectionSet) {
		b.WriteByte('{')
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				b.WriteString(sel.Name)
				b.WriteString(ArgumentsText(sel.Arguments))
				if len(sel.SelectionSet) > 0 {
					write(sel.SelectionSet)
				}
			case *ast.InlineFragment:
				b.WriteString("..." + sel.TypeCondition)
				write(sel.SelectionSet)
			}
			b.WriteByte(' ')
		}
		b.WriteByte('}')
	}
	write(set)
	return b.String()
}
