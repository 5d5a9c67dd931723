package introspection

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

func isDeprecated(directives ast.DirectiveList) bool { return directives.ForName("deprecated") != nil }

// visible leaves out what is hidden. Mostly nothing is, and the list is given as it is.
func visible[T any](all []T, hidden func(T) bool) []T {
	if !slices.ContainsFunc(all, hidden) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), hidden)
}

// visibleFields leaves out the meta fields too: gqlparser lists __schema and __type among the fields of the query root.
func visibleFields(all ast.FieldList, deprecated bool) []*ast.FieldDefinition {
	return visible(all, func(d *ast.FieldDefinition) bool {
		return strings.HasPrefix(d.Name, "__") || !deprecated && isDeprecated(d.Directives)
	})
}

func visibleArguments(all ast.ArgumentDefinitionList, deprecated bool) []*ast.ArgumentDefinition {
	return visible(all, func(d *ast.ArgumentDefinition) bool { return !deprecated && isDeprecated(d.Directives) })
}

func visibleValues(all ast.EnumValueList, deprecated bool) []*ast.EnumValueDefinition {
	return visible(all, func(d *ast.EnumValueDefinition) bool { return !deprecated && isDeprecated(d.Directives) })
}

// argument is a string argument of a directive, "" when there is none.
func argument(directives ast.DirectiveList, directive, name string) string {
	dir := directives.ForName(directive)
	if dir == nil {
		return ""
	}
	arg := dir.Arguments.ForName(name)
	if arg == nil || arg.Value == nil || (arg.Value.Kind != ast.StringValue && arg.Value.Kind != ast.BlockValue) {
		return ""
	}
	return arg.Value.Raw
}

// printValue writes a default value as GraphQL.
func printValue(v *ast.Value) string {
	var b strings.Builder
	appendValue(&b, v)
	return b.String()
}

func appendValue(b *strings.Builder, v *ast.Value) {
	switch v.Kind {
	case ast.ListValue:
		b.WriteString("[")
		for i, child := range v.Children {
			if i > 0 {
				b.WriteString(", ")
			}
			appendValue(b, child.Value)
		}
		b.WriteString("]")
	case ast.ObjectValue:
		b.WriteString("{")
		for i, child := range v.Children {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(child.Name + ": ")
			appendValue(b, child.Value)
		}
		b.WriteString("}")
	default:
		b.WriteString(v.String())
	}
}
