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
	// Arguments chooses the arguments of a field that has any; nil: whatever the schema allows.
	Arguments func(c *Choices, typeName string, f *ast.FieldDefinition) []Argument
	// Queries leaves mutations out.
	Queries bool
	// Fields is about how many fields are selected; 0 stands for 35.
	Fields int
	// Introspection asks for the schema beside the data at times.
	Introspection bool
}

// operation is a random operation over an API schema while it is made.
type operation struct {
	*Choices
	Options
	schema    *ast.Schema
	fields    int // that may still be selected
	fragments []*namedFragment
	variables map[string]*variable
	calls     []string
	fresh     int // response names made to keep fields apart
}

// selection is a field or a fragment.
type selection struct {
	parent     *ast.Definition
	field      *ast.FieldDefinition // nil: a fragment
	alias      string
	arguments  string
	conditions string
	set        []*selection
	on         *ast.Definition // an inline fragment's type condition; nil: none
	spread     *namedFragment
}

// namedFragment is a fragment definition; height is how deep fields are nested in it.
type namedFragment struct {
	name   string
	on     *ast.Definition
	set    []*selection
	height int
}

const maxDepth = 6

// Operation makes an operation and values for its variables. It is valid but in rare cases.
func Operation(c *Choices, schema *ast.Schema, options Options) (text string, variables map[string]any) {
	if options.Fields == 0 {
		options.Fields = 35
	}
	o := &operation{
		Choices: c, Options: options, schema: schema, variables: map[string]*variable{},
		fields: options.Fields/3 + c.Below(options.Fields*4/3),
	}
	kind, root := "query", schema.Query
	if schema.Mutation != nil && !options.Queries && c.chance(50) {
		kind, root = "mutation", schema.Mutation
	}
	if schema.Subscription != nil && !options.Queries && c.chance(30) {
		kind, root = "subscription", schema.Subscription
	}
	var set []*selection
	if kind == "subscription" {
		set = o.event(root)
	} else {
		set = o.set(root, 0)
	}
	if options.Introspection && kind == "query" && c.chance(6) {
		set = append(set, o.introspection(root))
	}
	o.settleNames(set)
	return o.print(kind, set), o.variableValues()
}

// event selects the one field that a subscription may have (GraphQL specification, section 5.2.4).
func (o *operation) event(root *ast.Definition) []*selection {
	sel := &selection{parent: root, field: pick(o.Choices, slices.DeleteFunc(slices.Clone(root.Fields), func(f *ast.FieldDefinition) bool {
		return strings.HasPrefix(f.Name, "__")
	}))}
	sel.alias, sel.arguments = o.alias(), o.arguments(root, sel.field)
	if def := o.schema.Types[sel.field.Type.Name()]; def.IsCompositeType() {
		sel.set = o.set(def, 1)
	}
	return []*selection{sel}
}

// set makes a selection set.
func (o *operation) set(typ *ast.Definition, depth int) []*selection {
	var set []*selection
	for range 2 + o.Below(5) {
		if sel := o.selection(typ, depth); sel != nil {
			set = append(set, sel)
		}
	}
	if len(set) == 0 {
		set = append(set, typename(typ))
	}
	return set
}

var typenameField = &ast.FieldDefinition{Name: "__typename", Type: ast.NonNullNamedType("String", nil)}

func typename(typ *ast.Definition) *selection { return &selection{parent: typ, field: typenameField} }

func (o *operation) selection(typ *ast.Definition, depth int) *selection {
	n := o.Below(40)
	switch {
	case n == 39 || typ.Kind == ast.Union && n < 3:
		sel := typename(typ)
		sel.alias, sel.conditions = o.alias(), o.condition()
		return sel
	case n >= 34 && depth < maxDepth || typ.IsAbstractType() && n >= 15 || typ.Kind == ast.Union:
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
	sel := &selection{parent: typ}
	switch {
	case o.fields > 0 && depth < maxDepth && len(composites) > 0 && (len(leaves) == 0 || o.chance(50)):
		sel.field = pick(o.Choices, composites)
	case len(leaves) > 0:
		sel.field = pick(o.Choices, leaves)
	default:
		return typename(typ)
	}
	o.fields--
	sel.arguments = o.arguments(typ, sel.field)
	if sel.alias = o.alias(); sel.alias == "" && sel.arguments != "" && !o.chance(10) {
		sel.alias = o.aliasFor(sel.field.Name + sel.arguments)
	}
	sel.conditions = o.condition()
	if def := o.schema.Types[sel.field.Type.Name()]; def.IsCompositeType() {
		sel.set = o.set(def, depth+1)
	}
	return sel
}

// alias gives a field another response name at times, out of few, so that names meet.
func (o *operation) alias() string {
	if !o.chance(10) {
		return ""
	}
	return pick(o.Choices, []string{"x", "y", "z", "id", "f0", "f1", "code", "label", "o1"})
}

// aliasFor is a response name for a field with certain arguments, so that equal ones meet under one name.
func (o *operation) aliasFor(call string) string {
	i := slices.Index(o.calls, call)
	if i < 0 {
		i = len(o.calls)
		o.calls = append(o.calls, call)
	}
	return fmt.Sprintf("c%d", i)
}

// condition writes directives that leave a selection out for some values of variables.
func (o *operation) condition() string {
	if !o.chance(12) {
		return ""
	}
	name := pick(o.Choices, []string{"a", "b", "c"})
	switch kind := o.Below(4); kind {
	case 0:
		return " @include(if: " + o.boolean(name) + ")"
	case 1:
		return " @skip(if: " + o.boolean(name) + ")"
	case 2:
		return " @skip(if: false)"
	}
	return " @skip(if: " + o.boolean("b") + ") @include(if: " + o.boolean(name) + ")"
}

// fragment makes an inline fragment, a named one, or spreads one again.
func (o *operation) fragment(typ *ast.Definition, depth int) *selection {
	if o.fields <= 0 {
		return nil
	}
	on := o.overlapping(typ)
	if len(o.fragments) > 0 && o.chance(25) {
		f := pick(o.Choices, o.fragments)
		if depth+f.height <= maxDepth && slices.Contains(on, f.on) {
			o.fields -= len(f.set)
			return &selection{parent: typ, spread: f, conditions: o.condition()}
		}
	}
	target := pick(o.Choices, on)
	set := o.set(target, depth+1)
	sel := &selection{parent: typ}
	switch {
	case o.chance(25):
		sel.spread = &namedFragment{name: fmt.Sprintf("F%d", len(o.fragments)+1), on: target, set: set, height: height(set)}
		o.fragments = append(o.fragments, sel.spread)
	case target == typ && o.chance(50):
		sel.set = set
	default:
		sel.on, sel.set = target, set
	}
	sel.conditions = o.condition()
	return sel
}

// overlapping are the types that a fragment may be on: a type itself first, then those that share an object type with it.
func (o *operation) overlapping(typ *ast.Definition) []*ast.Definition {
	objects := o.schema.GetPossibleTypes(typ)
	on := slices.Clone(objects)
	for _, def := range o.schema.Types {
		if def.IsAbstractType() && slices.ContainsFunc(o.schema.GetPossibleTypes(def), func(p *ast.Definition) bool { return slices.Contains(objects, p) }) {
			on = append(on, def)
		}
	}
	slices.SortFunc(on, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	on = slices.DeleteFunc(slices.Compact(on), func(d *ast.Definition) bool { return d == typ })
	return append([]*ast.Definition{typ}, on...)
}

func height(set []*selection) int {
	most := 0
	for _, sel := range set {
		switch {
		case sel.spread != nil:
			most = max(most, sel.spread.height)
		case sel.field == nil:
			most = max(most, height(sel.set))
		default:
			most = max(most, 1+height(sel.set))
		}
	}
	return most
}

// introspection asks for some of the schema, as far as simulate.Monolith answers it.
func (o *operation) introspection(root *ast.Definition) *selection {
	name := typenameOf("name")
	if o.chance(50) {
		query := &selection{field: &ast.FieldDefinition{Name: "queryType", Type: ast.NonNullNamedType("__Type", nil)}, set: []*selection{name}}
		return &selection{parent: root, field: root.Fields.ForName("__schema"), set: []*selection{query}, conditions: o.condition()}
	}
	arguments := `(name: "` + pick(o.Choices, []string{root.Name, "E0", "Color", "Nothing"}) + `")`
	return &selection{
		parent: root, field: root.Fields.ForName("__type"), alias: "t", arguments: arguments,
		set: []*selection{name, typenameOf("kind")}, conditions: o.condition(),
	}
}

func typenameOf(name string) *selection {
	return &selection{field: &ast.FieldDefinition{Name: name, Type: ast.NamedType("String", nil)}}
}
