package choose

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/weft-gateway/weft/schema/supergraph"
)

// signature says what every subgraph has to offer for the fields of an object type, and for those that keys and @requires
// take to have them.
func (c *chooser) signature(object string, fields []*specField) string {
	var b strings.Builder
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
		if f.op == nil {
			b.WriteString(f.name)
			b.WriteString(ArgumentsText(f.args))
		}
		if f.def != nil {
			b.WriteString(f.def.Type.String())
		}
		b.WriteByte(',')
	}
	names = c.withInputs(object, names)
	for _, name := range names[len(fields):] {
		b.WriteString(name)
		b.WriteByte(',')
	}
	for _, sub := range c.graph.Supergraph.Graphs {
		b.WriteByte('|')
		t := c.typeIn(sub, object)
		if t == nil {
			b.WriteByte('-')
			continue
		}
		if t.InterfaceObject {
			b.WriteString(t.Name)
		} else {
			for _, k := range t.Keys {
				b.WriteString(k.Text)
				if !k.Resolvable {
					b.WriteByte('!')
				}
				b.WriteByte(';')
			}
		}
		for _, name := range names {
			writeOffer(&b, t.Field(name))
		}
	}
	return b.String()
}

// typeIn is what a subgraph knows an object type as: the type itself, or an @interfaceObject; nil when it does not.
func (c *chooser) typeIn(sub *supergraph.Graph, object string) *supergraph.Type {
	if t := sub.Types[object]; t != nil {
		return t
	}
	var found *supergraph.Type
	for _, i := range c.graph.Interfaces(object) {
		if t := sub.Types[i]; t != nil && t.InterfaceObject {
			found = t
		}
	}
	return found
}

// withInputs adds to names of fields of an object type those that its keys, and the @requires of the fields, take.
func (c *chooser) withInputs(object string, names []string) []string {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		seen[name] = true
	}
	var add func(set ast.SelectionSet)
	add = func(set ast.SelectionSet) {
		for _, sel := range set {
			switch sel := sel.(type) {
			case *ast.Field:
				if !seen[sel.Name] {
					seen[sel.Name] = true
					names = append(names, sel.Name)
				}
			case *ast.InlineFragment:
				add(sel.SelectionSet)
			}
		}
	}
	types := make([]*supergraph.Type, 0, len(c.graph.Supergraph.Graphs))
	for _, sub := range c.graph.Supergraph.Graphs {
		if t := c.typeIn(sub, object); t != nil {
			types = append(types, t)
			for _, k := range t.Keys {
				add(k.Selection)
			}
		}
	}
	for i := 0; i < len(names); i++ { // inputs have inputs
		for _, t := range types {
			if f := t.Field(names[i]); f != nil {
				add(f.Requires)
			}
		}
	}
	return names
}

// writeOffer writes how a subgraph has a field, nil when it does not.
func writeOffer(b *strings.Builder, f *supergraph.Field) {
	if f == nil {
		b.WriteByte('-')
		return
	}
	b.WriteString(f.Type.String())
	if f.External || f.Overridden {
		b.WriteByte('x')
	}
	if f.OverrideLabel != "" {
		b.WriteString(strconv.FormatBool(f.OverrideActive) + f.OverrideLabel)
	}
	if len(f.Requires) > 0 {
		b.WriteString(selectionText(f.Requires))
	}
	if len(f.Provides) > 0 {
		b.WriteString(selectionText(f.Provides))
	}
	for _, arg := range f.Contextual {
		b.WriteString("$" + arg.Name + ":" + arg.Type + "=" + arg.Context + arg.Selection)
	}
	b.WriteByte(',')
}
