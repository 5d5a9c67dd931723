package operation

import "github.com/vektah/gqlparser/v2/ast"

// collected is a response name at a place: every field node that has it.
type collected struct {
	response string
	nodes    []collectedNode
	cond     dnf // when any of the nodes counts
}

type collectedNode struct {
	field  *ast.Field
	cond   dnf
	at     int // how many were collected before it
	around []ast.DirectiveList
}

// collector collects the fields selected on one object type.
type collector struct {
	*normaliser
	object string
	held   held
	index  map[string]int
	list   []collected
	nodes  int                 // collected so far
	seen   map[string]*implied // the conditions of fragment spreads, by name and what stands around them
	around []ast.DirectiveList
}

func (c *collector) collect(set ast.SelectionSet, cond dnf) error {
	for _, sel := range set {
		if c.visits++; c.visits > 20*MaxFields {
			return TooLargeError{}
		}
		switch sel := sel.(type) {
		case *ast.Field:
			own := c.condition(cond, sel.Directives)
			if own.never() {
				continue
			}
			if c.conds.spent() {
				return c.tooConditional(c.object, sel)
			}
			name := sel.Alias
			if name == "" {
				name = sel.Name
			}
			i, ok := c.index[name]
			if !ok {
				i = len(c.list)
				c.index[name] = i
				c.list = append(c.list, collected{response: name})
			}
			c.list[i].nodes = append(c.list[i].nodes, collectedNode{field: sel, cond: own, at: c.nodes, around: c.around})
			c.nodes++
		case *ast.InlineFragment:
			own := c.condition(cond, sel.Directives)
			if on := sel.TypeCondition; own.never() || on != "" && !c.schema.isPossible(c.object, on) {
				continue
			}
			if err := c.under(custom(sel.Directives), func() error { return c.collect(sel.SelectionSet, own) }); err != nil {
				return err
			}
		case *ast.FragmentSpread:
			f := c.fragments[sel.Name]
			own := c.condition(cond, sel.Directives)
			if f == nil || own.never() || !c.schema.isPossible(c.object, f.TypeCondition) {
				continue
			}
			if err := c.under(c.movable(sel.Directives), func() error { return c.spread(f, own) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// spread collects what a named fragment selects, unless it was collected before, with the same around it, whenever this
// condition holds.
func (c *collector) spread(f *ast.FragmentDefinition, cond dnf) error {
	return c.under(c.movable(f.Directives), func() error {
		key := f.Name + " " + c.aroundText()
		seen := c.seen[key]
		switch {
		case seen == nil:
			seen = c.conds.set(nil)
			c.seen[key] = seen
		case seen.byAll(cond):
			return nil
		}
		for _, t := range cond {
			seen.add(t)
		}
		return c.collect(f.SelectionSet, cond)
	})
}

// condition is the condition of a selection with directives under another condition.
func (c *collector) condition(outer dnf, directives ast.DirectiveList) dnf {
	if len(directives) == 0 {
		return outer // which has been looked at before
	}
	return c.conds.within(c.conds.and(outer, c.conds.directives(directives)), c.held.literals)
}
