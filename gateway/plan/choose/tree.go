// Package choose decides which subgraph resolves each field of an operation, and how the gateway gets there: the cheapest
// set of paths over the query graph.
//
// The result is a tree that mirrors the response: a Fork for each selection set, under it a Place for each set of object
// types that are treated alike, under it Fields. Objects of a place are present in one or more subgraphs: a Presence is
// inherited from the field that led there, or comes from an Entry (an entity call, for which keys and the inputs of
// @requires are needed). A tree is built by one goroutine and belongs to one plan.
//
// It is decided going down from the root, a place at a time. What is selected is a spec, for which the ways to enter more
// subgraphs (reach, with the keys of cover), to have each field (option) and to have all of them (choice) are looked for and
// their cost, with all that lies under, is estimated once for every set of presences (estimate). The cheapest choice is then
// made: decide enters the subgraphs, need and settle find who resolves each field, fork and resolving go on from composite
// ones, and hoist makes early what need not wait for types. What should not come (expect) and cannot be had, or would have no
// end (endless), is given up (takeback). Where there are other ways a Junction says so, and a Search builds the tree again
// with another decision; package plan lays such trees out as fetches and keeps the cheapest. Bound is what none can undercut.
package choose

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/querygraph"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Fork is a selection set: what is selected on the values of a composite type.
type Fork struct {
	Field *Field // that leads here; nil for the root
	// Type is the name of the static type in the supergraph.
	Type string
	// Inherited are the presences that the field leads to, one for each of Field.By, in parallel.
	Inherited []*Presence
	// Entries are made before the runtime type is known (only where an @interfaceObject hides it).
	Entries []*Presence
	// Before holds the fields that Entries need.
	Before *Place
	// Typename is the presence that tells the runtime type; nil when nobody needs to know.
	Typename *Presence
	Places   []*Place
	at       int // see chooser.spotID; 0 for the root
}

// Place is what is selected on some object types, for which every subgraph has the same to offer.
type Place struct {
	Fork    *Fork
	Types   []string
	Fields  []*Field // the client's in response order, then hidden ones
	Entries []*Presence
	// Absent: no object of these types can be here.
	Absent bool
	// Unexpected: some subgraph that resolves the field leading here does not know these types there, and all that resolve a
	// field answer the same. What is asked for such objects is in the plan, for while a type is being added to one subgraph after
	// another they do come; it costs nothing, for otherwise it is never sent.
	Unexpected bool
	// avail are the presences at this place in the order in which they came to be.
	avail []*Presence
	// spec is what was to be selected here.
	spec *specCase
	// constant: the runtime type of the objects is not known.
	constant bool
	at       int // see chooser.spotID
}

// Field is a field at a place.
type Field struct {
	Place *Place
	// Op is the client's field; nil for a hidden one, selected only because a key or @requires needs it.
	Op         *operation.Field
	Name       string
	Arguments  ast.ArgumentList
	Definition *ast.FieldDefinition // of the supergraph; nil for __typename
	Cond       response.ConditionID
	// Denied: the identity may not see it; it is never fetched.
	Denied bool
	// By are the presences that resolve it: one for a leaf, one or more for a composite. None for a __typename whose type is
	// known.
	By   []*Presence
	Fork *Fork // nil for leaves

	// veiled: a client selects it, and may not know all types of its objects: it has not all that subgraphs need to be sent.
	veiled bool
	// contexts are what its arguments take from contexts, by the presences where they do.
	contexts map[*Presence][]*Context

	hidden []ast.SelectionSet // what keys and @requires select under it
	pinned []*Presence        // presences that must be among By since an earlier entry relies on them
	source *specField         // as it was before anything was decided at its place
}

// Hidden reports whether the client did not ask for the field.
func (f *Field) Hidden() bool { return f.Op == nil }

// Plain reports whether the field is asked for as a key or @requires would: always, without directives of the client's, and with
// all that there is.
func (f *Field) Plain() bool {
	return f.Cond == 0 && !f.Denied && !f.veiled && (f.Op == nil || len(f.Op.Applied) == 0)
}

// Contexts are what the field's arguments take from contexts where a presence resolves it.
func (f *Field) Contexts(p *Presence) []*Context { return f.contexts[p] }

// give notes what the field's arguments take where a presence resolves it.
func (f *Field) give(p *Presence, values []*Context) {
	if f.contexts == nil {
		f.contexts = map[*Presence][]*Context{}
	}
	f.contexts[p] = values
}

// plainly reports whether the field is what a selection of a key, of @requires or of a context asks for.
func (f *Field) plainly(sel *ast.Field) bool {
	return f.Name == sel.Name && f.Plain() && ArgumentsText(f.Arguments) == ArgumentsText(sel.Arguments)
}

// Presence says that the objects of a place are present in a subgraph's answer.
type Presence struct {
	ID   int
	Node querygraph.NodeID // None: the gateway's own introspection
	// Entry is how the objects got there; nil when inherited from Parent, which resolves the field that leads to the place.
	Entry  *Entry
	Parent *Presence
	// Used: something is selected there.
	Used bool
	// step is how many fetches run one after another until the objects are there, as far as that is known before fetches are
	// merged.
	step int
}

// Entry is a call that gets the objects of a place (or, for a root, the operation's data) from another subgraph.
type Entry struct {
	Key      *supergraph.Key // nil: a root, no representation
	Typename string          // see querygraph.Entry
	// Needs are the key's fields, then those of @requires.
	Needs []*Need
	// Contexts are the values that arguments of fields asked for by it take: of the field that the entry is made for, and of
	// those that it carries.
	Contexts []*Context
	// Turn orders the root fetches of mutations: one comes after everything of the turns before it.
	Turn int
	own  bool // made for one field that takes inputs
}

// Need is a field that an entry's representations carry.
type Need struct {
	Field *Field
	Key   bool
	// Set is what is needed under a composite field.
	Set ast.SelectionSet
}
