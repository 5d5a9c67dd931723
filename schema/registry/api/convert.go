package api

import (
	"slices"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/diff"
	"github.com/weft-gateway/weft/schema/registry"
	"github.com/weft-gateway/weft/schema/registry/api/generated"
)

// outcome is what all payloads have.
type outcome struct {
	status      generated.PublicationStatus
	diagnostics []generated.Diagnostic
	changes     []generated.SchemaChange
	supergraph  *registry.VersionInfo
}

func outcomeOf(o registry.Outcome) outcome {
	return outcome{
		status:      generated.PublicationStatus(o.Status),
		diagnostics: diagnostics(slices.Concat(o.Errors, o.Hints)),
		changes:     changes(o.Changes),
		supergraph:  versionOf(o.Version),
	}
}

// versionOf is null for the version of a registry in which nothing is published.
func versionOf(v registry.VersionInfo) *registry.VersionInfo {
	if v.Number == 0 {
		return nil
	}
	return &v
}

func subgraphOf(r registry.RevisionInfo) generated.Subgraph {
	return generated.Subgraph{Name: r.Name, URL: r.URL, Revision: &r}
}

func publicationOf(in generated.PublishSubgraphInput) registry.Publication {
	return registry.Publication{Name: in.Name, URL: in.URL, SDL: in.Sdl}
}

func diagnostics(ds []diagnostic.Diagnostic) []generated.Diagnostic {
	all := make([]generated.Diagnostic, 0, len(ds))
	for _, d := range ds {
		g := generated.Diagnostic{
			Code: string(d.Code), Severity: generated.Severity(d.Severity), Message: d.Message,
			Coordinate: present(d.Coordinate), Locations: make([]generated.DiagnosticLocation, 0, len(d.Locations)),
		}
		for _, l := range d.Locations {
			g.Locations = append(g.Locations, generated.DiagnosticLocation{
				Subgraph: l.Subgraph, Line: present(l.Line), Column: present(l.Column),
			})
		}
		all = append(all, g)
	}
	return all
}

func changes(cs []diff.Change) []generated.SchemaChange {
	all := make([]generated.SchemaChange, 0, len(cs))
	for _, c := range cs {
		all = append(all, generated.SchemaChange{
			Kind: string(c.Kind), Level: generated.ChangeLevel(c.Level), Coordinate: c.Coordinate, Message: c.Message,
		})
	}
	return all
}

// present is null for a zero value, which stands for "unknown" in Go and would be a lie in GraphQL.
func present[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
