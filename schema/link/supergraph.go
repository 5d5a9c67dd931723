package link

import "github.com/vektah/gqlparser/v2/ast"

// Feature is a specification whose directives composition carries from subgraphs into the supergraph.
type Feature struct {
	Name       string // of the specification
	Identity   string
	Purpose    string // the "for" argument of its @link, or ""
	Directives []string
	Version    Version // the one that supergraphs link
	Since      Version // the version of the federation specification that brought the feature
}

// Features lists the specifications that composition carries into a supergraph, in the order in which
// a supergraph links them.
var Features = []Feature{
	{"tag", TagSpec, "", []string{Tag}, Version{0, 3}, Version{2, 0}},
	{"inaccessible", InaccessibleSpec, "SECURITY", []string{Inaccessible}, Version{0, 2}, Version{2, 0}},
	{"authenticated", AuthenticatedSpec, "SECURITY", []string{Authenticated}, Version{0, 1}, Version{2, 5}},
	{"requiresScopes", ScopesSpec, "SECURITY", []string{RequiresScopes}, Version{0, 1}, Version{2, 5}},
	{"policy", PolicySpec, "SECURITY", []string{Policy}, Version{0, 1}, Version{2, 6}},
	{"context", ContextSpec, "SECURITY", []string{Context, FromContext}, Version{0, 1}, Version{2, 8}},
	{"cost", CostSpec, "", []string{Cost, ListSize}, Version{0, 1}, Version{2, 9}},
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
