package merge

import (
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// sameValue reports whether two literals stand for the same value, whatever the order of an object's fields and
// the way numbers and strings are written.
func sameValue(a, b *ast.Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	if kindOf(a) != kindOf(b) {
		return sameNumber(a, b)
	}
	switch a.Kind {
	case ast.ListValue:
		if len(a.Children) != len(b.Children) {
			return false
		}
		for i := range a.Children {
			if !sameValue(a.Children[i].Value, b.Children[i].Value) {
				return false
			}
		}
		return true
	case ast.ObjectValue:
		if len(a.Children) != len(b.Children) {
			return false
		}
		for _, c := range a.Children {
			if !sameValue(c.Value, b.Children.ForName(c.Name)) {
				return false
			}
		}
		return true
	case ast.IntValue, ast.FloatValue:
		return sameNumber(a, b)
	}
	return a.Raw == b.Raw
}

func kindOf(v *ast.Value) ast.ValueKind {
	if v.Kind == ast.BlockValue {
		return ast.StringValue
	}
	return v.Kind
}

func sameNumber(a, b *ast.Value) bool {
	number := func(v *ast.Value) bool { return v.Kind == ast.IntValue || v.Kind == ast.FloatValue }
	if !number(a) || !number(b) {
		return false
	}
	if a.Raw == b.Raw {
		return true
	}
	x, errX := strconv.ParseFloat(a.Raw, 64)
	y, errY := strconv.ParseFloat(b.Raw, 64)
	return errX == nil && errY == nil && x == y
}
