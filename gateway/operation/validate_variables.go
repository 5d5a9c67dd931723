package operation

import "github.com/vektah/gqlparser/v2/ast"

// variableDefinition checks one `$name: Type = default @directives` (specification sections 5.8.1 and 5.8.2; uniqueness
// is seen in variableRules).
func (d *document) variableDefinition(variable *ast.VariableDefinition) {
	name := variable.Type.Name()
	def := d.schema.Types[name]
	variable.Definition = def
	switch {
	case def == nil:
		d.unknownType(name, variable.Type.Position)
	case !def.IsInputType():
		d.report(variable.Position, "Variable \"$%s\" cannot be of type %q: only scalars, enums and input objects can be given.",
			clip(variable.Variable), variable.Type.String())
	case variable.DefaultValue != nil:
		d.value(variable.DefaultValue, place{typ: variable.Type})
	}
	d.directives(def, variable.Directives, ast.LocationVariableDefinition)
}

// variableRules holds the variables that each operation uses, itself or through fragments, against those it defines, and
// finds the fragments that no operation uses.
func (d *document) variableRules() {
	for _, op := range d.operations {
		defined := make(map[string]*ast.VariableDefinition, len(op.operation.VariableDefinitions))
		for _, variable := range op.operation.VariableDefinitions {
			if defined[variable.Variable] != nil {
				d.report(variable.Position, "There can be only one variable named \"$%s\".", clip(variable.Variable))
				continue
			}
			defined[variable.Variable] = variable
		}
		for _, def := range d.reach(op) {
			for _, use := range def.uses {
				variable := defined[use.value.Raw]
				if variable == nil {
					d.reportAt([]*ast.Position{use.value.Position, op.operation.Position},
						"Variable \"$"+clip(use.value.Raw)+"\" is not defined"+by(op.operation)+".")
					continue
				}
				variable.Used = true
				use.value.VariableDefinition = variable
				d.allowedPosition(variable, use)
			}
		}
		for _, variable := range op.operation.VariableDefinitions {
			if defined[variable.Variable] == variable && !variable.Used {
				d.report(variable.Position, "Variable \"$%s\" is never used%s.", clip(variable.Variable), in(op.operation))
			}
		}
	}
	for _, f := range d.fragments {
		if f.reached == 0 && d.byName[f.fragment.Name] == f {
			d.report(f.fragment.Position, "Fragment %q is never used.", clip(f.fragment.Name))
		}
	}
}

// by and in name an operation at the end of a message; an anonymous one needs no name.
func by(op *ast.OperationDefinition) string { return named(" by operation ", op) }
func in(op *ast.OperationDefinition) string { return named(" in operation ", op) }

func named(preposition string, op *ast.OperationDefinition) string {
	if op.Name == "" {
		return ""
	}
	return preposition + `"` + clip(op.Name) + `"`
}

// reach lists an operation and the fragments it spreads, directly or not, each once.
func (d *document) reach(op *definition) []*definition {
	mark := op.index + 1
	found := []*definition{op}
	for i := 0; i < len(found); i++ {
		for _, target := range found[i].spreads {
			if target.reached != mark {
				target.reached = mark
				found = append(found, target)
			}
		}
	}
	return found
}

// allowedPosition is specification section 5.8.5, IsVariableUsageAllowed.
func (d *document) allowedPosition(variable *ast.VariableDefinition, use variableUse) {
	if use.expected == nil || variable.Definition == nil || d.full() {
		return
	}
	if use.oneOf != "" && !variable.Type.NonNull {
		d.reportAt([]*ast.Position{variable.Position, use.value.Position},
			"Variable \"$"+clip(variable.Variable)+"\" is of type \""+variable.Type.String()+
				"\" but must be non-nullable to be used for OneOf Input Object \""+use.oneOf+"\".")
		return
	}
	expected := *use.expected
	if expected.NonNull && !variable.Type.NonNull {
		hasDefault := variable.DefaultValue != nil && variable.DefaultValue.Kind != ast.NullValue
		// A null given at run time is refused then; here the default of either side keeps the position from being empty.
		if hasDefault || use.hasDefault {
			expected.NonNull = false
		}
	}
	if !subtype(variable.Type, &expected) {
		d.reportAt([]*ast.Position{variable.Position, use.value.Position},
			"Variable \"$"+clip(variable.Variable)+"\" of type \""+variable.Type.String()+
				"\" used in position expecting type \""+use.expected.String()+"\".")
	}
}

// subtype says whether every value of type a is one of type b (AreTypesCompatible).
func subtype(a, b *ast.Type) bool {
	for {
		if b.NonNull && !a.NonNull {
			return false
		}
		if (a.Elem == nil) != (b.Elem == nil) {
			return false
		}
		if a.Elem == nil {
			return a.NamedType == b.NamedType
		}
		a, b = a.Elem, b.Elem
	}
}
