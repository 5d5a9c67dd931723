package choose

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
)

// need makes sure that the fields of a key or @requires are had, by presences that are there already.
func (d *decider) need(entry *Entry, set ast.SelectionSet, key bool) error {
	for _, sel := range d.scarceFirst(d.object, set) {
		switch sel := sel.(type) {
		case *ast.InlineFragment:
			if sel.TypeCondition == "" || slices.Contains(d.graph.PossibleTypes(sel.TypeCondition), d.object) {
				if err := d.need(entry, sel.SelectionSet, key); err != nil {
					return err
				}
			}
		case *ast.Field:
			if sel.Name == "__typename" {
				continue
			}
			f, err := d.needed(sel)
			if err != nil {
				return err
			}
			entry.Needs = append(entry.Needs, &Need{Field: f, Key: key, Set: sel.SelectionSet})
		}
	}
	return nil
}

// needed returns the field of the place that a field of a field set stands for, settled; a hidden one is added at need.
func (d *decider) needed(sel *ast.Field) (*Field, error) {
	i := slices.IndexFunc(d.place.Fields, func(f *Field) bool {
		return f.plainly(sel) && (len(sel.SelectionSet) == 0 || f.Fork == nil)
	})
	var f *Field
	if i >= 0 {
		f = d.place.Fields[i]
	} else {
		def := d.fieldDefinition(d.object, sel.Name)
		if def == nil {
			return nil, d.fail(sel.Name)
		}
		f = &Field{Place: d.place, Name: sel.Name, Arguments: sel.Arguments, Definition: def}
		d.place.Fields = append(d.place.Fields, f)
	}
	if len(sel.SelectionSet) == 0 {
		return f, d.settle(f)
	}
	f.hidden = append(f.hidden, sel.SelectionSet)
	return f, d.pin(f, sel)
}

// pin makes sure that a composite field is had from presences that give what a field set needs of it. What is entered for it
// at nested places comes after what can be had without.
func (d *decider) pin(f *Field, sel *ast.Field) error {
	for {
		if nodes := d.giving(sel, 0); nodes.one != nil {
			f.pin(nodes.one)
			return nil
		}
		// No single presence gives all of it. Those there may do so together, or another must be entered, here or below.
		from := d.available()
		need := cover{chooser: d.chooser, depth: maxNested}
		if !need.field(d.object, sel, from) {
			return d.requiredComposite(f, sel, from)
		}
		if len(need.chain) == 0 {
			nodes := d.giving(sel, maxNested)
			switch {
			case nodes.one != nil:
				f.pin(nodes.one)
			case len(nodes.some) == 0:
				return d.requiredComposite(f, sel, from)
			}
			for _, p := range nodes.some {
				f.pin(p)
			}
			return nil
		}
		before := len(d.place.avail)
		for _, h := range need.chain {
			if _, err := d.enter(h); err != nil {
				return err
			}
		}
		if len(d.place.avail) == before {
			return d.fail(sel.Name)
		}
	}
}

// givers are presences that resolve a composite field without inputs.
type givers struct {
	one  *Presence   // that gives all that is needed of it
	some []*Presence // all of them, where there is no such one
}

// giving finds the presences that resolve a composite field, with entries at nested places as deep as is said.
func (d *decider) giving(sel *ast.Field, depth int) givers {
	var out givers
	for _, p := range d.place.avail {
		node := d.graph.Downcast(p.Node, d.object)
		if node == querygraph.None {
			continue
		}
		def, to, ok := d.resolves(node, sel.Name)
		if !ok || to == querygraph.None || d.needsInputs(node, def) {
			continue
		}
		need := cover{chooser: d.chooser, depth: depth}
		if need.under(d.object, sel, []querygraph.NodeID{to}) {
			return givers{one: p}
		}
		out.some = append(out.some, p)
	}
	return out
}

// requiredComposite settles a composite field that some subgraph resolves only given inputs.
func (d *decider) requiredComposite(f *Field, sel *ast.Field, from []source) error {
	for _, s := range from {
		def, to, ok := d.resolves(s.node, sel.Name)
		if !ok || to == querygraph.None || !takesInputs(def) {
			continue
		}
		p, err := d.again(f, s, def)
		if err != nil {
			return err
		}
		if p != nil {
			f.pin(p)
			return nil
		}
	}
	return d.fail(sel.Name)
}

func (f *Field) pin(p *Presence) {
	p.Used = true
	if !slices.Contains(f.pinned, p) {
		f.pinned = append(f.pinned, p)
	}
}

// available are the sources at the place as it is now.
func (d *decider) available() []source {
	return d.sources(d.object, d.nodes(), d.entries, d.constant, maxNested)
}
