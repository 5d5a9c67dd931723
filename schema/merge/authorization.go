package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/fieldset"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// authorizing are the directives that say who may see an element.
var authorizing = []string{link.Authenticated, link.RequiresScopes, link.Policy}

// inheritAuthorization gives interfaces and their fields the authorization of their implementations: who selects a
// field of the interface may be shown that of any implementation.
func (m *merger) inheritAuthorization() {
	if !m.authorizes() {
		return
	}
	for _, name := range m.order {
		d := m.types[name]
		if d.Kind != ast.Interface {
			continue
		}
		implementations := m.implementing[name]
		var onType []ast.DirectiveList
		for _, t := range implementations {
			onType = append(onType, t.Directives)
		}
		m.inherit(&d.Directives, name, onType)
		for _, f := range d.Fields {
			var onField []ast.DirectiveList
			for _, t := range implementations {
				if own := m.Field(t, f.Name); own != nil {
					onField = append(onField, own.Directives)
				}
			}
			m.inherit(&f.Directives, name+"."+f.Name, onField)
		}
	}
}

func (m *merger) inherit(to *ast.DirectiveList, coordinate string, from []ast.DirectiveList) {
	for _, name := range authorizing {
		local := m.supergraphName(name)
		if local == "" {
			continue
		}
		var applications []application
		for _, ds := range append([]ast.DirectiveList{*to}, from...) {
			if d := ds.ForName(local); d != nil {
				applications = append(applications, application{directive: d})
			}
		}
		if len(applications) == 0 {
			continue
		}
		*to = slices.DeleteFunc(*to, func(d *ast.Directive) bool { return d.Name == local })
		if len(distinctApplications(applications)) == 1 {
			*to = append(*to, applications[0].directive)
			continue
		}
		*to = append(*to, m.combine(carried{name: local, strategies: strategies(name)}, coordinate, applications, nil))
	}
}

// authorizes reports whether the supergraph says of anything who may see it.
func (m *merger) authorizes() bool {
	return slices.ContainsFunc(authorizing, func(name string) bool { return m.supergraphName(name) != "" })
}

// supergraphName is the name that a feature's directive has in the supergraph, "" when the supergraph does not use it.
func (m *merger) supergraphName(directive string) string {
	for _, f := range m.used {
		if name, ok := f.names[directive]; ok {
			return name
		}
	}
	return ""
}

// needs is what an element asks of whoever selects it.
type needs struct {
	authenticated    bool
	scopes, policies *ast.Value // conjunctions in the form of the directives' arguments; nil asks for nothing
}

func (m *merger) needsOf(lists ...ast.DirectiveList) needs {
	var n needs
	for _, ds := range lists {
		if d := ds.ForName(m.supergraphName(link.Authenticated)); d != nil {
			n.authenticated = true
		}
		n.scopes = both(n.scopes, ds.ForName(m.supergraphName(link.RequiresScopes)), "scopes")
		n.policies = both(n.policies, ds.ForName(m.supergraphName(link.Policy)), "policies")
	}
	return n
}

func both(v *ast.Value, d *ast.Directive, argument string) *ast.Value {
	if d == nil {
		return v
	}
	a := d.Arguments.ForName(argument)
	if a == nil || a.Value == nil {
		return v
	}
	if v == nil {
		return a.Value
	}
	return conjunction([]*ast.Value{v, a.Value}, 2)
}

// String writes the needs as directives that ask for them, as far as a message can hold them.
func (n needs) String() string {
	var parts []string
	if n.authenticated {
		parts = append(parts, "@authenticated")
	}
	if n.scopes != nil {
		parts = append(parts, "@requiresScopes(scopes: "+n.scopes.String()+")")
	}
	if n.policies != nil {
		parts = append(parts, "@policy(policies: "+n.policies.String()+")")
	}
	const most = 500
	text := strings.Join(parts, " ")
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// cover reports whether whoever has what n asks for also has what o asks for.
func (n needs) cover(o needs) bool {
	return (n.authenticated || !o.authenticated) && implies(n.scopes, o.scopes) && implies(n.policies, o.policies)
}

// implies reports whether each alternative of a asks for all that some alternative of b asks for.
func implies(a, b *ast.Value) bool {
	if b == nil {
		return true
	}
	if a == nil {
		a = &ast.Value{Kind: ast.ListValue}
	}
	wanted := readAlternatives(b)
	for _, alternative := range readAlternatives(a) {
		if !slices.ContainsFunc(wanted, func(w []string) bool { return subset(w, alternative) }) {
			return false
		}
	}
	return true
}

// checkTransitiveAuthorization refuses fields that show data computed from others without asking for what those ask:
// the gateway fetches them on the client's behalf.
func (m *merger) checkTransitiveAuthorization() {
	if !m.authorizes() {
		return
	}
	for _, name := range m.order {
		d := m.types[name]
		if d.Kind != ast.Object && d.Kind != ast.Interface {
			continue
		}
		for _, t := range m.sources(name) {
			s := t.member
			for _, f := range t.Fields {
				merged := m.Field(d, f.Name)
				if merged == nil {
					continue
				}
				if requires := s.First(f.Directives, link.Requires); requires != nil {
					m.checkTransitive(s, d, merged, requires)
				}
				for _, a := range f.Arguments {
					if c := s.FromContext(a); c != nil {
						m.checkTransitiveContext(s, d, merged, c)
					}
				}
			}
		}
	}
}

func (m *merger) checkTransitive(s *member, d *ast.Definition, f *ast.FieldDefinition, requires *ast.Directive) {
	set, err := fieldset.Parse(fieldsOf(requires))
	if err != nil {
		return // refused by the rules before
	}
	own := m.needsOf(f.Directives, d.Directives)
	if missing, asks := m.uncovered(own, d, set, 0); missing != "" {
		m.fail(diagnostic.MissingTransitiveAuthRequirements, d.Name+"."+f.Name, []diagnostic.Location{s.At(requires.Position)},
			"[%s] the field \"%s.%s\" needs %q by its @requires, which asks for %s: apply the same to \"%s.%s\", as the gateway reads the one for the other", s.Name, d.Name, f.Name, missing, asks, d.Name, f.Name)
	}
}

// checkTransitiveContext is the same for an argument that is taken from a context: the gateway selects it on each type that
// sets the context.
func (m *merger) checkTransitiveContext(s *member, d *ast.Definition, f *ast.FieldDefinition, c *subgraph.Contextual) {
	set, err := fieldset.Parse(c.Selection)
	if err != nil {
		return // refused by the rules before
	}
	own := m.needsOf(f.Directives, d.Directives)
	for _, setter := range s.Setters(c.Context) {
		from := m.types[setter.Name]
		if from == nil {
			continue
		}
		missing, asks := from.Name, m.needsOf(from.Directives)
		if own.cover(asks) {
			missing, asks = m.uncovered(own, from, set, 0)
		}
		if missing != "" {
			m.fail(diagnostic.MissingTransitiveAuthRequirements, d.Name+"."+f.Name, []diagnostic.Location{s.At(c.Applied.Position)},
				"[%s] the field \"%s.%s\" is given %q from the context %q, which asks for %s: apply the same to \"%s.%s\", as the gateway reads the one for the other", s.Name, d.Name, f.Name, missing, c.Context, asks, d.Name, f.Name)
		}
	}
}

// uncovered finds a field of the set that asks for more than own, as "Type.field", and what it asks for, or answers "".
func (m *merger) uncovered(own needs, parent *ast.Definition, set ast.SelectionSet, depth int) (string, needs) {
	if depth > fieldset.MaxDepth {
		return "", needs{}
	}
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.InlineFragment:
			p := parent
			if sel.TypeCondition != "" {
				p = m.types[sel.TypeCondition]
			}
			if p == nil {
				continue
			}
			if asks := m.needsOf(p.Directives); !own.cover(asks) {
				return p.Name, asks
			}
			if missing, asks := m.uncovered(own, p, sel.SelectionSet, depth+1); missing != "" {
				return missing, asks
			}
		case *ast.Field:
			f := m.Field(parent, sel.Name)
			if f == nil {
				continue
			}
			below := m.types[namedType(f.Type)]
			lists := []ast.DirectiveList{f.Directives}
			if below != nil {
				lists = append(lists, below.Directives)
			}
			if asks := m.needsOf(lists...); !own.cover(asks) {
				return fmt.Sprintf("%s.%s", parent.Name, f.Name), asks
			}
			if below == nil {
				continue
			}
			if missing, asks := m.uncovered(own, below, sel.SelectionSet, depth+1); missing != "" {
				return missing, asks
			}
		}
	}
	return "", needs{}
}
