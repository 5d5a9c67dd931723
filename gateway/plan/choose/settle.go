package choose

import (
	"slices"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// settle decides who resolves a field. Composite fields are decided later, unless they need an entry of their own.
func (d *decider) settle(f *Field) error {
	composite := f.Op != nil && f.Op.Set != nil || len(f.hidden) > 0
	if f.Denied || f.Name == "__typename" || len(f.By) > 0 || composite && len(f.pinned) > 0 && d.enough(f) {
		return nil
	}
	if d.active[f] {
		return d.fail(f.Name)
	}
	d.active[f] = true
	defer delete(d.active, f)
	if d.local(f, composite) && (!composite || d.enough(f)) {
		return nil
	}
	if p, err := d.carry(f); err != nil {
		return err
	} else if p != nil {
		if f.by(p, composite); !composite || d.enough(f) {
			return nil
		}
	}
	from := d.available()
	options := d.fieldOptions(d.object, &specField{op: f.Op, name: f.Name, hidden: f.hidden}, from)
	for _, o := range options {
		for _, h := range o.chain {
			if _, err := d.enter(h); err != nil {
				return err
			}
		}
		if !d.needsInputs(o.node, o.field) {
			if d.local(f, composite) && (!composite || d.enough(f)) {
				return nil
			}
			continue
		}
		p, err := d.again(f, source{node: o.node}, o.field)
		if err != nil {
			return err
		}
		if p == nil {
			continue
		}
		f.by(p, composite)
		return nil
	}
	return d.fail(f.Name)
}

// by settles a field that a presence resolves given inputs.
func (f *Field) by(p *Presence, composite bool) {
	if composite {
		f.pin(p)
		return
	}
	f.By, p.Used = []*Presence{p}, true
}

// enough reports whether what is selected under a composite field can be had from those present that resolve it. It is
// looked into only where another subgraph could resolve the field given inputs, which is no use unless it must be.
func (d *decider) enough(f *Field) bool {
	if !slices.ContainsFunc(d.entries, func(e querygraph.Entry) bool {
		def, _, ok := d.resolves(e.To, f.Name)
		return ok && takesInputs(def)
	}) {
		return true
	}
	var to []querygraph.NodeID
	for _, node := range d.nodes() {
		if def, next, ok := d.resolves(node, f.Name); ok && next != querygraph.None && !d.needsInputs(node, def) {
			to = append(to, next)
		}
	}
	for _, p := range f.pinned {
		if _, next, ok := d.resolves(d.graph.Downcast(p.Node, d.object), f.Name); ok && !slices.Contains(to, next) {
			to = append(to, next)
		}
	}
	return d.specCost(d.specOf(f), to).possible()
}

// local settles a field from what is present, the soonest there.
func (d *decider) local(f *Field, composite bool) bool {
	var soonest *Presence
	for _, p := range d.place.avail {
		node := d.graph.Downcast(p.Node, d.object)
		if node == querygraph.None {
			continue
		}
		def, _, ok := d.resolves(node, f.Name)
		if !ok || d.needsInputs(node, def) {
			continue
		}
		if composite {
			return true
		}
		if soonest == nil || p.step < soonest.step {
			soonest = p
		}
	}
	if soonest == nil {
		return false
	}
	f.By, soonest.Used = []*Presence{soonest}, true
	return true
}

// again enters a subgraph (maybe once more) with the inputs that a field takes.
func (d *decider) again(f *Field, s source, def *supergraph.Field) (*Presence, error) {
	// A key that the subgraph gave when it was entered before would make this call wait for that one.
	sub := d.graph.Nodes[s.node].Subgraph
	h := d.reentry(d.object, s.node, d.sources(d.object, d.nodesBut(sub), d.entries, d.constant, maxNested))
	if own := d.reentry(d.object, s.node, d.available()); h == nil || own != nil && own.cost() < h.cost() {
		h = own
	}
	if h == nil {
		return nil, nil
	}
	for _, step := range h.chain[:len(h.chain)-1] {
		if _, err := d.enter(step); err != nil {
			return nil, err
		}
	}
	p, err := d.enterBy(h.entry, def)
	if err != nil {
		return nil, err
	}
	p.Used = true
	if len(def.Contextual) > 0 {
		f.give(p, p.Entry.Contexts)
	}
	return p, nil
}
