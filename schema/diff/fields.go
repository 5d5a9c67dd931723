package diff

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

func fieldName(f *ast.FieldDefinition) string       { return f.Name }
func argumentName(a *ast.ArgumentDefinition) string { return a.Name }

func (c *comparison) fields(before, after *ast.Definition) {
	was, is := index(before.Fields, fieldName), index(after.Fields, fieldName)
	for _, name := range names(was, is) {
		if strings.HasPrefix(name, "__") {
			continue
		}
		coordinate := before.Name + "." + name
		old, now := was[name], is[name]
		switch {
		case now == nil:
			c.add(FieldRemoved, Breaking, coordinate, "field %s was removed%s", coordinate, whenDeprecated(old.Directives))
		case old == nil:
			c.add(FieldAdded, Safe, coordinate, "field %s was added", coordinate)
		default:
			c.fieldType(coordinate, old.Type, now.Type)
			c.arguments(coordinate, old.Arguments, now.Arguments)
			c.described(coordinate, old.Description, now.Description)
			c.deprecated(coordinate, old.Directives, now.Directives)
		}
	}
}

// whenDeprecated tells a removal that was announced from one that was not. Both break who still asks.
func whenDeprecated(directives ast.DirectiveList) string {
	if directives.ForName("deprecated") != nil {
		return "; it was deprecated"
	}
	return ""
}

func (c *comparison) fieldType(coordinate string, before, after *ast.Type) {
	switch {
	case before.String() == after.String():
	case answersFit(before, after):
		c.add(FieldTypeChanged, Safe, coordinate, "field %s changed from %s to %s", coordinate, before, after)
	case before.Name() == after.Name() && depth(before) == depth(after):
		c.add(FieldTypeChanged, Breaking, coordinate, "field %s changed from %s to %s; clients may receive null where they could not",
			coordinate, before, after)
	default:
		c.add(FieldTypeChanged, Breaking, coordinate, "field %s changed from %s to %s", coordinate, before, after)
	}
}

// arguments compares the arguments of a field ("Type.field") or of a directive ("@directive").
func (c *comparison) arguments(owner string, before, after ast.ArgumentDefinitionList) {
	was, is := index(before, argumentName), index(after, argumentName)
	for _, name := range names(was, is) {
		coordinate := fmt.Sprintf("%s(%s:)", owner, name)
		old, now := was[name], is[name]
		switch {
		case now == nil:
			c.add(ArgumentRemoved, Breaking, coordinate, "argument %s was removed", coordinate)
		case old == nil && required(now.Type, now.DefaultValue):
			c.add(ArgumentAdded, Breaking, coordinate, "required argument %s: %s was added", coordinate, now.Type)
		case old == nil:
			c.add(ArgumentAdded, Safe, coordinate, "optional argument %s: %s was added", coordinate, now.Type)
		default:
			c.input(inputKinds{ArgumentTypeChanged, ArgumentDefaultChanged}, "argument", coordinate,
				input{old.Type, old.DefaultValue}, input{now.Type, now.DefaultValue})
			c.described(coordinate, old.Description, now.Description)
			c.deprecated(coordinate, old.Directives, now.Directives)
		}
	}
}

func (c *comparison) inputFields(before, after *ast.Definition) {
	was, is := index(before.Fields, fieldName), index(after.Fields, fieldName)
	for _, name := range names(was, is) {
		coordinate := before.Name + "." + name
		old, now := was[name], is[name]
		switch {
		case now == nil:
			c.add(InputFieldRemoved, Breaking, coordinate, "input field %s was removed%s", coordinate, whenDeprecated(old.Directives))
		case old == nil && required(now.Type, now.DefaultValue):
			c.add(InputFieldAdded, Breaking, coordinate, "required input field %s: %s was added", coordinate, now.Type)
		case old == nil:
			c.add(InputFieldAdded, Safe, coordinate, "optional input field %s: %s was added", coordinate, now.Type)
		default:
			c.input(inputKinds{InputFieldTypeChanged, InputFieldDefaultChanged}, "input field", coordinate,
				input{old.Type, old.DefaultValue}, input{now.Type, now.DefaultValue})
			c.described(coordinate, old.Description, now.Description)
			c.deprecated(coordinate, old.Directives, now.Directives)
		}
	}
}

func (c *comparison) oneOf(before, after *ast.Definition) {
	was, is := before.Directives.ForName("oneOf") != nil, after.Directives.ForName("oneOf") != nil
	switch {
	case is && !was:
		c.add(OneOfChanged, Breaking, before.Name, "input %s became @oneOf: it takes exactly one of its fields", before.Name)
	case was && !is:
		c.add(OneOfChanged, Safe, before.Name, "input %s is no longer @oneOf: it takes any of its fields", before.Name)
	}
}

// inputKinds are the kinds that changes of an argument or an input field are reported as.
type inputKinds struct{ typ, defaultValue Kind }

// input is what a client may send in one place.
type input struct {
	typ          *ast.Type
	defaultValue *ast.Value
}

func (c *comparison) input(kinds inputKinds, what, coordinate string, before, after input) {
	if before.typ.String() != after.typ.String() {
		level := Breaking
		if inputsFit(before.typ, after.typ) {
			level = Safe
		}
		c.add(kinds.typ, level, coordinate, "%s %s changed from %s to %s", what, coordinate, before.typ, after.typ)
	}
	was, is := before.defaultValue.String(), after.defaultValue.String()
	switch {
	case was == is:
	case before.defaultValue == nil:
		c.add(kinds.defaultValue, Dangerous, coordinate, "%s %s got the default %s", what, coordinate, is)
	case after.defaultValue == nil && after.typ.NonNull:
		c.add(kinds.defaultValue, Breaking, coordinate, "%s %s lost its default %s and is required now", what, coordinate, was)
	case after.defaultValue == nil:
		c.add(kinds.defaultValue, Dangerous, coordinate, "%s %s lost its default %s", what, coordinate, was)
	default:
		c.add(kinds.defaultValue, Dangerous, coordinate, "the default of %s %s changed from %s to %s", what, coordinate, was, is)
	}
}

func required(t *ast.Type, defaultValue *ast.Value) bool { return t.NonNull && defaultValue == nil }

// answersFit says whether every answer of the type after is one of the type before.
func answersFit(before, after *ast.Type) bool {
	if before.NonNull && !after.NonNull {
		return false
	}
	if before.Elem != nil || after.Elem != nil {
		return before.Elem != nil && after.Elem != nil && answersFit(before.Elem, after.Elem)
	}
	return before.NamedType == after.NamedType
}

// inputsFit says whether everything a client may send for the type before, as a literal or in a variable,
// it may send for the type after. A single value for a list is no such case: a variable of the single type
// is refused there (specification, 5.8.5).
func inputsFit(before, after *ast.Type) bool { return answersFit(after, before) }

func depth(t *ast.Type) int {
	n := 0
	for ; t.Elem != nil; t = t.Elem {
		n++
	}
	return n
}
