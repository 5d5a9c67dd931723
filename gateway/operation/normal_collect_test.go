package operation_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/internal/simulate/generate"
)

// collects holds that a normal form selects, on objects of every type, the fields that CollectFields finds in the document
// (GraphQL specification, section 6.3.2), in that order.
func (n *normals) collects(op *operation.Operation, values map[string]any) error {
	c := &collecting{normals: n, fragments: op.Fragments, values: values, op: op}
	booleans := make([]bool, len(op.ConditionVariables))
	for i, name := range op.ConditionVariables {
		booleans[i], _ = values[name].(bool)
	}
	c.holds = response.Hold(op.Conditions, booleans)
	return c.compare(nil, op.Root, []ast.SelectionSet{op.Definition.SelectionSet})
}

type collecting struct {
	*normals
	op        *operation.Operation
	fragments ast.FragmentDefinitionList
	values    map[string]any
	holds     []bool
}

// one is a response name, and all fields that have it.
type one struct {
	response string
	fields   []*ast.Field
}

func (c *collecting) compare(path []string, set *operation.SelectionSet, sets []ast.SelectionSet) error {
	for _, object := range c.schema.PossibleTypes(set.Type.Name) {
		var want []one
		spread := map[string]bool{}
		for _, s := range sets {
			want = c.collect(want, object, s, spread)
		}
		i := slices.IndexFunc(set.Cases, func(k *operation.Case) bool { return slices.Contains(k.Types, object) })
		if i < 0 {
			return fmt.Errorf("%s has no case for %s", strings.Join(path, "."), object)
		}
		have := c.visible(set.Cases[i])
		same := func(f *operation.Field, o one) bool { return f.Response == o.response && f.Name == o.fields[0].Name }
		if !slices.EqualFunc(have, want, same) {
			return fmt.Errorf("%s of %s are collected in another way", strings.Join(path, "."), object)
		}
		for i, f := range have {
			if f.Set == nil {
				continue
			}
			var under []ast.SelectionSet
			for _, field := range want[i].fields {
				under = append(under, field.SelectionSet)
			}
			if err := c.compare(append(path[:len(path):len(path)], f.Response), f.Set, under); err != nil {
				return err
			}
		}
	}
	return nil
}

// visible are the fields of a case in the order in which they are in the response.
func (c *collecting) visible(k *operation.Case) []*operation.Field {
	var out []*operation.Field
	if k.Order == nil {
		for _, f := range k.Fields {
			if c.holds[f.Cond] {
				out = append(out, f)
			}
		}
		return out
	}
	for _, t := range k.Order {
		if f := k.Fields[t.Field]; c.holds[f.Cond] && c.holds[t.Cond] && (t.Unless == 0 || !c.holds[t.Unless]) {
			out = append(out, f)
		}
	}
	return out
}

func (c *collecting) collect(list []one, object string, set ast.SelectionSet, spread map[string]bool) []one {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if !c.included(sel.Directives) {
				continue
			}
			i := slices.IndexFunc(list, func(o one) bool { return o.response == sel.Alias })
			if i < 0 {
				i = len(list)
				list = append(list, one{response: sel.Alias})
			}
			list[i].fields = append(list[i].fields, sel)
		case *ast.InlineFragment:
			if c.included(sel.Directives) && (sel.TypeCondition == "" || slices.Contains(c.schema.PossibleTypes(sel.TypeCondition), object)) {
				list = c.collect(list, object, sel.SelectionSet, spread)
			}
		case *ast.FragmentSpread:
			if f := c.fragments.ForName(sel.Name); c.included(sel.Directives) && !spread[sel.Name] {
				spread[sel.Name] = true
				if slices.Contains(c.schema.PossibleTypes(f.TypeCondition), object) {
					list = c.collect(list, object, f.SelectionSet, spread)
				}
			}
		}
	}
	return list
}

// included evaluates @skip and @include.
func (c *collecting) included(directives ast.DirectiveList) bool {
	return !slices.ContainsFunc(directives, func(d *ast.Directive) bool {
		arg := d.Arguments.ForName("if")
		if d.Name != "skip" && d.Name != "include" || arg == nil {
			return false
		}
		value, known := arg.Value.Raw == "true", arg.Value.Kind != ast.Variable
		if !known {
			value, _ = c.values[arg.Value.Raw].(bool)
		}
		return value == (d.Name == "skip")
	})
}

// conditionalDocument makes an operation in which nearly everything has conditions, the same fields and fragments are
// selected again and again under different ones, and one level leads to the next by the same names.
func conditionalDocument(c *generate.Choices) string {
	d := &conditional{Choices: c, variables: 2 + c.Below(7), used: map[int]bool{}}
	fragments := 1 + c.Below(4)
	body := "user {" + d.set(0, fragments, 0) + d.spread(0) + "}"
	for i := range fragments {
		body += fmt.Sprintf(" fragment F%d on Node {%s}", i, d.set(0, fragments, i+1))
		if i+1 < fragments {
			body = body[:len(body)-1] + d.spread(i+1) + "}"
		}
	}
	body = "{" + body[:strings.Index(body+" fragment", " fragment")] + "}" + body[strings.Index(body+" fragment", " fragment"):]
	head := "query("
	for v := range d.variables {
		if d.used[v] {
			head += fmt.Sprintf("$v%d: Boolean! ", v)
		}
	}
	if head == "query(" {
		return body
	}
	return head + ")" + body
}

type conditional struct {
	*generate.Choices
	variables int
	used      map[int]bool
}

func (d *conditional) condition() string {
	directive := func(name string) string {
		v := d.Below(d.variables)
		d.used[v] = true
		return fmt.Sprintf(" @%s(if: $v%d)", name, v)
	}
	switch d.Below(8) {
	case 0:
		return ""
	case 1:
		return directive("skip") + directive("include")
	case 2, 3:
		return directive("skip")
	}
	return directive("include")
}

func (d *conditional) spread(fragment int) string {
	return fmt.Sprintf(" ...F%d%s", fragment, d.condition())
}

// set writes selections on a Node, which may spread fragments from a number on.
func (d *conditional) set(depth, fragments, from int) string {
	text := ""
	for range 1 + d.Below(3) {
		switch n := d.Below(10); {
		case n < 3:
			text += " id" + d.condition()
		case n < 6 && depth < 2:
			text += " peer" + d.condition() + " {" + d.set(depth+1, fragments, from) + "}"
		case n < 8 && depth < 3:
			text += " ..." + []string{"", " on Node", " on User"}[d.Below(3)] + d.condition() + " {" + d.set(depth+1, fragments, from) + "}"
		case from < fragments:
			text += d.spread(from + d.Below(fragments-from))
		default:
			text += " __typename" + d.condition()
		}
	}
	return text
}
