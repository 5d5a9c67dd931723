package simulate

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// differs compares what a field set selects of an object with what a representation says. It returns "" when they agree.
func (x *server) differs(set ast.SelectionSet, o *Object, given map[string]any) string {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			if sel.TypeCondition == "" || x.isA(o, sel.TypeCondition) {
				if found := x.differs(sel.SelectionSet, o, given); found != "" {
					return found
				}
			}
		case *ast.Field:
			if sel.Name == "__typename" {
				if given["__typename"] == nil {
					return "__typename is missing"
				}
				continue
			}
			have, there := given[sel.Name]
			if !there {
				return sel.Name + " is missing"
			}
			want, abstract := o.Fields[sel.Name], false
			if def := x.fieldOf(o, sel.Name); def != nil {
				want = withArguments(want, def, x.fieldSetArguments(sel, def))
				abstract = x.schema.Types[def.Type.Name()].IsAbstractType()
			}
			if found := x.valueDiffers(sel, want, have, abstract); found != "" {
				return sel.Name + found
			}
		}
	}
	return ""
}

// fieldSetArguments are the arguments of a field in a field set, which is never validated.
func (x *server) fieldSetArguments(sel *ast.Field, def *ast.FieldDefinition) map[string]any {
	args := map[string]any{}
	for _, d := range def.Arguments {
		value := d.DefaultValue
		if a := sel.Arguments.ForName(d.Name); a != nil {
			value = a.Value
		}
		if value == nil {
			continue
		}
		if v, err := value.Value(nil); err == nil {
			args[d.Name] = x.completed(d.Type, v)
		}
	}
	return args
}

// valueDiffers compares what a field of the data is with what a representation says. Of objects of an abstract type that says
// which of its types they have.
func (x *server) valueDiffers(sel *ast.Field, want, have any, abstract bool) string {
	switch want := want.(type) {
	case []any:
		list, ok := have.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Sprintf(" is %v, a list of %d was expected", have, len(want))
		}
		for i := range want {
			if found := x.valueDiffers(sel, want[i], list[i], abstract); found != "" {
				return fmt.Sprintf("[%d]%s", i, found)
			}
		}
		return ""
	case *Object:
		o, ok := have.(map[string]any)
		if !ok {
			return fmt.Sprintf(" is %v, an object was expected", have)
		}
		if name, _ := o["__typename"].(string); abstract && (name == "" || !x.isA(want, name)) {
			return fmt.Sprintf(".__typename is %q, %s was expected", name, want.Type)
		}
		if found := x.differs(sel.SelectionSet, want, o); found != "" {
			return "." + found
		}
		return ""
	}
	if !reflect.DeepEqual(want, have) {
		return fmt.Sprintf(" is %v, %v was expected", have, want)
	}
	return ""
}

// isA reports whether an object is of a type, be it only through an interface that this subgraph does not know it by.
func (x *server) isA(o *Object, typ string) bool {
	if o.Type == "" || o.Type == typ || slices.Contains(x.implements[o.Type], typ) {
		return true
	}
	def := x.schema.Types[typ]
	return def != nil && def.Kind == ast.Union && slices.Contains(def.Types, o.Type)
}

// fieldOf is the definition of a field of an object as far as the subgraph knows it.
func (x *server) fieldOf(o *Object, field string) *ast.FieldDefinition {
	for _, name := range append([]string{o.Type}, x.implements[o.Type]...) {
		if def := x.schema.Types[name]; def != nil && def.Fields.ForName(field) != nil {
			return def.Fields.ForName(field)
		}
	}
	return nil
}
