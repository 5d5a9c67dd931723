package queryplan

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/weft-gateway/weft/gateway/plan"
	"github.com/weft-gateway/weft/gateway/response"
)

// planOf is a plan of fetches that wait for others.
func planOf(dependsOn [][]int) *plan.Plan {
	p := &plan.Plan{Conditions: []response.Condition{{}}}
	for i, on := range dependsOn {
		p.Fetches = append(p.Fetches, &plan.Fetch{ID: i, Name: strconv.Itoa(i), DependsOn: on})
	}
	return p
}

// before collects which fetch comes before which in a tree, and all fetches in it.
func before(n Node, pairs map[[2]int]bool) (all []int) {
	switch n := n.(type) {
	case *Fetch:
		id, _ := strconv.Atoi(n.ServiceName)
		return []int{id}
	case *Parallel:
		for _, child := range n.Nodes {
			all = append(all, before(child, pairs)...)
		}
	case *Sequence:
		for _, child := range n.Nodes {
			next := before(child, pairs)
			for _, i := range all {
				for _, j := range next {
					pairs[[2]int{i, j}] = true
				}
			}
			all = append(all, next...)
		}
	}
	return all
}

// However fetches wait for each other, the tree holds each once, and after all that it waits for. Where each waits for at
// most one other it waits for nothing else in the tree either.
func TestTreeKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "fetches")
		most := rapid.IntRange(1, 3).Draw(t, "most")
		dependsOn := make([][]int, n)
		for i := 1; i < n; i++ {
			for range rapid.IntRange(0, most).Draw(t, "count") {
				if d := rapid.IntRange(0, i-1).Draw(t, "on"); !slices.Contains(dependsOn[i], d) {
					dependsOn[i] = append(dependsOn[i], d)
				}
			}
		}
		p := planOf(dependsOn)
		pairs := map[[2]int]bool{}
		all := before(Of(p).Node, pairs)
		slices.Sort(all)
		for i := range n {
			if i >= len(all) || all[i] != i {
				t.Fatalf("the tree has the fetches %v of %d", all, n)
			}
		}
		waits := closure(p.Fetches)
		for i := range n {
			for j := range i {
				if waits[i][j] && !pairs[[2]int{j, i}] {
					t.Fatalf("%d does not wait for %d", i, j)
				}
				if most == 1 && !waits[i][j] && pairs[[2]int{j, i}] {
					t.Fatalf("%d waits for %d, and need not", i, j)
				}
			}
		}
	})
}

// A series of parallel parts is said exactly, also where several fetches wait for several.
func TestTreeIsExactForSeries(t *testing.T) {
	//  0, 1 → 2, 3 → 4; 5 beside
	p := planOf([][]int{nil, nil, {0, 1}, {0, 1}, {2, 3}, nil})
	pairs := map[[2]int]bool{}
	before(Of(p).Node, pairs)
	for _, pair := range [][2]int{{0, 2}, {1, 3}, {0, 4}, {2, 4}} {
		if !pairs[pair] {
			t.Errorf("%v is lost", pair)
		}
	}
	if len(pairs) != 8 {
		t.Errorf("%d pairs wait for each other: %v", len(pairs), pairs)
	}
}

// Conditions become one decision after another, and a node without any when there are too many ways.
func TestConditions(t *testing.T) {
	term := func(wants ...int) []response.Literal { // variables from 1, negative: must be false
		var out []response.Literal
		for _, v := range wants {
			out = append(out, response.Literal{Variable: max(v, -v) - 1, Want: v > 0})
		}
		return out
	}
	var many [][]response.Literal
	for i := range 9 {
		many = append(many, term(2*i+1, 2*i+2))
	}
	p := &plan.Plan{
		Conditions: []response.Condition{{}, {Terms: [][]response.Literal{term(1, -2), term(3)}}, {Terms: many}},
		Fetches:    []*plan.Fetch{{Name: "0"}},
	}
	for i := range 18 {
		p.ConditionVariables = append(p.ConditionVariables, string(rune('a'+i)))
	}
	for bits := range 8 {
		p.Fetches[0].Cond = 1
		values := make([]bool, 18)
		for i := range 3 {
			values[i] = bits>>i&1 == 1
		}
		made := run(Of(p).Node, p.ConditionVariables, values)
		if want := values[0] && !values[1] || values[2]; made != want || (With(p, values).Node != nil) != want {
			t.Errorf("%v: made %v", values[:3], made)
		}
	}
	p.Fetches[0].Cond = 2
	if _, ok := Of(p).Node.(*Fetch); !ok {
		t.Errorf("too many ways are written out: %T", Of(p).Node)
	}
}

// Whatever the variables are, the tree makes just the fetches whose conditions hold, each after those that it waits for.
// Neighbours that depend on one variable are one decision.
func TestConditionsAreDecidedOnce(t *testing.T) {
	const variables = 3
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "fetches")
		dependsOn := make([][]int, n)
		for i := 1; i < n; i++ {
			if d := rapid.IntRange(-1, i-1).Draw(t, "on"); d >= 0 {
				dependsOn[i] = []int{d}
			}
		}
		p := planOf(dependsOn)
		p.ConditionVariables = []string{"a", "b", "c"}
		for _, f := range p.Fetches {
			var terms [][]response.Literal
			for range rapid.IntRange(1, 2).Draw(t, "terms") {
				var term []response.Literal
				for v := range variables {
					if want := rapid.IntRange(0, 2).Draw(t, "literal"); want > 0 {
						term = append(term, response.Literal{Variable: v, Want: want == 1})
					}
				}
				terms = append(terms, term)
			}
			f.Cond = response.ConditionID(len(p.Conditions))
			p.Conditions = append(p.Conditions, response.Condition{Terms: terms})
		}
		tree := Of(p).Node
		waits := closure(p.Fetches)
		for bits := range 1 << variables {
			values := make([]bool, variables)
			for v := range values {
				values[v] = bits>>v&1 == 1
			}
			holds := response.Hold(p.Conditions, values)
			pairs := map[[2]int]bool{}
			made := before(decided(tree, p.ConditionVariables, values), pairs)
			for i, f := range p.Fetches {
				if slices.Contains(made, i) != holds[f.Cond] {
					t.Fatalf("%v: %v are made", values, made)
				}
				for j := range i {
					if waits[i][j] && holds[f.Cond] && holds[p.Fetches[j].Cond] && !pairs[[2]int{j, i}] {
						t.Fatalf("%v: %d does not wait for %d", values, i, j)
					}
				}
			}
		}
		each(tree, func(nodes []Node) {
			for i := range nodes[1:] {
				a, ok := nodes[i].(*Condition)
				if b, also := nodes[i+1].(*Condition); ok && also && a.Condition == b.Condition {
					t.Fatalf("$%s is decided twice", a.Condition)
				}
			}
		})
	})
}

// decided is a tree in which the variables are known.
func decided(n Node, variables []string, values []bool) Node {
	all := func(nodes []Node) (out []Node) {
		for _, n := range nodes {
			if n := decided(n, variables, values); n != nil {
				out = append(out, n)
			}
		}
		return out
	}
	switch n := n.(type) {
	case *Sequence:
		return &Sequence{Nodes: all(n.Nodes)}
	case *Parallel:
		return &Parallel{Nodes: all(n.Nodes)}
	case *Condition:
		if values[slices.Index(variables, n.Condition)] {
			return decided(n.IfClause, variables, values)
		}
		return decided(n.ElseClause, variables, values)
	}
	return n
}

// each calls do for the nodes of each Sequence and Parallel.
func each(n Node, do func([]Node)) {
	var nodes []Node
	switch n := n.(type) {
	case *Sequence:
		nodes = n.Nodes
		do(nodes)
	case *Parallel:
		nodes = n.Nodes
		do(nodes)
	case *Condition:
		nodes = []Node{n.IfClause, n.ElseClause}
	}
	for _, n := range nodes {
		each(n, do)
	}
}

// run reports whether a tree fetches anything.
func run(n Node, variables []string, values []bool) bool {
	switch n := n.(type) {
	case *Fetch:
		return true
	case *Condition:
		if values[slices.Index(variables, n.Condition)] {
			return run(n.IfClause, variables, values)
		}
		return run(n.ElseClause, variables, values)
	}
	return false
}
