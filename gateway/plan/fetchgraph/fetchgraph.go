// Package fetchgraph turns a decided operation into fetches: what each asks its subgraph, under which response names,
// which others it must wait for, and which can be one call.
//
// The passes, each in a file of its own: build lays out one fetch for each entry and what it selects, naming response
// names so that no two meanings share one; depend finds what each fetch waits for, and early what it need not; merge makes fetches of one subgraph that
// can run together one; document writes what is sent: the selections of print, what alike types have in common on interfaces
// (alike), the directives that the client gives them (directives) and the values that arguments take from contexts (context,
// template). What is selected again and again is written once (blocks), and sent once, in named fragments (compact). What one
// subgraph answers alone it is asked in the client's own words (own).
package fetchgraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/plan/choose"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
)

// Graph is the fetches of an operation. Their order is one in which each comes after those it depends on.
type Graph struct {
	Tree      *choose.Tree
	Operation *operation.Operation
	Fetches   []*Fetch
	// byPresence is the fetch of an entry presence, by the presence's ID.
	byPresence []*Fetch
	selections []*Selection // by presence ID
	members    map[member]*Member
	mixed      bool // some member with selections is asked under several conditions
	conditions []response.Condition
	merged     map[string]response.ConditionID
	values     []*choose.Need                     // what arguments take from contexts, each once
	numbers    map[*choose.Context]int            // of the variables of the groups
	prefix     string                             // of the names of our own variables
	defined    map[string]*ast.VariableDefinition // by the client; made at need
	fieldCount int                                // how many fields the fetches select
	writer     *writer                            // of all documents
	blocks     blocks                             // that they are made of
	tooLarge   bool                               // some text is longer than a document may be
	savings    savings
}

type member struct {
	field    *choose.Field
	presence *choose.Presence
}

// Fetch is one call.
type Fetch struct {
	ID       int
	Subgraph int // -1: introspection, by the gateway itself
	Root     bool
	Turn     int // of a mutation's root fetch
	Groups   []*Group
	DependsOn,
	Dependents []*Fetch
	// Document is the operation sent, and Name its name; Variables are the client's variables that it uses.
	Document  string
	Name      string
	Variables []string
	// Template writes documents for entities that need other values from contexts each; nil when nothing takes any.
	Template *Template
	Cond     response.ConditionID
	level    int
	turn     int    // the mutation turn that the fetch belongs to
	merged   *Fetch // the fetch that this one was merged into
}

// Group is what one `_entities` field of a fetch asks, or the whole of a root fetch.
type Group struct {
	// Alias is the response name of the `_entities` field and Variable the variable of its representations.
	Alias    string
	Variable string
	Targets  []*Target
	// dependsOn is what the group's only entry waited for when it was a fetch of its own.
	dependsOn []*Fetch
}

// Target is the objects of one place for which a group asks.
type Target struct {
	Fork  *choose.Fork
	Place *choose.Place // nil for a fork's own entries
	// Presences are the entries answered together: the first, and those of @requires that need nothing that it does not wait
	// for anyway.
	Presences []*choose.Presence
	From      *choose.Presence // an inherited presence whose objects the answers are linked to; nil for roots
	Cond      response.ConditionID
	early     []*choose.Fork // see Early
	// What is asked of entities, and that as text.
	on  []onType
	own written
}

// Build makes the fetches of a decided operation, all but their documents.
func Build(tree *choose.Tree, op *operation.Operation) (*Graph, error) {
	g := newGraph(tree, op)
	if err := g.separate(); err != nil {
		return nil, err
	}
	return g, g.merge()
}

// Separate makes the fetches as they are before any of them are merged, for a person who wants to see what merging does.
func Separate(tree *choose.Tree, op *operation.Operation) (*Graph, error) {
	g := newGraph(tree, op)
	if err := g.separate(); err != nil {
		return nil, err
	}
	return g, g.Print()
}

// separate lays the fetches out and orders them, one for each entry.
func (g *Graph) separate() error {
	g.build()
	g.depend()
	return g.order()
}

func newGraph(tree *choose.Tree, op *operation.Operation) *Graph {
	g := &Graph{
		Tree:       tree,
		Operation:  op,
		byPresence: make([]*Fetch, len(tree.Presences)),
		selections: make([]*Selection, len(tree.Presences)),
		members:    map[member]*Member{},
		conditions: slices.Clone(op.Conditions),
		merged:     map[string]response.ConditionID{},
		numbers:    map[*choose.Context]int{},
		prefix:     reserve(op.Definition.VariableDefinitions),
	}
	g.writer, g.savings, g.blocks.least = &writer{graph: g, places: map[string][]int{}}, readable, readable.block
	return g
}

// Cost is what the fetches cost. Introspection costs nothing: the gateway answers it itself. Nor does what is asked only for
// objects that should not come.
func (g *Graph) Cost() choose.Cost {
	cost := choose.Cost{Fields: g.fieldCount}
	steps := make(map[*Fetch]int, len(g.Fetches))
	for _, f := range g.Fetches { // each after those it depends on
		step := 0
		for _, d := range f.DependsOn {
			step = max(step, steps[d])
		}
		if f.Subgraph >= 0 && !f.Unexpected() {
			cost.Fetches++
			step++
		}
		steps[f] = step
		cost.Depth = max(cost.Depth, step)
	}
	return cost
}

// Unexpected reports whether a fetch is only for objects that should not come, see choose.Place.
func (f *Fetch) Unexpected() bool {
	return !slices.ContainsFunc(f.Groups, func(group *Group) bool {
		return slices.ContainsFunc(group.Targets, func(t *Target) bool { return !t.unexpected() })
	})
}

func (t *Target) unexpected() bool {
	if t.Place != nil {
		return t.Place.Unexpected
	}
	return t.Fork.Field != nil && t.Fork.Field.Place.Unexpected
}

// Conditions are the operation's, and those made of them for fetches.
func (g *Graph) Conditions() []response.Condition { return g.conditions }

// Member returns how a presence's subgraph is asked for a field.
func (g *Graph) Member(f *choose.Field, p *choose.Presence) *Member { return g.members[member{f, p}] }

// FetchOf returns the fetch in whose answer a presence's objects are.
func (g *Graph) FetchOf(p *choose.Presence) *Fetch {
	for p.Entry == nil {
		p = p.Parent
	}
	return g.byPresence[p.ID]
}

func (g *Graph) query() *querygraph.Graph { return g.Tree.Graph }

func (g *Graph) subgraph(p *choose.Presence) int {
	if p.Node == querygraph.None {
		return -1
	}
	return g.query().Nodes[p.Node].Subgraph
}

// condition returns the condition under which at least one of some holds.
func (g *Graph) condition(ids []response.ConditionID) response.ConditionID {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 || ids[0] == 0 {
		return 0
	}
	if len(ids) == 1 {
		return ids[0]
	}
	key := make([]byte, 0, 4*len(ids))
	var c response.Condition
	for _, id := range ids {
		key = append(key, byte(id), byte(id>>8), byte(id>>16), byte(id>>24))
		c.Terms = append(c.Terms, g.conditions[id].Terms...)
	}
	if id, ok := g.merged[string(key)]; ok {
		return id
	}
	id := response.ConditionID(len(g.conditions))
	g.conditions = append(g.conditions, c)
	g.merged[string(key)] = id
	return id
}

// Kind is the operation type that a fetch is sent as.
func (g *Graph) Kind(f *Fetch) ast.Operation {
	if f.Root {
		return g.Operation.Kind
	}
	return ast.Query
}
