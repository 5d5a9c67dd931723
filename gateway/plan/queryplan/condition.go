package queryplan

import "github.com/weft-gateway/weft/gateway/response"

// maxBranches bounds how often a node is repeated for the ways in which its condition can hold. Beyond it the node stands
// without its condition: the documents of fetches carry their @include and @skip in any case.
const maxBranches = 8

// conditional puts a node under Condition nodes, one variable each.
func (w *writer) conditional(id response.ConditionID, n Node) Node {
	terms := response.Terms(w.plan.Conditions, id)
	if w.holds != nil || len(terms) == 0 {
		return n
	}
	branches := 0
	if made := w.branch(terms, n, &branches); branches <= maxBranches {
		return made
	}
	return n
}

// branch decides a disjunction of conjunctions variable by variable. It is nil where none of them holds.
func (w *writer) branch(terms [][]response.Literal, n Node, branches *int) Node {
	if len(terms) == 0 {
		return nil
	}
	for _, term := range terms {
		if len(term) == 0 {
			*branches++
			return n
		}
	}
	if *branches > maxBranches {
		return n
	}
	variable := terms[0][0].Variable
	return &Condition{
		Kind:       "Condition",
		Condition:  w.plan.ConditionVariables[variable],
		IfClause:   w.branch(given(terms, variable, true), n, branches),
		ElseClause: w.branch(given(terms, variable, false), n, branches),
	}
}

// given is what is left of a disjunction when a variable is known.
func given(terms [][]response.Literal, variable int, value bool) [][]response.Literal {
	var out [][]response.Literal
term:
	for _, term := range terms {
		var rest []response.Literal
		for _, l := range term {
			switch {
			case l.Variable != variable:
				rest = append(rest, l)
			case l.Want != value:
				continue term
			}
		}
		out = append(out, rest)
	}
	return out
}

// joined are nodes of which neighbours that depend on one variable are one decision; run says how its parts run.
func joined(nodes []Node, run func([]Node) Node) []Node {
	var out []Node
	for _, n := range nodes {
		c, ok := n.(*Condition)
		if !ok || len(out) == 0 {
			out = append(out, n)
			continue
		}
		last, ok := out[len(out)-1].(*Condition)
		if !ok || last.Condition != c.Condition {
			out = append(out, n)
			continue
		}
		out[len(out)-1] = &Condition{ // a new one: a node may stand in several branches
			Kind:       "Condition",
			Condition:  c.Condition,
			IfClause:   run([]Node{last.IfClause, c.IfClause}),
			ElseClause: run([]Node{last.ElseClause, c.ElseClause}),
		}
	}
	return out
}
