package registryapi

import (
	"time"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/diff"
	"github.com/weft-gateway/weft/schema/registry"
)

// What a Client asks. Every mutation's field is called "outcome", so that all are read alike.
const (
	outcomeFragment = `
fragment outcome on PublicationOutcome {
  status
  diagnostics { ...diagnostic }
  changes { kind level coordinate message }
  supergraph { ...version }
}
` + diagnosticFragment + versionFragment

	diagnosticFragment = `
fragment diagnostic on Diagnostic { code severity message coordinate locations { subgraph line column } }
`
	versionFragment = `
fragment version on SupergraphVersion {
  number
  cause { kind subgraphs version }
  subgraphs { subgraph number }
  createdAt
  createdBy { subject issuer }
}
`
	publishDocument = `mutation PublishSubgraph($input: PublishSubgraphInput!) {
  outcome: publishSubgraph(input: $input) { ...outcome }
}` + outcomeFragment

	publishAllDocument = `mutation PublishSubgraphs($input: PublishSubgraphsInput!) {
  outcome: publishSubgraphs(input: $input) { ...outcome }
}` + outcomeFragment

	checkDocument = `mutation CheckSubgraph($input: CheckSubgraphInput!) {
  outcome: checkSubgraph(input: $input) { ...outcome }
}` + outcomeFragment

	removeDocument = `mutation RemoveSubgraph($input: RemoveSubgraphInput!) {
  outcome: removeSubgraph(input: $input) { ...outcome }
}` + outcomeFragment

	rollbackDocument = `mutation RollbackSupergraph($input: RollbackSupergraphInput!) {
  outcome: rollbackSupergraph(input: $input) { ...outcome }
}` + outcomeFragment

	subgraphsDocument = `query Subgraphs {
  subgraphs { revision { subgraph number url sha256 publishedAt publishedBy { subject issuer } } }
}`

	supergraphDocument = `query Supergraph {
  supergraph { ...version sdl hints { ...diagnostic } }
}` + diagnosticFragment + versionFragment
)

// The forms in which answers come.

type wireOutcome struct {
	Status      registry.Status
	Diagnostics []wireDiagnostic
	Changes     []diff.Change
	Supergraph  *wireVersion
}

func (w wireOutcome) domain() registry.Outcome {
	out := registry.Outcome{Status: w.Status, Changes: w.Changes}
	for _, d := range w.Diagnostics {
		if d.Severity == diagnostic.Error {
			out.Errors = append(out.Errors, d.domain())
		} else {
			out.Hints = append(out.Hints, d.domain())
		}
	}
	if w.Supergraph != nil {
		out.Version = w.Supergraph.domain()
	}
	return out
}

type wireDiagnostic struct {
	Code       diagnostic.Code
	Severity   diagnostic.Severity
	Message    string
	Coordinate string
	Locations  []struct {
		Subgraph     string
		Line, Column int
	}
}

func (w wireDiagnostic) domain() diagnostic.Diagnostic {
	d := diagnostic.Diagnostic{Code: w.Code, Severity: w.Severity, Message: w.Message, Coordinate: w.Coordinate}
	for _, l := range w.Locations {
		d.Locations = append(d.Locations, diagnostic.Location{Subgraph: l.Subgraph, Line: l.Line, Column: l.Column})
	}
	return d
}

type wireRevision struct {
	Subgraph    string
	Number      int
	URL         string
	SHA256      string
	PublishedAt time.Time
	PublishedBy registry.Actor
}

func (w wireRevision) domain() registry.RevisionInfo {
	return registry.RevisionInfo{
		Name: w.Subgraph, Number: w.Number, URL: w.URL, SHA256: w.SHA256, PublishedAt: w.PublishedAt.UTC(), By: w.PublishedBy,
	}
}

type wireVersion struct {
	Number    int
	Cause     registry.Cause
	Subgraphs []wireRevision
	CreatedAt time.Time
	CreatedBy registry.Actor
	SDL       string
	Hints     []wireDiagnostic
}

func (w wireVersion) domain() registry.VersionInfo {
	v := registry.VersionInfo{Number: w.Number, Cause: w.Cause, CreatedAt: w.CreatedAt.UTC(), By: w.CreatedBy}
	for _, s := range w.Subgraphs {
		v.Members = append(v.Members, registry.RevisionRef{Name: s.Subgraph, Number: s.Number})
	}
	return v
}
