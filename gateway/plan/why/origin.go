package why

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/choose"
)

// origin says from which fetch a field comes, and how the gateway gets to the objects there.
func (w *asker) origin(b *strings.Builder, f *choose.Field, p *choose.Presence) {
	tree, graph := w.stages.Tree, w.stages.Merged
	fmt.Fprintf(b, "  It comes from %s, fetch [%d]", tree.SubgraphName(p), graph.FetchOf(p).ID)
	if p.Entry == nil {
		b.WriteString(", which gave these objects anyway")
		if p.Node >= 0 && w.planner.Graph.Provided(p.Node, f.Name) {
			b.WriteString(" and has the field by @provides")
		}
		b.WriteString(".\n")
		return
	}
	if p.Entry.Key == nil {
		b.WriteString(", at the root.\n")
		return
	}
	fmt.Fprintf(b, ", which is asked for them%s.\n", choose.EntryText(p.Entry))
	source := func(n *choose.Need, kind string) {
		for _, by := range n.Field.By {
			fmt.Fprintf(b, "    %s, %s, comes from %s, fetch [%d].\n", n.Field.Name, kind, tree.SubgraphName(by), graph.FetchOf(by).ID)
		}
	}
	for _, n := range p.Entry.Needs {
		if n.Key {
			source(n, "of the key")
		} else {
			source(n, "which it requires")
		}
	}
	for _, c := range p.Entry.Contexts {
		if c.Need != nil { // nothing is selected there: null
			source(c.Need, "for the argument "+c.Argument)
		}
	}
}

// needs say who needs a field that the client does not ask for, each once.
func (w *asker) needs(f *choose.Field) []string {
	var out []string
	tell := func(p *choose.Presence, what string) {
		line := fmt.Sprintf("%s, fetch [%d], needs it for %s.", w.stages.Tree.SubgraphName(p), w.stages.Merged.FetchOf(p).ID, what)
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	for _, p := range entriesOf(w.stages.Tree) {
		for _, n := range p.Entry.Needs {
			switch {
			case !carries(n, f):
			case n.Key:
				tell(p, fmt.Sprintf("the key %q", p.Entry.Key.Text))
			default:
				tell(p, "@requires")
			}
		}
		for _, c := range p.Entry.Contexts {
			if c.Need != nil && carries(c.Need, f) {
				tell(p, fmt.Sprintf("the argument %q (@fromContext)", c.Argument))
			}
		}
	}
	return out
}

// carries reports whether a field is what is needed, or lies in what is needed of a composite one.
func carries(n *choose.Need, f *choose.Field) bool {
	var below []string
	for f != n.Field {
		below = append(below, f.Name)
		if f = f.Place.Fork.Field; f == nil {
			return false
		}
	}
	slices.Reverse(below)
	return selects(n.Set, below)
}

// selects reports whether a selection leads along these names.
func selects(set ast.SelectionSet, names []string) bool {
	if len(names) == 0 {
		return true
	}
	return slices.ContainsFunc(set, func(sel ast.Selection) bool {
		switch sel := sel.(type) {
		case *ast.Field:
			return sel.Name == names[0] && selects(sel.SelectionSet, names[1:])
		case *ast.InlineFragment:
			return selects(sel.SelectionSet, names)
		}
		return false
	})
}

// entriesOf are the presences for which calls are made, in the order of the response.
func entriesOf(t *choose.Tree) []*choose.Presence {
	var out []*choose.Presence
	add := func(entries []*choose.Presence) {
		for _, p := range entries {
			if p.Used {
				out = append(out, p)
			}
		}
	}
	eachPlace(t.Root, func(f *choose.Fork) { add(f.Entries) }, func(p *choose.Place) { add(p.Entries) })
	return out
}
