// Package querygraph is the graph over which operations are planned and supergraphs are checked: its nodes are types in
// subgraphs, its moves lead from one to the next. Nodes are int ids over slices; the graph is immutable and safe for
// concurrent use.
//
// There are three kinds of moves: fields (within a subgraph), downcasts (from an abstract type to an object type of the
// same subgraph) and entries (into a subgraph, at any object of a type, given a key). A field with @provides leads to a
// copy of its type's node on which the provided external fields can be resolved too.
package querygraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/supergraph"
)

// NodeID indexes Graph.Nodes; None is no node.
type NodeID int32

// None is the absence of a node: where a leaf field leads.
const None NodeID = -1

// Graph is the query graph of a supergraph.
type Graph struct {
	Supergraph *supergraph.Supergraph
	Nodes      []Node
	base       []map[string]NodeID // per subgraph: type name → node
	entries    map[string][]Entry
	copies     map[string]NodeID   // nodes with provided fields, by what they provide
	interfaces map[string][]string // object type → interfaces of the supergraph that it implements, sorted
	possible   map[string][]string // composite type of the supergraph → its object types, sorted
	contexts   contexts
	hides      bool
}

// Node is a composite type in a subgraph.
type Node struct {
	Subgraph int
	Type     *supergraph.Type
	// provided are the external fields that can be resolved here because a field on the way has @provides; nil for a base
	// node.
	provided *provision
	// objects are the possible types that are an @interfaceObject: an abstract type's members may be known to the subgraph
	// only as such.
	objects []string
	fields  map[string]NodeID // where provided or providing fields lead, where that is not the base node
	casts   map[string]NodeID // likewise for downcasts
}

// provision is a tree of provided fields.
type provision struct {
	fields map[string]*provision // nil value: a leaf
	casts  map[string]*provision // by type condition
}

// Entry is a way into a subgraph at an object of a known type.
type Entry struct {
	To  NodeID
	Key *supergraph.Key // nil: no key is needed (Query)
	// Typename is what the representation's __typename says: the object's own type when empty, else the interface that the
	// subgraph knows (an @interfaceObject, or an interface entered before the object's type is known).
	Typename string
}

// New builds the query graph.
func New(s *supergraph.Supergraph) *Graph {
	g := &Graph{
		Supergraph: s,
		base:       make([]map[string]NodeID, len(s.Graphs)),
		entries:    map[string][]Entry{},
		copies:     map[string]NodeID{},
	}
	g.indexTypes()
	g.indexContexts()
	for _, sub := range s.Graphs {
		g.base[sub.ID] = map[string]NodeID{}
		for _, name := range sub.TypeNames {
			if t := sub.Types[name]; composite(t) {
				g.base[sub.ID][name] = NodeID(len(g.Nodes))
				g.Nodes = append(g.Nodes, Node{Subgraph: sub.ID, Type: t, objects: interfaceObjects(sub, t)})
				g.hides = g.hides || t.InterfaceObject
			}
		}
	}
	for id := range len(g.Nodes) { // copies are appended meanwhile; they are made with their own fields
		g.addProvides(NodeID(id))
	}
	for _, sub := range s.Graphs {
		for _, name := range sub.TypeNames {
			g.addEntries(sub, sub.Types[name])
		}
	}
	return g
}

// HidesTypes reports whether a subgraph knows any objects as an @interfaceObject, and so not their type.
func (g *Graph) HidesTypes() bool { return g.hides }

func composite(t *supergraph.Type) bool {
	return t.Kind == ast.Object || t.Kind == ast.Interface || t.Kind == ast.Union
}

// interfaceObjects lists the possible types of an abstract type that are an @interfaceObject in the subgraph.
func interfaceObjects(sub *supergraph.Graph, t *supergraph.Type) []string {
	if t.Kind == ast.Object {
		return nil
	}
	var found []string
	for _, name := range t.PossibleTypes {
		if o := sub.Types[name]; o != nil && o.InterfaceObject {
			found = append(found, name)
		}
	}
	return found
}

func (g *Graph) indexTypes() {
	g.interfaces, g.possible = map[string][]string{}, map[string][]string{}
	seen := map[string]bool{}
	for _, sub := range g.Supergraph.Graphs {
		for _, name := range sub.TypeNames {
			def := g.Supergraph.Definition(name)
			if seen[name] || def == nil {
				continue
			}
			seen[name] = true
			switch def.Kind {
			case ast.Object:
				g.interfaces[name] = slices.Sorted(slices.Values(def.Interfaces))
				g.possible[name] = []string{name}
				for _, i := range def.Interfaces {
					g.possible[i] = append(g.possible[i], name)
				}
			case ast.Union:
				g.possible[name] = append(g.possible[name], def.Types...)
			}
		}
	}
	for _, types := range g.possible {
		slices.Sort(types)
	}
}

// PossibleTypes returns the object types of a composite type of the supergraph (inaccessible ones too), sorted.
func (g *Graph) PossibleTypes(name string) []string { return g.possible[name] }

// Interfaces returns the interfaces of the supergraph that an object type implements, sorted.
func (g *Graph) Interfaces(object string) []string { return g.interfaces[object] }

// Base returns the node of a type in a subgraph, None when the subgraph does not have the type.
func (g *Graph) Base(subgraph int, typeName string) NodeID {
	if id, ok := g.base[subgraph][typeName]; ok {
		return id
	}
	return None
}

// Field is a field move: the field as the node's subgraph has it and where it leads (None for leaves).
// ok is false when the subgraph does not resolve the field at this node: it does not have it, or has it only as @external
// and not provided here. A field of an interface's node is what the subgraph's interface says; an object there may still have
// it as @external, so whether the interface can be asked for it is seen on the nodes that Downcast leads to.
func (g *Graph) Field(from NodeID, name string) (f *supergraph.Field, to NodeID, ok bool) {
	n := &g.Nodes[from]
	f = n.Type.Field(name)
	if f == nil {
		return nil, None, false
	}
	if f.External || f.Overridden {
		if n.provided == nil {
			return nil, None, false
		}
		if _, provided := n.provided.fields[name]; !provided {
			return nil, None, false
		}
	}
	if id, copied := n.fields[name]; copied {
		return f, id, true
	}
	return f, g.Base(n.Subgraph, f.Type.Name()), true
}

// Provided reports whether a field can be resolved at the node only because of @provides; such a field ignores its
// @requires.
func (g *Graph) Provided(at NodeID, name string) bool {
	n := &g.Nodes[at]
	if f := n.Type.Field(name); n.provided == nil || f == nil || !f.External && !f.Overridden {
		return false
	}
	_, ok := n.provided.fields[name]
	return ok
}

// Downcast returns the node for objects of one object type among those of a node: the node itself where its type is that
// type or an @interfaceObject for it; None when no object at the node can have that type.
func (g *Graph) Downcast(from NodeID, object string) NodeID {
	n := &g.Nodes[from]
	switch {
	case n.Type.Name == object:
		return from
	case n.Type.InterfaceObject:
		if slices.Contains(g.interfaces[object], n.Type.Name) {
			return from
		}
		return None
	case n.Type.Kind == ast.Object:
		return None
	}
	if _, ok := slices.BinarySearch(n.Type.PossibleTypes, object); ok {
		if id, copied := n.casts[object]; copied {
			return id
		}
		return g.Base(n.Subgraph, object)
	}
	for _, member := range n.objects {
		if slices.Contains(g.interfaces[object], member) {
			return g.Base(n.Subgraph, member)
		}
	}
	return None
}

// Entries returns the ways into subgraphs at an object (or, for an interface, at an object of which only the interface is
// known), in the order of subgraphs and keys; keys that can be null come after a subgraph's others, since an object whose key
// is null cannot be entered.
func (g *Graph) Entries(typeName string) []Entry { return g.entries[typeName] }

// addEntries records the ways into a subgraph by one of its types.
func (g *Graph) addEntries(sub *supergraph.Graph, t *supergraph.Type) {
	to := g.Base(sub.ID, t.Name)
	if to == None {
		return
	}
	if t.Name == "Query" {
		g.entries[t.Name] = append(g.entries[t.Name], Entry{To: to})
		return
	}
	keys := slices.Clone(t.Keys)
	slices.SortStableFunc(keys, func(a, b *supergraph.Key) int { return nullables(sub, t, a.Selection) - nullables(sub, t, b.Selection) })
	for _, key := range keys {
		if !key.Resolvable {
			continue
		}
		switch {
		case t.InterfaceObject:
			for _, object := range g.possible[t.Name] {
				if sub.Types[object] == nil || len(sub.Types[object].Keys) == 0 {
					g.entries[object] = append(g.entries[object], Entry{To: to, Key: key, Typename: t.Name})
				}
			}
			g.entries[t.Name] = append(g.entries[t.Name], Entry{To: to, Key: key, Typename: t.Name})
		case t.Kind == ast.Interface:
			g.entries[t.Name] = append(g.entries[t.Name], Entry{To: to, Key: key, Typename: t.Name})
		case t.Kind == ast.Object:
			g.entries[t.Name] = append(g.entries[t.Name], Entry{To: to, Key: key})
		}
	}
}

// nullables is 1 when a field set on a type of a subgraph selects anything that can be null, and 0 when it does not.
func nullables(sub *supergraph.Graph, t *supergraph.Type, set ast.SelectionSet) int {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			f := t.Field(sel.Name)
			if f == nil { // __typename
				continue
			}
			for typ := f.Type; typ != nil; typ = typ.Elem {
				if !typ.NonNull {
					return 1
				}
			}
			if of := sub.Types[f.Type.Name()]; of != nil && nullables(sub, of, sel.SelectionSet) > 0 {
				return 1
			}
		case *ast.InlineFragment:
			if of := sub.Types[sel.TypeCondition]; of != nil && nullables(sub, of, sel.SelectionSet) > 0 {
				return 1
			}
		}
	}
	return 0
}
