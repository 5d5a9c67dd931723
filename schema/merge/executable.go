package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// executable are the locations at which operations apply directives.
var executable = []ast.DirectiveLocation{
	ast.LocationField, ast.LocationFragmentDefinition, ast.LocationFragmentSpread, ast.LocationInlineFragment,
	ast.LocationMutation, ast.LocationQuery, ast.LocationSubscription, ast.LocationVariableDefinition,
}

// standard are the executable directives that every schema has without defining them.
var standard = []string{"skip", "include", "defer", "stream"}

// executableDirectives gives the supergraph the directives for operations that all members know in the same way.
func (m *merger) executableDirectives() {
	var names []string
	for _, s := range m.members {
		for _, d := range s.Directives {
			if !s.OwnedDirective(d.Name) && !m.isCarried(d.Name) && len(executableLocations(d)) > 0 && !slices.Contains(names, d.Name) && !slices.Contains(standard, d.Name) {
				names = append(names, d.Name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if name == "link" {
			m.failKept()
			continue
		}
		if d := m.mergeExecutable(name); d != nil && m.argumentsInGraph(d) {
			m.directives = append(m.directives, d)
		}
	}
}

// failKept refuses a directive for operations that is called as the one by which supergraphs link specifications.
func (m *merger) failKept() {
	for _, s := range m.members {
		if d := s.Directive("link"); d != nil && !s.OwnedDirective("link") {
			m.fail(diagnostic.InvalidGraphQL, "@link", []diagnostic.Location{s.At(d.Position)},
				"[%s] the name \"@link\" is kept for what supergraphs say about subgraphs: name the directive otherwise", s.Name)
		}
	}
}

// isCarried reports whether the supergraph has a directive of that name because subgraphs apply it in their schemas.
func (m *merger) isCarried(name string) bool {
	return slices.ContainsFunc(m.carried, func(c carried) bool { return c.name == name })
}

func executableLocations(d *ast.DirectiveDefinition) []ast.DirectiveLocation {
	var found []ast.DirectiveLocation
	for _, l := range d.Locations {
		if slices.Contains(executable, l) && !slices.Contains(found, l) {
			found = append(found, l)
		}
	}
	slices.Sort(found)
	return found
}

// directiveSource is one member's definition of a directive.
type directiveSource struct {
	member     *member
	definition *ast.DirectiveDefinition
}

// mergeExecutable merges a directive for operations as far as all members know it. It answers nil where that is nowhere.
// The first member, in their order, that leaves nothing in common decides why.
func (m *merger) mergeExecutable(name string) *ast.DirectiveDefinition {
	coordinate := "@" + name
	var with, without []*member
	var sources []directiveSource
	var elements []element
	var repeatable, places variants
	for _, s := range m.members {
		d := s.Directive(name)
		if d == nil {
			without = append(without, s)
			continue
		}
		with = append(with, s)
		sources = append(sources, directiveSource{s, d})
		elements = append(elements, element{member: s, description: d.Description, position: d.Position})
		places.add(joinLocations(executableLocations(d)), s)
		repeatable.add(fmt.Sprintf("repeatable: %t", d.IsRepeatable), s)
	}
	merged := &ast.DirectiveDefinition{Name: name, IsRepeatable: true}
	for i, s := range m.members {
		d := s.Directive(name)
		if d == nil {
			m.hint(diagnostic.InconsistentExecutableDirectivePresence, coordinate, locations(elements),
				"the directive %q is in %s but not in %s; the supergraph does not have it", coordinate, subgraphs(with), subgraphs(without))
			return nil
		}
		own := executableLocations(d)
		if i == 0 {
			merged.Locations = slices.Clone(own)
		}
		merged.Locations = slices.DeleteFunc(merged.Locations, func(l ast.DirectiveLocation) bool { return !slices.Contains(own, l) })
		merged.IsRepeatable = merged.IsRepeatable && d.IsRepeatable
		if i > 0 && len(merged.Locations) == 0 {
			m.hint(diagnostic.NoExecutableDirectiveIntersection, coordinate, locations(elements),
				"the directive %q has no location that all subgraphs know (%s); the supergraph does not have it", coordinate, places.String())
			return nil
		}
	}
	if len(repeatable.texts) > 1 {
		m.hint(diagnostic.InconsistentExecutableDirectiveRepeatable, coordinate, locations(elements),
			"the directive %q is not repeatable in the supergraph, as it is so in some subgraphs only: %s", coordinate, repeatable.String())
	}
	if len(places.texts) > 1 {
		m.hint(diagnostic.InconsistentExecutableDirectiveLocations, coordinate, locations(elements),
			"the directive %q has different locations: %s; the supergraph has those of all subgraphs, %s", coordinate, places.String(), joinLocations(merged.Locations))
	}
	m.mergeDescription(&merged.Description, coordinate, elements)
	merged.Arguments = m.directiveArguments(coordinate, sources)
	return merged
}

// argumentsInGraph refuses a directive for operations with arguments of types that are no part of the graph, such as those of
// linked specifications: clients could not write them.
func (m *merger) argumentsInGraph(d *ast.DirectiveDefinition) bool {
	known := true
	for _, a := range d.Arguments {
		name := subgraph.NamedType(a.Type)
		if m.types[name] != nil || subgraph.IsBuiltinScalar(name) {
			continue
		}
		known = false
		coordinate := "@" + d.Name + "(" + a.Name + ":)"
		var at []diagnostic.Location
		for _, s := range m.members {
			if own := s.Directive(d.Name).Arguments.ForName(a.Name); own != nil {
				at = append(at, s.At(own.Position))
			}
		}
		m.fail(diagnostic.InvalidGraphQL, coordinate, at, "%q is of the type %q, which is no part of the graph, while clients write it: define a type of your own", coordinate, name)
	}
	return known
}

func joinLocations(all []ast.DirectiveLocation) string {
	var names []string
	for _, l := range all {
		names = append(names, string(l))
	}
	return strings.Join(names, " | ")
}

// directiveArguments merges the arguments of a directive as those of a field are merged.
func (m *merger) directiveArguments(coordinate string, sources []directiveSource) ast.ArgumentDefinitionList {
	fields := make(fieldSources, len(sources))
	for i, s := range sources {
		fields[i] = fieldSource{member: s.member, field: &ast.FieldDefinition{Name: s.definition.Name, Arguments: s.definition.Arguments, Position: s.definition.Position}}
	}
	f := &ast.FieldDefinition{}
	m.mergeArguments(f, coordinate, fields)
	return f.Arguments
}
