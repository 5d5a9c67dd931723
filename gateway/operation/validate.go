package operation

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// ValidatorOptions choose what a Validator allows and tells. The zero value is the most reserved.
type ValidatorOptions struct {
	// Suggestions lets messages propose names of the schema that are close to an unknown one ("Did you mean …?"). They
	// help developers, and help strangers to guess a schema whose introspection is closed.
	Suggestions bool
	// Introspection allows __schema and __type.
	Introspection bool
}

// Validator holds documents against one API schema, by the rules of section 5 of the GraphQL specification (the draft
// that follows October 2021, with @oneOf).
//
// The rules are our own rather than gqlparser's because theirs enter every fragment again for every definition that
// reaches it, compare all pairs of fields, and let through what the specification refuses (integers beyond 32 bits, an
// empty object for a scalar, a subscription of two aliases). Here each definition is walked once; what depends on who
// spreads a fragment (variables, cycles, merging) works on what the walk collected.
type Validator struct {
	schema   *ast.Schema
	options  ValidatorOptions
	fields   map[*ast.Definition]map[string]*ast.FieldDefinition // of types with many fields
	possible map[string]map[string]struct{}                      // abstract type → names of its object types
	meta     ast.FieldList                                       // __schema and __type
}

// manyFields is from when on a type's fields are looked up by a map.
const manyFields = 16

// NewValidator prepares validation against an API schema, which must not change afterwards.
func NewValidator(api *ast.Schema, options ValidatorOptions) *Validator {
	v := &Validator{
		schema:   api,
		options:  options,
		fields:   map[*ast.Definition]map[string]*ast.FieldDefinition{},
		possible: map[string]map[string]struct{}{},
		meta: ast.FieldList{
			{Name: "__schema", Type: ast.NonNullNamedType("__Schema", nil)},
			{Name: "__type", Type: ast.NamedType("__Type", nil), Arguments: ast.ArgumentDefinitionList{
				{Name: "name", Type: ast.NonNullNamedType("String", nil)},
			}},
		},
	}
	for name, def := range api.Types { // order does not matter: each fills entries of its own
		if len(def.Fields) >= manyFields {
			byName := make(map[string]*ast.FieldDefinition, len(def.Fields))
			for _, f := range def.Fields {
				byName[f.Name] = f
			}
			v.fields[def] = byName
		}
		if def.IsAbstractType() {
			objects := make(map[string]struct{}, len(api.PossibleTypes[name]))
			for _, object := range api.PossibleTypes[name] {
				if object != nil && object.Kind == ast.Object {
					objects[object.Name] = struct{}{}
				}
			}
			v.possible[name] = objects
		}
	}
	return v
}

// maxErrors is how many errors one document is told; a hostile one could have one per token.
const maxErrors = 100

// Validate checks a parsed document and fills the fields of its nodes that say what they mean in the schema (Definition,
// ObjectDefinition, ExpectedType and so on, as gqlparser's validator does). A document must be validated once, before it
// is shared. All errors carry the code GRAPHQL_VALIDATION_FAILED.
//
// A variable used in a fragment is linked to the variable of the last operation that reaches the fragment: where a
// document has several operations, look variables up in the operation instead.
func (v *Validator) Validate(doc *ast.QueryDocument) gqlerror.List {
	d := &document{
		Validator: v,
		ast:       doc,
		byName:    make(map[string]*definition, len(doc.Fragments)),
	}
	d.collect()
	d.operationRules()
	for _, def := range d.operations {
		d.walkOperation(def)
	}
	for _, def := range d.fragments {
		d.walkFragment(def)
	}
	d.variableRules()
	acyclic := d.fragmentRules()
	if acyclic {
		d.subscriptionRules()
		d.introspectionRules()
	}
	// Whether fields can be merged is only defined for fields that exist.
	if len(d.errs) == 0 {
		d.overlapRule()
	}
	return d.errs
}

// document is one validation.
type document struct {
	*Validator
	ast        *ast.QueryDocument
	operations []*definition
	fragments  []*definition
	byName     map[string]*definition // fragments
	errs       gqlerror.List
	suggested  int // names for which suggestions were looked for

	introspections []*ast.Field // __schema and __type

	at *definition // being walked
}

// definition is an operation or a fragment, and what walking it found out.
type definition struct {
	operation *ast.OperationDefinition
	fragment  *ast.FragmentDefinition
	index     int // among its kind
	spreads   []*definition
	uses      []variableUse
	reached   int // 1 + index of the last operation that was found to reach this fragment
}

// variableUse is a variable in a place that expects a type.
type variableUse struct {
	value      *ast.Value
	expected   *ast.Type // nil where the place is unknown
	hasDefault bool      // the place has a default of its own
	oneOf      string    // the @oneOf input object whose field it gives, if any
}

func (d *document) collect() {
	for i, op := range d.ast.Operations {
		d.operations = append(d.operations, &definition{operation: op, index: i})
	}
	for i, f := range d.ast.Fragments {
		def := &definition{fragment: f, index: i}
		d.fragments = append(d.fragments, def)
		if d.byName[f.Name] != nil {
			d.report(f.Position, "There can be only one fragment named %q.", clip(f.Name))
			continue
		}
		d.byName[f.Name] = def
	}
}

// report adds a validation error.
func (d *document) report(at *ast.Position, format string, args ...any) {
	d.reportAt([]*ast.Position{at}, fmt.Sprintf(format, args...))
}

func (d *document) reportAt(at []*ast.Position, message string) {
	switch {
	case len(d.errs) < maxErrors:
		d.errs = append(d.errs, newError(CodeValidationFailed, message, at...))
	case len(d.errs) == maxErrors:
		d.errs = append(d.errs, newError(CodeValidationFailed,
			fmt.Sprintf("Too many validation errors: only the first %d are listed.", maxErrors)))
	}
}

// full says that errors are no longer listed, so that working out a good message is in vain.
func (d *document) full() bool { return len(d.errs) > maxErrors }

func (v *Validator) lookup(def *ast.Definition, name string) *ast.FieldDefinition {
	if byName, ok := v.fields[def]; ok {
		return byName[name]
	}
	return def.Fields.ForName(name)
}

// overlap says whether an object can be of both types (specification section 5.5.2.3).
func (v *Validator) overlap(a, b *ast.Definition) bool {
	if a == b {
		return true
	}
	as, aAbstract := v.possible[a.Name]
	bs, bAbstract := v.possible[b.Name]
	switch {
	case aAbstract && bAbstract:
		if len(as) > len(bs) {
			as, bs = bs, as
		}
		for name := range as { // order does not matter: any common member will do
			if _, ok := bs[name]; ok {
				return true
			}
		}
		return false
	case aAbstract:
		_, ok := as[b.Name]
		return ok
	case bAbstract:
		_, ok := bs[a.Name]
		return ok
	}
	return false
}

// directive finds a directive that operations may use. gqlparser's prelude declares @defer, which Weft does not execute.
func (v *Validator) directive(name string) *ast.DirectiveDefinition {
	def := v.schema.Directives[name]
	if def != nil && name == "defer" && def.Position != nil && def.Position.Src != nil && def.Position.Src.BuiltIn {
		return nil
	}
	return def
}

func isOneOf(def *ast.Definition) bool {
	return slices.ContainsFunc(def.Directives, func(dir *ast.Directive) bool { return dir.Name == "oneOf" })
}
