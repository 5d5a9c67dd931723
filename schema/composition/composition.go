// Package composition composes subgraph schemas into a supergraph.
//
// Compose is the whole pipeline. Each step takes what the step before it made, in a type that only that step makes;
// a step reports all that it finds wrong, and the first step that finds something ends the composition.
package composition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/merge"
	"github.com/weft-gateway/weft/schema/subgraph"
	"github.com/weft-gateway/weft/schema/subgraph/rules"
	"github.com/weft-gateway/weft/schema/supergraph"
)

// MaxSubgraphs bounds how many subgraphs one composition takes.
const MaxSubgraphs = 10_000

// Subgraph is one input of a composition: a service's name, its routing URL and its schema.
// File is the name used in diagnostics; it may be empty.
type Subgraph struct {
	Name string
	URL  string
	SDL  string
	File string
}

// Result is what a composition answers. Supergraph and SDL are set only when Errors is empty.
type Result struct {
	SDL        string
	Supergraph *supergraph.Supergraph
	Errors     []diagnostic.Diagnostic
	Hints      []diagnostic.Diagnostic
}

// Compose composes the subgraphs. Their order does not matter.
func Compose(subgraphs []Subgraph) Result {
	subgraphs = slices.Clone(subgraphs)
	slices.SortStableFunc(subgraphs, func(a, b Subgraph) int { return strings.Compare(a.Name, b.Name) })
	if len(subgraphs) > MaxSubgraphs {
		return failed([]diagnostic.Diagnostic{{
			Code: diagnostic.UnsupportedFeature, Severity: diagnostic.Error,
			Message: fmt.Sprintf("there are %d subgraphs, more than the %d that are accepted", len(subgraphs), MaxSubgraphs),
		}})
	}
	checked, errors := check(subgraphs)
	errors = append(errors, namesakes(subgraphs)...)
	if len(errors) > 0 {
		return failed(errors)
	}
	upgraded, errors := subgraph.Upgrade(checked)
	validated, found := validate(upgraded)
	if errors = append(errors, found...); len(errors) > 0 {
		return failed(errors)
	}
	merged, errors := merge.Merge(validated)
	if len(errors) > 0 {
		return failed(errors)
	}
	sdl := merge.Print(merged.Document)
	super, errors := read(sdl)
	if len(errors) > 0 {
		return failed(errors)
	}
	errors, hints := satisfy(super, validated)
	if len(errors) > 0 {
		return failed(errors)
	}
	hints = append(hints, merged.Hints...)
	diagnostic.Sort(hints)
	return Result{SDL: sdl, Supergraph: super, Hints: hints}
}

func failed(errors []diagnostic.Diagnostic) Result {
	diagnostic.Sort(errors)
	return Result{Errors: errors}
}

// namesakes refuses subgraphs of the same name.
func namesakes(subgraphs []Subgraph) []diagnostic.Diagnostic {
	var errors []diagnostic.Diagnostic
	for i, s := range subgraphs {
		if i > 0 && subgraphs[i-1].Name == s.Name {
			errors = append(errors, diagnostic.Diagnostic{
				Code: diagnostic.InvalidSubgraphName, Severity: diagnostic.Error,
				Message:   fmt.Sprintf("two subgraphs are called %q: each needs a name of its own", s.Name),
				Locations: []diagnostic.Location{{Subgraph: s.Name, File: subgraphs[i-1].File}, {Subgraph: s.Name, File: s.File}},
			})
		}
	}
	return errors
}

func check(subgraphs []Subgraph) ([]*subgraph.Checked, []diagnostic.Diagnostic) {
	var all []*subgraph.Checked
	var errors []diagnostic.Diagnostic
	for _, s := range subgraphs {
		parsed, found := subgraph.Parse(subgraph.Source(s))
		if len(found) > 0 {
			errors = append(errors, found...)
			continue
		}
		expanded, found := subgraph.Expand(parsed)
		if len(found) > 0 {
			errors = append(errors, found...)
			continue
		}
		checked, found := subgraph.Check(expanded, rules.GraphQL(), rules.Alone(expanded.Schema()))
		errors = append(errors, found...)
		all = append(all, checked)
	}
	return all, errors
}

func validate(upgraded []*subgraph.Upgraded) ([]*subgraph.Validated, []diagnostic.Diagnostic) {
	var all []*subgraph.Validated
	var errors []diagnostic.Diagnostic
	for _, u := range upgraded {
		v, found := subgraph.Validate(u, rules.Federation())
		errors = append(errors, found...)
		all = append(all, v)
	}
	return all, errors
}
