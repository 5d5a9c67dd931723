package choose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// decide settles a place: which subgraphs are entered, who resolves each field, and everything under it.
func (c *chooser) decide(place *Place, sc *specCase, constant bool) error {
	place.constant = constant
	d := c.deciderOf(place)
	best := c.place(place.Fork.Type, sc, d.nodes(), constant)
	if best.possible() {
		hops := best.hops
		if way := c.way(place.at, 1+len(best.others)); way > 0 {
			hops = best.others[way-1]
		}
		for _, h := range hops {
			if _, err := d.enter(h); err != nil {
				return err
			}
		}
	}
	for i := 0; i < len(place.Fields); i++ { // hidden fields are appended meanwhile, and are settled as they are
		if err := d.settle(place.Fields[i]); err != nil {
			return err
		}
	}
	return c.forks(place)
}

// forks settles what lies under the composite fields of a place.
func (c *chooser) forks(place *Place) error {
	for _, f := range place.Fields {
		composite := f.Op != nil && f.Op.Set != nil || len(f.hidden) > 0
		if f.Denied || !composite || f.Fork != nil {
			continue
		}
		if err := c.fork(f); err != nil {
			return err
		}
	}
	return nil
}

type decider struct {
	*chooser
	place    *Place
	object   string
	constant bool
	entries  []querygraph.Entry
	active   map[*Field]bool // being settled
}

func (d *decider) nodes() []querygraph.NodeID {
	var out []querygraph.NodeID
	for _, p := range d.place.avail {
		if down := d.graph.Downcast(p.Node, d.object); down != querygraph.None {
			out = append(out, down)
		}
	}
	return out
}

// nodesBut are the nodes without those that a subgraph was entered at.
func (d *decider) nodesBut(sub int) []querygraph.NodeID {
	var out []querygraph.NodeID
	for _, p := range d.place.avail {
		if down := d.graph.Downcast(p.Node, d.object); down != querygraph.None && (p.Entry == nil || d.graph.Nodes[p.Node].Subgraph != sub) {
			out = append(out, down)
		}
	}
	return out
}

func (d *decider) fail(name string) error {
	return fmt.Errorf("no way to resolve %s.%s at %s", d.object, name, pathOf(d.place.Fork))
}

func pathOf(f *Fork) string {
	var names []string
	for ; f != nil && f.Field != nil; f = f.Field.Place.Fork {
		names = append(names, f.Field.Name)
	}
	slices.Reverse(names)
	if len(names) == 0 {
		return "the root"
	}
	return strings.Join(names, ".")
}

// enter makes a hop's own entry (those before it in its chain have been made) and settles its key's fields.
func (d *decider) enter(h *hop) (*Presence, error) {
	for _, step := range h.chain[:len(h.chain)-1] {
		if d.find(step.to) == nil {
			if _, err := d.enter(step); err != nil {
				return nil, err
			}
		}
	}
	if p := d.find(h.to); p != nil {
		return p, nil
	}
	return d.enterBy(h.entry, nil)
}

// find returns the presence that came to be by entering at a node.
func (d *decider) find(node querygraph.NodeID) *Presence {
	for _, p := range d.place.Entries {
		if p.Node == node && p.Entry != nil && !p.Entry.own {
			return p
		}
	}
	return nil
}

// enterBy makes an entry by a key; with what a field takes when it is made for one.
func (d *decider) enterBy(e querygraph.Entry, inputs *supergraph.Field) (*Presence, error) {
	entry := &Entry{Key: e.Key, Typename: e.Typename, own: inputs != nil}
	if e.Key != nil {
		if err := d.need(entry, e.Key.Selection, true); err != nil {
			return nil, err
		}
	}
	if inputs != nil {
		if err := d.need(entry, inputs.Requires, false); err != nil {
			return nil, err
		}
		var err error
		if entry.Contexts, err = d.contexts(inputs); err != nil {
			return nil, err
		}
	}
	p := d.presence(e.To, entry, nil)
	p.step = d.stepOf(entry)
	d.place.Entries = append(d.place.Entries, p)
	if inputs == nil {
		d.place.avail = append(d.place.avail, p)
	}
	return p, nil
}

// stepOf is when an entry at the place can be made: after what its objects and representations come from.
func (d *decider) stepOf(entry *Entry) int {
	step := 0
	for i, p := range d.place.Fork.Inherited {
		if i == 0 || p.step < step {
			step = p.step
		}
	}
	after := func(f *Field) {
		for _, p := range f.By {
			step = max(step, p.step)
		}
		for _, p := range f.pinned {
			step = max(step, p.step)
		}
	}
	for _, n := range entry.Needs {
		after(n.Field)
	}
	for _, c := range entry.Contexts {
		if c.Need != nil {
			after(c.Need.Field)
		}
	}
	return step + 1
}

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

// pin makes sure that a composite field is had from presences that give what a field set needs of it.
func (d *decider) pin(f *Field, sel *ast.Field) error {
	for {
		from := d.available()
		var nodes []*Presence
		for _, p := range d.place.avail {
			node := d.graph.Downcast(p.Node, d.object)
			if node == querygraph.None {
				continue
			}
			def, to, ok := d.resolves(node, sel.Name)
			if !ok || to == querygraph.None || takesInputs(def) && !d.graph.Provided(node, sel.Name) {
				continue
			}
			need := cover{chooser: d.chooser, depth: maxNested}
			if need.under(d.object, sel, []querygraph.NodeID{to}) {
				f.pin(p)
				return nil
			}
			nodes = append(nodes, p)
		}
		// No single presence gives all of it. Those there may do so together, or another must be entered.
		need := cover{chooser: d.chooser, depth: maxNested}
		if !need.field(d.object, sel, from) {
			return d.requiredComposite(f, sel, from)
		}
		if len(need.chain) == 0 {
			if len(nodes) == 0 {
				return d.requiredComposite(f, sel, from)
			}
			for _, p := range nodes {
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
