package choose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// decide settles a place: which subgraphs are entered, who resolves each field, and everything under it.
func (c *chooser) decide(place *Place) error {
	d := c.deciderOf(place)
	best := c.place(place.Fork.Type, place.spec, d.nodes(), place.constant)
	if best.possible() {
		hops := best.hops
		if way := c.way(place.at, best.uses); way > 0 {
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
		if err := d.need(entry, d.told(e.To, e.Key.Selection), true); err != nil {
			return nil, err
		}
	}
	if inputs != nil {
		if err := d.need(entry, d.told(e.To, inputs.Requires), false); err != nil {
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
