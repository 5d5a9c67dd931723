// Package plan turns a prepared operation into a Plan: a DAG of fetches and the shape of the response.
package plan

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/plan/fetchgraph"
	"github.com/weft-gateway/weft/gateway/response"
)

// Plan is how one operation is answered. It is immutable and shared by all requests of the operation.
type Plan struct {
	Kind ast.Operation
	// Fetches in an order in which each comes after those it depends on. A fetch's ID is its index.
	Fetches []*Fetch
	// Root is the shape of the response's data. Its inherited slot i is filled by the data of Fetches[Roots[i]].
	Root  *response.Object
	Roots []int
	Names *response.Names
	// Conditions are what Cond fields refer to; the first is always true.
	Conditions []response.Condition
	// ConditionVariables are the operation's Boolean variables that conditions read.
	ConditionVariables []string
	// Labels are the labels of progressive @override, active or not, that the plan depends on, sorted. While they are as they
	// were when it was made, the plan holds.
	Labels []string
	// Scopes is the highest number of an Object's Scope.
	Scopes int
}

// FetchKind says what a fetch asks.
type FetchKind uint8

// The kinds of fetches.
const (
	Query         FetchKind = iota // a query operation; its data fills a root slot, or, with Groups, links of nested Query objects
	Mutation                       // a mutation operation
	Subscription                   // the primary of a subscription: executed per event with the event's payload
	Entities                       // _entities
	Introspection                  // __schema and __type, answered by the gateway itself as if it were a subgraph
)

// Fetch is one call of one subgraph.
type Fetch struct {
	ID       int
	Kind     FetchKind
	Subgraph int    // index of the supergraph's Graphs; -1 for Introspection
	Name     string // the subgraph's name
	// DependsOn are the fetches whose answers this one reads (or must come after); Dependents is the reverse. Sorted.
	DependsOn  []int
	Dependents []int
	// Cond: when it does not hold the fetch is not made.
	Cond response.ConditionID
	// Operation is the document sent; OperationName its operation's name, "" when anonymous.
	Operation     string
	OperationName string
	// Variables are the client's variables that travel along, under the same names, in order.
	Variables []string
	// Template writes the document where entities need other values from contexts (@fromContext): Operation is what it writes
	// for one copy of each group. nil: nothing takes any.
	Template *fetchgraph.Template
	// Unexpected: it is only for objects that should not come, see choose.Place.
	Unexpected bool
	// Groups are what an Entities fetch asks for, one `_entities` field each. For a nested Query fetch: one group with one
	// target and no representation, its data is linked to every object of the route.
	Groups []Group
}

// Group is one `_entities` field of a fetch.
type Group struct {
	// Name is the response name of the `_entities` field; Variable the name of the variable that carries its
	// representations (without $).
	Name     response.Name
	Variable string
	Targets  []Target
}

// Target is one set of objects of the response that a group fetches fields for.
type Target struct {
	Route response.Route
	// Slot is where the entities appear in the frame of the object at the route's end (the slot of the link that names this
	// target). From is the slot whose nodes the link starts at.
	Slot           int
	From           int
	Representation *response.Representation
	// Contexts are the values that the entities are asked for with besides, in the order of the group's variables for them;
	// nil: none.
	Contexts *response.Contexts
	Cond     response.ConditionID
}
