package merge

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// usedFeature is a specification that the supergraph links because a member applies one of its directives.
type usedFeature struct {
	link.Feature
	// names maps each of its directives that is used to its name in the supergraph.
	names map[string]string
}

// features finds the directives that are carried into the supergraph.
func (m *merger) features() {
	for _, name := range builtin {
		local := map[string]string{}
		for _, s := range m.members {
			local[s.Name] = name
		}
		m.carried = append(m.carried, carried{name: name, local: local})
	}
	m.hintUpgrades()
	for _, f := range link.Features {
		used := usedFeature{Feature: f, names: map[string]string{}}
		for _, name := range f.Directives {
			if name == link.FromContext {
				continue // its arguments are not in the supergraph
			}
			if c, ok := m.carry(name); ok {
				used.names[name] = c.name
				m.carried = append(m.carried, c)
			}
		}
		if len(used.names) > 0 {
			m.used = append(m.used, used)
		}
	}
	// Cache tags stay with their subgraphs, and are called alike in all of them all the same.
	m.carry(link.CacheTag)
}

// hintUpgrades tells of members that link a specification directly, beside a federation specification older than the
// one that it needs: they are treated as of that newer version.
func (m *merger) hintUpgrades() {
	for _, s := range m.members {
		newest, written := s.Federation, "links federation "+s.Federation.String()
		if !s.IsFederation2() {
			newest, written = subgraph.UpgradedFederation1, "is written for Federation 1"
		}
		var because *link.Link
		for _, l := range s.Links.All {
			if v := l.Implied(); !newest.AtLeast(v) {
				newest, because = v, l
			}
		}
		if because != nil {
			m.hint(diagnostic.ImplicitlyUpgradedFederationVersion, "@link", []diagnostic.Location{s.At(because.Applied.Position)},
				"subgraph %q %s and is treated as of federation %s, which %s needs: link that version", s.Name, written, newest, because.URL)
		}
	}
}

// carry looks for applications of a directive of the federation specification.
func (m *merger) carry(name string) (carried, bool) {
	c := carried{local: map[string]string{}, strategies: strategies(name)}
	var v variants
	var at []diagnostic.Location
	for _, s := range m.members {
		local := s.Local(name)
		if local == "" {
			continue
		}
		c.local[s.Name] = local
		if first := s.firstApplication(local); first != nil {
			v.add("\"@"+local+"\"", s)
			at = append(at, s.At(first.Position))
			if c.name == "" {
				c.name = local
			}
			if d := s.Directive(local); d != nil && d.IsRepeatable {
				c.repeatable = true
			}
		}
	}
	if len(v.texts) > 1 {
		m.fail(diagnostic.LinkImportNameMismatch, "@"+name, at,
			"the directive \"@%s\" has different names: %s; import it under one name everywhere", name, v.String())
	}
	switch name {
	case link.Context:
		c.rewrite = qualifyContext
	case link.RequiresScopes, link.Policy:
		c.rewrite = untypedArguments
	}
	if name == link.Tag {
		c.repeatable = true
	}
	return c, c.name != ""
}

// firstApplication finds an application of a directive anywhere in the member's schema, or nil.
func (s *member) firstApplication(local string) *ast.Directive {
	if d := s.Applied.ForName(local); d != nil {
		return d
	}
	for _, t := range s.Types {
		if d := t.Definition.Directives.ForName(local); d != nil {
			return d
		}
		for _, f := range t.Fields {
			if d := f.Directives.ForName(local); d != nil {
				return d
			}
			for _, a := range f.Arguments {
				if d := a.Directives.ForName(local); d != nil {
					return d
				}
			}
		}
		for _, v := range t.EnumValues {
			if d := v.Directives.ForName(local); d != nil {
				return d
			}
		}
	}
	for _, definition := range s.Directives {
		for _, a := range definition.Arguments {
			if d := a.Directives.ForName(local); d != nil {
				return d
			}
		}
	}
	return nil
}

// definitions builds the supergraph's definitions of a used feature's directives and scalars, and its @link.
func (m *merger) definitions(f usedFeature) (*ast.Directive, ast.DirectiveDefinitionList, []string) {
	alias := m.named[f.Identity]
	l := m.linkAs(link.URL{Identity: f.Identity, Name: f.Name, Version: f.Version})
	var imports []*ast.ChildValue
	var definitions ast.DirectiveDefinitionList
	typeName := func(name string) string { return alias + "__" + name }
	for _, name := range f.Directives {
		local, ok := f.names[name]
		if !ok {
			// A directive that nobody applies is defined under the name that needs no import.
			definitions = append(definitions, link.SupergraphDirective(name, unimported(f.Name, alias, name), link.LatestFederation, typeName))
			continue
		}
		if local != unimported(f.Name, alias, name) {
			item := importItem(name, local)
			imports = append(imports, &ast.ChildValue{Value: item})
		}
		// The newest definition: a feature may be linked directly, beside an older federation specification.
		definitions = append(definitions, link.SupergraphDirective(name, local, link.LatestFederation, typeName))
	}
	if len(imports) > 0 {
		l.Arguments = append(l.Arguments, &ast.Argument{Name: "import", Value: &ast.Value{Kind: ast.ListValue, Children: imports}})
	}
	if f.Purpose != "" {
		l.Arguments = append(l.Arguments, argument("for", ast.EnumValue, f.Purpose))
	}
	var scalars []string
	for _, name := range link.SupergraphScalars(f.Name) {
		scalars = append(scalars, typeName(name))
	}
	return l, slices.DeleteFunc(definitions, func(d *ast.DirectiveDefinition) bool { return d == nil }), scalars
}

// unimported is the name that a directive has without being imported of a feature that is linked as alias.
func unimported(feature, alias, name string) string {
	if name == feature {
		return alias
	}
	return alias + "__" + name
}

// importItem is what @link must import for a directive to be called local.
func importItem(name, local string) *ast.Value {
	at := func(n string) *ast.Value { return &ast.Value{Kind: ast.StringValue, Raw: "@" + n} }
	if name == local {
		return at(name)
	}
	return &ast.Value{Kind: ast.ObjectValue, Children: []*ast.ChildValue{{Name: "name", Value: at(name)}, {Name: "as", Value: at(local)}}}
}
