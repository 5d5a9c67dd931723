package plan_test

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/internal/oracle"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// counts are what a plan costs. Those of a plan that there is not are zero.
type counts struct{ fetches, depth int }

func (c counts) String() string {
	if c.fetches == 0 {
		return "none"
	}
	return fmt.Sprintf("%d in %d", c.fetches, c.depth)
}

// countsOf are the counts of a plan.
func countsOf(p *plan.Plan) counts {
	e := p.Explain()
	return counts{e.Fetches, e.Depth}
}

// worse reports whether a plan has more fetches than another, or more of them one after another.
func (c counts) worse(o counts) bool { return c.fetches > o.fetches || c.depth > o.depth }

// comparison counts how plans compare with the reference's.
type comparison struct {
	operations, better, same, deeper, worse, unsound, alone int
	ours, theirs                                            counts
}

// add adds a plan and the reference's for the same operation; fault is what is wrong with the reference's.
func (c *comparison) add(ours, theirs counts, fault string) {
	c.operations++
	switch {
	case theirs.fetches == 0:
		c.alone++
		return
	case fault != "":
		c.unsound++
		return
	case ours == theirs:
		c.same++
	case ours.fetches > theirs.fetches:
		c.worse++
	case ours.depth > theirs.depth:
		c.deeper++
	default:
		c.better++
	}
	c.ours.fetches += ours.fetches
	c.ours.depth += ours.depth
	c.theirs.fetches += theirs.fetches
	c.theirs.depth += theirs.depth
}

func (c comparison) String() string {
	return fmt.Sprintf("%d operations; the reference has no plan for %d and an unsound one for %d; of the others ours is better for %d, equal for %d, "+
		"deeper but with no more fetches for %d, with more fetches for %d; all of them: %d fetches against %d, %d steps against %d",
		c.operations, c.alone, c.unsound, c.better, c.same, c.deeper, c.worse, c.ours.fetches, c.theirs.fetches, c.ours.depth, c.theirs.depth)
}

// fault says what is wrong with a plan: that it sends the value of a context without having it, or that it asks a subgraph for
// what this does not resolve: a field that is external there, and that none of its fields provides. "" when there is nothing
// of the kind.
func fault(super *supergraph.Supergraph, p oracle.Plan) string {
	if len(p.Hasty) > 0 {
		return fmt.Sprintf("sends $%s before anything has asked for its value", p.Hasty[0])
	}
	for _, asked := range p.Asked {
		for _, g := range super.Graphs {
			if g.Name != asked.Subgraph {
				continue
			}
			schema, err := super.SubgraphSchema(g.ID)
			if err != nil {
				return err.Error()
			}
			doc, err := parser.ParseQuery(&ast.Source{Input: asked.Operation})
			if err != nil {
				return err.Error()
			}
			_ = validator.ValidateWithRules(schema, doc, nil) // finds the types of fields
			if field := external(g, doc.Operations[0].SelectionSet); field != "" {
				return fmt.Sprintf("asks %s for %s, which is external there", g.Name, field)
			}
		}
	}
	return ""
}

// external finds a field that a subgraph is asked for though it is external there.
func external(g *supergraph.Graph, set ast.SelectionSet) string {
	for _, sel := range set {
		var inner ast.SelectionSet
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			inner = sel.SelectionSet
		case *ast.Field:
			inner = sel.SelectionSet
			if sel.ObjectDefinition == nil || g.Types[sel.ObjectDefinition.Name] == nil {
				break
			}
			f := g.Types[sel.ObjectDefinition.Name].Field(sel.Name)
			if f != nil && f.External && !provides(g, sel.Name) {
				return sel.ObjectDefinition.Name + "." + sel.Name
			}
		}
		if field := external(g, inner); field != "" {
			return field
		}
	}
	return ""
}

// provides reports whether anything in a subgraph provides fields of a name.
func provides(g *supergraph.Graph, name string) bool {
	for _, typ := range g.TypeNames {
		for _, f := range g.Types[typ].Fields {
			if mentions(f.Provides, name) {
				return true
			}
		}
	}
	return false
}

func mentions(set ast.SelectionSet, name string) bool {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if sel.Name == name || mentions(sel.SelectionSet, name) {
				return true
			}
		case *ast.InlineFragment:
			if mentions(sel.SelectionSet, name) {
				return true
			}
		}
	}
	return false
}

// planText is an operation and both plans for it, for a person to compare.
func planText(ours *plan.Plan, theirs oracle.Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- ours --\n%s-- reference --\n%s%s\n", ours.Explain().Text(), theirs.Text, theirs.Failure)
	return b.String()
}
