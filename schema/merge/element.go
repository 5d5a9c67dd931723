package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/diagnostic"
)

// element is what one member says of one element of the schema: a type, a field, an argument, a value.
type element struct {
	member      *member
	description string
	directives  ast.DirectiveList
	position    *ast.Position
}

func (ts typeSources) elements() []element {
	found := make([]element, len(ts))
	for i, t := range ts {
		found[i] = element{t.member, t.Description, t.Definition.Directives, t.Position}
	}
	return found
}

// mergeDescription takes the description that most members give, the first of them when several do.
func (m *merger) mergeDescription(to *string, coordinate string, elements []element) {
	if !slices.ContainsFunc(elements, func(e element) bool { return e.description != "" }) {
		return
	}
	var texts []string
	count := map[string]int{}
	first := map[string]*member{}
	for _, e := range elements {
		if e.description == "" {
			continue
		}
		if count[e.description] == 0 {
			texts = append(texts, e.description)
			first[e.description] = e.member
		}
		count[e.description]++
	}
	best := texts[0]
	for _, t := range texts[1:] {
		if count[t] > count[best] {
			best = t
		}
	}
	*to = best
	if len(texts) > 1 {
		m.hint(diagnostic.InconsistentDescription, coordinate, locations(elements),
			"%q has %d different descriptions: the supergraph uses the one of subgraph %q", coordinate, len(texts), first[best].Name)
	}
}

// locations is where the elements are.
func locations(elements []element) []diagnostic.Location {
	if len(elements) == 0 {
		return nil
	}
	at := make([]diagnostic.Location, len(elements))
	for i, e := range elements {
		at[i] = e.member.At(e.position)
	}
	return at
}

// subgraphs names members for a message.
func subgraphs(members []*member) string {
	var names []string
	for _, s := range members {
		names = append(names, fmt.Sprintf("%q", s.Name))
	}
	switch n := len(names); n {
	case 0:
		return "no subgraph"
	case 1:
		return "subgraph " + names[0]
	default:
		return "subgraphs " + strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

// variants groups members by what they say, for messages such as `"Int" in subgraph "a", "String" in subgraph "b"`.
type variants struct {
	texts   []string
	members map[string][]*member
}

func (v *variants) add(text string, s *member) {
	if v.members == nil {
		v.members = map[string][]*member{}
	}
	if !slices.Contains(v.texts, text) {
		v.texts = append(v.texts, text)
	}
	v.members[text] = append(v.members[text], s)
}

func (v *variants) String() string {
	var parts []string
	for _, t := range v.texts {
		parts = append(parts, fmt.Sprintf("%s in %s", t, subgraphs(v.members[t])))
	}
	return strings.Join(parts, ", ")
}
