// Package lookup finds the elements of a schema's lists by name, in lists of any length.
//
// The syntax tree's own ForName looks through a list from its beginning. That is best for the lists of ordinary schemas,
// and takes time that is quadratic in the length where many elements of a long list are looked up. A Table does the
// same for short lists, and makes a map for long ones.
package lookup

import "github.com/vektah/gqlparser/v2/ast"

// short is the length up to which looking through a list is as fast as a map.
const short = 24

// Table finds the elements of a list by name. The list must not be changed while the table is used. A Table may be
// copied; it is not safe for concurrent use until something was looked up in it.
type Table[T any] struct {
	list []T
	name func(T) string
	long map[string]int // the first element of a name; nil for short lists, and before anything was looked up
}

// Of makes a table of a list.
func Of[T any](list []T, name func(T) string) Table[T] { return Table[T]{list: list, name: name} }

// Fields makes a table of fields.
func Fields(list ast.FieldList) Table[*ast.FieldDefinition] {
	return Of(list, func(f *ast.FieldDefinition) string { return f.Name })
}

// Arguments makes a table of the arguments of a field or a directive.
func Arguments(list ast.ArgumentDefinitionList) Table[*ast.ArgumentDefinition] {
	return Of(list, func(a *ast.ArgumentDefinition) string { return a.Name })
}

// Values makes a table of the values of an enum.
func Values(list ast.EnumValueList) Table[*ast.EnumValueDefinition] {
	return Of(list, func(v *ast.EnumValueDefinition) string { return v.Name })
}

// Names makes a table of names.
func Names(list []string) Table[string] {
	return Of(list, func(name string) string { return name })
}

// Len is the length of the list.
func (t *Table[T]) Len() int { return len(t.list) }

// Find answers the first element that has the name, or the zero value.
func (t *Table[T]) Find(name string) T {
	if i := t.index(name); i >= 0 {
		return t.list[i]
	}
	var none T
	return none
}

// Has reports whether an element has the name.
func (t *Table[T]) Has(name string) bool { return t.index(name) >= 0 }

// Repeated finds the first element whose name an element before it has.
func (t *Table[T]) Repeated() (element T, found bool) {
	for i, e := range t.list {
		if t.index(t.name(e)) != i {
			return e, true
		}
	}
	return element, false
}

// index is the place of the first element that has the name, or -1.
func (t *Table[T]) index(name string) int {
	if len(t.list) <= short {
		for i := range t.list {
			if t.name(t.list[i]) == name {
				return i
			}
		}
		return -1
	}
	if t.long == nil {
		t.long = make(map[string]int, len(t.list))
		for i := range t.list {
			if n := t.name(t.list[i]); !t.known(n) {
				t.long[n] = i
			}
		}
	}
	if i, ok := t.long[name]; ok {
		return i
	}
	return -1
}

func (t *Table[T]) known(name string) bool {
	_, ok := t.long[name]
	return ok
}
