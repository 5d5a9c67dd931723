package subgraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// federation names the directives of the federation specification as this schema knows them, and defines those
// that the schema leaves undefined.
func (e *expander) federation() {
	s := e.schema
	typeName := func(name string) string { return "_" + name }
	directiveName := func(name string) string { return name }
	if l := s.Links.ByIdentity(link.FederationSpec); l != nil {
		typeName, directiveName = l.Type, l.Directive
		e.namesake(l)
	} else {
		e.forgetOld()
	}
	for _, name := range link.FederationDirectives(s.Federation) {
		e.own(name, directiveName(name), s.Federation, typeName)
	}
	for _, name := range link.FederationScalars(s.Federation) {
		e.scalar(typeName(name))
		s.owned[typeName(name)] = true
	}
	for _, l := range s.Links.All {
		if f, ok := link.FeatureByIdentity(l.Identity); ok && !s.IsFederation2() && UpgradedFederation1.AtLeast(f.Since) {
			e.misdefined(diagnostic.InvalidLinkDirectiveUsage, "", l.Applied.Position, "the directives of %s come with the federation specification: link %s and import them from there",
				l.Identity, link.URL{Identity: link.FederationSpec, Version: f.Since})
			continue
		}
		e.linked(l)
		if l.Identity == link.ConnectSpec {
			e.connect(l)
		}
	}
	if len(s.Links.All) > 0 || len(s.Applied.ForNames("link")) > 0 {
		e.link()
	}
}

// own makes a directive of the federation specification, or of one that it stands for, the schema's.
func (e *expander) own(name, local string, v link.Version, typeName func(string) string) {
	s := e.schema
	s.local[name] = local
	s.owned["@"+local] = true
	if definition := link.FederationDirective(name, v, local, typeName); definition != nil {
		e.define(definition)
	}
}

// define gives the schema the definition of a specification's directive, or checks the one that it has.
func (e *expander) define(definition *ast.DirectiveDefinition) {
	s := e.schema
	s.owned["@"+definition.Name] = true
	if own := s.directives[definition.Name]; own != nil {
		e.checkDefinition(own, definition, e.misdefined)
		return
	}
	s.directives[definition.Name] = definition
	s.Directives = append(s.Directives, definition)
}

// forgetOld drops the definitions of a Federation 1 schema that are wrong in a way that was always let pass.
func (e *expander) forgetOld() {
	s := e.schema
	for _, name := range []string{link.Key, link.Requires, link.Provides} {
		if own := s.directives[name]; own != nil && wrongOfOld(own) {
			delete(s.directives, name)
			s.Directives = slices.DeleteFunc(s.Directives, func(d *ast.DirectiveDefinition) bool { return d == own })
		}
	}
}

// linked names the directives of a specification that the schema links directly rather than through federation. Its
// scalars are part of the graph, as the reference has it.
func (e *expander) linked(l *link.Link) {
	f, ok := link.FeatureByIdentity(l.Identity)
	if !ok || !f.Known(l.Version) {
		return
	}
	for _, name := range f.Directives {
		local := l.Directive(name)
		e.schema.local[name] = local
		if d := f.Directive(name, l.Version, local, l.Type); d != nil {
			e.define(d)
		}
	}
	for _, name := range link.SupergraphScalars(f.Name) {
		e.scalar(l.Type(name))
	}
}

// scalar gives the schema a specification's scalar, or checks the type that it has under that name.
func (e *expander) scalar(name string) {
	s := e.schema
	if t := s.types[name]; t != nil {
		if t.Kind != ast.Scalar {
			e.misdefined(diagnostic.TypeDefinitionInvalid, name, t.Position, "the type %q belongs to a linked specification and is a scalar there, not %s: name your type otherwise, or import the specification's under another name", name, kindName(t.Kind))
		}
		return
	}
	s.add(&Type{Definition: &ast.Definition{Kind: ast.Scalar, Name: name}, Defined: true})
}

// namesake marks the types that carry a specification's name, such as "federation__Other": whatever they are, they
// mean nothing to the graph.
func (e *expander) namesake(l *link.Link) {
	for _, t := range e.schema.Types {
		if owner, _ := e.schema.Links.Owner(t.Name, false); owner == l {
			e.schema.owned[t.Name] = true
		}
	}
}

// link makes the elements of the link specification the schema's.
func (e *expander) link() {
	s := e.schema
	l := s.Links.Bootstrap
	if l == nil {
		l = &link.Link{URL: link.URL{Identity: link.LinkSpec, Name: "link", Version: link.Version{Major: 1}}}
	}
	name := l.Directive(l.Name)
	s.owned["@"+name] = true
	for _, n := range []string{"Purpose", "Import"} {
		s.owned[l.Type(n)] = true
	}
	for _, t := range s.Types {
		if strings.HasPrefix(t.Name, l.Alias()+"__") {
			s.owned[t.Name] = true
		}
	}
	e.defineLink(name, l)
	if n := l.Type("Import"); s.types[n] == nil {
		s.add(&Type{Definition: &ast.Definition{Kind: ast.Scalar, Name: n}, Defined: true})
	}
	e.purpose(l.Type("Purpose"), l)
}

// purposes are the values of the enum that says what a link is for.
var purposes = []string{"EXECUTION", "SECURITY"}

// purpose gives the schema that enum, or checks the type that it has under that name, unless it links the link
// specification itself.
func (e *expander) purpose(name string, l *link.Link) {
	s := e.schema
	t := s.types[name]
	if t == nil {
		d := &ast.Definition{Kind: ast.Enum, Name: name}
		for _, v := range purposes {
			d.EnumValues = append(d.EnumValues, &ast.EnumValueDefinition{Name: v})
		}
		s.add(&Type{Definition: d, Defined: true})
		return
	}
	var values []string
	for _, v := range t.EnumValues {
		values = append(values, v.Name)
	}
	slices.Sort(values)
	if l.Applied == nil && (t.Kind != ast.Enum || !slices.Equal(slices.Compact(values), purposes)) {
		e.misdefined(diagnostic.TypeDefinitionInvalid, name, t.Position, "the type %q belongs to the link specification and is an enum of %s there: leave the definition out", name, strings.Join(purposes, " and "))
	}
}

// defineLink gives the schema the definition of @link, or checks the one that it has. A schema that links the link
// specification itself may define more of it than is known, and has to define it where it uses another name.
func (e *expander) defineLink(name string, l *link.Link) {
	own, want := e.schema.directives[name], link.Bootstrap(name, l.Type)
	switch {
	case want == nil || own == nil && name != "link":
	case own == nil:
		e.define(want)
	case l.Applied == nil:
		e.checkDefinition(own, want, e.fail)
	case !own.IsRepeatable || len(own.Locations) != 1 || own.Locations[0] != ast.LocationSchema:
		e.fail(diagnostic.DirectiveDefinitionInvalid, "@"+name, own.Position, "the definition of \"@%s\" must be repeatable on SCHEMA, and on nothing else", name)
	}
}
