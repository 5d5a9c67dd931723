package satisfiability

import (
	"encoding/binary"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// reach knows which places can be moved to from a place, and at which places the @requires of a field can be met.
//
// Both depend on each other and on themselves, through keys and requirements that select other types' fields. They are
// facts that only ever grow: all start as "nothing", each is derived anew when one it was derived from has grown, until
// nothing grows. What is left is the least fixed point, so a key that could be had only by way of itself is not had.
//
// While the key of an entry is looked for, the entry's subgraph is closed: a key that some other type's objects would have to
// be fetched for from the subgraph that it opens is not had either. Planners need not look for keys there.
type reach struct {
	graph   *querygraph.Graph
	nodes   map[string][]querygraph.NodeID // by type name
	objects map[string]*object
	queue   []fact
	current fact // the one that is being derived; nil: whoever asks from outside
	depth   int  // how many facts are begun and not yet derived
	steps   int  // how many more may be taken
}

// fact is something that is derived from other facts.
type fact interface {
	derive(r *reach) (grown bool)
	state() *derivation
}

type derivation struct {
	queued     bool
	dependents []fact // those that looked at this one since it last grew
}

func newReach(g *querygraph.Graph, steps int) *reach {
	r := &reach{graph: g, nodes: map[string][]querygraph.NodeID{}, objects: map[string]*object{}, steps: steps}
	for id := range g.Nodes {
		name := g.Nodes[id].Type.Name
		r.nodes[name] = append(r.nodes[name], querygraph.NodeID(id))
	}
	return r
}

// step counts a step; false means that there may be no more.
func (r *reach) step() bool {
	r.steps--
	return r.steps >= 0
}

func (r *reach) exhausted() bool { return r.steps < 0 }

func (r *reach) enqueue(f fact) {
	if d := f.state(); !d.queued {
		d.queued = true
		r.queue = append(r.queue, f)
	}
}

// begin derives a new fact at once, as far as it goes: who asks for it then mostly has the whole of it, and need not ask for
// others that are part of it.
func (r *reach) begin(f fact) {
	if r.depth >= maxDepth {
		r.enqueue(f)
		return
	}
	asking := r.current
	r.current = f
	r.depth++
	grown := f.derive(r)
	r.depth--
	r.current = asking
	if grown {
		r.spread(f)
	}
}

// spread has the facts that looked at a fact derived again.
func (r *reach) spread(f fact) {
	d := f.state()
	dependents := d.dependents
	d.dependents = nil
	for _, dependent := range dependents {
		r.enqueue(dependent)
	}
}

// maxDepth bounds how many facts are begun within one another.
const maxDepth = 200

// look notes that the fact being derived depends on f. Asked from outside, it first lets everything grow that can.
func (r *reach) look(f fact) {
	if r.current == nil {
		r.settle()
		return
	}
	d := f.state()
	if n := len(d.dependents); n == 0 || d.dependents[n-1] != r.current {
		d.dependents = append(d.dependents, r.current)
	}
}

func (r *reach) settle() {
	for len(r.queue) > 0 && !r.exhausted() {
		f := r.queue[len(r.queue)-1]
		r.queue = r.queue[:len(r.queue)-1]
		d := f.state()
		d.queued = false
		r.current = f
		if f.derive(r) {
			r.spread(f)
		}
	}
	r.current = nil
}

// places are where an object can be had at the same time.
type places struct {
	all set
	// free are those at which a field with @requires can be asked for: the ones that are entered, since what is required can
	// be fetched before and sent along, and the ones with a key to come back by.
	free set
}

// within reports whether o offers all that p does.
func (p places) within(o places) bool { return p.all.within(o.all) && p.free.within(o.free) }

// reached is the fact which places of an object can be moved to from one of them, itself included.
type reached struct {
	derivation
	places
	object  *object
	closed  closed
	away    set // the places that may be moved to
	pending []entry
	unmet   map[*supergraph.Field]*requirement // the requirements looked at, by field; of this place only
}

func (f *reached) state() *derivation { return &f.derivation }

// closed are the subgraphs that may not be entered: their ids in ascending order, four bytes each.
type closed string

func (c closed) has(subgraph int) bool {
	for i := 0; i < len(c); i += 4 {
		if binary.BigEndian.Uint32([]byte(c[i:i+4])) == uint32(subgraph) {
			return true
		}
	}
	return false
}

func (c closed) with(subgraph int) closed {
	id := string(binary.BigEndian.AppendUint32(nil, uint32(subgraph)))
	i := 0
	for i < len(c) && string(c[i:i+4]) < id {
		i += 4
	}
	if i < len(c) && string(c[i:i+4]) == id {
		return c
	}
	return c[:i] + closed(id) + c[i:]
}

// start is where a fact on reached places begins.
type start struct {
	place  int
	closed closed
}

func (r *reach) from(o *object, place int, c closed) *reached {
	f := o.reached[start{place, c}]
	if f == nil {
		f = &reached{object: o, closed: c, places: places{newSet(len(o.nodes)), newSet(len(o.nodes))}}
		// There is no coming back to where the way begins: what can be had there, can be had without.
		f.away = newSet(len(o.nodes))
		for p := range o.nodes {
			if g := r.subgraph(o, p); g != r.subgraph(o, place) && !c.has(g.ID) {
				f.away.add(p)
			}
		}
		for _, e := range o.entries {
			if f.away.has(e.to) {
				f.pending = append(f.pending, e)
			}
		}
		r.steps -= len(o.entries)
		f.all.add(place)
		if _, ok := r.graph.Return(o.nodes[place]); ok {
			f.free.add(place)
		}
		o.reached[start{place, c}] = f
		r.begin(f)
	}
	r.look(f)
	return f
}

// fromAll returns the places that can be moved to from several places of one object.
func (r *reach) fromAll(o *object, arrived []int, c closed) places {
	at := places{newSet(len(o.nodes)), newSet(len(o.nodes))}
	for _, p := range arrived {
		if at.all.has(p) && at.free.has(p) {
			continue // it was reached from another one, and so is all that could be reached from it
		}
		f := r.from(o, p, c)
		at.all.addAll(f.all)
		at.free.addAll(f.free)
	}
	return at
}

func (f *reached) derive(r *reach) (grown bool) {
	for again := true; again; {
		again = false
		var left []entry
		for _, e := range f.pending {
			if f.all.has(e.to) {
				continue
			}
			if !r.step() {
				return grown
			}
			if !r.enters(f, e) {
				left = append(left, e)
				continue
			}
			f.all.add(e.to)
			f.free.add(e.to)
			if known := f.object.reached[start{e.to, f.closed}]; known != nil {
				r.look(known) // what can be reached from there can be from here
				f.all.addCommon(known.all, f.away)
				f.free.addCommon(known.free, f.away)
			}
			grown, again = true, true
		}
		f.pending = left
	}
	return grown
}

// enters reports whether an entry is open to who is at the places that are reached so far.
func (r *reach) enters(f *reached, e entry) bool {
	if e.key == nil {
		return true
	}
	if e.typename && !f.all.meets(f.object.named) {
		return false
	}
	to := r.graph.Nodes[f.object.nodes[e.to]].Subgraph
	return r.selects(f.object, f.places, e.key.Selection, f.closed.with(to), 0)
}

// requirement is the fact whether the @requires of a field can be met at a place.
type requirement struct {
	derivation
	object *object
	place  int
	fields ast.SelectionSet
	met    bool
}

func (f *requirement) state() *derivation { return &f.derivation }

// meets reports whether a field's @requires can be met at its place. The subgraph itself must have a way to all that is
// required, whatever is known of the object elsewhere.
func (r *reach) meets(o *object, at places, m move) bool {
	if m.field.Requires == nil || m.provided {
		return true
	}
	if !at.free.has(m.at) {
		return false
	}
	from := r.from(o, m.at, "")
	f := from.unmet[m.field]
	if f == nil {
		f = &requirement{object: o, place: m.at, fields: m.field.Requires}
		if from.unmet == nil {
			from.unmet = map[*supergraph.Field]*requirement{}
		}
		from.unmet[m.field] = f
		r.begin(f)
	}
	r.look(f)
	return f.met
}

func (f *requirement) derive(r *reach) (grown bool) {
	if f.met {
		return false
	}
	f.met = r.selects(f.object, r.from(f.object, f.place, "").places, f.fields, "", 0)
	return f.met
}
