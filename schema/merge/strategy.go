package merge

import (
	"math/big"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// strategy tells how one argument's value is made of the values that several applications give it.
type strategy struct {
	argument string
	name     string
	// merge is called with at least one value; total is the number of applications, those without the argument
	// included.
	merge func(values []*ast.Value, total int) *ast.Value
	// missing is the argument's default value, for applications without the argument; nil when it has none.
	missing *ast.Value
}

// strategies lists, by directive, the strategies of its arguments.
func strategies(directive string) []strategy {
	switch directive {
	case "requiresScopes":
		return []strategy{{argument: "scopes", name: "conjunction", merge: conjunction}}
	case "policy":
		return []strategy{{argument: "policies", name: "conjunction", merge: conjunction}}
	case "cost":
		return []strategy{{argument: "weight", name: "maximum", merge: maximum}}
	case "listSize":
		return []strategy{
			{argument: "assumedSize", name: "maximum", merge: maximum},
			{argument: "slicingArguments", name: "union", merge: union},
			{argument: "sizedFields", name: "union", merge: union},
			{argument: "requireOneSlicingArgument", name: "conjunction", merge: allTrue, missing: &ast.Value{Kind: ast.BooleanValue, Raw: "true"}},
		}
	}
	return nil
}

func maximum(values []*ast.Value, _ int) *ast.Value {
	best := values[0]
	for _, v := range values[1:] {
		a, okA := new(big.Int).SetString(v.Raw, 10)
		b, okB := new(big.Int).SetString(best.Raw, 10)
		if okA && okB && a.Cmp(b) > 0 {
			best = v
		}
	}
	return best
}

func union(values []*ast.Value, _ int) *ast.Value {
	all := &ast.Value{Kind: ast.ListValue}
	for _, v := range values {
		for _, c := range items(v) {
			if !slices.ContainsFunc(all.Children, func(o *ast.ChildValue) bool { return sameValue(o.Value, c) }) {
				all.Children = append(all.Children, &ast.ChildValue{Value: c})
			}
		}
	}
	return all
}

func allTrue(values []*ast.Value, _ int) *ast.Value {
	for _, v := range values {
		if v.Raw == "false" {
			return v
		}
	}
	return values[0]
}

// items are the items of a list value; a value that is no list stands for a list of itself.
func items(v *ast.Value) []*ast.Value {
	if v.Kind != ast.ListValue {
		return []*ast.Value{v}
	}
	found := make([]*ast.Value, len(v.Children))
	for i, c := range v.Children {
		found[i] = c.Value
	}
	return found
}

// maxAlternatives bounds what conjunction may multiply out to.
const maxAlternatives = 1000

// conjunction asks for what all the values ask for. Each value is a list of alternatives, each of them a list of
// what it asks for together; the result has the same form, without alternatives that ask for more than another.
func conjunction(values []*ast.Value, _ int) *ast.Value {
	var all [][]string
	for i, v := range values {
		alternatives := readAlternatives(v)
		if i == 0 {
			all = alternatives
			continue
		}
		var product [][]string
		for _, a := range all {
			for _, b := range alternatives {
				product = append(product, sortedSet(append(slices.Clone(a), b...)))
			}
		}
		all = simplify(product)
		if len(all) > maxAlternatives {
			// Too many to be useful: ask for everything, which is never less than what the subgraphs ask for.
			all = [][]string{sortedSet(slices.Concat(all...))}
		}
	}
	result := &ast.Value{Kind: ast.ListValue}
	for _, a := range simplify(all) {
		inner := &ast.Value{Kind: ast.ListValue}
		for _, s := range a {
			inner.Children = append(inner.Children, &ast.ChildValue{Value: &ast.Value{Kind: ast.StringValue, Raw: s}})
		}
		result.Children = append(result.Children, &ast.ChildValue{Value: inner})
	}
	return result
}

// readAlternatives reads sets of names, of which one whole set is asked for. None at all ask for nothing, as one empty set.
func readAlternatives(v *ast.Value) [][]string {
	var found [][]string
	for _, inner := range items(v) {
		var names []string
		for _, s := range items(inner) {
			names = append(names, s.Raw)
		}
		found = append(found, sortedSet(names))
	}
	if found == nil {
		found = [][]string{nil}
	}
	return found
}

func sortedSet(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// simplify drops alternatives that ask for all that another one asks for.
func simplify(all [][]string) [][]string {
	var kept [][]string
	for i, a := range all {
		redundant := false
		for j, b := range all {
			if i == j || !subset(b, a) {
				continue
			}
			if len(b) < len(a) || j < i {
				redundant = true
				break
			}
		}
		if !redundant {
			kept = append(kept, a)
		}
	}
	return kept
}

func subset(a, b []string) bool {
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}
