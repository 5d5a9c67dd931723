package introspection

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// writer writes the answer. After an error it writes nothing more.
type writer struct {
	ctx     context.Context
	model   *model
	out     []byte
	written int // types, to look at the context now and then
	err     error
}

func (w *writer) raw(text string) {
	if w.err == nil {
		w.out = append(w.out, text...)
	}
}

// object writes the selected fields of an object; each writes one field's value.
func (w *writer) object(typename string, sel selection, each func(f *field)) {
	if w.err == nil && len(w.out) > MaxBytes {
		w.err = ErrTooLarge
	}
	if w.err != nil {
		return
	}
	w.out = append(w.out, '{')
	for i := range sel {
		f := &sel[i]
		if i > 0 {
			w.raw(",")
		}
		if w.err != nil {
			return
		}
		w.out = append(w.out, f.key...)
		if f.name == "__typename" {
			w.text(typename)
			continue
		}
		each(f)
	}
	w.raw("}")
}

// list writes n elements.
func list[T any](w *writer, items []T, each func(item T)) {
	w.raw("[")
	for i, item := range items {
		if i > 0 {
			w.raw(",")
		}
		each(item)
		if w.err != nil {
			return
		}
	}
	w.raw("]")
}

func (w *writer) null() { w.raw("null") }

func (w *writer) text(s string) {
	if w.err != nil {
		return
	}
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x7F {
			w.escaped(s)
			return
		}
	}
	w.out = append(w.out, '"')
	w.out = append(w.out, s...)
	w.out = append(w.out, '"')
}

func (w *writer) escaped(s string) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		w.err = err
		return
	}
	w.raw(strings.TrimSuffix(b.String(), "\n"))
}

// optional writes a string that is null when it is empty: gqlparser does not tell "" from none.
func (w *writer) optional(s string) {
	if s == "" {
		w.null()
		return
	}
	w.text(s)
}

func (w *writer) boolean(b bool) {
	if b {
		w.raw("true")
	} else {
		w.raw("false")
	}
}

func (w *writer) query(sel selection) {
	w.object(w.model.queryName, sel, func(f *field) {
		if f.name == "__schema" {
			w.schema(f.sub)
		} else {
			w.definition(w.model.byName[f.typeName], f.sub)
		}
	})
}

func (w *writer) schema(sel selection) {
	schema := w.model.schema
	w.object("__Schema", sel, func(f *field) {
		switch f.name {
		case "description":
			w.optional(schema.Description)
		case "types":
			list(w, w.model.types, func(def *ast.Definition) { w.definition(def, f.sub) })
		case "queryType":
			w.definition(schema.Query, f.sub)
		case "mutationType":
			w.definition(schema.Mutation, f.sub)
		case "subscriptionType":
			w.definition(schema.Subscription, f.sub)
		case "directives":
			list(w, w.model.directives, func(def *ast.DirectiveDefinition) { w.directive(def, f.sub) })
		}
	})
}

// reference writes a type with its wrappers.
func (w *writer) reference(t *ast.Type, sel selection) {
	if !t.NonNull && t.Elem == nil {
		w.definition(w.model.byName[t.NamedType], sel)
		return
	}
	kind, inner := "LIST", t.Elem
	if t.NonNull {
		nullable := *t
		nullable.NonNull = false
		kind, inner = "NON_NULL", &nullable
	}
	w.object("__Type", sel, func(f *field) {
		switch f.name {
		case "kind":
			w.text(kind)
		case "ofType":
			w.reference(inner, f.sub)
		default:
			w.null()
		}
	})
}

// definition writes a named type, null for none.
func (w *writer) definition(def *ast.Definition, sel selection) {
	if def == nil {
		w.null()
		return
	}
	if w.written++; w.written%1024 == 0 && w.err == nil {
		w.err = w.ctx.Err()
	}
	w.object("__Type", sel, func(f *field) {
		switch f.name {
		case "kind":
			w.text(string(def.Kind))
		case "name":
			w.text(def.Name)
		case "description":
			w.optional(def.Description)
		case "specifiedByURL":
			w.optional(argument(def.Directives, "specifiedBy", "url"))
		case "isOneOf":
			if def.Kind != ast.InputObject {
				w.null()
				break
			}
			w.boolean(def.Directives.ForName("oneOf") != nil)
		default:
			w.members(def, f)
		}
	})
}

// members writes the lists of a named type; each kind of type has some of them and null for the others.
func (w *writer) members(def *ast.Definition, f *field) {
	fields := def.Kind == ast.Object || def.Kind == ast.Interface
	switch {
	case f.name == "fields" && fields:
		list(w, visibleFields(def.Fields, f.deprecated), func(d *ast.FieldDefinition) { w.field(d, f.sub) })
	case f.name == "interfaces" && fields:
		list(w, def.Interfaces, func(name string) { w.definition(w.model.byName[name], f.sub) })
	case f.name == "possibleTypes" && def.IsAbstractType():
		list(w, w.model.possible[def.Name], func(d *ast.Definition) { w.definition(d, f.sub) })
	case f.name == "enumValues" && def.Kind == ast.Enum:
		list(w, visibleValues(def.EnumValues, f.deprecated), func(d *ast.EnumValueDefinition) { w.enumValue(d, f.sub) })
	case f.name == "inputFields" && def.Kind == ast.InputObject:
		list(w, visibleFields(def.Fields, f.deprecated), func(d *ast.FieldDefinition) {
			w.inputValue(inputValue{d.Name, d.Description, d.Type, d.DefaultValue, d.Directives}, f.sub)
		})
	default:
		w.null()
	}
}

func (w *writer) field(def *ast.FieldDefinition, sel selection) {
	w.object("__Field", sel, func(f *field) {
		switch f.name {
		case "name":
			w.text(def.Name)
		case "description":
			w.optional(def.Description)
		case "args":
			w.arguments(def.Arguments, f)
		case "type":
			w.reference(def.Type, f.sub)
		default:
			w.deprecation(def.Directives, f)
		}
	})
}

// inputValue is what arguments and input fields have in common.
type inputValue struct {
	name         string
	description  string
	typ          *ast.Type
	defaultValue *ast.Value
	directives   ast.DirectiveList
}

func (w *writer) arguments(defs ast.ArgumentDefinitionList, f *field) {
	list(w, visibleArguments(defs, f.deprecated), func(d *ast.ArgumentDefinition) {
		w.inputValue(inputValue{d.Name, d.Description, d.Type, d.DefaultValue, d.Directives}, f.sub)
	})
}

func (w *writer) inputValue(v inputValue, sel selection) {
	w.object("__InputValue", sel, func(f *field) {
		switch f.name {
		case "name":
			w.text(v.name)
		case "description":
			w.optional(v.description)
		case "type":
			w.reference(v.typ, f.sub)
		case "defaultValue":
			if v.defaultValue == nil {
				w.null()
				break
			}
			w.text(printValue(v.defaultValue))
		default:
			w.deprecation(v.directives, f)
		}
	})
}

func (w *writer) enumValue(def *ast.EnumValueDefinition, sel selection) {
	w.object("__EnumValue", sel, func(f *field) {
		switch f.name {
		case "name":
			w.text(def.Name)
		case "description":
			w.optional(def.Description)
		default:
			w.deprecation(def.Directives, f)
		}
	})
}

func (w *writer) directive(def *ast.DirectiveDefinition, sel selection) {
	w.object("__Directive", sel, func(f *field) {
		switch f.name {
		case "name":
			w.text(def.Name)
		case "description":
			w.optional(def.Description)
		case "isRepeatable":
			w.boolean(def.IsRepeatable)
		case "locations":
			list(w, def.Locations, func(l ast.DirectiveLocation) { w.text(string(l)) })
		case "args":
			w.arguments(def.Arguments, f)
		}
	})
}

// deprecation writes isDeprecated and deprecationReason.
func (w *writer) deprecation(directives ast.DirectiveList, f *field) {
	deprecated := isDeprecated(directives)
	switch f.name {
	case "isDeprecated":
		w.boolean(deprecated)
	case "deprecationReason":
		if !deprecated {
			w.null()
			break
		}
		reason := argument(directives, "deprecated", "reason")
		if reason == "" {
			reason = "No longer supported"
		}
		w.text(reason)
	}
}
