package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Argument is an argument of a field; Type is that of a variable for it.
type Argument struct {
	Name, Type string
	Value      any
}

// Options say what operations are made.
type Options struct {
	// Arguments chooses the arguments of a field that has any; nil: those of the graphs that NewGraph makes.
	Arguments func(c *Choices, typeName string, f *ast.FieldDefinition) []Argument
	// Queries leaves mutations out.
	Queries bool
	// Fields is about how many fields are selected; 0 stands for 35.
	Fields int
}

// operation writes a random operation over an API schema.
type operation struct {
	*Choices
	Options
	schema    *ast.Schema
	fields    int // that may still be selected
	fragments []string
	variables map[string]string // name → type
	values    map[string]any
	calls     []string
	names     int
}

// Operation makes an operation and values for its variables. It is valid but for fields that cannot be merged, now and
// then.
func Operation(c *Choices, schema *ast.Schema, options Options) (text string, variables map[string]any) {
	if options.Fields == 0 {
		options.Fields = 35
	}
	if options.Arguments == nil {
		options.Arguments = graphArguments
	}
	o := &operation{
		Choices: c, Options: options, schema: schema, variables: map[string]string{}, values: map[string]any{},
		fields: options.Fields/3 + c.Below(options.Fields*4/3),
	}
	kind, root := "query", schema.Query
	if schema.Mutation != nil && !options.Queries && c.chance(30) {
		kind, root = "mutation", schema.Mutation
	}
	body := o.set(root, 0)
	var b strings.Builder
	b.WriteString(kind)
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
		if o.variables[name] == "Boolean!" {
			o.values[name] = c.Below(2) == 1
		}
	}
	if len(names) > 0 {
		b.WriteString(")")
	}
	b.WriteString(" " + body + "\n")
	for _, f := range o.fragments {
		b.WriteString(f + "\n")
	}
	return b.String(), o.values
}

func (o *operation) set(typ *ast.Definition, depth int) string {
	var parts []string
	for range 2 + o.Below(5) {
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
	n := o.Below(40)
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
	arguments := o.arguments(typ, f)
	text := o.alias(f.Name)
	if arguments != "" && text == f.Name && !o.chance(10) {
		text = o.aliasFor(f.Name+arguments) + ": " + f.Name
	}
	text += arguments + o.condition()
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

// aliasFor is a response name for a field with certain arguments, so that fields with others seldom meet under one name.
func (o *operation) aliasFor(call string) string {
	i := slices.Index(o.calls, call)
	if i < 0 {
		i = len(o.calls)
		o.calls = append(o.calls, call)
	}
	return fmt.Sprintf("c%d", i)
}

// graphArguments chooses arguments for the fields of NewGraph's graphs.
func graphArguments(c *Choices, _ string, _ *ast.FieldDefinition) []Argument {
	n, s := Argument{"n", "Int", 1 + c.Below(2)}, Argument{"s", "String", "t"}
	switch c.Below(8) {
	case 1, 2:
		return []Argument{n}
	case 3:
		return []Argument{n, s}
	case 4:
		return []Argument{s}
	case 5:
		return []Argument{{"s", "String", nil}}
	}
	return nil
}

// arguments writes arguments as literals or variables.
func (o *operation) arguments(typ *ast.Definition, f *ast.FieldDefinition) string {
	if len(f.Arguments) == 0 {
		return ""
	}
	var parts []string
	for _, a := range o.Arguments(o.Choices, typ.Name, f) {
		text := fmt.Sprint(a.Value)
		def := o.schema.Types[strings.Trim(a.Type, "!")]
		switch v, isText := a.Value.(string); {
		case o.chance(35):
			name := fmt.Sprintf("v%d", len(o.values))
			o.variables[name], o.values[name] = a.Type, a.Value
			text = "$" + name
		case a.Value == nil:
			text = "null"
		case isText && (def == nil || def.Kind != ast.Enum):
			text = fmt.Sprintf("%q", v)
		}
		parts = append(parts, a.Name+": "+text)
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func (o *operation) condition() string {
	if !o.chance(12) {
		return ""
	}
	name := pick(o.Choices, []string{"a", "b", "c"})
	kind := o.Below(4)
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
