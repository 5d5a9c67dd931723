package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// operation writes a random operation over an API schema.
type operation struct {
	*Choices
	schema    *ast.Schema
	fields    int // that may still be selected
	fragments []string
	variables map[string]string // name → type
	names     int
}

// Operation makes an operation and values for its variables. It is valid but for fields that cannot be merged, now and
// then.
func Operation(c *Choices, schema *ast.Schema) (text string, variables map[string]any) {
	o := &operation{Choices: c, schema: schema, fields: 10 + c.below(50), variables: map[string]string{}}
	kind, root := "query", schema.Query
	if schema.Mutation != nil && c.chance(30) {
		kind, root = "mutation", schema.Mutation
	}
	body := o.set(root, 0)
	var b strings.Builder
	b.WriteString(kind)
	variables = map[string]any{}
	names := make([]string, 0, len(o.variables))
	for name := range o.variables {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		if i == 0 {
			b.WriteString(" Q(")
		} else {
			b.WriteString(", ")
		}
		b.WriteString("$" + name + ": " + o.variables[name])
		switch o.variables[name] {
		case "Boolean!":
			variables[name] = c.below(2) == 1
		case "Int":
			if c.chance(70) {
				variables[name] = c.below(5)
			}
		}
	}
	if len(names) > 0 {
		b.WriteString(")")
	}
	b.WriteString(" " + body + "\n")
	for _, f := range o.fragments {
		b.WriteString(f + "\n")
	}
	return b.String(), variables
}

func (o *operation) set(typ *ast.Definition, depth int) string {
	var parts []string
	for range 2 + o.below(5) {
		if part := o.selection(typ, depth); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		parts = []string{"__typename"}
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

func (o *operation) selection(typ *ast.Definition, depth int) string {
	abstract := typ.IsAbstractType()
	n := o.below(40)
	switch {
	case n == 39 || typ.Kind == ast.Union && n < 3:
		return o.alias("__typename") + o.condition()
	case n >= 34 && depth < 6 || abstract && n >= 15 || typ.Kind == ast.Union:
		return o.fragment(typ, depth)
	}
	var leaves, composites []*ast.FieldDefinition
	for _, f := range typ.Fields {
		switch def := o.schema.Types[f.Type.Name()]; {
		case strings.HasPrefix(f.Name, "__"):
		case def.IsCompositeType():
			composites = append(composites, f)
		default:
			leaves = append(leaves, f)
		}
	}
	var f *ast.FieldDefinition
	switch {
	case o.fields > 0 && depth < 6 && len(composites) > 0 && (len(leaves) == 0 || o.chance(50)):
		f = pick(o.Choices, composites)
	case len(leaves) > 0:
		f = pick(o.Choices, leaves)
	default:
		return "__typename"
	}
	o.fields--
	text := o.alias(f.Name) + o.arguments(f) + o.condition()
	if def := o.schema.Types[f.Type.Name()]; def.IsCompositeType() {
		text += " " + o.set(def, depth+1)
	}
	return text
}

// alias gives a field another response name at times, out of few, so that names meet.
func (o *operation) alias(name string) string {
	if !o.chance(10) {
		return name
	}
	return pick(o.Choices, []string{"x", "y", "z", "w", "v", "id"}) + ": " + name
}

func (o *operation) arguments(f *ast.FieldDefinition) string {
	if len(f.Arguments) == 0 || o.chance(40) {
		return ""
	}
	switch o.below(4) {
	case 0:
		return "(n: 1)"
	case 1:
		return `(n: 2, s: "t")`
	case 2:
		return "(s: null)"
	}
	o.variables["n"] = "Int"
	return "(n: $n)"
}

func (o *operation) condition() string {
	if !o.chance(12) {
		return ""
	}
	name := pick(o.Choices, []string{"a", "b", "c"})
	kind := o.below(4)
	if kind != 2 {
		o.variables[name] = "Boolean!"
	}
	switch kind {
	case 0:
		return " @include(if: $" + name + ")"
	case 1:
		return " @skip(if: $" + name + ")"
	case 2:
		return " @skip(if: false)"
	}
	o.variables["b"] = "Boolean!"
	return " @skip(if: $b) @include(if: $" + name + ")"
}

func (o *operation) fragment(typ *ast.Definition, depth int) string {
	on := o.schema.GetPossibleTypes(typ)
	for _, def := range o.schema.Types {
		if def.IsAbstractType() && def.Name != typ.Name {
			for _, p := range o.schema.GetPossibleTypes(def) {
				if slices.Contains(on, p) {
					on = append(slices.Clip(on), def)
					break
				}
			}
		}
	}
	on = slices.Clone(on)
	slices.SortFunc(on, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	on = append([]*ast.Definition{typ}, slices.Compact(on)...)
	target := pick(o.Choices, on)
	if o.fields <= 0 {
		return ""
	}
	set := o.set(target, depth+1)
	if o.chance(25) {
		o.names++
		name := fmt.Sprintf("F%d", o.names)
		o.fragments = append(o.fragments, "fragment "+name+" on "+target.Name+" "+set)
		return "..." + name + o.condition()
	}
	if target == typ && o.chance(50) {
		return "..." + o.condition() + " " + set
	}
	return "... on " + target.Name + o.condition() + " " + set
}
