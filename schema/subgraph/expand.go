package subgraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// Expanded is a schema whose links are resolved, whose extensions are folded into their types, whose root types
// have their default names, and which defines every directive that its links bring.
type Expanded struct {
	schema *Schema
}

// Schema is the expanded schema. It may still be changed by the steps that follow.
func (e *Expanded) Schema() *Schema { return e.schema }

// expander takes a document apart into a schema.
type expander struct {
	schema   *Schema
	document *ast.SchemaDocument
	errors   []diagnostic.Diagnostic
}

// Expand resolves what a parsed schema leaves implicit.
func Expand(p *Parsed) (*Expanded, []diagnostic.Diagnostic) {
	e := &expander{
		document: p.document,
		schema: &Schema{
			Name: p.source.Name, URL: p.source.URL, File: p.source.File,
			Roots:      map[ast.Operation]string{},
			types:      map[string]*Type{},
			directives: map[string]*ast.DirectiveDefinition{},
			local:      map[string]string{},
			faceKeys:   map[string]bool{},
			owned:      map[string]bool{},
		},
	}
	e.schemaDefinition()
	e.types()
	e.directives()
	if len(e.errors) > 0 {
		return nil, e.errors
	}
	e.links()
	if len(e.errors) > 0 {
		return nil, e.errors
	}
	e.federation()
	e.roots()
	if !e.schema.IsFederation2() {
		e.schema.dropServiceFields() // whatever they are, as was always let pass
	}
	if len(e.errors) > 0 {
		return nil, append(e.errors, e.schema.misdefined...)
	}
	return &Expanded{schema: e.schema}, nil
}

func (e *expander) fail(code diagnostic.Code, coordinate string, at *ast.Position, format string, args ...any) {
	e.errors = append(e.errors, e.schema.Errorf(code, coordinate, at, format, args...))
}

func (e *expander) schemaDefinition() {
	if len(e.document.Schema) > 1 {
		e.fail(diagnostic.InvalidGraphQL, "", e.document.Schema[1].Position, "the schema is defined more than once")
	}
	for _, d := range slices.Concat(e.document.Schema, e.document.SchemaExtension) {
		e.schema.Applied = append(e.schema.Applied, d.Directives...)
		for _, o := range d.OperationTypes {
			if other, ok := e.schema.Roots[o.Operation]; ok {
				e.fail(diagnostic.InvalidGraphQL, "", o.Position, "the schema has two %s root types, %q and %q", o.Operation, other, o.Type)
				continue
			}
			e.schema.Roots[o.Operation] = o.Type
		}
	}
}

// introspection are the types that every schema has for introspection (specification, section 4.2).
var introspection = map[string]bool{
	"__Schema": true, "__Type": true, "__Field": true, "__InputValue": true, "__EnumValue": true, "__Directive": true,
	"__TypeKind": true, "__DirectiveLocation": true,
}

func (e *expander) types() {
	s := e.schema
	for _, d := range e.document.Definitions {
		if introspection[d.Name] {
			continue // servers that print these define nothing by them
		}
		if s.types[d.Name] != nil {
			e.fail(diagnostic.InvalidGraphQL, d.Name, d.Position, "the type %q is defined more than once", d.Name)
			continue
		}
		if IsBuiltinScalar(d.Name) {
			if d.Kind != ast.Scalar {
				e.fail(diagnostic.InvalidGraphQL, d.Name, d.Position, "the type %q is built into GraphQL and cannot be defined anew", d.Name)
			}
			continue
		}
		s.add(&Type{Definition: d, Defined: true})
	}
	for _, x := range e.document.Extensions {
		t := s.types[x.Name]
		switch {
		case IsBuiltinScalar(x.Name):
			e.fail(diagnostic.InvalidGraphQL, x.Name, x.Position, "the type %q is built into GraphQL and cannot be extended", x.Name)
			continue
		case t == nil:
			t = &Type{Definition: &ast.Definition{Kind: x.Kind, Name: x.Name, Position: x.Position}}
			s.add(t)
		case t.Kind != x.Kind:
			e.fail(diagnostic.InvalidGraphQL, x.Name, x.Position, "the type %q is extended as %s, but it is %s", x.Name, kindName(x.Kind), kindName(t.Kind))
			continue
		}
		t.Extended = true
		if t.extension == nil {
			t.extension = map[*ast.Directive]bool{}
		}
		for _, d := range x.Directives {
			t.extension[d] = true
		}
		t.Definition.Directives = append(t.Definition.Directives, x.Directives...)
		t.Interfaces = append(t.Interfaces, x.Interfaces...)
		t.Fields = append(t.Fields, x.Fields...)
		t.Definition.Types = append(t.Definition.Types, x.Types...)
		t.EnumValues = append(t.EnumValues, x.EnumValues...)
	}
	for _, x := range e.document.DirectiveExtensions {
		e.fail(diagnostic.UnsupportedFeature, "@"+x.Name, x.Position, "the extension of the directive \"@%s\" is not supported: write it into the definition", x.Name)
	}
}

func kindName(k ast.DefinitionKind) string {
	switch k {
	case ast.Scalar:
		return "a scalar"
	case ast.Object:
		return "an object type"
	case ast.Interface:
		return "an interface"
	case ast.Union:
		return "a union"
	case ast.Enum:
		return "an enum"
	}
	return "an input type"
}

func (e *expander) directives() {
	s := e.schema
	for _, d := range e.document.Directives {
		if s.directives[d.Name] != nil {
			e.fail(diagnostic.InvalidGraphQL, "@"+d.Name, d.Position, "the directive \"@%s\" is defined more than once", d.Name)
			continue
		}
		// What a schema defines itself of a specification must be whole: links do not complete it.
		for _, a := range d.Arguments {
			if name := NamedType(a.Type); s.types[name] == nil && !IsBuiltinScalar(name) {
				coordinate := "@" + d.Name + "(" + a.Name + ":)"
				e.fail(diagnostic.InvalidGraphQL, coordinate, a.Position, "%q refers to the type %q, which the schema does not define", coordinate, name)
			}
		}
		s.Directives = append(s.Directives, d)
		s.directives[d.Name] = d
	}
}

// links reads which specifications the schema links. A schema that links neither the link specification nor the
// federation specification is one of Federation 1, in which @link says nothing. Without the federation specification,
// nothing else of the schema depends on its links: what is wrong with these is reported with what is wrong there.
func (e *expander) links() {
	s := e.schema
	links, problems := link.Read(s.Applied)
	s.Links, s.Federation = links, link.Federation1
	federated := linksFederation(s.Applied)
	if links.Bootstrap == nil && !federated {
		s.Links = &link.Links{}
		return
	}
	fail := e.misdefined
	if federated {
		fail = e.fail
	}
	if e.unknownLink(fail) {
		return
	}
	for _, p := range problems {
		fail(diagnostic.Code(p.Code), "", p.At, "%s", p.Message)
	}
	for _, l := range links.All {
		switch known := link.KnownFederation(l.Version); {
		case l.Identity != link.FederationSpec:
		case known:
			s.Federation = l.Version
		case len(problems) == 0: // which may be that another version is linked, too
			fail(diagnostic.UnknownFederationLinkVersion, "", l.Applied.Position, "the version %s of the federation specification is not known: link %s, or another one from v2.0 on", l.Version, link.URL{Identity: link.FederationSpec, Version: link.LatestFederation})
		}
		e.checkImports(l, fail)
	}
}

// unknownLink refuses a version of the link specification that is not known. It decides what all other links say.
func (e *expander) unknownLink(fail report) bool {
	for _, l := range e.schema.Links.All {
		switch {
		case l.Identity == link.LinkSpec && l.Version != link.Version{Major: 1}:
			fail(diagnostic.UnknownLinkVersion, "", l.Applied.Position, "the version %s of the link specification is not known: link %s", l.Version, link.URL{Identity: link.LinkSpec, Version: link.Version{Major: 1}})
			return true
		case l.Identity == link.CoreSpec && (l.Version.Major != 0 || l.Version.Minor < 1 || l.Version.Minor > 2):
			fail(diagnostic.UnknownLinkVersion, "", l.Applied.Position, "the version %s of the core specification is not known: link %s/v0.1 or v0.2", l.Version, link.CoreSpec)
			return true
		case l.Identity == link.LinkSpec || l.Identity == link.CoreSpec:
			return false
		}
	}
	return false
}

// linksFederation reports whether a schema says that it links the federation specification, in whichever version and
// however badly.
func linksFederation(applied ast.DirectiveList) bool {
	return slices.ContainsFunc(applied, func(d *ast.Directive) bool {
		url := d.Arguments.ForName("url")
		return d.Name == "link" && url != nil && url.Value != nil && strings.HasPrefix(url.Value.Raw, link.FederationSpec)
	})
}

// checkImports refuses imports of what a specification does not have.
func (e *expander) checkImports(l *link.Link, fail report) {
	elements, known := link.Elements(l.URL)
	if !known {
		return
	}
	for _, i := range l.Imports {
		switch {
		case slices.Contains(elements, i.Name):
		case len(elements) == 0:
			fail(diagnostic.InvalidLinkDirectiveUsage, "", l.Applied.Position, "%s has nothing that a subgraph can import, found %q", l.URL, i.Name)
		case slices.Contains(elements, "@"+i.Name):
			fail(diagnostic.InvalidLinkDirectiveUsage, "", l.Applied.Position, "%s has no type %q: write %q to import the directive", l.URL, i.Name, "@"+i.Name)
		default:
			fail(diagnostic.InvalidLinkDirectiveUsage, "", l.Applied.Position, "%s has nothing called %q to import: it has %s", l.URL, i.Name, strings.Join(elements, ", "))
		}
	}
}
