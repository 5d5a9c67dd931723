package lookup

import (
	"fmt"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// Short and long lists answer the same: the first element of a name, and the first that repeats one.
func TestTable(t *testing.T) {
	for _, n := range []int{0, 1, short, short + 1, 100} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			var list ast.FieldList
			for i := range n {
				list = append(list, &ast.FieldDefinition{Name: fmt.Sprintf("f%d", i)})
			}
			table := Fields(list)
			if f, found := table.Repeated(); found {
				t.Errorf("%q repeats none", f.Name)
			}
			for _, f := range list {
				if table.Find(f.Name) != f {
					t.Errorf("%q is not found", f.Name)
				}
			}
			if table.Find("none") != nil || table.Has("none") {
				t.Error("what is not in the list is found")
			}
			if n == 0 {
				return
			}
			again := &ast.FieldDefinition{Name: "f0"}
			table = Fields(append(list[:n:n], again, again))
			if f, found := table.Repeated(); !found || f != again {
				t.Errorf("repeated: %v", f)
			}
			if table.Find("f0") != list[0] {
				t.Error("not the first of a name is found")
			}
		})
	}
}
