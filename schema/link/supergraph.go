package link

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Feature is a specification whose directives composition carries from subgraphs into the supergraph.
type Feature struct {
	Name       string // of the specification
	Identity   string
	Purpose    string // the "for" argument of its @link, or ""
	Directives []string
	Version    Version // the one that supergraphs link, and the newest that is known
	First      Version // the oldest that is known
	Since      Version // the version of the federation specification that brought the feature
	// Implies is the federation version of which a schema is taken to be that links the feature directly, the zero
	// Version where that says nothing of it.
	Implies Version
}

// Known reports whether v is a version of the feature's specification that is understood.
func (f Feature) Known(v Version) bool { return v.AtLeast(f.First) && f.Version.AtLeast(v) }

// Features lists the specifications that composition carries into a supergraph, in the order in which
// a supergraph links them.
var Features = []Feature{
	{Name: "tag", Identity: TagSpec, Directives: []string{Tag}, First: Version{0, 1}, Version: Version{0, 3}, Since: Version{2, 0}},
	{Name: "inaccessible", Identity: InaccessibleSpec, Purpose: "SECURITY", Directives: []string{Inaccessible}, First: Version{0, 1}, Version: Version{0, 2}, Since: Version{2, 0}},
	{Name: "authenticated", Identity: AuthenticatedSpec, Purpose: "SECURITY", Directives: []string{Authenticated}, First: Version{0, 1}, Version: Version{0, 1}, Since: Version{2, 5}, Implies: Version{2, 5}},
	{Name: "requiresScopes", Identity: ScopesSpec, Purpose: "SECURITY", Directives: []string{RequiresScopes}, First: Version{0, 1}, Version: Version{0, 1}, Since: Version{2, 5}},
	{Name: "policy", Identity: PolicySpec, Purpose: "SECURITY", Directives: []string{Policy}, First: Version{0, 1}, Version: Version{0, 1}, Since: Version{2, 6}},
	{Name: "context", Identity: ContextSpec, Purpose: "SECURITY", Directives: []string{Context, FromContext}, First: Version{0, 1}, Version: Version{0, 1}, Since: Version{2, 8}},
	{Name: "cost", Identity: CostSpec, Directives: []string{Cost, ListSize}, First: Version{0, 1}, Version: Version{0, 1}, Since: Version{2, 9}, Implies: Version{2, 9}},
}

// Implied is the version of the federation specification of which a schema is taken to be because of a link, the zero
// Version where the link says nothing of it.
func (l *Link) Implied() Version {
	switch l.Identity {
	case ConnectSpec:
		return connectVersions[l.Version]
	case JoinSpec:
		return joinNeeds(l.Version)
	}
	if f, ok := FeatureByIdentity(l.Identity); ok && f.Known(l.Version) {
		return f.Implies
	}
	return Version{}
}

// joinNeeds is the federation version that a version of the join specification needs, the zero Version for one that
// is not known.
func joinNeeds(v Version) Version {
	switch v {
	case Version{0, 1}, Version{0, 2}, Version{0, 3}:
		return Version{2, 0}
	case Version{0, 4}:
		return Version{2, 7}
	case Version{0, 5}:
		return Version{2, 8}
	}
	return Version{}
}

// FeatureOf finds the feature that a directive belongs to.
func FeatureOf(directive string) (Feature, bool) {
	for _, f := range Features {
		for _, d := range f.Directives {
			if d == directive {
				return f, true
			}
		}
	}
	return Feature{}, false
}

// FeatureByIdentity finds a feature by the identity of its specification.
func FeatureByIdentity(identity string) (Feature, bool) {
	for _, f := range Features {
		if f.Identity == identity {
			return f, true
		}
	}
	return Feature{}, false
}

// SupergraphDirective builds the definition that a feature's directive has in a supergraph, where it is called
// local and the feature's own types are named by typeName.
func SupergraphDirective(name, local string, federation Version, typeName func(string) string) *ast.DirectiveDefinition {
	return FederationDirective(name, federation, local, typeName)
}

// Directive builds the definition that a directive has in a version of the feature's own specification.
func (f Feature) Directive(name string, v Version, local string, typeName func(string) string) *ast.DirectiveDefinition {
	d := FederationDirective(name, LatestFederation, local, typeName)
	if d == nil || f.First == f.Version {
		return d
	}
	switch v {
	case Version{0, 1}: // of @tag and @inaccessible
		d.Locations = []ast.DirectiveLocation{ast.LocationFieldDefinition, ast.LocationObject, ast.LocationInterface, ast.LocationUnion}
	case Version{0, 2}:
		d.Locations = slices.DeleteFunc(d.Locations, func(l ast.DirectiveLocation) bool { return l == ast.LocationSchema })
	}
	return d
}

// SupergraphScalars lists the scalars that a feature's directives use in a supergraph, by the feature's names.
func SupergraphScalars(feature string) []string {
	switch feature {
	case "requiresScopes":
		return []string{"Scope"}
	case "policy":
		return []string{"Policy"}
	case "context":
		return []string{"ContextFieldValue"}
	}
	return nil
}

// JoinSDL is the definition of the join specification, version 0.5, and of the link specification, version 1.0,
// as supergraphs carry them. The enum join__Graph is for composition to add.
const JoinSDL = `
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION

input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}
scalar join__DirectiveArguments
scalar join__FieldSet
scalar join__FieldValue
scalar link__Import
enum link__Purpose {
  """
  ` + "`SECURITY`" + ` features provide metadata necessary to securely resolve fields.
  """
  SECURITY
  """
  ` + "`EXECUTION`" + ` features provide metadata necessary for operation execution.
  """
  EXECUTION
}
`
