package diff

import (
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Any two schemas can be compared; a schema does not differ from itself; and a change one way is a change
// the other way.
func FuzzSchemas(f *testing.F) {
	f.Add("type Query { a: Int }", "type Query { a(b: [E!]! = [X]): Int! @deprecated } enum E { X }")
	f.Add("type Query { a: U } union U = A type A { b: Int }", "type Query { a: U } interface U { b: Int }")
	f.Add("input I @oneOf { a: Int } type Query { a(i: I): Int }", `input I { a: Int = 1 } type Query { a(i: I = {a: 2}): Int }`)
	f.Fuzz(func(t *testing.T, one, other string) {
		a, err := gqlparser.LoadSchema(&ast.Source{Input: one})
		if err != nil {
			return
		}
		b, err := gqlparser.LoadSchema(&ast.Source{Input: other})
		if err != nil {
			return
		}
		if same := Schemas(a, a); len(same) > 0 {
			t.Errorf("a schema differs from itself:\n%s", print(same))
		}
		there, back := Schemas(a, b), Schemas(b, a)
		if (len(there) == 0) != (len(back) == 0) {
			t.Errorf("one way:\n%s\nthe other way:\n%s", print(there), print(back))
		}
	})
}
