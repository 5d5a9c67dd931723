package operation

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/response"
)

// Applied is one of the selections that stand for a field, with the directives that it has besides @skip and @include: they
// are for the subgraphs.
type Applied struct {
	// Cond is when the selection counts, given that the field is selected.
	Cond response.ConditionID
	// Around are the directives of the fragments around it, from outside; Own those of the field.
	Around []ast.DirectiveList
	Own    ast.DirectiveList
}

// text tells selections apart.
func (a *Applied) text() string {
	var b strings.Builder
	b.WriteString(strconv.Itoa(int(a.Cond)))
	for _, list := range a.Around {
		b.WriteString("...")
		writeDirectives(&b, list)
	}
	b.WriteByte(' ')
	writeDirectives(&b, a.Own)
	return b.String()
}

func writeDirectives(b *strings.Builder, list ast.DirectiveList) {
	for _, d := range list {
		b.WriteString("@" + d.Name + "(")
		for _, a := range d.Arguments {
			b.WriteString(a.Name + ":" + a.Value.String() + ",")
		}
		b.WriteByte(')')
	}
}

// AppliedText is the same for fields that are selected with the same directives; "" for those without any.
func (f *Field) AppliedText() string {
	var b strings.Builder
	for i := range f.Applied {
		b.WriteString("|" + f.Applied[i].text())
	}
	return b.String()
}

// custom are the directives of a list that are no conditions; nil when there are none.
func custom(list ast.DirectiveList) ast.DirectiveList {
	isCustom := func(d *ast.Directive) bool { return d.Name != "skip" && d.Name != "include" }
	if !slices.ContainsFunc(list, isCustom) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(list), func(d *ast.Directive) bool { return !isCustom(d) })
}

// movable are the custom directives of a named fragment that may also stand on an inline one, which is what becomes of it.
func (n *normaliser) movable(list ast.DirectiveList) ast.DirectiveList {
	return slices.DeleteFunc(custom(list), func(d *ast.Directive) bool {
		def := n.schema.API.Directives[d.Name]
		return def == nil || !slices.Contains(def.Locations, ast.LocationInlineFragment)
	})
}

// under collects a fragment's selections with its directives around them.
func (c *collector) under(directives ast.DirectiveList, collect func() error) error {
	if len(directives) == 0 {
		return collect()
	}
	outer := c.around
	c.around = append(slices.Clip(outer), directives)
	err := collect()
	c.around = outer
	return err
}

// aroundText tells apart where a fragment stands.
func (c *collector) aroundText() string {
	if len(c.around) == 0 {
		return ""
	}
	a := Applied{Around: c.around}
	return a.text()
}

// applied are the selections of a field, whose condition is cond, by their directives, each kind once; nil when none has any.
func (n *normaliser) applied(nodes []collectedNode, cond dnf) []Applied {
	if !slices.ContainsFunc(nodes, func(node collectedNode) bool { return len(node.around) > 0 || custom(node.field.Directives) != nil }) {
		return nil
	}
	var out []Applied
	known := cond.common()
	seen := map[string]bool{}
	for _, node := range nodes {
		a := Applied{Cond: n.conds.intern(n.conds.within(node.cond, known)), Around: node.around, Own: custom(node.field.Directives)}
		if text := a.text(); !seen[text] {
			seen[text] = true
			out = append(out, a)
		}
	}
	return out
}
