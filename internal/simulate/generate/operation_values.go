package generate

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// variable is a variable of the operation.
type variable struct {
	typ      string
	fallback string // its default value
	value    any
	given    bool // whether the request has a value for it
}

// boolean is a variable for @skip and @include; some have a default, and of these some are not given.
func (o *operation) boolean(name string) string {
	if o.variables[name] == nil {
		v := &variable{typ: "Boolean!", value: o.Below(2) == 1, given: true}
		if o.chance(20) {
			v.fallback, v.given = strconv.FormatBool(o.Below(2) == 1), o.chance(50)
			v.typ = pick(o.Choices, []string{"Boolean!", "Boolean"})
		}
		o.variables[name] = v
	}
	return "$" + name
}

// variableValues are the variables of the request.
func (o *operation) variableValues() map[string]any {
	values := map[string]any{}
	for name, v := range o.variables {
		if v.given {
			values[name] = v.value
		}
	}
	return values
}

// newVariable adds a variable, and returns how it is written.
func (o *operation) newVariable(v *variable) string {
	name := fmt.Sprintf("v%d", len(o.variables))
	o.variables[name] = v
	return "$" + name
}

// arguments writes arguments as literals or variables.
func (o *operation) arguments(typ *ast.Definition, f *ast.FieldDefinition) string {
	if len(f.Arguments) == 0 {
		return ""
	}
	var parts []string
	if o.Arguments != nil {
		for _, a := range o.Arguments(o.Choices, typ.Name, f) {
			parts = append(parts, a.Name+": "+o.given(a))
		}
	} else {
		for _, a := range f.Arguments {
			if a.Type.NonNull && a.DefaultValue == nil || o.chance(40) {
				parts = append(parts, a.Name+": "+o.value(a.Type, 0))
			}
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// given writes an argument whose value is chosen already.
func (o *operation) given(a Argument) string {
	if o.chance(35) {
		return o.newVariable(&variable{typ: a.Type, value: a.Value, given: true})
	}
	text, isText := a.Value.(string)
	def := o.schema.Types[strings.Trim(a.Type, "!")]
	switch {
	case a.Value == nil:
		return "null"
	case isText && (def == nil || def.Kind != ast.Enum):
		return strconv.Quote(text)
	}
	return fmt.Sprint(a.Value)
}

// value writes a value for an input position: a literal, a variable, or a literal with variables in it.
func (o *operation) value(t *ast.Type, depth int) string {
	if o.chance(30) {
		return o.variableFor(t)
	}
	if depth == 0 && t.Elem == nil && !t.NonNull && o.chance(10) {
		return "null"
	}
	if t.Elem != nil {
		var items []string
		for range o.Below(3) {
			items = append(items, o.value(t.Elem, depth+1))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	def := o.schema.Types[t.Name()]
	if def.Kind != ast.InputObject {
		return literal(def, o.plain(t, depth))
	}
	var members []string
	for _, f := range def.Fields {
		if f.Type.NonNull && f.DefaultValue == nil || depth < 2 && o.chance(50) {
			members = append(members, f.Name+": "+o.value(f.Type, depth+1))
		}
	}
	return "{" + strings.Join(members, ", ") + "}"
}

// variableFor is a variable that may stand in a position of a type, often one that is there already.
func (o *operation) variableFor(t *ast.Type) string {
	for _, name := range slices.Sorted(maps.Keys(o.variables)) {
		if o.variables[name].typ == t.String() && len(name) > 1 && o.chance(40) {
			return "$" + name
		}
	}
	v := &variable{typ: t.String(), value: o.plain(t, 0), given: true}
	if !t.NonNull && o.chance(20) {
		v.typ += "!"
	}
	if def := o.schema.Types[t.Name()]; t.Elem == nil && def.Kind != ast.InputObject && o.chance(25) {
		v.fallback = literal(def, o.plain(t, 0))
	}
	if v.given = !strings.HasSuffix(v.typ, "!") || v.fallback != ""; v.given {
		v.given = !o.chance(30)
	} else {
		v.given = true
	}
	return o.newVariable(v)
}

// plain is a value of an input type as JSON has it.
func (o *operation) plain(t *ast.Type, depth int) any {
	if t.Elem != nil {
		items := []any{}
		for range o.Below(3) {
			items = append(items, o.plain(t.Elem, depth+1))
		}
		return items
	}
	switch t.Name() {
	case "Int":
		return o.Below(3)
	case "Float":
		return float64(o.Below(3)) + 0.5
	case "Boolean":
		return o.Below(2) == 1
	case "String", "ID":
		return pick(o.Choices, []string{"t", "", "ü\"\\", "1"})
	case "Blob":
		return pick(o.Choices, []any{"t", 7, true, 1.5, []any{}, []any{1, "x", nil, []any{false}}})
	}
	def := o.schema.Types[t.Name()]
	if def.Kind == ast.Enum {
		return def.EnumValues[o.Below(len(def.EnumValues))].Name
	}
	members := map[string]any{}
	for _, f := range def.Fields {
		if f.Type.NonNull && f.DefaultValue == nil || depth < 2 && o.chance(50) {
			members[f.Name] = o.plain(f.Type, depth+1)
		}
	}
	return members
}

// literal writes a scalar or an enum's value.
func literal(def *ast.Definition, value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		if def.Kind != ast.Enum {
			return strconv.Quote(value)
		}
	case []any:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = literal(def, item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return fmt.Sprint(value)
}
