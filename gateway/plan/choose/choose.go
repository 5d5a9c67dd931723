package choose

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Options are what a plan depends on besides the operation.
type Options struct {
	// Denied says which of the operation's requirements the identity does not meet, by index.
	Denied []bool
	// Labels are the active labels of progressive @override.
	Labels map[string]bool
	// Except takes fields of types away from subgraphs, as if those did not resolve them (nil: none): to find out what a plan
	// without them would cost.
	Except func(subgraph int, t *supergraph.Type, field string) bool
}

// Tree is a decided operation.
type Tree struct {
	Root *Fork
	// Presences are all of them; a presence's ID is its index.
	Presences []*Presence
	Graph     *querygraph.Graph
	// Labels are those of Options.Labels that were looked at, active or not, sorted: for other labels the tree is the same.
	Labels []string
}

type chooser struct {
	graph        *querygraph.Graph
	opts         Options
	tree         *Tree
	clientFields map[clientKey]*specField
	bars         map[owned][]string            // see barred
	busy         map[resolution]bool           // @requires being looked into
	values       map[value]*Field              // what contexts select, of the tree
	held         []held                        // what places had before values were asked for, of the tree
	orders       map[orderKey]ast.SelectionSet // see scarceFirst
	tells        map[toldKey]ast.SelectionSet  // see told
	veils        map[string]bool               // see hidesTypes
	labels       []string                      // see Tree.Labels
	spots        map[spot]int
	grown        map[grown]*spec
	whole        *spec // what is selected on the root
	decisions    Decisions
	junctions    []Junction
	looked       int // see maxLooked
	covered      int // see maxCovered
}

func (c *chooser) presence(node querygraph.NodeID, entry *Entry, parent *Presence) *Presence {
	p := &Presence{ID: len(c.tree.Presences), Node: node, Entry: entry, Parent: parent, step: 1}
	if parent != nil {
		p.step = parent.step
	}
	c.tree.Presences = append(c.tree.Presences, p)
	return p
}

// newPlace lays out the fields of a case, undecided.
func (c *chooser) newPlace(fork *Fork, sc *specCase) *Place {
	p := &Place{Fork: fork, Types: sc.types, spec: sc, at: c.spotID(spot{in: fork.at, place: len(fork.Places)})}
	p.Unexpected = fork.Field != nil && fork.Field.Place.Unexpected
	fork.Places = append(fork.Places, p)
	for _, sf := range sc.fields {
		p.Fields = append(p.Fields, c.newField(p, sf))
	}
	return p
}

func (c *chooser) newField(p *Place, sf *specField) *Field {
	return &Field{
		veiled:     sf.veiled,
		Place:      p,
		Op:         sf.op,
		Name:       sf.name,
		Arguments:  sf.args,
		Definition: sf.def,
		Cond:       sf.cond,
		Denied:     sf.denied,
		hidden:     slices.Clone(sf.hidden),
		source:     sf,
	}
}
