package link

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// connectVersions maps the versions of the connect specification to the federation version that each needs.
var connectVersions = map[Version]Version{
	{0, 1}: {2, 10},
	{0, 2}: {2, 11},
	{0, 3}: {2, 12},
	{0, 4}: {2, 13},
}

// latestConnect is the version of the connect specification that supergraphs link when no subgraph links a newer
// one. Version 0.4 is a preview, and linked only where a subgraph asks for it.
var latestConnect = Version{0, 3}

// connectSDL is what the connect specification brings, in any version: later versions only tell more places apart.
const connectSDL = `
scalar connect__URLPathTemplate
scalar connect__JSONSelection
input connect__ConnectorErrors {
  message: connect__JSONSelection
  extensions: connect__JSONSelection
}
input connect__HTTPHeaderMapping {
  name: String!
  from: String
  value: String
}
input connect__ConnectBatch {
  maxSize: Int
}
input connect__SourceHTTP {
  baseURL: String!
  headers: [connect__HTTPHeaderMapping!]
  path: connect__JSONSelection
  queryParams: connect__JSONSelection
}
input connect__ConnectHTTP {
  GET: connect__URLPathTemplate
  POST: connect__URLPathTemplate
  PUT: connect__URLPathTemplate
  PATCH: connect__URLPathTemplate
  DELETE: connect__URLPathTemplate
  body: connect__JSONSelection
  headers: [connect__HTTPHeaderMapping!]
  path: connect__JSONSelection
  queryParams: connect__JSONSelection
}
directive @connect(source: String, id: String, http: connect__ConnectHTTP, batch: connect__ConnectBatch, errors: connect__ConnectorErrors, selection: connect__JSONSelection!, entity: Boolean = false, isSuccess: connect__JSONSelection) repeatable on FIELD_DEFINITION | OBJECT
directive @source(name: String!, http: connect__SourceHTTP!, errors: connect__ConnectorErrors, isSuccess: connect__JSONSelection) repeatable on SCHEMA
`

// KnownConnect reports whether v is a version of the connect specification that is understood.
func KnownConnect(v Version) bool {
	_, ok := connectVersions[v]
	return ok
}

// SupergraphConnect is the version of the connect specification that a supergraph links when its subgraphs link
// the given ones.
func SupergraphConnect(linked []Version) Version {
	newest := latestConnect
	for _, v := range linked {
		if v.AtLeast(newest) {
			newest = v
		}
	}
	return newest
}

// ConnectDefinitions builds the definitions of the connect specification under the names that a link gives them.
func ConnectDefinitions(l *Link) *ast.SchemaDocument {
	doc := connectDocument()
	for _, d := range doc.Definitions {
		d.Name = localType(d.Name, "connect__", l.Type)
		d.Position = nil
		for _, f := range d.Fields {
			renameType(f.Type, "connect__", l.Type)
		}
	}
	for _, d := range doc.Directives {
		d.Name = l.Directive(d.Name)
		d.Position = nil
		for _, a := range d.Arguments {
			renameType(a.Type, "connect__", l.Type)
		}
	}
	return doc
}

func connectDocument() *ast.SchemaDocument {
	doc, err := parser.ParseSchema(&ast.Source{Name: "specification", Input: connectSDL})
	if err != nil {
		return &ast.SchemaDocument{} // a test holds that the definitions parse
	}
	return doc
}
