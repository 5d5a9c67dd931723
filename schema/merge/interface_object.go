package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
	"github.com/weft-gateway/weft/schema/link"
	"github.com/weft-gateway/weft/schema/subgraph"
)

// checkInterfaceObjects holds what members say of an interface against what the others do: those that know it as an
// object rely on those that know its implementations.
func (m *merger) checkInterfaceObjects() {
	for _, name := range slices.Concat(m.order, m.unmerged) {
		if m.types[name].Kind != ast.Interface {
			continue
		}
		sources := m.sources(name)
		var implementations []string
		for _, t := range m.implementing[name] {
			implementations = append(implementations, t.Name)
		}
		for _, t := range sources {
			if s := t.member; s.isInterfaceObject(t.Type) {
				m.checkObjectMember(s, t.Type, implementations)
			} else if t.Kind == ast.Interface {
				m.checkKeyMember(s, t.Type, implementations)
			}
		}
	}
}

// checkObjectMember refuses implementations of an interface in a member that knows the interface as an object.
func (m *merger) checkObjectMember(s *member, t *subgraph.Type, implementations []string) {
	var defined []string
	at := []diagnostic.Location{s.At(t.Position)}
	for _, name := range implementations {
		if own := s.Type(name); own != nil {
			defined = append(defined, fmt.Sprintf("%q", name))
			at = append(at, s.At(own.Position))
		}
	}
	if len(defined) > 0 {
		m.fail(diagnostic.InterfaceObjectUsageError, t.Name, at,
			"[%s] the subgraph knows the interface %q as an @interfaceObject and so cannot define its implementations, but it defines %s: remove them, or define the interface as one", s.Name, t.Name, strings.Join(defined, ", "))
	}
}

// checkKeyMember refuses a resolvable key on an interface in a member that does not define all its implementations:
// others may ask it by that key which implementation an object is.
func (m *merger) checkKeyMember(s *member, t *subgraph.Type, implementations []string) {
	if !slices.ContainsFunc(s.All(t.Definition.Directives, link.Key), subgraph.Resolvable) {
		return
	}
	var missing []string
	for _, name := range implementations {
		if own := s.Type(name); own == nil || !own.Implements(t.Name) {
			missing = append(missing, fmt.Sprintf("%q", name))
		}
	}
	if len(missing) > 0 {
		m.fail(diagnostic.InterfaceKeyMissingImplementationType, t.Name, []diagnostic.Location{s.At(t.Position)},
			"[%s] the interface %q has a resolvable key here, so the subgraph must define all its implementations; it lacks %s: define them with that key, or say resolvable: false", s.Name, t.Name, strings.Join(missing, ", "))
	}
}

// checkFederation1Keys refuses keys on interfaces in Federation 1 subgraphs where other members know the interface as an
// object: by such a key a subgraph could not tell which implementation an object is.
func (m *merger) checkFederation1Keys() {
	for _, s := range m.members {
		for _, t := range s.Types {
			name := t.Name
			if s.HadInterfaceKey(name) && slices.ContainsFunc(m.sources(name), func(o typeSource) bool { return o.member.isInterfaceObject(o.Type) }) {
				m.fail(diagnostic.InterfaceObjectUsageError, name, []diagnostic.Location{s.At(t.Position)},
					"[%s] the interface %q has a @key here, in a Federation 1 schema, while other subgraphs know it as an @interfaceObject: upgrade this subgraph to Federation 2 or remove the @key", s.Name, name)
			}
		}
	}
}
