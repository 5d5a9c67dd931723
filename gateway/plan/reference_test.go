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
	operations, better, same, deeper, traded, worse, unsound, alone int
	ours, theirs                                                    counts
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
	case ours.depth > theirs.depth && ours.fetches < theirs.fetches:
		c.traded++
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
		"with fewer fetches, more of them one after another, for %d, with as many fetches, and more one after another, for %d, with more fetches for %d; "+
		"all of them: %d fetches against %d, %d steps against %d",
		c.operations, c.alone, c.unsound, c.better, c.same, c.traded, c.deeper, c.worse, c.ours.fetches, c.theirs.fetches, c.ours.depth, c.theirs.depth)
}

// fault says what is wrong with a plan: that it sends the value of a context without having it, or that it asks a subgraph for
// what this does not resolve there: a field that is external and not provided, or one with @requires where it is sent no
// inputs. "" when there is nothing of the kind.
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
			if wrong := unresolved(g, doc.Operations[0].SelectionSet, nil, false); wrong != "" {
				return "asks " + g.Name + " for " + wrong
			}
		}
	}
	return ""
}

// unresolved finds a field that a subgraph is asked for though it does not resolve it there. provided are the field sets of
// @provides that hold for the objects; entered says that they were sent to the subgraph.
func unresolved(g *supergraph.Graph, set ast.SelectionSet, provided []ast.SelectionSet, entered bool) string {
	for _, sel := range set {
		wrong := ""
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			wrong = unresolved(g, sel.SelectionSet, provided, entered)
		case *ast.FragmentSpread:
			wrong = unresolved(g, sel.Definition.SelectionSet, provided, entered)
		case *ast.Field:
			var f *supergraph.Field
			if sel.ObjectDefinition != nil && g.Types[sel.ObjectDefinition.Name] != nil {
				f = g.Types[sel.ObjectDefinition.Name].Field(sel.Name)
			}
			there, under := given(provided, sel.Name)
			switch {
			case f == nil:
			case f.External && !there:
				return sel.ObjectDefinition.Name + "." + sel.Name + ", which is external there"
			case len(f.Requires) > 0 && !f.External && !entered:
				return sel.ObjectDefinition.Name + "." + sel.Name + " without sending what it requires"
			case f.Provides != nil:
				under = append(under, f.Provides)
			}
			wrong = unresolved(g, sel.SelectionSet, under, sel.Name == "_entities")
		}
		if wrong != "" {
			return wrong
		}
	}
	return ""
}

// given reports whether field sets select a field on some type, and what under it.
func given(sets []ast.SelectionSet, name string) (there bool, under []ast.SelectionSet) {
	for _, set := range sets {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				if sel.Name == name {
					there, under = true, append(under, sel.SelectionSet)
				}
			case *ast.InlineFragment:
				inside, more := given([]ast.SelectionSet{sel.SelectionSet}, name)
				there, under = there || inside, append(under, more...)
			}
		}
	}
	return there, under
}

// planText is an operation and both plans for it, for a person to compare.
func planText(ours *plan.Plan, theirs oracle.Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- ours --\n%s-- reference --\n%s%s\n", ours.Explain().Text(), theirs.Text, theirs.Failure)
	return b.String()
}
