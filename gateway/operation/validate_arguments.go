package operation

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// argumentOwner is the field or directive that arguments are given to.
type argumentOwner struct {
	known     bool // it has a definition, so arguments can be unknown or missing
	field     *ast.Field
	directive *ast.Directive
}

// String names the owner for messages: field "Query.product" or directive "@skip".
func (o argumentOwner) String() string {
	if o.directive != nil {
		return fmt.Sprintf("directive \"@%s\"", clip(o.directive.Name))
	}
	if o.field.ObjectDefinition == nil {
		return fmt.Sprintf("field %q", clip(o.field.Name))
	}
	return fmt.Sprintf("field %q", o.field.ObjectDefinition.Name+"."+clip(o.field.Name))
}

// arguments checks names, uniqueness, required ones and values (specification section 5.4).
func (d *document) arguments(owner argumentOwner, defs ast.ArgumentDefinitionList, args ast.ArgumentList, at *ast.Position) {
	var seen nameSet
	for _, arg := range args {
		if seen.add(arg.Name) {
			d.report(arg.Position, "There can be only one argument named %q.", clip(arg.Name))
		}
		def := defs.ForName(arg.Name)
		if def == nil {
			if owner.known && !d.full() {
				d.report(arg.Position, "Unknown argument %q on %s.%s", clip(arg.Name), owner, d.suggest(arg.Name, func(yield func(string)) {
					for _, def := range defs {
						yield(def.Name)
					}
				}))
			}
			d.value(arg.Value, place{})
			continue
		}
		d.value(arg.Value, place{typ: def.Type, hasDefault: def.DefaultValue != nil})
	}
	for _, def := range defs {
		if def.Type.NonNull && def.DefaultValue == nil && args.ForName(def.Name) == nil {
			d.report(at, "Argument %q of type %q is required on %s but was not given.", def.Name, def.Type.String(), owner)
		}
	}
}

// directives checks names, locations and uniqueness (specification section 5.7). parent is the type at the place.
func (d *document) directives(parent *ast.Definition, list ast.DirectiveList, location ast.DirectiveLocation) {
	if len(list) == 0 {
		return
	}
	var seen nameSet
	for _, dir := range list {
		def := d.directive(dir.Name)
		dir.Definition, dir.ParentDefinition, dir.Location = def, parent, location
		switch {
		case def == nil:
			d.report(dir.Position, "Unknown directive \"@%s\".", clip(dir.Name))
		case !slices.Contains(def.Locations, location):
			d.report(dir.Position, "Directive \"@%s\" may not be used on %s.", def.Name, location)
		}
		if seen.add(dir.Name) && (def == nil || !def.IsRepeatable) {
			d.report(dir.Position, "The directive \"@%s\" can only be used once at this location.", clip(dir.Name))
		}
		owner := argumentOwner{known: def != nil, directive: dir}
		var arguments ast.ArgumentDefinitionList
		if def != nil {
			arguments = def.Arguments
		}
		d.arguments(owner, arguments, dir.Arguments, dir.Position)
	}
}

// nameSet finds names that repeat. Short lists, which nearly all are, need no map.
type nameSet struct {
	few  [8]string
	n    int
	many map[string]struct{}
}

// add says whether the name was there before.
func (s *nameSet) add(name string) bool {
	if s.many == nil {
		for _, have := range s.few[:s.n] {
			if have == name {
				return true
			}
		}
		if s.n < len(s.few) {
			s.few[s.n] = name
			s.n++
			return false
		}
		s.many = make(map[string]struct{}, 4*len(s.few))
		for _, have := range s.few {
			s.many[have] = struct{}{}
		}
	}
	if _, ok := s.many[name]; ok {
		return true
	}
	s.many[name] = struct{}{}
	return false
}
