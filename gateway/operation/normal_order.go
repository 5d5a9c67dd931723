package operation

import (
	"cmp"
	"slices"

	"github.com/weft-gateway/weft/gateway/response"
)

// placed is a turn and where it is in the document.
type placed struct {
	response.Turn
	at int
}

// order returns the response order of collected fields where it depends on variables: a field stands where the first of
// its nodes that is not left out does (GraphQL specification, section 6.3.2 CollectFields).
func (n *normaliser) order(list []collected, fields []*Field) []response.Turn {
	if !slices.ContainsFunc(list, wanders) {
		return nil
	}
	var turns []placed
	for i, col := range list {
		turns = n.turns(turns, i, col, fields[i].Cond)
	}
	slices.SortFunc(turns, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	out := make([]response.Turn, len(turns))
	moves := false
	for i, t := range turns {
		out[i] = t.Turn
		// Turns of one field with nothing between them are one place.
		moves = moves || i > 0 && out[i].Field < out[i-1].Field
	}
	if !moves {
		return nil
	}
	return out
}

// wanders reports whether variables may decide where a field stands.
func wanders(col collected) bool { return len(col.nodes) > 1 && !col.nodes[0].cond.always() }

// turns appends the places in which a field can stand.
func (n *normaliser) turns(turns []placed, field int, col collected, cond response.ConditionID) []placed {
	first := col.nodes[0]
	if !wanders(col) {
		return append(turns, placed{response.Turn{Field: field, Cond: cond}, first.at})
	}
	seen := map[string]bool{}
	var earlier response.ConditionID
	for _, node := range col.nodes {
		key := node.cond.key()
		if seen[key] {
			continue
		}
		seen[key] = true
		own := n.conds.intern(node.cond)
		turns = append(turns, placed{response.Turn{Field: field, Cond: own, Unless: earlier}, node.at})
		if node.cond.always() {
			break
		}
		earlier = n.conds.either(earlier, own)
	}
	return turns
}

// maxAlternatives bounds the ways in which a root field of a mutation can come to stand in one of its places.
const maxAlternatives = 100

// serially gives each place in which a root field of a mutation may stand a field of its own, of which at most one is
// selected: the order of a mutation's fields is that of their execution, and a plan fixes it.
func (n *normaliser) serially(list []collected) ([]collected, error) {
	type entry struct {
		collected
		at int
	}
	var entries []entry
	for _, col := range list {
		if !wanders(col) {
			entries = append(entries, entry{col, col.nodes[0].at})
			continue
		}
		var earlier dnf
		for _, node := range col.nodes {
			here := node.cond
			for _, term := range earlier {
				if here = n.conds.except(here, term); len(here) > maxAlternatives {
					return nil, n.tooConditional(n.schema.API.Mutation.Name, node.field)
				}
			}
			earlier = n.conds.normal(append(slices.Clone(earlier), node.cond...))
			if here.never() {
				continue
			}
			own := collected{response: col.response}
			for _, other := range col.nodes {
				if other.cond = n.conds.and(other.cond, here); !other.cond.never() {
					own.nodes = append(own.nodes, other)
				}
			}
			entries = append(entries, entry{own, node.at})
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	out := make([]collected, len(entries))
	for i, e := range entries {
		out[i] = e.collected
	}
	return out, nil
}
