// Package supergraph models a composed schema: the subgraphs behind it, what each of them can resolve and under which
// keys, and the API schema that clients see. It reads supergraph SDL of the join specification, v0.1 to v0.5, whoever
// composed it.
//
// A Supergraph is immutable once read.
package supergraph

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// Supergraph is a composed schema.
type Supergraph struct {
	// SDL is the text it was read from.
	SDL string
	// Graphs are the subgraphs, in the order of the join__Graph enum. A Graph's ID is its index.
	Graphs []*Graph
	// API is what clients see: no @inaccessible elements, no types and directives of the specifications linked.
	API *ast.Schema
	// Features are the specifications that the supergraph links.
	Features []Feature
	// types of the supergraph with all elements, the inaccessible ones too.
	definitions map[string]*ast.Definition
	access      map[string]Access
	contexts    map[string][]string
}

// Definition returns the supergraph's definition of a type, inaccessible elements included; nil when there is none.
// It does not say which subgraphs have what: the Graphs do.
func (s *Supergraph) Definition(name string) *ast.Definition { return s.definitions[name] }

// Graph is one subgraph as the supergraph describes it.
type Graph struct {
	ID   int
	Enum string // its value in join__Graph
	Name string
	URL  string
	// Connectors is the version of the connect specification by which the subgraph is resolved, as a URL; "" for one that
	// is a GraphQL service.
	Connectors string
	// Types are what the subgraph defines, by name. Root types are called Query, Mutation and Subscription whatever the
	// subgraph calls them.
	Types map[string]*Type
	// TypeNames are the keys of Types, sorted.
	TypeNames []string
}

// Type is a type as one subgraph has it.
type Type struct {
	Name string
	// Kind is the kind in the subgraph: OBJECT for an @interfaceObject, whatever the supergraph's is.
	Kind            ast.DefinitionKind
	InterfaceObject bool
	Keys            []*Key
	Fields          []*Field
	fields          map[string]*Field
	// Interfaces are those the type implements in this subgraph.
	Interfaces []string
	// PossibleTypes are the object types that a value of this type may have in this subgraph, sorted. For an object type it
	// is the type itself.
	PossibleTypes []string
	// EnumValues are the values this subgraph knows.
	EnumValues []string
}

// Field returns a field by name, or nil.
func (t *Type) Field(name string) *Field { return t.fields[name] }

// Key is one @key of a type in a subgraph.
type Key struct {
	Text       string
	Selection  ast.SelectionSet
	Resolvable bool
}

// Field is a field of an object, interface or input type as one subgraph has it.
type Field struct {
	Name string
	Type *ast.Type
	Args ast.ArgumentDefinitionList
	// External: the subgraph declares the field but does not resolve it (but where a @provides says so).
	External bool
	// Overridden: the field was moved to another subgraph with @override (without a label) and stays only because something
	// refers to it.
	Overridden bool
	Requires   ast.SelectionSet
	Provides   ast.SelectionSet
	// OverrideLabel is the label of a progressive @override: this subgraph resolves the field for requests for which the
	// label is active (OverrideActive) or not active (!OverrideActive). Empty: for all.
	OverrideLabel  string
	OverrideActive bool
	// Contextual are the arguments that @fromContext fills; they are not in Args.
	Contextual []ContextualArgument
}

// ContextualArgument is an argument that the gateway fills with a value selected from an ancestor (@fromContext).
type ContextualArgument struct {
	Context   string
	Name      string
	Type      string
	Selection string
}

// Feature is one specification that a schema links (@link or @core).
type Feature struct {
	URL     string // as written
	Name    string // the specification's name, the last path element before the version
	Version string // "0.5" of "/v0.5"
	// Prefix is the namespace of its elements in the schema: @prefix and prefix__name.
	Prefix string
	// Purpose is what it is linked for, SECURITY or EXECUTION; "" when it may be left out.
	Purpose string
	// Imports are element names with their name in the schema, "@tag" → "@tag".
	Imports map[string]string
}

// Access is what @authenticated, @requiresScopes and @policy ask for on one type or field. Scopes and Policies are
// disjunctions of conjunctions; nil asks for nothing.
type Access struct {
	Authenticated bool
	Scopes        [][]string
	Policies      [][]string
}

// IsZero reports whether nothing is asked for.
func (a Access) IsZero() bool { return !a.Authenticated && a.Scopes == nil && a.Policies == nil }

// Access returns what a type ("User") or field ("User.email") asks for by its own directives.
func (s *Supergraph) Access(coordinate string) Access { return s.access[coordinate] }

// HasAccess reports whether anything in the supergraph asks for authorization.
func (s *Supergraph) HasAccess() bool { return len(s.access) > 0 }
