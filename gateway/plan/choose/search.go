package choose

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// Search decides an operation in one way after another. What was found out for one way is known for the next. It belongs
// to one goroutine.
type Search struct {
	chooser *chooser
	op      *operation.Operation
}

// TooHardError says that an operation takes more than planning is ready to spend on it.
type TooHardError struct {
	What  string
	Limit int
}

func (e TooHardError) Error() string {
	return fmt.Sprintf("planning takes more than %d %s; ask for less at once, or split the operation", e.Limit, e.What)
}

// maxPresences bounds the objects of a tree, and with them its memory: a selection on an interface stands for one on each
// of its types, and those in it for one on each of theirs. maxCovered bounds the work for finding the inputs of keys and
// @requires in all trees of a search.
const (
	maxPresences = 25_000
	maxCovered   = 2_000_000
)

// tooHard says whether the search has spent what it may.
func (c *chooser) tooHard() error {
	switch {
	case c.covered > maxCovered:
		return TooHardError{"steps to find what keys and @requires need", maxCovered}
	case len(c.tree.Presences) > maxPresences:
		return TooHardError{"places at which subgraphs are asked for something", maxPresences}
	}
	return nil
}

// Decisions are what to choose at junctions, by Junction.At. At others the way that looks cheapest from there is taken.
type Decisions map[int]int

// Junction is a point at which there is more than one way: which subgraphs are entered at a place, or from which a
// composite field is resolved.
type Junction struct {
	At    int // the same in every tree of a search
	Ways  int
	Taken int // below Ways; 0 is the way that looks cheapest from there
	uses  []Subgraphs
}

// Uses are the subgraphs that a way enters, or from which it has a composite field resolved.
func (j Junction) Uses(way int) Subgraphs { return j.uses[way] }

// Subgraphs is a set of them. It holds no more than the first ones of a supergraph: what it is for can do without the others.
type Subgraphs uint64

// Has reports whether a subgraph is in the set.
func (s Subgraphs) Has(id int) bool { return id < 64 && s>>id&1 == 1 }

func (s *Subgraphs) add(id int) {
	if id < 64 {
		*s |= 1 << id
	}
}

// Subgraphs is how many there are.
func (s *Search) Subgraphs() int { return len(s.chooser.graph.Supergraph.Graphs) }

// NewSearch prepares to decide an operation.
func NewSearch(graph *querygraph.Graph, op *operation.Operation, opts Options) *Search {
	return &Search{op: op, chooser: &chooser{
		graph:        graph,
		opts:         opts,
		clientFields: map[clientKey]*specField{},
		bars:         map[owned][]string{},
		busy:         map[resolution]bool{},
		values:       map[value]*Field{},
		orders:       map[orderKey]ast.SelectionSet{},
		tells:        map[toldKey]ast.SelectionSet{},
		veils:        map[string]bool{},
		spots:        map[spot]int{},
		grown:        map[grown]*spec{},
	}}
}

// Tree decides the operation. It fails where the decisions lead nowhere, or where there is no way at all.
func (s *Search) Tree(decisions Decisions) (*Tree, error) {
	c := s.chooser
	c.tree, c.decisions, c.junctions = &Tree{Graph: c.graph}, decisions, nil
	clear(c.busy)
	clear(c.values)
	c.held = nil
	err := c.root(s.op)
	c.tree.Labels = slices.Clone(c.labels)
	if hard := c.tooHard(); hard != nil {
		return nil, hard
	}
	if err != nil {
		return nil, err
	}
	return c.tree, nil
}

// Junctions are those met the last time, in order, and the ways taken.
func (s *Search) Junctions() []Junction { return s.chooser.junctions }

// Labels are those of Options.Labels that were looked at so far, active or not, sorted.
func (s *Search) Labels() []string { return slices.Clone(s.chooser.labels) }

// spot is a place in a fork, or a field at a place, of a tree.
type spot struct {
	in    int // the number of the fork or of the place
	place int
	op    *operation.Field
	name  string // of a hidden field
}

// spotID numbers spots, from 1 on: the same one has the same number in every tree.
func (c *chooser) spotID(s spot) int {
	id := c.spots[s]
	if id == 0 {
		id = len(c.spots) + 1
		c.spots[s] = id
	}
	return id
}

// way is the way to be taken at a junction, of which each uses some subgraphs.
func (c *chooser) way(at int, uses []Subgraphs) int {
	ways := len(uses)
	if ways < 2 {
		return 0
	}
	taken := c.decisions[at]
	if taken >= ways {
		taken = 0
	}
	c.junctions = append(c.junctions, Junction{At: at, Ways: ways, Taken: taken, uses: uses})
	return taken
}
