package merge

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Subgraphs may write one value in several ways: 1.0 and 1 as a Float, 7 and "7" as an ID. A supergraph has one, so
// that subgraphs that mean the same agree, whatever they are written in.

// spell is a member's literal as a supergraph has it where it stands for a value of the type. Literals that do not fit
// their type stay as they are.
func (s *member) spell(v *ast.Value, t *ast.Type) *ast.Value {
	switch {
	case v == nil || v.Kind == ast.NullValue || v.Kind == ast.Variable:
		return v
	case v.Kind == ast.ListValue && t.Elem != nil:
		return spellItems(v, func(*ast.ChildValue) *ast.Type { return t.Elem }, s.spell)
	case t.Elem != nil:
		return s.spell(v, t.Elem)
	}
	switch t.NamedType {
	case "Float", "Int":
		return spellNumber(v)
	case "ID":
		if (v.Kind == ast.StringValue || v.Kind == ast.BlockValue) && integer.MatchString(v.Raw) {
			return respelled(v, ast.IntValue, v.Raw)
		}
		return v
	case "String", "Boolean":
		return v
	}
	d := s.Type(t.NamedType)
	switch {
	case d == nil || d.Kind == ast.Scalar:
		return untyped(v)
	case d.Kind == ast.Enum && (v.Kind == ast.StringValue || v.Kind == ast.BlockValue) && d.Value(v.Raw) != nil:
		return respelled(v, ast.EnumValue, v.Raw)
	case d.Kind == ast.InputObject && v.Kind == ast.ObjectValue:
		return spellItems(v, func(c *ast.ChildValue) *ast.Type {
			if f := d.Field(c.Name); f != nil {
				return f.Type
			}
			return nil
		}, s.spell)
	}
	return v
}

// spellArguments is an application as a supergraph has it.
func (s *member) spellArguments(d *ast.Directive) *ast.Directive {
	definition := s.Directive(d.Name)
	if definition == nil || len(d.Arguments) == 0 {
		return d
	}
	own := *d
	own.Arguments = make(ast.ArgumentList, len(d.Arguments))
	for i, a := range d.Arguments {
		own.Arguments[i] = a
		if wanted := definition.Arguments.ForName(a.Name); wanted != nil {
			own.Arguments[i] = &ast.Argument{Name: a.Name, Value: s.spell(a.Value, wanted.Type), Position: a.Position}
		}
	}
	return &own
}

// untypedArguments is an application of a directive of which the arguments are custom scalars in a supergraph, whatever
// the member takes them for.
func untypedArguments(_ *member, d *ast.Directive) *ast.Directive {
	own := *d
	own.Arguments = make(ast.ArgumentList, len(d.Arguments))
	for i, a := range d.Arguments {
		own.Arguments[i] = &ast.Argument{Name: a.Name, Value: untyped(a.Value), Position: a.Position}
	}
	return &own
}

// untyped is a value as a custom scalar has it: names of enum values are strings there.
func untyped(v *ast.Value) *ast.Value {
	switch v.Kind {
	case ast.EnumValue:
		return respelled(v, ast.StringValue, v.Raw)
	case ast.IntValue, ast.FloatValue:
		if n := spellNumber(v); exactly(n.Raw, v.Raw) {
			return n
		}
	case ast.ListValue, ast.ObjectValue:
		return spellItems(v, func(*ast.ChildValue) *ast.Type { return anything }, func(v *ast.Value, _ *ast.Type) *ast.Value { return untyped(v) })
	}
	return v
}

// anything stands for the type of what is inside of a custom scalar's value.
var anything = &ast.Type{}

// spellItems spells the items of a list or the fields of an object, those of which the type is known.
func spellItems(v *ast.Value, typeOf func(*ast.ChildValue) *ast.Type, spell func(*ast.Value, *ast.Type) *ast.Value) *ast.Value {
	own := &ast.Value{Kind: v.Kind, Position: v.Position, Children: make(ast.ChildValueList, len(v.Children))}
	for i, c := range v.Children {
		own.Children[i] = c
		if t := typeOf(c); t != nil {
			own.Children[i] = &ast.ChildValue{Name: c.Name, Value: spell(c.Value, t), Position: c.Position}
		}
	}
	return own
}

func respelled(v *ast.Value, kind ast.ValueKind, raw string) *ast.Value {
	return &ast.Value{Kind: kind, Raw: raw, Position: v.Position}
}

var integer = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// spellNumber writes a number with as few digits as tell it from every other double, as JavaScript does: 1.50 is 1.5,
// 1e3 is 1000, 1E-7 is 1e-7. Numbers that no double holds stay as they are, and so do integers, which have one
// spelling but for -0.
func spellNumber(v *ast.Value) *ast.Value {
	switch {
	case v.Kind == ast.IntValue && v.Raw == "-0":
		return respelled(v, ast.IntValue, "0")
	case v.Kind != ast.FloatValue:
		return v
	}
	f, err := strconv.ParseFloat(v.Raw, 64)
	if err != nil {
		return v
	}
	size := f
	if size < 0 {
		size = -size
	}
	if size != 0 && (size < 1e-6 || size >= 1e21) {
		digits, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		return respelled(v, ast.FloatValue, digits+"e"+exponent[:1]+strings.TrimLeft(exponent[1:], "0"))
	}
	raw := strconv.FormatFloat(f, 'f', -1, 64)
	if size == 0 {
		raw = "0"
	}
	if integer.MatchString(raw) {
		return respelled(v, ast.IntValue, raw)
	}
	return respelled(v, ast.FloatValue, raw)
}

// exactly reports whether two literals stand for the same number, digit by digit. Those that are too long to compare
// are taken for different.
func exactly(a, b string) bool {
	const longest = 40
	if a == b {
		return true
	}
	if f, err := strconv.ParseFloat(b, 64); err != nil || len(b) > longest || f != 0 && (f > 1e40 || f < -1e40 || f < 1e-40 && f > -1e-40) {
		return false
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}

// spelledDefinition is a directive's definition with default values as a supergraph has them.
func (s *member) spelledDefinition(d *ast.DirectiveDefinition) *ast.DirectiveDefinition {
	own := *d
	own.Position = nil
	own.Arguments = make(ast.ArgumentDefinitionList, len(d.Arguments))
	for i, a := range d.Arguments {
		argument := *a
		argument.DefaultValue = s.spell(a.DefaultValue, a.Type)
		own.Arguments[i] = &argument
	}
	return &own
}

// spelled is the default value that a member gives an element of the type.
func spelled(s *member, v *ast.Value, t *ast.Type, at *ast.Position) defaulted {
	return defaulted{s, s.spell(v, t), at}
}
