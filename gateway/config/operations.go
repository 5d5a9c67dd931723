package config

import (
	"net/http"

	"github.com/weft-gateway/weft/gateway/auth"
	"github.com/weft-gateway/weft/gateway/config/strict"
	"github.com/weft-gateway/weft/gateway/operation"
	"github.com/weft-gateway/weft/gateway/playground"
	"github.com/weft-gateway/weft/gateway/response"
)

// Operations bound what clients' operations cost, and say what they see.
type Operations struct {
	Limits           OperationLimits `yaml:"limits" doc:"What one document may cost. Depth, fields, root fields and aliases count an operation with its fragments written out."`
	Introspection    bool            `yaml:"introspection" default:"true" doc:"Answer __schema and __type, and name the schema's elements in messages."`
	SubgraphMessages bool            `yaml:"subgraph_messages" default:"true" doc:"Pass subgraphs' error messages on to clients. false: clients learn that something failed, and where."`
	Plans            Plans           `yaml:"plans" doc:"Who may ask for the plan of an operation with the request extension {\"plan\": true}, as the Playground does."`
	Cache            OperationCache  `yaml:"cache" doc:"Operations that were prepared are kept."`
	Responses        ResponseLimits  `yaml:"responses" doc:"What subgraphs' answers and the responses made of them may cost."`
	Deduplicate      string          `yaml:"deduplicate" enum:"on,off" default:"off" doc:"on: equal queries of the same caller that are under way at the same time are executed once. Equal are those with the same document, operation name and variables, for which the same is forwarded to subgraphs. Mutations never are."`
	OverrideLabels   map[string]bool `yaml:"override_labels" doc:"Labels of progressive @override: true, and the field comes from the subgraph that takes it over; false or left out, and it stays where it was. Labels percent(x) are active for that share of requests and do not stand here."`
}

// OperationLimits bound documents.
type OperationLimits struct {
	Size       strict.Bytes `yaml:"size" default:"1MiB" min:"1" doc:"Length of the document."`
	Tokens     int          `yaml:"tokens" default:"100000" min:"1" doc:"Names, punctuators, values and comments."`
	Depth      int          `yaml:"depth" default:"100" min:"1" doc:"Nesting of fields; a root field has depth 1."`
	Fields     int          `yaml:"fields" default:"50000" min:"1" doc:"Fields in all."`
	RootFields int          `yaml:"root_fields" default:"5000" min:"1" doc:"Fields of the root type."`
	Aliases    int          `yaml:"aliases" default:"10000" min:"1" doc:"Fields with an alias."`
	Directives int          `yaml:"directives" default:"10000" min:"1" doc:"Uses of directives."`
	Fragments  int          `yaml:"fragments" default:"2000" min:"1" doc:"Fragment definitions."`
	Operations int          `yaml:"operations" default:"100" min:"1" doc:"Operation definitions."`
}

// ResponseLimits bound answers and responses.
type ResponseLimits struct {
	Depth        int          `yaml:"depth" default:"256" min:"1" doc:"Nesting of lists and objects in an answer, at most 10000."`
	Values       int          `yaml:"values" default:"8388608" min:"1" doc:"JSON values in one answer."`
	AnswerErrors int          `yaml:"answer_errors" default:"200" min:"1" doc:"Errors that are kept of one answer."`
	Errors       int          `yaml:"errors" default:"100" min:"1" doc:"Errors in one response; those beyond are left out."`
	Objects      int          `yaml:"objects" default:"16777216" min:"1" doc:"Objects that the gateway comes across for one response; an entity counts at each of its places."`
	Size         strict.Bytes `yaml:"size" default:"256MiB" min:"1" doc:"Length of one response."`
}

// Plans says who may see plans.
type Plans struct {
	Allow string `yaml:"allow" enum:"nobody,authenticated,everyone" default:"nobody" doc:"Plans name subgraphs and their fields, so they are for those who may know them."`
	Scope string `yaml:"scope" doc:"Scope that a caller needs, with allow: authenticated."`
}

// OperationCache bounds the prepared operations.
type OperationCache struct {
	Entries int          `yaml:"entries" default:"4096" min:"1" doc:"How many are kept."`
	Size    strict.Bytes `yaml:"size" default:"256MiB" min:"1" doc:"About how much memory they may take, with their documents and plans."`
}

func (l OperationLimits) options() operation.Limits {
	return operation.Limits{
		Bytes: int(l.Size), Tokens: l.Tokens, Depth: l.Depth, Fields: l.Fields, RootFields: l.RootFields,
		Aliases: l.Aliases, Directives: l.Directives, Fragments: l.Fragments, Operations: l.Operations,
	}
}

func (l ResponseLimits) options() response.Limits {
	return response.Limits{Depth: l.Depth, Nodes: l.Values, Errors: l.AnswerErrors, Objects: l.Objects, Bytes: int(l.Size)}
}

// overrideLabels is nil when no label is active.
func (o Operations) overrideLabels() func(string, *auth.Identity, http.Header) bool {
	if len(o.OverrideLabels) == 0 {
		return nil
	}
	return func(label string, _ *auth.Identity, _ http.Header) bool { return o.OverrideLabels[label] }
}

func (p Plans) allowed() func(*auth.Identity) bool {
	switch p.Allow {
	case "everyone":
		return func(*auth.Identity) bool { return true }
	case "authenticated":
		return func(id *auth.Identity) bool { return id != nil && (p.Scope == "" || id.HasScope(p.Scope)) }
	}
	return nil
}

// Playground is the page for browsers.
type Playground struct {
	Enabled        bool      `yaml:"enabled" default:"true" doc:"Serve the page."`
	Title          string    `yaml:"title" doc:"Name of the graph."`
	Issuer         string    `yaml:"issuer" doc:"OpenID issuer that the page logs in at, with client_id as a public client."`
	ClientID       string    `yaml:"client_id" doc:"The page's client id at the issuer."`
	Scopes         []string  `yaml:"scopes" doc:"Scopes that the page asks for; openid and profile when left out."`
	Examples       []Example `yaml:"examples" doc:"Queries to begin with."`
	RegistryHint   string    `yaml:"registry_hint" doc:"A command that registers a subgraph, shown on the page."`
	ConnectOrigins []string  `yaml:"connect_origins" doc:"Other origins that the page may call, such as that of a token endpoint."`
}

// Example is a query of the Playground.
type Example struct {
	Name        string `yaml:"name" required:"true" doc:"Its name."`
	Description string `yaml:"description" doc:"What it shows."`
	Query       string `yaml:"query" required:"true" doc:"The document."`
	Variables   string `yaml:"variables" doc:"A JSON object."`
}

func (p Playground) options(endpoint string) playground.Config {
	o := playground.Config{
		Title: p.Title, Endpoint: endpoint, Issuer: p.Issuer, ClientID: p.ClientID, Scopes: p.Scopes,
		RegistryHint: p.RegistryHint, ConnectOrigins: p.ConnectOrigins,
	}
	for _, e := range p.Examples {
		o.Examples = append(o.Examples, playground.Example(e))
	}
	return o
}
