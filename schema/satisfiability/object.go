package satisfiability

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// object is an object type with everything the query graph has on it. Places are the nodes at which an object of the type
// can be; they are numbered per object type, so that sets of them are small.
type object struct {
	name  string
	nodes []querygraph.NodeID // by place
	place map[querygraph.NodeID]int
	// named are the places whose subgraph knows the object's own type. At the others, those of an @interfaceObject, only
	// the interface is known.
	named   set
	entries []entry
	fields  map[string][]move
	reached map[start]*reached // those that were asked for
}

// entry is a way to a place, for who can select the key.
type entry struct {
	to       int
	key      *supergraph.Key // nil: none needed
	typename bool            // the representation names the object's own type, so that must be known
}

// move is a field as one place has it.
type move struct {
	at       int
	field    *supergraph.Field
	to       querygraph.NodeID // None: a leaf
	provided bool
}

// object returns the object type with a name, from the supergraph.
func (r *reach) object(name string) *object {
	if o := r.objects[name]; o != nil {
		return o
	}
	o := &object{name: name, place: map[querygraph.NodeID]int{}, fields: map[string][]move{}, reached: map[start]*reached{}}
	r.objects[name] = o
	add := func(id querygraph.NodeID) {
		o.place[id] = len(o.nodes)
		o.nodes = append(o.nodes, id)
	}
	for _, id := range r.nodes[name] {
		add(id)
	}
	own := len(o.nodes)
	interfaces := r.graph.Interfaces(name)
	for _, i := range interfaces {
		for _, id := range r.nodes[i] {
			if r.graph.Nodes[id].Type.InterfaceObject {
				add(id)
			}
		}
	}
	o.named = newSet(len(o.nodes))
	for p := range own {
		o.named.add(p)
	}
	for _, e := range r.graph.Entries(name) {
		o.entries = append(o.entries, entry{to: o.place[e.To], key: e.Key, typename: e.Typename == ""})
	}
	// Who knows only an interface of the object can enter a subgraph that has a key on that interface.
	for _, i := range interfaces {
		for _, e := range r.graph.Entries(i) {
			if r.graph.Nodes[e.To].Type.Kind != ast.Interface {
				continue
			}
			if to := r.graph.Downcast(e.To, name); to != querygraph.None {
				o.entries = append(o.entries, entry{to: o.place[to], key: e.Key})
			}
		}
	}
	for p, id := range o.nodes {
		for _, f := range r.graph.Nodes[id].Type.Fields {
			if f, to, ok := r.graph.Field(id, f.Name); ok {
				o.fields[f.Name] = append(o.fields[f.Name], move{at: p, field: f, to: to, provided: r.graph.Provided(id, f.Name)})
			}
		}
	}
	return o
}

// possible returns the object types that a value of a type of the supergraph can have.
func (r *reach) possible(typeName string) []string { return r.graph.PossibleTypes(typeName) }

// narrow returns the places of an object type that nodes of one value lead to when the value is an object of that type.
// ok is false when one of the subgraphs knows that the value never is.
func (r *reach) narrow(nodes []querygraph.NodeID, o *object) (places []int, ok bool) {
	for _, id := range nodes {
		to := r.graph.Downcast(id, o.name)
		if to == querygraph.None {
			return nil, false
		}
		if p, known := o.place[to]; known && !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	return places, true
}

// subgraph returns the subgraph of a place.
func (r *reach) subgraph(o *object, place int) *supergraph.Graph {
	return r.graph.Supergraph.Graphs[r.graph.Nodes[o.nodes[place]].Subgraph]
}

// typeAt returns the type as the subgraph of a place has it.
func (r *reach) typeAt(o *object, place int) *supergraph.Type {
	return r.graph.Nodes[o.nodes[place]].Type
}
