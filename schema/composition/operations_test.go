package composition

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/weft-gateway/weft/internal/oracle"
)

// holdPlans has the reference plan operations on our supergraph and on its own: it must plan them alike.
func holdPlans(t *testing.T, o *oracle.Oracle, got Result, reference string) {
	t.Helper()
	operations := someOperations(t, got.Supergraph.API, 3)
	ours, err := o.Plan(t, got.SDL, operations)
	if err != nil {
		t.Errorf("the reference cannot read the supergraph: %.2000s", err)
		return
	}
	theirs, err := o.Plan(t, reference, operations)
	if err != nil {
		t.Fatalf("the reference cannot read its own supergraph: %.2000s", err)
	}
	for i, our := range ours {
		their := theirs[i]
		switch {
		case their.Failure != "" && our.Failure != "":
		case our.Failure != their.Failure:
			t.Errorf("planned on our supergraph: %q, on the reference's: %q\n%s", our.Failure, their.Failure, operations[i])
		case our.Fetches != their.Fetches || our.Depth != their.Depth || !slices.Equal(our.Subgraphs, their.Subgraphs):
			t.Errorf("planned on our supergraph:\n%s\non the reference's:\n%s\n%s", our.Text, their.Text, operations[i])
		}
	}
}

// someOperations makes operations of an API schema: the same ones for the same schema.
func someOperations(t *testing.T, api *ast.Schema, n int) []string {
	t.Helper()
	roots := []*ast.Definition{api.Query, api.Query}
	for _, root := range []*ast.Definition{api.Mutation, api.Subscription} {
		if root != nil {
			roots = append(roots, root)
		}
	}
	var out []string
	for i := range n {
		w := &operationWriter{api: api, r: rand.New(rand.NewPCG(uint64(i), 4))}
		root := roots[w.r.IntN(len(roots))]
		kind := map[*ast.Definition]string{api.Mutation: "mutation", api.Subscription: "subscription", api.Query: "query"}[root]
		body := w.selection(root, 1)
		if root == api.Subscription {
			body = w.one(root)
		}
		text := kind + w.head() + body
		if _, err := gqlparser.LoadQueryWithRules(api, text, rules.NewDefaultRules()); err != nil {
			t.Fatalf("the operation is not valid: %v\n%s", err, text)
		}
		out = append(out, text)
	}
	return out
}

// operationWriter writes one operation. Every field has an alias of its own, so that none are in conflict.
type operationWriter struct {
	api       *ast.Schema
	r         *rand.Rand
	fields    int
	variables []string
}

func (w *operationWriter) head() string {
	if len(w.variables) == 0 {
		return ""
	}
	return "(" + strings.Join(w.variables, ", ") + ")"
}

// selection selects some of the fields of a type, and some of what its objects have.
func (w *operationWriter) selection(d *ast.Definition, depth int) string {
	parts := []string{"__typename"}
	for _, f := range d.Fields {
		if !strings.HasPrefix(f.Name, "__") && w.r.IntN(3) > 0 {
			parts = append(parts, w.field(f, depth))
		}
	}
	if d.IsAbstractType() {
		possible := slices.Clone(w.api.GetPossibleTypes(d))
		slices.SortFunc(possible, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
		for _, object := range possible {
			if w.r.IntN(2) > 0 {
				parts = append(parts, "... on "+object.Name+w.selection(object, depth+1))
			}
		}
	}
	return " { " + strings.Join(parts, " ") + " }"
}

// one selects one field: subscriptions have no more.
func (w *operationWriter) one(d *ast.Definition) string {
	fields := slices.DeleteFunc(slices.Clone(d.Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
	return " { " + w.field(fields[w.r.IntN(len(fields))], 1) + " }"
}

func (w *operationWriter) field(f *ast.FieldDefinition, depth int) string {
	w.fields++
	text := fmt.Sprintf("a%d: %s", w.fields, f.Name)
	var arguments []string
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil || w.r.IntN(2) == 0 {
			name := fmt.Sprintf("v%d", len(w.variables))
			w.variables = append(w.variables, fmt.Sprintf("$%s: %s", name, a.Type))
			arguments = append(arguments, a.Name+": $"+name)
		}
	}
	if len(arguments) > 0 {
		text += "(" + strings.Join(arguments, ", ") + ")"
	}
	d := w.api.Types[f.Type.Name()]
	switch {
	case !d.IsCompositeType():
		return text
	case depth >= maxOperationDepth:
		return text + " { __typename }"
	}
	return text + w.selection(d, depth+1)
}

const maxOperationDepth = 4
