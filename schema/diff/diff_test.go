package diff

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/internal/golden"
)

func load(t interface{ Fatal(...any) }, name, sdl string) *ast.Schema {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: name, Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func print(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s %s %s: %s\n", c.Level, c.Kind, c.Coordinate, c.Message)
	}
	return b.String()
}

func TestSchemas(t *testing.T) {
	golden.Each(t, "testdata/*.txtar", func(t *testing.T, f *golden.File) {
		before := load(t, "before.graphql", f.Text("before.graphql"))
		after := load(t, "after.graphql", f.Text("after.graphql"))
		for range 5 { // map iteration must not show
			f.Hold(t, golden.Answer{Name: "changes.txt", Text: print(Schemas(before, after))})
		}
		if same := Schemas(after, after); len(same) != 0 {
			t.Errorf("a schema differs from itself: %s", print(same))
		}
	})
}

func TestNothingToCompare(t *testing.T) {
	if changes := Schemas(nil, nil); len(changes) != 0 {
		t.Errorf("two nil schemas: %s", print(changes))
	}
	schema := load(t, "schema", "type Query { a: Int }")
	if changes := Schemas(nil, schema); Worst(changes) != Safe || len(changes) != 2 {
		t.Errorf("from nothing: %s", print(changes))
	}
	if changes := Schemas(schema, nil); Worst(changes) != Breaking || len(changes) != 2 {
		t.Errorf("to nothing: %s", print(changes))
	}
}

// Types that fit, against the definition: a value that the one admits, the other admits.
func TestAnswersFit(t *testing.T) {
	var typ func(depth int) *rapid.Generator[*ast.Type]
	typ = func(depth int) *rapid.Generator[*ast.Type] {
		return rapid.Custom(func(t *rapid.T) *ast.Type {
			out := &ast.Type{NonNull: rapid.Bool().Draw(t, "nonNull")}
			if depth > 0 && rapid.Bool().Draw(t, "list") {
				out.Elem = typ(depth-1).Draw(t, "element")
			} else {
				out.NamedType = rapid.SampledFrom([]string{"A", "B"}).Draw(t, "name")
			}
			return out
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		before, after := typ(3).Draw(t, "before"), typ(3).Draw(t, "after")
		want := true
		for _, v := range values(after) {
			if !admits(before, v) {
				want = false
			}
		}
		if got := answersFit(before, after); got != want {
			t.Errorf("answersFit(%s, %s) = %v", before, after, got)
		}
	})
}

// values are enough values of a type to tell it from others: nil for null, a string for a named type's.
func values(t *ast.Type) []any {
	var all []any
	if !t.NonNull {
		all = append(all, nil)
	}
	if t.Elem == nil {
		return append(all, t.NamedType)
	}
	for _, v := range values(t.Elem) {
		all = append(all, []any{v})
	}
	return all
}

func admits(t *ast.Type, value any) bool {
	switch v := value.(type) {
	case nil:
		return !t.NonNull
	case []any:
		return t.Elem != nil && admits(t.Elem, v[0])
	default:
		return t.NamedType == v
	}
}
