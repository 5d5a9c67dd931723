package merge

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// Clash is where an API schema refers to what @inaccessible hides of it.
type Clash struct {
	Code diagnostic.Code
	// Coordinate is the element that is wrong.
	Coordinate string
	// Hidden is the coordinate of what is hidden, Shown that of what is not and needs it; one of them is Coordinate, and
	// Shown is empty where only the hiding is wrong.
	Hidden, Shown string
	// Type and Field are where the element is defined; both are empty for a directive, Field also for a type.
	Type, Field string
	Message     string
}

// CheckInaccessible holds the API schema that a supergraph's document describes against the rules of the inaccessible
// specification; directive is what the document calls @inaccessible.
func CheckInaccessible(doc *ast.SchemaDocument, directive string) []Clash {
	h := &hiding{types: map[string]*ast.Definition{}, directives: doc.Directives, name: directive}
	for _, d := range doc.Definitions {
		if h.types[d.Name] == nil {
			h.types[d.Name] = d
			h.order = append(h.order, d.Name)
		}
	}
	return h.check()
}

// checkInaccessible refuses an API schema that would refer to what it hides.
func (m *merger) checkInaccessible() {
	name := m.supergraphName(link.Inaccessible)
	if name == "" {
		return
	}
	h := &hiding{types: m.types, order: m.order, directives: slices.Clone(m.directives), name: name}
	for _, spec := range m.composed {
		for _, c := range spec.directives {
			h.directives = append(h.directives, c.definition)
		}
	}
	for _, c := range h.check() {
		if c.Type != "" {
			m.fail(c.Code, c.Coordinate, m.places(c.Type, c.Field), "%s", c.Message)
			continue
		}
		var at []diagnostic.Location
		for _, s := range m.members {
			if p := s.Locate(c.Coordinate); p != nil {
				at = append(at, s.At(p))
			}
		}
		m.fail(c.Code, c.Coordinate, at, "%s", c.Message)
	}
}

// hiding checks that what @inaccessible leaves of a supergraph, the API schema, is a schema.
type hiding struct {
	types      map[string]*ast.Definition
	order      []string
	directives []*ast.DirectiveDefinition
	name       string // of @inaccessible
	clashes    []Clash
	fields     map[string]map[string]*ast.FieldDefinition // of types, made when they are asked for
}

func (h *hiding) check() []Clash {
	for _, name := range h.order {
		d := h.types[name]
		if h.hidden(d.Directives) {
			if name == "Query" {
				h.clash(Clash{Code: diagnostic.QueryRootTypeInaccessible, Coordinate: name, Hidden: name, Type: name},
					"the query root type %q cannot be @inaccessible: hide its fields one by one", name)
			}
			continue
		}
		h.children(d)
		switch d.Kind {
		case ast.Object, ast.Interface:
			for _, f := range d.Fields {
				h.field(d, f)
			}
		case ast.InputObject:
			for _, f := range d.Fields {
				h.inputField(d, f)
			}
		}
	}
	for _, d := range h.directives {
		h.directive(d)
	}
	return h.clashes
}

func (h *hiding) clash(c Clash, format string, args ...any) {
	c.Message = fmt.Sprintf(format, args...)
	h.clashes = append(h.clashes, c)
}

// directive checks the arguments of a directive. Those that operations apply are in the API schema; others belong to
// their specification, which nothing can be hidden of.
func (h *hiding) directive(d *ast.DirectiveDefinition) {
	forOperations := len(executableLocations(d)) > 0
	for _, a := range d.Arguments {
		switch {
		case forOperations:
			h.argument("@"+d.Name, a, Clash{})
		case h.hidden(a.Directives):
			coordinate := "@" + d.Name + "(" + a.Name + ":)"
			h.clash(Clash{Code: diagnostic.DisallowedInaccessible, Coordinate: coordinate, Hidden: coordinate},
				"the argument %q belongs to a composed directive and cannot be @inaccessible: remove that", coordinate)
		}
	}
}

func (h *hiding) hidden(ds ast.DirectiveList) bool { return ds.ForName(h.name) != nil }

// hiddenType reports whether the API schema hides a type.
func (h *hiding) hiddenType(name string) bool {
	d := h.types[name]
	return d != nil && h.hidden(d.Directives)
}

// children refuses a type of which everything is hidden.
func (h *hiding) children(d *ast.Definition) {
	shown, what := false, "fields"
	switch d.Kind {
	case ast.Scalar:
		return
	case ast.Union:
		what = "members"
		shown = slices.ContainsFunc(d.Types, func(name string) bool { return !h.hiddenType(name) })
	case ast.Enum:
		what = "values"
		shown = slices.ContainsFunc(d.EnumValues, func(v *ast.EnumValueDefinition) bool { return !h.hidden(v.Directives) })
	default:
		shown = slices.ContainsFunc(d.Fields, func(f *ast.FieldDefinition) bool { return !h.hidden(f.Directives) })
	}
	if !shown {
		h.clash(Clash{Code: diagnostic.OnlyInaccessibleChildren, Coordinate: d.Name, Shown: d.Name, Type: d.Name},
			"all %s of %q are @inaccessible: hide the type too, or show one of them", what, d.Name)
	}
}

func (h *hiding) field(d *ast.Definition, f *ast.FieldDefinition) {
	coordinate := d.Name + "." + f.Name
	at := Clash{Type: d.Name, Field: f.Name}
	if h.hidden(f.Directives) {
		if face := h.implemented(d, f.Name, nil); face != "" {
			at.Code, at.Coordinate, at.Hidden, at.Shown = diagnostic.ImplementedByInaccessible, coordinate, coordinate, face
			h.clash(at, "the field %q is @inaccessible, but implements %q, which is not: hide both, or none", coordinate, face)
		}
		return
	}
	h.typeOf(coordinate, f.Type, at)
	for _, a := range f.Arguments {
		h.argument(coordinate, a, at)
		if !h.hidden(a.Directives) {
			continue
		}
		if face := h.implemented(d, f.Name, a); face != "" {
			c := at
			c.Coordinate = coordinate + "(" + a.Name + ":)"
			c.Code, c.Hidden, c.Shown = diagnostic.ImplementedByInaccessible, c.Coordinate, face
			h.clash(c, "the argument %q is @inaccessible, but implements %q, which is not: hide both, or none", c.Coordinate, face)
		}
	}
}

// typeOf refuses a hidden type of what is shown.
func (h *hiding) typeOf(coordinate string, t *ast.Type, at Clash) {
	name := namedType(t)
	if !h.hiddenType(name) {
		return
	}
	at.Code, at.Coordinate, at.Hidden, at.Shown = diagnostic.ReferencedInaccessible, coordinate, name, coordinate
	h.clash(at, "the type %q is @inaccessible, but %q, which is not, is of that type: hide both, or none", name, coordinate)
}

// implemented finds a field of an interface, or an argument of it, that the API schema shows and that d's field
// implements. It answers its coordinate, or "".
func (h *hiding) implemented(d *ast.Definition, field string, argument *ast.ArgumentDefinition) string {
	for _, name := range d.Interfaces {
		face := h.types[name]
		if face == nil || h.hidden(face.Directives) {
			continue
		}
		f := h.fieldOf(face, field)
		if f == nil || h.hidden(f.Directives) {
			continue
		}
		if argument == nil {
			return name + "." + field
		}
		if a := f.Arguments.ForName(argument.Name); a != nil && !h.hidden(a.Directives) {
			return name + "." + field + "(" + argument.Name + ":)"
		}
	}
	return ""
}

func (h *hiding) argument(of string, a *ast.ArgumentDefinition, at Clash) {
	coordinate := of + "(" + a.Name + ":)"
	h.input(coordinate, "argument", a.Type, a.DefaultValue, a.Directives, at)
}

func (h *hiding) inputField(d *ast.Definition, f *ast.FieldDefinition) {
	h.input(d.Name+"."+f.Name, "input field", f.Type, f.DefaultValue, f.Directives, Clash{Type: d.Name, Field: f.Name})
}

// input checks what clients write: an argument or an input field.
func (h *hiding) input(coordinate, what string, t *ast.Type, value *ast.Value, ds ast.DirectiveList, at Clash) {
	at.Coordinate = coordinate
	if h.hidden(ds) {
		if t.NonNull && value == nil {
			at.Code, at.Hidden = diagnostic.RequiredInaccessible, coordinate
			h.clash(at, "the %s %q is @inaccessible, but required, and clients could not give it: make it optional, or show it", what, coordinate)
		}
		return
	}
	h.typeOf(coordinate, t, at)
	for _, used := range h.usedBy(value, t, nil) {
		at.Code, at.Hidden, at.Shown = diagnostic.DefaultValueUsesInaccessible, used, coordinate
		h.clash(at, "%q is @inaccessible, but the default value of %q, which is not, uses it: give another default value, or show it", used, coordinate)
	}
}

// fieldOf finds a field of a type, which may have very many of them, or nil.
func (h *hiding) fieldOf(d *ast.Definition, name string) *ast.FieldDefinition {
	if h.fields == nil {
		h.fields = map[string]map[string]*ast.FieldDefinition{}
	}
	fields := h.fields[d.Name]
	if fields == nil {
		fields = make(map[string]*ast.FieldDefinition, len(d.Fields))
		for _, f := range d.Fields {
			fields[f.Name] = f
		}
		h.fields[d.Name] = fields
	}
	return fields[name]
}

// usedBy lists the hidden enum values and input fields that a value uses.
func (h *hiding) usedBy(v *ast.Value, t *ast.Type, found []string) []string {
	if v == nil || t == nil {
		return found
	}
	if v.Kind == ast.ListValue {
		elem := t
		if t.Elem != nil {
			elem = t.Elem
		}
		for _, c := range v.Children {
			found = h.usedBy(c.Value, elem, found)
		}
		return found
	}
	d := h.types[namedType(t)]
	if d == nil {
		return found
	}
	switch {
	case d.Kind == ast.Enum && v.Kind == ast.EnumValue:
		if e := d.EnumValues.ForName(v.Raw); e != nil && h.hidden(e.Directives) {
			found = append(found, d.Name+"."+v.Raw)
		}
	case d.Kind == ast.InputObject && v.Kind == ast.ObjectValue:
		for _, c := range v.Children {
			f := h.fieldOf(d, c.Name)
			if f == nil {
				continue
			}
			if h.hidden(f.Directives) {
				found = append(found, d.Name+"."+c.Name)
			}
			found = h.usedBy(c.Value, f.Type, found)
		}
	}
	return found
}

// places is where the members define a type, or one of its fields.
func (m *merger) places(name, field string) []diagnostic.Location {
	var at []diagnostic.Location
	for _, t := range m.sources(name) {
		if field == "" {
			at = append(at, t.member.At(t.Position))
		} else if f := t.Field(field); f != nil {
			at = append(at, t.member.At(f.Position))
		}
	}
	return at
}
