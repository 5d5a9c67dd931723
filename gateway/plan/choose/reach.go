package choose

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// hop is a way to be present in one more subgraph at a place.
type hop struct {
	to    querygraph.NodeID
	entry querygraph.Entry
	// chain are the hops that must be made for it, in order, itself last.
	chain []*hop
	// extra counts further fetches that the key's fields need at nested places.
	extra int
	// depth is how many fetches, this one included, run one after another to get there.
	depth int
}

func (h *hop) cost() int { return len(h.chain) + h.extra }

// source is a node at which fields of a place can be resolved: one of the presences there (hop nil), or one that a hop
// would bring.
type source struct {
	node querygraph.NodeID
	hop  *hop
}

// maxNested bounds how deep a key's fields are looked for across subgraphs of their own.
const maxNested = 3

// sources returns the presences and hops at a place for objects of a type: the nodes given first, then the cheapest hop into
// each subgraph that can be entered from there, by cost. constant restricts to entries that do not need the objects' runtime
// type.
func (c *chooser) sources(object string, nodes []querygraph.NodeID, entries []querygraph.Entry, constant bool, depth int) []source {
	out := make([]source, 0, len(nodes)+4)
	present := make(map[int]bool, len(nodes))
	for _, n := range nodes {
		out = append(out, source{node: n})
		present[c.graph.Nodes[n].Subgraph] = true
	}
	// Each round enters what the presences so far allow. A hop found in an earlier round is never dearer than one found
	// later, but for the extra cost of nested keys, so those are tried only when nothing else is found.
	for _, nested := range []int{0, depth} {
		for {
			var found []*hop
			for _, e := range entries {
				sub := c.graph.Nodes[e.To].Subgraph
				if present[sub] || constant && e.Typename == "" && e.Key != nil {
					continue
				}
				if h := c.tryEntry(object, e, out, nested); h != nil {
					if i := slices.IndexFunc(found, func(o *hop) bool { return c.graph.Nodes[o.to].Subgraph == sub }); i < 0 {
						found = append(found, h)
					} else if h.cost() < found[i].cost() {
						found[i] = h
					}
				}
			}
			if len(found) == 0 {
				break
			}
			slices.SortStableFunc(found, func(a, b *hop) int { return a.cost() - b.cost() })
			least := found[0].cost()
			for _, h := range found {
				if h.cost() > least {
					break
				}
				present[c.graph.Nodes[h.to].Subgraph] = true
				// Where an interface is entered, what counts is what the subgraph has of the objects there.
				if node := c.graph.Downcast(h.to, object); node != querygraph.None {
					out = append(out, source{node: node, hop: h})
				}
			}
		}
	}
	return out
}

// tryEntry returns the hop for an entry if the sources can provide its key, else nil.
func (c *chooser) tryEntry(object string, e querygraph.Entry, from []source, depth int) *hop {
	h := &hop{to: e.To, entry: e}
	if e.Key != nil {
		need := cover{chooser: c, depth: depth}
		if !need.all(object, e.Key.Selection, from) {
			return nil
		}
		h.chain, h.extra = need.chain, need.extra
	}
	h.depth = 1 + h.extra
	for _, step := range h.chain {
		h.depth = max(h.depth, step.depth+1+h.extra)
	}
	h.chain = append(slices.Clone(h.chain), h)
	return h
}

// cover finds out what it takes to have the fields of a field set at a place.
type cover struct {
	*chooser
	depth int
	chain []*hop // hops at the outermost place
	extra int    // entries at nested places
	inner int    // nesting of the place looked at
	// had are the fields of the place looked at whose inputs are taken into account already.
	had []resolution
}

func (v *cover) add(h *hop) {
	if h == nil {
		return
	}
	for _, step := range h.chain {
		if !slices.Contains(v.chain, step) {
			v.chain = append(v.chain, step)
		}
	}
	v.extra += h.extra
}

// all reports whether every field of the set can be had from the sources, and records what is used.
func (v *cover) all(object string, set ast.SelectionSet, from []source) bool {
	for _, sel := range v.scarceFirst(object, set) {
		switch sel := sel.(type) {
		case *ast.Field:
			if sel.Name != "__typename" && !v.field(object, sel, from) {
				return false
			}
		case *ast.InlineFragment:
			if sel.TypeCondition == "" || slices.Contains(v.graph.PossibleTypes(sel.TypeCondition), object) {
				if !v.all(object, sel.SelectionSet, from) {
					return false
				}
			}
		}
	}
	return true
}

func (v *cover) field(object string, sel *ast.Field, from []source) bool {
	if v.covered++; v.covered > maxCovered {
		return false
	}
	if len(sel.SelectionSet) == 0 {
		// What is entered for another field of the set is used before something else is.
		for _, entered := range []bool{true, false} {
			for _, s := range from {
				if entered != (s.hop == nil || v.inner == 0 && slices.Contains(v.chain, s.hop)) {
					continue
				}
				f, _, ok := v.resolves(s.node, sel.Name)
				if !ok || takesInputs(f) && !v.requires(object, s, f, from) {
					continue
				}
				if v.inner == 0 {
					v.add(s.hop)
				} else if s.hop != nil {
					v.extra += s.hop.cost()
				}
				return true
			}
		}
		return false
	}
	// A composite: one source may have all of it; else all that have some of it.
	var children []querygraph.NodeID
	for _, s := range from {
		f, to, ok := v.resolves(s.node, sel.Name)
		if !ok || to == querygraph.None || takesInputs(f) && !v.requires(object, s, f, from) {
			continue
		}
		alone := *v
		alone.chain = slices.Clone(v.chain)
		if alone.under(object, sel, []querygraph.NodeID{to}) {
			if v.inner == 0 {
				alone.add(s.hop)
			}
			*v = alone
			return true
		}
		children = append(children, to)
		if v.inner == 0 {
			v.add(s.hop)
		}
	}
	return len(children) > 1 && v.under(object, sel, children)
}

// scarceFirst returns a field set with the fields that few subgraphs resolve first: what must be entered for them may have
// the others too.
func (c *chooser) scarceFirst(object string, set ast.SelectionSet) ast.SelectionSet {
	if len(set) < 2 {
		return set
	}
	key := orderKey{object, &set[0]}
	if done, ok := c.orders[key]; ok {
		return done
	}
	count := func(sel ast.Selection) int {
		f, ok := sel.(*ast.Field)
		if !ok {
			return 0
		}
		n := 0
		for _, sub := range c.graph.Supergraph.Graphs {
			if node := c.graph.Base(sub.ID, object); node != querygraph.None {
				if _, _, ok := c.resolves(node, f.Name); ok {
					n++
				}
			}
		}
		return n
	}
	out := slices.Clone(set)
	slices.SortStableFunc(out, func(a, b ast.Selection) int { return count(a) - count(b) })
	c.orders[key] = out
	return out
}

// orderKey is a field set at objects of a type.
type orderKey struct {
	object string
	set    *ast.Selection
}

// under reports whether what is selected under a composite field can be had from its presences.
func (v *cover) under(object string, sel *ast.Field, nodes []querygraph.NodeID) bool {
	def := v.fieldDefinition(object, sel.Name)
	if def == nil {
		return false
	}
	outer := v.had
	v.inner++
	v.had = nil
	defer func() { v.inner, v.had = v.inner-1, outer }()
	for _, child := range v.graph.PossibleTypes(def.Type.Name()) {
		down := v.down(nodes, child)
		if len(down) == 0 {
			continue // no object of that type can be there
		}
		from := make([]source, len(down))
		for i, n := range down {
			from[i] = source{node: n}
		}
		try := *v
		try.chain = slices.Clone(v.chain)
		if try.all(child, sel.SelectionSet, from) {
			*v = try
			continue
		}
		if v.depth <= 0 || v.inner > maxNested {
			return false
		}
		more := v.sources(child, down, v.graph.Entries(child), false, v.depth-1)
		if len(more) == len(down) || !v.all(child, sel.SelectionSet, more) {
			return false
		}
	}
	return true
}

// resolution is a field resolved at a node.
type resolution struct {
	node  querygraph.NodeID
	field *supergraph.Field
}

// requires reports whether the inputs of a field with @requires can be had.
func (v *cover) requires(object string, s source, f *supergraph.Field, from []source) bool {
	looking := resolution{s.node, f}
	if slices.Contains(v.had, looking) {
		return true
	}
	if v.busy[looking] {
		return false
	}
	v.busy[looking] = true
	defer delete(v.busy, looking)
	if !v.all(object, f.Requires, from) {
		return false
	}
	v.extra++ // the entry that carries the inputs
	v.had = append(slices.Clip(v.had), looking)
	return true
}

// resolves is the field move of a node for this operation's labels; fields that an active @provides gives have no
// @requires.
func (c *chooser) resolves(node querygraph.NodeID, name string) (f *supergraph.Field, to querygraph.NodeID, ok bool) {
	f, to, ok = c.graph.Field(node, name)
	if !ok || f.OverrideLabel != "" && f.OverrideActive != c.active(f.OverrideLabel) {
		return nil, querygraph.None, false
	}
	if at := c.graph.Nodes[node]; c.opts.Except != nil && c.opts.Except(at.Subgraph, at.Type, name) {
		return nil, querygraph.None, false
	}
	return f, to, true
}

// active reports whether a label is, and notes that the tree depends on it.
func (c *chooser) active(label string) bool {
	if i, found := slices.BinarySearch(c.labels, label); !found {
		c.labels = slices.Insert(c.labels, i, label)
	}
	return c.opts.Labels[label]
}
