package contract_test

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/contract"
	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/satisfiability"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// reporter is a test, of whatever kind.
type reporter interface {
	Helper()
	Errorf(string, ...any)
}

// checkSubset holds that an API schema shows nothing but what another shows.
func checkSubset(t reporter, whole, part *ast.Schema) {
	t.Helper()
	all := elements(whole)
	for _, e := range elements(part) {
		if _, ok := slices.BinarySearch(all, e); !ok {
			t.Errorf("%s is shown, and should not be", e)
		}
	}
}

// checkContract holds what is true of every contract.
func checkContract(t reporter, source, made *supergraph.Supergraph, f contract.Filter) {
	t.Helper()
	checkSubset(t, source.API, made.API)
	for i, g := range source.Graphs {
		if of := made.Graphs[i]; of.Name != g.Name || of.URL != g.URL || !slices.Equal(of.TypeNames, g.TypeNames) {
			t.Errorf("subgraph %s is not what it was", g.Name)
			continue
		}
		for _, name := range g.TypeNames {
			before, after := g.Types[name], made.Graphs[i].Types[name]
			if len(before.Fields) != len(after.Fields) || len(before.Keys) != len(after.Keys) || len(before.EnumValues) != len(after.EnumValues) {
				t.Errorf("the type %s of subgraph %s is not what it was", name, g.Name)
			}
		}
	}
	if broken(satisfiability.Check(made)) && !broken(satisfiability.Check(source)) {
		t.Errorf("the contract is not satisfiable, and the supergraph is")
	}
	again, found := contract.Apply(made, f)
	switch {
	case again == nil:
		t.Errorf("the contract of the contract: %s", list(found))
	case again.SDL != made.SDL:
		t.Errorf("the contract of the contract is another:\n%s\nnot\n%s", again.SDL, made.SDL)
	}
}

func broken(ds []diagnostic.Diagnostic) bool {
	return slices.ContainsFunc(ds, func(d diagnostic.Diagnostic) bool { return d.Severity == diagnostic.Error })
}

// elements lists all of an API schema: each element with what clients see of it.
func elements(s *ast.Schema) []string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, d := range s.Types {
		if d.BuiltIn {
			continue
		}
		add("%s %s %q", d.Kind, d.Name, d.Description)
		for _, name := range d.Interfaces {
			add("%s implements %s", d.Name, name)
		}
		for _, name := range d.Types {
			add("%s member %s", d.Name, name)
		}
		for _, v := range d.EnumValues {
			add("%s value %s", d.Name, v.Name)
		}
		for _, field := range d.Fields {
			add("%s.%s: %s = %v %v", d.Name, field.Name, field.Type, field.DefaultValue, field.Directives.ForName("deprecated") != nil)
			for _, a := range field.Arguments {
				add("%s.%s(%s: %s = %v)", d.Name, field.Name, a.Name, a.Type, a.DefaultValue)
			}
		}
	}
	slices.Sort(all)
	return all
}
