package choose

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/typesystem"
)

// rootSpec is what the operation selects on its root type.
func (c *chooser) rootSpec(op *operation.Operation) *spec {
	if c.whole == nil {
		c.whole = c.newSpec(typesystem.RootName(op.Kind), op.Root, nil)
	}
	return c.whole
}

func (c *chooser) root(op *operation.Operation) error {
	typ := typesystem.RootName(op.Kind)
	fork := &Fork{Type: typ}
	c.tree.Root = fork
	s := c.rootSpec(op)
	if len(s.cases) != 1 {
		return fmt.Errorf("no subgraph has the root type %s", typ)
	}
	place := c.newPlace(fork, s.cases[0])
	if err := c.introspect(place); err != nil {
		return err
	}
	if op.Kind == ast.Mutation {
		return c.mutation(place)
	}
	if op.Kind == ast.Subscription {
		return c.subscription(place)
	}
	return c.decide(place)
}

// introspect lets the gateway itself resolve __schema and __type.
func (c *chooser) introspect(place *Place) error {
	var self *Presence
	for _, f := range place.Fields {
		if f.Denied || f.Name == "__typename" || !strings.HasPrefix(f.Name, "__") {
			continue
		}
		if self == nil {
			self = c.presence(querygraph.None, &Entry{}, nil)
			self.Used = true
			place.Entries = append(place.Entries, self)
		}
		c.introspectField(f, self)
	}
	return nil
}

func (c *chooser) introspectField(f *Field, self *Presence) {
	f.By = []*Presence{self}
	if f.Op.Set == nil {
		return
	}
	child := c.presence(querygraph.None, nil, self)
	child.Used = true
	f.Fork = &Fork{Field: f, Type: f.Op.Set.Type.Name, Inherited: []*Presence{child}}
	for _, oc := range f.Op.Set.Cases {
		place := &Place{Fork: f.Fork, Types: oc.Types}
		f.Fork.Places = append(f.Fork.Places, place)
		for _, of := range oc.Fields {
			field := &Field{Place: place, Op: of, Name: of.Name, Arguments: of.Arguments, Definition: of.Definition, Cond: of.Cond}
			place.Fields = append(place.Fields, field)
			if of.Name != "__typename" {
				c.introspectField(field, child)
			}
		}
	}
}

// mutation decides root fields one after another: each in the subgraph where it is cheapest; neighbours in one subgraph
// share a fetch. A field of which conditions decide where it stands has several places in the order, of which one counts: in
// one fetch it is asked for in each of them, and the subgraph executes it where it is first included (GraphQL specification,
// section 6.3.2 CollectFields).
func (c *chooser) mutation(place *Place) error {
	var last *Presence
	turn := 0
	for _, f := range place.Fields {
		if f.Denied || len(f.By) > 0 || f.Name == "__typename" {
			continue
		}
		node, err := c.rootNode(place, f)
		if err != nil {
			return err
		}
		if last == nil || last.Node != node {
			last = c.presence(node, &Entry{Turn: turn}, nil)
			turn++
			place.Entries = append(place.Entries, last)
		}
		f.By, last.Used = []*Presence{last}, true
	}
	return c.forks(place)
}

func (c *chooser) subscription(place *Place) error {
	for _, f := range place.Fields {
		if f.Denied || f.Name == "__typename" {
			continue
		}
		node, err := c.rootNode(place, f)
		if err != nil {
			return err
		}
		p := c.presence(node, &Entry{}, nil)
		place.Entries = append(place.Entries, p)
		f.By, p.Used = []*Presence{p}, true
	}
	return c.forks(place)
}

// rootNode is the subgraph in which a root field is cheapest.
func (c *chooser) rootNode(place *Place, f *Field) (querygraph.NodeID, error) {
	best, least := querygraph.None, impossible
	for _, sub := range c.graph.Supergraph.Graphs {
		node := c.graph.Base(sub.ID, place.Fork.Type)
		if node == querygraph.None {
			continue
		}
		_, to, ok := c.resolves(node, f.Name)
		if !ok {
			continue
		}
		var n Cost
		if to != querygraph.None {
			n = c.specCost(c.childSpec(f.source), []querygraph.NodeID{to})
		}
		if n.Less(least) {
			best, least = node, n
		}
	}
	if best == querygraph.None {
		return best, fmt.Errorf("no subgraph can resolve %s.%s with all that is selected under it", place.Fork.Type, f.Name)
	}
	return best, nil
}
