package merge

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// typed is what one member says the type of an element is.
type typed struct {
	member   *member
	typ      *ast.Type
	position *ast.Position
}

// mergeType finds the type that an element has in the supergraph. For what is read (fields) that is the widest of
// the members' types, as any of them may answer; for what is written (arguments, input fields) the narrowest, as
// all of them must accept it. It answers whether all members have the same type.
func (m *merger) mergeType(to **ast.Type, what, coordinate string, written bool, sources []typed, mismatch, hint diagnostic.Code) bool {
	chosen := sources[0]
	*to = chosen.typ
	if !slices.ContainsFunc(sources[1:], func(s typed) bool { return !sameType(s.typ, chosen.typ) }) {
		return true
	}
	var v variants
	var at []diagnostic.Location
	fits := true
	for _, s := range sources {
		v.add(fmt.Sprintf("%q", s.typ.String()), s.member)
		at = append(at, s.member.At(s.position))
		switch {
		case sameType(s.typ, chosen.typ):
		case m.subtype(s.typ, chosen.typ):
			if written {
				chosen = s
			}
		case m.subtype(chosen.typ, s.typ):
			if !written {
				chosen = s
			}
		default:
			fits = false
		}
	}
	*to = chosen.typ
	if !fits {
		m.fail(mismatch, coordinate, at, "the %s %q has types that do not fit together: %s; make them the same, or such that one includes the other", what, coordinate, v.String())
		return false
	}
	m.hint(hint, coordinate, at, "the %s %q has types that differ but fit together: %s; the supergraph uses %q", what, coordinate, v.String(), chosen.typ.String())
	return false
}

// sameType reports whether two types are written the same.
func sameType(a, b *ast.Type) bool {
	for a.Elem != nil && b.Elem != nil && a.NonNull == b.NonNull {
		a, b = a.Elem, b.Elem
	}
	return a.Elem == nil && b.Elem == nil && a.NonNull == b.NonNull && a.NamedType == b.NamedType
}

// subtype reports whether every value of type a is one of type b: a is not null where b may be, or one of b's
// possible types, at any depth of lists.
func (m *merger) subtype(a, b *ast.Type) bool {
	for {
		if b.NonNull && !a.NonNull {
			return false
		}
		if (a.Elem == nil) != (b.Elem == nil) {
			return false
		}
		if a.Elem == nil {
			break
		}
		a, b = a.Elem, b.Elem
	}
	return a.NamedType == b.NamedType || m.isPossible(a.NamedType, b.NamedType)
}

// isPossible reports whether the type called name is one of those that the supergraph's type called abstract
// stands for.
func (m *merger) isPossible(name, abstract string) bool {
	d, a := m.types[name], m.types[abstract]
	if d == nil || a == nil {
		return false
	}
	switch a.Kind {
	case ast.Union:
		return slices.Contains(a.Types, name)
	case ast.Interface:
		return slices.Contains(d.Interfaces, abstract)
	}
	return false
}

// mergeImplements says which interfaces a type implements, and where.
func (m *merger) mergeImplements(d *ast.Definition, sources typeSources) {
	for _, t := range sources {
		for _, name := range t.Interfaces {
			if !slices.Contains(d.Interfaces, name) {
				d.Interfaces = append(d.Interfaces, name)
				if d.Kind == ast.Object {
					m.implementing[name] = append(m.implementing[name], d)
				}
			}
			d.Directives = append(d.Directives, join("implements", t.member, text("interface", name)))
		}
	}
}
