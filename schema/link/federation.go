package link

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Names of the directives of the federation specification.
const (
	Key              = "key"
	Requires         = "requires"
	Provides         = "provides"
	External         = "external"
	Tag              = "tag"
	Extends          = "extends"
	Shareable        = "shareable"
	Inaccessible     = "inaccessible"
	Override         = "override"
	ComposeDirective = "composeDirective"
	InterfaceObject  = "interfaceObject"
	Authenticated    = "authenticated"
	RequiresScopes   = "requiresScopes"
	Policy           = "policy"
	Context          = "context"
	FromContext      = "fromContext"
	Cost             = "cost"
	ListSize         = "listSize"
	CacheTag         = "cacheTag"
)

// Federation1 stands for the version of a schema that does not link the federation specification.
var Federation1 = Version{1, 0}

// LatestFederation is the newest version of the federation specification that is understood.
var LatestFederation = Version{2, 15}

// element is a directive or a scalar of the federation specification and the versions that have it as given.
// In sdl, type names of the specification itself begin with "federation__".
type element struct {
	name  string
	since Version
	until Version // the zero Version: no end
	sdl   string
}

const (
	everywhere = " on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
	protected  = " on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
)

var federationDirectives = []element{
	{Key, Version{1, 0}, Version{}, "directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE"},
	{Requires, Version{1, 0}, Version{}, "directive @requires(fields: federation__FieldSet!) on FIELD_DEFINITION"},
	{Provides, Version{1, 0}, Version{}, "directive @provides(fields: federation__FieldSet!) on FIELD_DEFINITION"},
	{External, Version{1, 0}, Version{}, "directive @external(reason: String) on OBJECT | FIELD_DEFINITION"},
	{Tag, Version{1, 0}, Version{2, 3}, "directive @tag(name: String!) repeatable" + everywhere},
	{Tag, Version{2, 3}, Version{}, "directive @tag(name: String!) repeatable" + everywhere + " | SCHEMA"},
	{Extends, Version{1, 0}, Version{}, "directive @extends on OBJECT | INTERFACE"},
	{Shareable, Version{2, 0}, Version{2, 2}, "directive @shareable on OBJECT | FIELD_DEFINITION"},
	{Shareable, Version{2, 2}, Version{}, "directive @shareable repeatable on OBJECT | FIELD_DEFINITION"},
	{Inaccessible, Version{2, 0}, Version{}, "directive @inaccessible" + everywhere},
	{Override, Version{2, 0}, Version{2, 7}, "directive @override(from: String!) on FIELD_DEFINITION"},
	{Override, Version{2, 7}, Version{}, "directive @override(from: String!, label: String) on FIELD_DEFINITION"},
	{ComposeDirective, Version{2, 1}, Version{}, "directive @composeDirective(name: String) repeatable on SCHEMA"},
	{InterfaceObject, Version{2, 3}, Version{}, "directive @interfaceObject on OBJECT"},
	{Authenticated, Version{2, 5}, Version{}, "directive @authenticated" + protected},
	{RequiresScopes, Version{2, 5}, Version{}, "directive @requiresScopes(scopes: [[federation__Scope!]!]!)" + protected},
	{Policy, Version{2, 6}, Version{}, "directive @policy(policies: [[federation__Policy!]!]!)" + protected},
	{Context, Version{2, 8}, Version{}, "directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION"},
	{FromContext, Version{2, 8}, Version{}, "directive @fromContext(field: federation__ContextFieldValue) on ARGUMENT_DEFINITION"},
	{Cost, Version{2, 9}, Version{}, "directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR"},
	{ListSize, Version{2, 9}, Version{}, "directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION"},
	{CacheTag, Version{2, 12}, Version{}, "directive @cacheTag(format: String!) repeatable on OBJECT | FIELD_DEFINITION"},
}

var federationScalars = []element{
	{name: "FieldSet", since: Version{1, 0}},
	{name: "Scope", since: Version{2, 5}},
	{name: "Policy", since: Version{2, 6}},
	{name: "ContextFieldValue", since: Version{2, 8}},
}

func (e element) in(v Version) bool {
	return v.AtLeast(e.since) && (e.until == Version{} || !v.AtLeast(e.until))
}

// KnownFederation reports whether v is a version of the federation specification that is understood.
func KnownFederation(v Version) bool {
	return v.Major == 2 && v.Minor >= 0 && v.Minor <= LatestFederation.Minor
}

// FederationDirectives lists the names of the directives that a version of the federation specification has.
func FederationDirectives(v Version) []string { return names(federationDirectives, v) }

// FederationScalars lists the names of the scalars that a version of the federation specification has.
func FederationScalars(v Version) []string { return names(federationScalars, v) }

func names(elements []element, v Version) []string {
	var found []string
	for _, e := range elements {
		if e.in(v) {
			found = append(found, e.name)
		}
	}
	return found
}

// FederationDirective builds the definition of a federation directive as version v has it: called local, and its
// types named by typeName. It answers nil when v has no such directive.
func FederationDirective(name string, v Version, local string, typeName func(string) string) *ast.DirectiveDefinition {
	for _, e := range federationDirectives {
		if e.name == name && e.in(v) {
			return definition(e.sdl, local, "federation__", typeName)
		}
	}
	return nil
}

// definition builds one directive's definition from the SDL of a specification. Types whose names begin with
// prefix are renamed.
func definition(sdl, local, prefix string, typeName func(string) string) *ast.DirectiveDefinition {
	doc, err := parser.ParseSchema(&ast.Source{Name: "specification", Input: sdl})
	if err != nil || len(doc.Directives) != 1 {
		return nil // the tables of this package are tested to parse
	}
	d := doc.Directives[0]
	d.Name = local
	d.Position = nil
	for _, a := range d.Arguments {
		if typeName != nil {
			renameType(a.Type, prefix, typeName)
		}
	}
	return d
}

// renameType gives the type that t refers to its name in a schema, if it belongs to the specification.
func renameType(t *ast.Type, prefix string, typeName func(string) string) {
	for t.Elem != nil {
		t = t.Elem
	}
	t.NamedType = localType(t.NamedType, prefix, typeName)
}

// localType is the name that a type has in a schema: what follows the prefix is named by the specification, and other
// names stay.
func localType(name, prefix string, typeName func(string) string) string {
	if own, ok := strings.CutPrefix(name, prefix); ok {
		return typeName(own)
	}
	return name
}

// Bootstrap builds the definition of the directive @link itself.
func Bootstrap(local string, typeName func(string) string) *ast.DirectiveDefinition {
	return definition("directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA", local, "link__", typeName)
}
