package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weft-gateway/weft/internal/simulate"
)

const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@interfaceObject", "@inaccessible", "@context", "@fromContext"])
`

// typeText is a field's type in a subgraph.
func (m *model) typeText(f *field, subgraph int) string {
	text := f.typ
	for range f.list {
		if f.items {
			text += "!"
		}
		text = "[" + text + "]"
	}
	if f.nonNull && !(f.looser && subgraph == f.owners[0]) {
		text += "!"
	}
	return text
}

// declaration is a field's arguments and type, as its owner has them.
func (m *model) declaration(f *field) string {
	text := ": " + m.typeText(f, f.owners[0])
	return f.arguments.text() + text
}

func subgraphName(s int) string { return string(rune('a' + s)) }

// writer writes the schema of one subgraph.
type writer struct {
	*model
	subgraph int
	types    map[string][]string // type name → lines of fields
	heads    map[string]string
	order    []string
}

// sources are the schemas of all subgraphs.
func (m *model) sources() []simulate.Source {
	var out []simulate.Source
	for s := range m.subgraphs {
		w := &writer{model: m, subgraph: s, types: map[string][]string{}, heads: map[string]string{}}
		out = append(out, simulate.Source{Name: subgraphName(s), SDL: w.write()})
	}
	return out
}

func (w *writer) define(name, head string) {
	w.heads[name] = head
	w.order = append(w.order, name)
}

func (w *writer) add(typ, line string) { w.types[typ] = append(w.types[typ], line) }

func (w *writer) write() string {
	for _, e := range w.entities {
		if e.holders[w.subgraph] != nil {
			w.entityType(e)
		}
	}
	if w.isObject(w.subgraph) {
		w.objectType()
	}
	for _, root := range []struct {
		name   string
		fields []*field
	}{{"Query", w.roots}, {"Mutation", w.mutations}, {"Subscription", w.streams}} {
		for _, f := range root.fields {
			if !slices.Contains(f.owners, w.subgraph) {
				continue
			}
			if w.heads[root.name] == "" {
				w.define(root.name, "type "+root.name)
			}
			w.add(root.name, w.fieldText(f))
			w.needs(f)
		}
	}
	w.interfaces()
	var b strings.Builder
	if !w.old[w.subgraph] {
		b.WriteString(head)
	}
	for _, name := range w.order {
		b.WriteString("\n" + w.heads[name] + w.setting(name))
		if len(w.types[name]) > 0 {
			b.WriteString(" {\n")
			for _, line := range w.types[name] {
				b.WriteString("  " + w.selecting(line) + "\n")
			}
			b.WriteString("}")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (w *writer) fieldText(f *field) string {
	text := f.name + w.argumentsText(f) + ": " + w.typeText(f, w.subgraph)
	if f.requires != "" && f.override != w.subgraph {
		text += fmt.Sprintf(" @requires(fields: %q)", f.requires)
	}
	if f.provides != "" {
		text += fmt.Sprintf(" @provides(fields: %q)", f.provides)
	}
	if f.sharing {
		text += w.shareable()
	}
	if f.hidden && f.owners[0] == w.subgraph {
		text += " @inaccessible"
	}
	if f.override >= 0 && f.owners[0] == w.subgraph {
		text += fmt.Sprintf(` @override(from: %q`, subgraphName(f.override))
		if f.label != "" {
			text += fmt.Sprintf(", label: %q", f.label)
		}
		text += ")"
	}
	return text
}

func (w *writer) entityType(e *entity) {
	h := e.holders[w.subgraph]
	before, after, external := w.extension(e)
	head := before + e.name
	var implements []string
	for _, a := range w.abstracts {
		if !a.union && slices.Contains(w.known(a), e) && w.interfaceFields(a) != nil {
			implements = append(implements, a.name)
		}
	}
	if len(implements) > 0 {
		head += " implements " + strings.Join(implements, " & ")
	}
	keys := keyNames(h)
	w.define(e.name, head+after+keyDirectives(h))
	for _, name := range keys {
		w.add(e.name, w.keyField(e, name, external))
	}
	for _, f := range e.fields {
		switch given := h.external[f.name]; {
		case slices.Contains(f.owners, w.subgraph) || f.override == w.subgraph:
			w.add(e.name, w.fieldText(f))
			w.needs(f)
		case given != "":
			w.add(e.name, f.name+given+" @external")
			w.needs(f)
		}
	}
}

// needs defines what a field takes.
func (w *writer) needs(f *field) {
	w.need(f.typ)
	if f.arguments != nil {
		for _, name := range f.arguments.types {
			w.need(name)
		}
	}
}

// need defines a type.
func (w *writer) need(name string) {
	if w.heads[name] != "" {
		return
	}
	if v := w.value(name); v != nil {
		w.define(name, "type "+name+w.shareable())
		for _, f := range v.fields {
			if f.absent != w.subgraph+1 {
				w.add(name, w.fieldText(f))
				w.needs(f)
			}
		}
		return
	}
	if name == "In" {
		w.define(name, inputType)
		return
	}
	switch name {
	case "Color":
		w.define(name, "enum Color { RED GREEN }")
		return
	case "Blob", "Stamp":
		w.define(name, "scalar "+name)
		return
	case "Ref":
		w.define(name, "type Ref"+w.shareable())
		w.add(name, "a: Int!")
		w.add(name, "b: String!")
		return
	}
	if name == "Query" && w.heads[name] == "" && !slices.ContainsFunc(w.roots, func(f *field) bool { return slices.Contains(f.owners, w.subgraph) }) {
		w.define("Query", "type Query")
		w.add("Query", fmt.Sprintf("own%d: Int", w.subgraph))
		return
	}
	if e := w.entity(name); e != nil && e.holders[w.subgraph] == nil {
		w.stub(name)
		return
	}
	if a := w.abstract(name); a != nil {
		w.abstractType(a)
	}
}
