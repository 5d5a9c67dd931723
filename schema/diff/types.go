package diff

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

func (c *comparison) types() {
	for _, name := range names(c.before.Types, c.after.Types) {
		before, after := c.before.Types[name], c.after.Types[name]
		if builtIn(before) || builtIn(after) {
			continue
		}
		switch {
		case before == nil:
			c.typeAdded(after)
		case after == nil:
			c.add(TypeRemoved, Breaking, name, "%s %s was removed", kind(before), name)
		case before.Kind != after.Kind:
			c.add(TypeKindChanged, Breaking, name, "%s changed from %s to %s", name, kind(before), kind(after))
		default:
			c.oneType(before, after)
		}
	}
}

func (c *comparison) oneType(before, after *ast.Definition) {
	c.described(before.Name, before.Description, after.Description)
	switch before.Kind {
	case ast.Object, ast.Interface:
		c.fields(before, after)
		c.interfaces(before, after)
	case ast.InputObject:
		c.inputFields(before, after)
		c.oneOf(before, after)
	case ast.Enum:
		c.enumValues(before, after)
	case ast.Union:
		c.unionMembers(before, after)
	case ast.Scalar:
		c.specifiedBy(before, after)
	}
}

// typeAdded is safe by itself; a type that implements an interface clients know already is one more thing
// that fields of that interface may answer with.
func (c *comparison) typeAdded(def *ast.Definition) {
	var known []string
	if def.Kind == ast.Object {
		for _, name := range def.Interfaces {
			if c.before.Types[name] != nil && c.answered[name] {
				known = append(known, name)
			}
		}
	}
	if len(known) > 0 {
		c.add(TypeAdded, Dangerous, def.Name, "type %s was added; fields of type %s may answer with it", def.Name, strings.Join(known, ", "))
		return
	}
	c.add(TypeAdded, Safe, def.Name, "%s %s was added", kind(def), def.Name)
}

func (c *comparison) interfaces(before, after *ast.Definition) {
	was, is := index(before.Interfaces, self), index(after.Interfaces, self)
	for _, name := range names(was, is) {
		_, had := was[name]
		_, has := is[name]
		switch {
		case had && !has:
			c.add(InterfaceRemoved, Breaking, before.Name, "%s no longer implements %s", before.Name, name)
		case has && !had:
			c.add(InterfaceAdded, Dangerous, before.Name, "%s now implements %s; fragments on %s apply to it", before.Name, name, name)
		}
	}
}

func (c *comparison) unionMembers(before, after *ast.Definition) {
	was, is := index(before.Types, self), index(after.Types, self)
	for _, name := range names(was, is) {
		_, had := was[name]
		_, has := is[name]
		switch {
		case had && !has:
			c.add(UnionMemberRemoved, Breaking, before.Name, "%s is no longer a member of union %s", name, before.Name)
		case has && !had:
			c.add(UnionMemberAdded, Dangerous, before.Name, "%s is a new member of union %s", name, before.Name)
		}
	}
}

func (c *comparison) enumValues(before, after *ast.Definition) {
	byName := func(v *ast.EnumValueDefinition) string { return v.Name }
	was, is := index(before.EnumValues, byName), index(after.EnumValues, byName)
	for _, name := range names(was, is) {
		coordinate := before.Name + "." + name
		old, now := was[name], is[name]
		switch {
		case now == nil:
			c.add(EnumValueRemoved, Breaking, coordinate, "value %s was removed from enum %s", name, before.Name)
		case old == nil && c.answered[before.Name]:
			c.add(EnumValueAdded, Dangerous, coordinate, "value %s was added to enum %s; clients may receive it", name, before.Name)
		case old == nil:
			c.add(EnumValueAdded, Safe, coordinate, "value %s was added to enum %s, which clients only send", name, before.Name)
		default:
			c.described(coordinate, old.Description, now.Description)
			c.deprecated(coordinate, old.Directives, now.Directives)
		}
	}
}

func (c *comparison) specifiedBy(before, after *ast.Definition) {
	was, is := specification(before), specification(after)
	if was != is {
		c.add(SpecifiedByChanged, Safe, before.Name, "the specification of scalar %s changed from %s to %s", before.Name, orNone(was), orNone(is))
	}
}

func specification(def *ast.Definition) string {
	if d := def.Directives.ForName("specifiedBy"); d != nil {
		if a := d.Arguments.ForName("url"); a != nil && a.Value != nil {
			return a.Value.Raw
		}
	}
	return ""
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func builtIn(def *ast.Definition) bool {
	if def == nil {
		return false
	}
	switch def.Name {
	case "Int", "Float", "String", "Boolean", "ID":
		return true
	}
	return def.BuiltIn || strings.HasPrefix(def.Name, "__")
}

func kind(def *ast.Definition) string {
	switch def.Kind {
	case ast.Object:
		return "type"
	case ast.InputObject:
		return "input"
	default:
		return strings.ToLower(string(def.Kind))
	}
}
