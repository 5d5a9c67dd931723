package merge

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// composed is one directive that a member asks to be carried with @composeDirective.
type composed struct {
	member     *member
	link       *link.Link
	original   string // as its specification calls it
	local      string // as the member calls it
	definition *ast.DirectiveDefinition
	applied    *ast.Directive // the @composeDirective
}

// composedSpec is a specification of which directives are carried because of @composeDirective.
type composedSpec struct {
	url        link.URL
	directives []composedDirective
}

type composedDirective struct {
	original, name string
	definition     *ast.DirectiveDefinition
}

// composeDirectives finds the directives that members ask to be carried.
func (m *merger) composeDirectives() {
	var all []composed
	for _, s := range m.members {
		for _, d := range s.All(s.Applied, link.ComposeDirective) {
			if c, ok := m.readCompose(s, d); ok {
				all = append(all, c)
			}
		}
	}
	if !m.composeNames(all) {
		return
	}
	var identities []string
	for _, c := range all {
		if !slices.Contains(identities, c.link.Identity) {
			identities = append(identities, c.link.Identity)
		}
	}
	for _, identity := range identities {
		m.composeSpec(slices.DeleteFunc(slices.Clone(all), func(c composed) bool { return c.link.Identity != identity }))
	}
}

// readCompose resolves the argument of a @composeDirective.
func (m *merger) readCompose(s *member, d *ast.Directive) (composed, bool) {
	at := []diagnostic.Location{s.At(d.Position)}
	fail := func(format string, args ...any) (composed, bool) {
		m.fail(diagnostic.DirectiveCompositionError, "", at, "[%s] "+format, append([]any{s.Name}, args...)...)
		return composed{}, false
	}
	argument := stringArgument(d, "name")
	if argument == "" {
		return fail("@composeDirective needs the name of a directive, such as \"@example\"")
	}
	local, hasAt := strings.CutPrefix(argument, "@")
	if !hasAt {
		return fail("the argument %q of @composeDirective must begin with \"@\"", argument)
	}
	definition := s.Directive(local)
	if definition == nil {
		return fail("@composeDirective names %q, which the schema does not define", argument)
	}
	l, original := s.Links.Owner(local, true)
	switch {
	case l == nil:
		return fail("@composeDirective names %q, which does not come from a specification: link one with @link and import the directive from it", argument)
	case l.Identity == link.ConnectSpec:
		m.fail(diagnostic.InvalidLinkDirectiveUsage, "@"+local, at, "[%s] @composeDirective names %q, which the supergraph keeps without being asked: leave the @composeDirective out", s.Name, argument)
		return composed{}, false
	case l.Identity == link.FederationSpec || l.Identity == link.LinkSpec || isFeature(l.Identity):
		if _, carried := link.FeatureOf(original); carried && original != link.Context && original != link.FromContext && original != link.Cost && original != link.ListSize {
			m.hint(diagnostic.DirectiveCompositionInfo, "@"+local, at, "[%s] %q is composed without @composeDirective", s.Name, argument)
			return composed{}, false
		}
		return fail("@composeDirective names %q, a directive of the federation specification, which cannot be composed", argument)
	}
	return composed{s, l, original, local, definition, d}, true
}

func isFeature(identity string) bool {
	_, ok := link.FeatureByIdentity(identity)
	return ok
}

// composeNames refuses directives that are called otherwise in another subgraph, and names that stand for the
// directives of two specifications.
func (m *merger) composeNames(all []composed) bool {
	before := len(m.errors)
	locals := map[string]composed{}
	for _, c := range all {
		at := []diagnostic.Location{c.member.At(c.applied.Position)}
		if o, ok := locals[c.local]; ok && (o.link.Identity != c.link.Identity || o.original != c.original) {
			m.fail(diagnostic.DirectiveCompositionError, "@"+c.local, at, "the directive \"@%s\" comes from %s in subgraph %q but from %s in subgraph %q: import one of them under another name",
				c.local, o.link.Identity, o.member.Name, c.link.Identity, c.member.Name)
		}
		locals[c.local] = c
	}
	for i, c := range all {
		for _, o := range all[:i] {
			if o.link.Identity == c.link.Identity && o.original == c.original && o.local != c.local {
				m.fail(diagnostic.DirectiveCompositionError, "@"+c.original, []diagnostic.Location{c.member.At(c.applied.Position)},
					"the directive \"@%s\" of %s is called \"@%s\" in subgraph %q but \"@%s\" in subgraph %q: import it under one name everywhere",
					c.original, c.link.Identity, o.local, o.member.Name, c.local, c.member.Name)
				break
			}
		}
	}
	return len(m.errors) == before
}

// composeSpec carries the directives of one specification.
func (m *merger) composeSpec(all []composed) {
	spec := composedSpec{url: all[0].link.URL}
	var versions variants
	var at []diagnostic.Location
	majors := map[int]bool{}
	for _, c := range all {
		versions.add(c.link.Version.String(), c.member)
		at = append(at, c.member.At(c.link.Applied.Position))
		majors[c.link.Version.Major] = true
		if c.link.Version.AtLeast(spec.url.Version) {
			spec.url = c.link.URL
		}
	}
	if len(majors) > 1 {
		m.fail(diagnostic.DirectiveCompositionError, "", at, "the directives of %s are composed from versions that are not compatible: %s", spec.url.Identity, versions.String())
		return
	}
	for _, c := range all {
		if slices.ContainsFunc(spec.directives, func(d composedDirective) bool { return d.original == c.original }) {
			continue
		}
		spec.directives = append(spec.directives, m.composeOne(c.original, all))
	}
	m.hintOtherUsers(spec)
	m.composed = append(m.composed, spec)
}

// composeOne carries one directive, with the definition of the newest version that defines it.
func (m *merger) composeOne(original string, all []composed) composedDirective {
	c := carried{local: map[string]string{}}
	var newest *composed
	for i := range all {
		o := &all[i]
		if o.original != original {
			continue
		}
		c.name = o.local
		c.local[o.member.Name] = o.local
		if newest == nil || o.link.Version.AtLeast(newest.link.Version) {
			newest = o
		}
	}
	c.repeatable = newest.definition.IsRepeatable
	c.rewrite = (*member).spellArguments
	m.carried = append(m.carried, c)
	return composedDirective{original, c.name, newest.member.spelledDefinition(newest.definition)}
}

// hintOtherUsers tells of members that link the specification without composing it, in another way.
func (m *merger) hintOtherUsers(spec composedSpec) {
	for _, s := range m.members {
		l := s.Links.ByIdentity(spec.url.Identity)
		if l == nil {
			continue
		}
		at := []diagnostic.Location{s.At(l.Applied.Position)}
		if l.Version.Major != spec.url.Version.Major {
			m.hint(diagnostic.DirectiveCompositionInfo, "", at, "subgraph %q links %s in %s, which is not compatible with the %s that is composed", s.Name, spec.url.Identity, l.Version, spec.url.Version)
		}
		for _, d := range spec.directives {
			if name := l.Directive(d.original); name != d.name && s.Directive(name) != nil {
				m.hint(diagnostic.DirectiveCompositionWarn, "", at, "subgraph %q calls the composed directive \"@%s\" \"@%s\"; it cannot compose it under that name", s.Name, d.name, name)
			}
		}
	}
}

// linkComposed is the @link of a composed specification.
func (m *merger) linkComposed(spec composedSpec) *ast.Directive {
	d := m.linkAs(spec.url)
	imports := &ast.Value{Kind: ast.ListValue}
	for _, c := range spec.directives {
		item := importItem(c.original, c.name)
		imports.Children = append(imports.Children, &ast.ChildValue{Value: item})
	}
	d.Arguments = append(d.Arguments, &ast.Argument{Name: "import", Value: imports})
	return d
}

// composedTypes makes sure that the supergraph has the types which the composed directives' arguments need.
func (m *merger) composedTypes(doc *ast.SchemaDocument) {
	for _, spec := range m.composed {
		for _, c := range spec.directives {
			for _, a := range c.definition.Arguments {
				name := namedType(a.Type)
				if m.types[name] != nil || slices.ContainsFunc(doc.Definitions, func(d *ast.Definition) bool { return d.Name == name }) {
					continue
				}
				for _, s := range m.members {
					if t := s.Type(name); t != nil && t.Kind != ast.Object {
						own := *t.Definition
						own.Directives = nil
						doc.Definitions = append(doc.Definitions, &own)
						break
					}
				}
			}
		}
	}
}

func namedType(t *ast.Type) string {
	for t.Elem != nil {
		t = t.Elem
	}
	return t.NamedType
}
