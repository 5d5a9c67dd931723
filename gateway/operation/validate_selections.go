package operation

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// typenameField is what __typename means on every composite type.
var typenameField = &ast.FieldDefinition{Name: "__typename", Type: ast.NonNullNamedType("String", nil)}

func (d *document) walkOperation(def *definition) {
	d.at = def
	op := def.operation
	root, location := d.root(op.Operation)
	if root == nil {
		d.report(op.Position, "The schema has no %s type, so it answers no %s.", rootName(op.Operation), rootName(op.Operation))
	}
	for _, variable := range op.VariableDefinitions {
		d.variableDefinition(variable)
	}
	d.directives(root, op.Directives, location)
	d.selectionSet(root, op.SelectionSet)
}

func (d *document) walkFragment(def *definition) {
	d.at = def
	f := def.fragment
	f.Definition = d.condition(f.TypeCondition, f.Position, f.Name)
	d.directives(f.Definition, f.Directives, ast.LocationFragmentDefinition)
	d.selectionSet(f.Definition, f.SelectionSet)
}

// root is the type an operation starts at, and where its directives stand.
func (v *Validator) root(operation ast.Operation) (*ast.Definition, ast.DirectiveLocation) {
	switch operation {
	case ast.Mutation:
		return v.schema.Mutation, ast.LocationMutation
	case ast.Subscription:
		return v.schema.Subscription, ast.LocationSubscription
	}
	return v.schema.Query, ast.LocationQuery
}

func rootName(operation ast.Operation) string {
	if operation == "" {
		return string(ast.Query)
	}
	return string(operation)
}

// condition is the type of a type condition, nil when it is unknown or cannot have fields. fragment is "" for an inline
// fragment.
func (d *document) condition(name string, at *ast.Position, fragment string) *ast.Definition {
	def := d.schema.Types[name]
	if def == nil {
		d.unknownType(name, at)
		return nil
	}
	if !def.IsCompositeType() {
		if fragment == "" {
			d.report(at, "A fragment cannot be on %q: only objects, interfaces and unions have fields to select.", clip(name))
		} else {
			d.report(at, "Fragment %q cannot be on %q: only objects, interfaces and unions have fields to select.", clip(fragment), clip(name))
		}
		return nil
	}
	return def
}

// selectionSet walks the selections of a type; parent is nil when the type is unknown, which was reported then.
func (d *document) selectionSet(parent *ast.Definition, set ast.SelectionSet) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			d.fieldSelection(parent, sel)
		case *ast.InlineFragment:
			d.inlineFragment(parent, sel)
		case *ast.FragmentSpread:
			d.fragmentSpread(parent, sel)
		}
	}
}

func (d *document) fieldSelection(parent *ast.Definition, f *ast.Field) {
	f.ObjectDefinition = parent
	if parent != nil {
		f.Definition = d.fieldDefinition(parent, f.Name)
		if f.Definition == nil {
			d.unknownField(parent, f)
		} else if parent == d.schema.Query && (f.Name == "__schema" || f.Name == "__type") {
			d.introspections = append(d.introspections, f)
		}
	}
	var arguments ast.ArgumentDefinitionList
	var result *ast.Definition
	if f.Definition != nil {
		arguments = f.Definition.Arguments
		result = d.schema.Types[f.Definition.Type.Name()]
	}
	owner := argumentOwner{known: f.Definition != nil, field: f}
	d.arguments(owner, arguments, f.Arguments, f.Position)
	d.directives(result, f.Directives, ast.LocationField)
	if result == nil || f.Definition == nil {
		d.selectionSet(nil, f.SelectionSet)
		return
	}
	switch {
	case !result.IsCompositeType() && len(f.SelectionSet) > 0:
		d.report(f.Position, "Field %q must not have a selection since type %q has no subfields.",
			clip(f.Name), f.Definition.Type.String())
		result = nil
	case result.IsCompositeType() && len(f.SelectionSet) == 0:
		d.report(f.Position, "Field %q of type %q must have a selection of subfields. Did you mean \"%s { ... }\"?",
			clip(f.Name), f.Definition.Type.String(), clip(f.Name))
	}
	d.selectionSet(result, f.SelectionSet)
}

// fieldDefinition finds a field of a type, the meta fields included (specification section 4.1).
func (d *document) fieldDefinition(parent *ast.Definition, name string) *ast.FieldDefinition {
	if !strings.HasPrefix(name, "__") {
		if parent.Kind == ast.Union {
			return nil
		}
		return d.lookup(parent, name)
	}
	if name == typenameField.Name {
		return typenameField
	}
	if parent == d.schema.Query && parent != nil {
		if def := d.lookup(parent, name); def != nil {
			return def
		}
		return d.meta.ForName(name)
	}
	// The introspection types themselves have no fields with the prefix.
	return nil
}

func (d *document) inlineFragment(parent *ast.Definition, f *ast.InlineFragment) {
	f.ObjectDefinition = parent
	inner := parent
	if f.TypeCondition != "" {
		inner = d.condition(f.TypeCondition, f.Position, "")
		if parent != nil && inner != nil && !d.overlap(parent, inner) {
			d.report(f.Position, "This fragment can never apply: no object of type %q can be of type %q.",
				parent.Name, inner.Name)
		}
	}
	d.directives(inner, f.Directives, ast.LocationInlineFragment)
	d.selectionSet(inner, f.SelectionSet)
}

func (d *document) fragmentSpread(parent *ast.Definition, s *ast.FragmentSpread) {
	s.ObjectDefinition = parent
	target := d.byName[s.Name]
	var inner *ast.Definition
	if target == nil {
		d.report(s.Position, "Unknown fragment %q.", clip(s.Name))
	} else {
		s.Definition = target.fragment
		d.at.spreads = append(d.at.spreads, target)
		inner = d.schema.Types[target.fragment.TypeCondition]
		if parent != nil && inner != nil && inner.IsCompositeType() && !d.overlap(parent, inner) {
			d.report(s.Position, "Fragment %q can never apply here: no object of type %q can be of type %q.",
				clip(s.Name), parent.Name, inner.Name)
		}
	}
	d.directives(inner, s.Directives, ast.LocationFragmentSpread)
}
