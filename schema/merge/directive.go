package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// carried is a directive whose applications are carried from the members into the supergraph.
type carried struct {
	name       string            // in the supergraph
	local      map[string]string // by subgraph: the directive's name there
	repeatable bool
	// strategies tell, by argument, how to make one value of several; without them one application is chosen.
	strategies []strategy
	// rewrite changes an application on its way into the supergraph; it may be nil.
	rewrite func(s *member, d *ast.Directive) *ast.Directive
}

// builtin are the directives of GraphQL itself that a supergraph keeps.
var builtin = []string{"deprecated", "specifiedBy", "oneOf"}

// application is one application of a carried directive by one member.
type application struct {
	member    *member
	directive *ast.Directive
}

// mergeDirectives carries the directives applied to an element into the supergraph.
func (m *merger) mergeDirectives(to *ast.DirectiveList, coordinate string, elements []element) {
	if !slices.ContainsFunc(elements, func(e element) bool { return len(e.directives) > 0 }) {
		return
	}
	for _, c := range m.carried {
		var applications []application
		for _, e := range elements {
			if len(e.directives) == 0 {
				continue
			}
			local, ok := c.local[e.member.Name]
			if !ok {
				continue
			}
			for _, d := range e.directives {
				if d.Name != local {
					continue
				}
				if c.rewrite != nil {
					d = c.rewrite(e.member, d)
				}
				applications = append(applications, application{e.member, d})
			}
		}
		if len(applications) == 0 {
			continue
		}
		distinct := distinctApplications(applications)
		switch {
		case c.repeatable:
			for _, a := range distinct {
				*to = append(*to, rename(a.directive, c.name))
			}
		case len(distinct) == 1:
			*to = append(*to, rename(distinct[0].directive, c.name))
		case len(c.strategies) > 0:
			*to = append(*to, m.combine(c, coordinate, applications, elements))
		default:
			*to = append(*to, m.choose(c, coordinate, applications, elements))
		}
	}
}

func rename(d *ast.Directive, name string) *ast.Directive {
	return &ast.Directive{Name: name, Arguments: d.Arguments}
}

func distinctApplications(all []application) []application {
	var distinct []application
	for _, a := range all {
		if !slices.ContainsFunc(distinct, func(o application) bool { return sameArguments(o.directive, a.directive) }) {
			distinct = append(distinct, a)
		}
	}
	return distinct
}

func sameArguments(a, b *ast.Directive) bool {
	if len(a.Arguments) != len(b.Arguments) {
		return false
	}
	for _, x := range a.Arguments {
		y := b.Arguments.ForName(x.Name)
		if y == nil || !sameValue(x.Value, y.Value) {
			return false
		}
	}
	return true
}

// choose takes the application that most members agree on, the first of them when several do.
func (m *merger) choose(c carried, coordinate string, applications []application, elements []element) *ast.Directive {
	distinct := distinctApplications(applications)
	best, most := distinct[0], 0
	var v variants
	for _, d := range distinct {
		count := 0
		for _, a := range applications {
			if sameArguments(a.directive, d.directive) {
				count++
				v.add(printArguments(d.directive.Arguments), a.member)
			}
		}
		if count > most {
			best, most = d, count
		}
	}
	m.hint(diagnostic.InconsistentNonRepeatableDirectiveArguments, coordinate, locations(elements),
		"%q has \"@%s\" with different arguments: %s; the supergraph uses those of subgraph %q", coordinate, c.name, v.String(), best.member.Name)
	return rename(best.directive, c.name)
}

// combine makes one application of several, argument by argument.
func (m *merger) combine(c carried, coordinate string, applications []application, elements []element) *ast.Directive {
	d := &ast.Directive{Name: c.name}
	var how []string
	for _, s := range c.strategies {
		var values []*ast.Value
		for _, a := range applications {
			switch x := a.directive.Arguments.ForName(s.argument); {
			case x == nil && s.missing != nil:
				values = append(values, s.missing)
			case x != nil && x.Value.Kind != ast.NullValue:
				values = append(values, x.Value)
			}
		}
		how = append(how, fmt.Sprintf("%s by %s", s.argument, s.name))
		if len(values) == 0 {
			continue
		}
		d.Arguments = append(d.Arguments, &ast.Argument{Name: s.argument, Value: s.merge(values, len(applications))})
	}
	m.hint(diagnostic.MergedNonRepeatableDirectiveArguments, "", locations(elements),
		"%q has \"@%s\" with different arguments, which were combined: %s", coordinate, c.name, strings.Join(how, ", "))
	return d
}

// refuseOnExternal refuses carried directives on a field that the member does not resolve: they would be lost.
func (m *merger) refuseOnExternal(coordinate string, sources fieldSources) {
	for _, s := range sources {
		if !s.external {
			continue
		}
		for _, c := range m.carried {
			local, ok := c.local[s.member.Name]
			if !ok {
				continue
			}
			for _, d := range s.field.Directives.ForNames(local) {
				m.fail(diagnostic.MergedDirectiveApplicationOnExternal, coordinate, []diagnostic.Location{s.member.At(d.Position)},
					"[%s] the field %q is @external and cannot have \"@%s\": apply that where the field is resolved", s.member.Name, coordinate, local)
			}
		}
	}
}
