package merge

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
)

// override works out which members take a field over from which others, and notes it in the sources.
func (m *merger) override(d *ast.Definition, name string, sources fieldSources) {
	coordinate := d.Name + "." + name
	for i := range sources {
		s := &sources[i]
		o := s.member.First(s.field.Directives, link.Override)
		if o == nil {
			continue
		}
		at := []diagnostic.Location{s.member.At(o.Position)}
		from := stringArgument(o, "from")
		switch {
		case s.member.isInterfaceObject(s.parent):
			m.fail(diagnostic.OverrideCollisionWithAnotherDirective, coordinate, at,
				"the field %q cannot have @override in subgraph %q: its type is an @interfaceObject there; override it where the implementations are defined", coordinate, s.member.Name)
			continue
		case d.Kind == ast.Interface:
			m.fail(diagnostic.OverrideOnInterface, coordinate, at,
				"the field %q cannot have @override in subgraph %q: it belongs to an interface; override it in the types that implement it", coordinate, s.member.Name)
			continue
		case from == s.member.Name:
			m.fail(diagnostic.OverrideFromSelfError, coordinate, at,
				"the field %q overrides itself: its @override names subgraph %q, which it is in; name the subgraph that it is taken from", coordinate, from)
			continue
		}
		source := m.sourceOf(from, sources)
		if source == nil {
			s.override = o
			m.hint(diagnostic.FromSubgraphDoesNotExist, coordinate, at,
				"the @override of the field %q in subgraph %q names subgraph %q, which does not exist%s", coordinate, s.member.Name, from, m.suggest(from))
			continue
		}
		m.overrideFrom(coordinate, s, source, o)
	}
}

// sourceOf finds what the member of a name says of a field; nil where there is no such member.
func (m *merger) sourceOf(name string, sources fieldSources) *fieldSource {
	for i := range sources {
		if sources[i].member.Name == name {
			return &sources[i]
		}
	}
	for _, s := range m.members {
		if s.Name == name {
			return &fieldSource{member: s}
		}
	}
	return nil
}

// overrideFrom notes that s takes the field over from source, if it may.
func (m *merger) overrideFrom(coordinate string, s, source *fieldSource, o *ast.Directive) {
	at := []diagnostic.Location{s.member.At(o.Position)}
	if source.field == nil {
		s.override = o
		m.hint(diagnostic.OverrideDirectiveCanBeRemoved, coordinate, at,
			"the field %q is not in subgraph %q any more: its @override in subgraph %q can be removed", coordinate, source.member.Name, s.member.Name)
		return
	}
	if source.member.Has(source.field.Directives, link.Override) {
		m.fail(diagnostic.OverrideSourceHasOverride, coordinate, append(at, source.member.At(source.field.Position)),
			"the field %q is overridden by subgraph %q from subgraph %q, which itself has an @override of it: only one subgraph may override a field", coordinate, s.member.Name, source.member.Name)
		return
	}
	if s.member.Has(s.field.Directives, link.External) {
		m.collision(coordinate, s, s, link.External, at)
		return
	}
	for _, name := range []string{link.Requires, link.Provides} {
		if source.member.Has(source.field.Directives, name) {
			m.collision(coordinate, s, source, name, at)
			return
		}
	}
	s.override = o
	source.overridden, source.used = !source.external, source.member.facts.Used(source.field)
	if source.external {
		m.hint(diagnostic.OverrideDirectiveCanBeRemoved, coordinate, at,
			"the field %q is not resolved by subgraph %q any more, where it is @external: its @override in subgraph %q can be removed", coordinate, source.member.Name, s.member.Name)
	}
	label := o.Arguments.ForName("label")
	switch {
	case label != nil && label.Value != nil && label.Value.Kind != ast.NullValue:
		m.migrate(coordinate, s, source, label)
	case source.external:
	case source.used:
		m.hint(diagnostic.OverriddenFieldCanBeRemoved, coordinate, []diagnostic.Location{source.member.At(source.field.Position)},
			"the field %q of subgraph %q is overridden; as a field set or an interface there still needs it, mark it @external, or remove it with what needs it", coordinate, source.member.Name)
	default:
		m.hint(diagnostic.OverriddenFieldCanBeRemoved, coordinate, []diagnostic.Location{source.member.At(source.field.Position)},
			"the field %q of subgraph %q is overridden and can be removed", coordinate, source.member.Name)
	}
}

// migrate notes that the label decides, for each request, which of both resolves the field.
func (m *merger) migrate(coordinate string, s, source *fieldSource, label *ast.Argument) {
	if err := checkLabel(label.Value.Raw); err != nil {
		m.fail(diagnostic.OverrideLabelInvalid, coordinate, []diagnostic.Location{s.member.At(label.Position)},
			"the @override of the field %q in subgraph %q has the label %q: %v", coordinate, s.member.Name, label.Value.Raw, err)
	}
	s.label, source.label = label.Value.Raw, label.Value.Raw
	m.hint(diagnostic.OverrideMigrationInProgress, coordinate, []diagnostic.Location{source.member.At(source.field.Position)},
		"the field %q is being moved to subgraph %q; when that is done, remove it from subgraph %q", coordinate, s.member.Name, source.member.Name)
}

func (m *merger) collision(coordinate string, s, marked *fieldSource, name string, at []diagnostic.Location) {
	m.fail(diagnostic.OverrideCollisionWithAnotherDirective, coordinate, append(at, marked.member.At(marked.field.Position)),
		"the field %q cannot have @override in subgraph %q, as it has @%s in subgraph %q: remove one of them", coordinate, s.member.Name, name, marked.member.Name)
}

var plainLabel = regexp.MustCompile(`^[A-Za-z][-_:./A-Za-z0-9]*$`)

// checkLabel tells what is wrong with the label of a progressive @override: it is a name that the gateway decides on,
// or a percentage of requests.
func checkLabel(label string) error {
	if plainLabel.MatchString(label) {
		return nil
	}
	number, ok := strings.CutPrefix(label, "percent(")
	if number, closed := strings.CutSuffix(number, ")"); ok && closed {
		if p, err := strconv.ParseFloat(number, 64); err == nil && p >= 0 && p <= 100 && percentage.MatchString(number) {
			return nil
		}
		return fmt.Errorf("a percentage is a number from 0 to 100 with at most 8 decimal places, such as percent(12.5)")
	}
	return fmt.Errorf("a label begins with a letter and goes on with letters, digits and _ - : . /, or is percent(x) with x from 0 to 100")
}

var percentage = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,8})?$`)

// suggest offers the name of a subgraph that is written almost the same.
func (m *merger) suggest(name string) string {
	for _, s := range m.members {
		if strings.EqualFold(s.Name, name) || oneEdit(s.Name, name) {
			return fmt.Sprintf("; did you mean %q?", s.Name)
		}
	}
	return ""
}

// oneEdit reports whether one character changed, added or left out makes a of b.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
