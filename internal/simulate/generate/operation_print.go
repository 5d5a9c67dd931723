package generate

import (
	"maps"
	"slices"
	"strings"
)

// print writes the operation, its fragments after it.
func (o *operation) print(kind string, set []*selection) string {
	var b strings.Builder
	b.WriteString(kind)
	for i, name := range slices.Sorted(maps.Keys(o.variables)) {
		if i == 0 {
			b.WriteString(" Q(")
		} else {
			b.WriteString(", ")
		}
		v := o.variables[name]
		b.WriteString("$" + name + ": " + v.typ)
		if v.fallback != "" {
			b.WriteString(" = " + v.fallback)
		}
	}
	if len(o.variables) > 0 {
		b.WriteByte(')')
	}
	b.WriteByte(' ')
	printSet(&b, set)
	b.WriteByte('\n')
	for _, f := range o.fragments {
		b.WriteString("fragment " + f.name + " on " + f.on.Name + " ")
		printSet(&b, f.set)
		b.WriteByte('\n')
	}
	return b.String()
}

func printSet(b *strings.Builder, set []*selection) {
	b.WriteByte('{')
	for _, sel := range set {
		b.WriteByte(' ')
		switch {
		case sel.spread != nil:
			b.WriteString("..." + sel.spread.name + sel.conditions)
			continue
		case sel.field == nil:
			b.WriteString("...")
			if sel.on != nil {
				b.WriteString(" on " + sel.on.Name)
			}
		case sel.alias != "":
			b.WriteString(sel.alias + ": " + sel.field.Name)
		default:
			b.WriteString(sel.field.Name)
		}
		b.WriteString(sel.arguments + sel.conditions)
		if len(sel.set) > 0 {
			b.WriteByte(' ')
			printSet(b, sel.set)
		}
	}
	b.WriteString(" }")
}
