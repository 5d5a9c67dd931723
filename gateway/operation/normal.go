package operation

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/gateway/response"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// Operation is a normalised operation: fragments are gone, fields with one response name are merged (GraphQL
// specification, section 6.3.2 CollectFields), every selection set says for each possible object type what is selected
// on it and in which order. It is immutable.
type Operation struct {
	Kind       ast.Operation
	Name       string
	Definition *ast.OperationDefinition
	// Fragments are those of the document; the operation need not use them all.
	Fragments ast.FragmentDefinitionList
	Root      *SelectionSet
	// Conditions are what the fields' Cond refers to; the first is always true. ConditionVariables are the Boolean
	// variables that they read.
	Conditions         []response.Condition
	ConditionVariables []string
	// Requirements are what the fields' Requirement refers to; the first asks for nothing.
	Requirements []Requirement
}

// SelectionSet is what is selected on the values of one composite type of the API schema.
type SelectionSet struct {
	Type  *ast.Definition
	Cases []*Case
}

// Case is what is selected on some of the possible object types. Cases of a set share no type, and hold all types
// between them.
type Case struct {
	Types  []string // sorted
	Fields []*Field // in response order, each where it may first stand
	// Order is the response order as far as it depends on variables; nil: it is that of Fields. It indexes Fields.
	Order []response.Turn
}

// Field is one selected field.
type Field struct {
	Response    string // its response name
	Name        string
	Definition  *ast.FieldDefinition // of the case's types; nil for __typename
	Parent      string               // the type whose definition it is, for messages
	Arguments   ast.ArgumentList
	Cond        response.ConditionID
	Requirement int
	// Applied are the selections that stand for the field, when any of them has directives besides @skip and @include.
	Applied []Applied
	Set     *SelectionSet // nil for leaves
}

// Requirement is what the types and fields at a place ask of an identity: all of the accesses.
type Requirement struct {
	Coordinates []string
	Accesses    []supergraph.Access
}

// Schema is an API schema indexed for normalisation. It is immutable and made once for a supergraph.
type Schema struct {
	API        *ast.Schema
	Supergraph *supergraph.Supergraph
	fields     map[string]map[string]*ast.FieldDefinition
	possible   map[string][]string
}

// NewSchema indexes the API schema of a supergraph.
func NewSchema(s *supergraph.Supergraph) *Schema {
	schema := &Schema{
		API:        s.API,
		Supergraph: s,
		fields:     make(map[string]map[string]*ast.FieldDefinition, len(s.API.Types)),
		possible:   map[string][]string{},
	}
	for name, def := range s.API.Types {
		if !def.IsCompositeType() {
			continue
		}
		fields := make(map[string]*ast.FieldDefinition, len(def.Fields))
		for _, f := range def.Fields {
			fields[f.Name] = f
		}
		schema.fields[name] = fields
		var possible []string
		for _, p := range s.API.GetPossibleTypes(def) {
			if p.Kind == ast.Object {
				possible = append(possible, p.Name)
			}
		}
		slices.Sort(possible)
		schema.possible[name] = slices.Compact(possible)
	}
	return schema
}

// PossibleTypes returns the object types of a composite type, sorted.
func (s *Schema) PossibleTypes(name string) []string { return s.possible[name] }

// Field returns a field's definition, nil when the type does not have it.
func (s *Schema) Field(typeName, field string) *ast.FieldDefinition { return s.fields[typeName][field] }

// isPossible reports whether an object type is among the possible types of a composite type.
func (s *Schema) isPossible(object, of string) bool {
	if object == of {
		return true
	}
	_, ok := slices.BinarySearch(s.possible[of], object)
	return ok
}
