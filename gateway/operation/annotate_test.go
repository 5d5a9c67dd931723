package operation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"golang.org/x/tools/txtar"
)

// annotations prints what validation writes into a document.
type annotations struct {
	strings.Builder
}

func (a *annotations) document(doc *ast.QueryDocument) {
	for _, op := range doc.Operations {
		for _, v := range op.VariableDefinitions {
			fmt.Fprintf(a, "$%s of %s used %v\n", v.Variable, nameOf(v.Definition), v.Used)
			if v.DefaultValue != nil {
				a.value(v.DefaultValue)
			}
			a.directives(v.Directives)
		}
		a.directives(op.Directives)
		a.selections(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		fmt.Fprintf(a, "fragment %s on %s\n", f.Name, nameOf(f.Definition))
		a.directives(f.Directives)
		a.selections(f.SelectionSet)
	}
}

func nameOf(def *ast.Definition) string {
	if def == nil {
		return "?"
	}
	return def.Name
}

func (a *annotations) selections(set ast.SelectionSet) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			fmt.Fprintf(a, "%s.%s ", nameOf(sel.ObjectDefinition), sel.Name)
			if sel.Name != "__typename" { // String! by the specification, String by gqlparser
				fmt.Fprintf(a, "%p\n", sel.Definition)
			}
			for _, arg := range sel.Arguments {
				a.value(arg.Value)
			}
			a.directives(sel.Directives)
			a.selections(sel.SelectionSet)
		case *ast.InlineFragment:
			fmt.Fprintf(a, "... on %s in %s\n", sel.TypeCondition, nameOf(sel.ObjectDefinition))
			a.directives(sel.Directives)
			a.selections(sel.SelectionSet)
		case *ast.FragmentSpread:
			fmt.Fprintf(a, "...%s in %s\n", sel.Definition.Name, nameOf(sel.ObjectDefinition))
			a.directives(sel.Directives)
		}
	}
}

func (a *annotations) directives(list ast.DirectiveList) {
	for _, dir := range list {
		fmt.Fprintf(a, "@%s %p on %s in %s\n", dir.Name, dir.Definition, dir.Location, nameOf(dir.ParentDefinition))
		for _, arg := range dir.Arguments {
			a.value(arg.Value)
		}
	}
}

func (a *annotations) value(v *ast.Value) {
	fmt.Fprintf(a, "%s: ", v)
	if v.ExpectedType != nil {
		fmt.Fprintf(a, "%s default %v", v.ExpectedType, v.ExpectedTypeHasDefault)
	}
	if v.VariableDefinition != nil {
		fmt.Fprintf(a, " $%s", v.VariableDefinition.Variable)
	}
	fmt.Fprintf(a, " of %s\n", nameOf(v.Definition))
	for _, child := range v.Children {
		a.value(child.Value)
	}
}

// TestAnnotations holds that validation leaves valid documents as gqlparser's validator does, since others read them.
func TestAnnotations(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/validate.txtar")
	if err != nil {
		t.Fatal(err)
	}
	schema := testSchema(t)
	ours := NewValidator(schema, ValidatorOptions{Introspection: true})
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "ok-") {
			continue
		}
		var printed [2]annotations
		for i := range printed {
			doc, errs := Parse(string(f.Data), DefaultLimits())
			if errs != nil {
				t.Fatal(errs)
			}
			if i == 0 {
				errs = ours.Validate(doc)
			} else {
				errs = validator.ValidateWithRules(schema, doc, rules.NewDefaultRules())
			}
			if errs != nil && i == 0 {
				t.Fatal(errs)
			}
			printed[i].document(doc)
		}
		if got, want := printed[0].String(), printed[1].String(); got != want {
			t.Errorf("%s\n got\n%s\nwant\n%s", f.Data, got, want)
		}
	}
}
